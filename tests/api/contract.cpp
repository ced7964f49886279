#include "tests/api/contract.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>

namespace chucai::testing {
namespace {

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

std::string_view text_of(const JsonValue* value) {
  const auto* text = value ? value->as<std::string>() : nullptr;
  return text ? std::string_view(*text) : std::string_view();
}

bool is_of_type(const JsonValue& value, std::string_view type) {
  if (type == "null") return value.is_null();
  if (type == "string") return value.as<std::string>();
  if (type == "integer") return value.as<std::int64_t>();
  if (type == "number") return value.as<std::int64_t>() || value.as<double>();
  if (type == "boolean") return value.as<bool>();
  if (type == "array") return value.as<JsonValue::Array>();
  if (type == "object") return value.as<JsonValue::Object>();
  throw std::runtime_error("the contract names the unknown type " + std::string(type));
}

bool has_allowed_type(const JsonValue& schema, const JsonValue& value) {
  const JsonValue* type = schema.member("type");
  if (!type) return true;
  if (const auto* one = type->as<std::string>()) return is_of_type(value, *one);
  const auto& several = *type->as<JsonValue::Array>();
  return std::any_of(several.begin(), several.end(), [&](const JsonValue& each) {
    return is_of_type(value, *each.as<std::string>());
  });
}

bool is_listed(const JsonValue& schema, const JsonValue& value) {
  const JsonValue* list = schema.member("enum");
  if (!list) return true;
  const auto& values = *list->as<JsonValue::Array>();
  return std::find(values.begin(), values.end(), value) != values.end();
}

}  // namespace

Contract::Contract() {
  std::ifstream file(std::string(CHUCAI_SOURCE_DIR) + "/api/openapi.json");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  auto document = parse_json(text);
  if (!document) throw std::runtime_error("api/openapi.json: " + document.error().problem.reason);
  document_ = std::move(*document);
}

const JsonValue* Contract::at(std::string_view pointer) const {
  const JsonValue* value = &document_;
  while (value && !pointer.empty()) {
    pointer.remove_prefix(1);
    const std::size_t end = std::min(pointer.find('/'), pointer.size());
    value = value->member(pointer.substr(0, end));
    pointer.remove_prefix(end);
  }
  return value;
}

const JsonValue& Contract::resolved(const JsonValue& schema) const {
  const std::string_view reference = text_of(schema.member("$ref"));
  if (reference.empty()) return schema;
  const JsonValue* target = at(reference.substr(1));
  if (!target) throw std::runtime_error("the contract refers to " + std::string(reference));
  return *target;
}

std::map<std::string, std::string> Contract::permissions() const {
  std::map<std::string, std::string> found;
  for (const JsonMember& path : *at("/paths")->as<JsonValue::Object>()) {
    for (const JsonMember& operation : *path.value.as<JsonValue::Object>()) {
      found[upper(operation.name) + " " + path.name] =
          text_of(operation.value.member("x-permission"));
    }
  }
  return found;
}

std::vector<AskedOperation> Contract::operations() const {
  std::vector<AskedOperation> found;
  for (const JsonMember& path : *at("/paths")->as<JsonValue::Object>()) {
    for (const JsonMember& operation : *path.value.as<JsonValue::Object>()) {
      AskedOperation asked{upper(operation.name), path.name, {}, {}};
      if (const JsonValue* parameters = operation.value.member("parameters")) {
        for (const JsonValue& each : *parameters->as<JsonValue::Array>()) {
          const JsonValue& parameter = resolved(each);
          if (text_of(parameter.member("in")) != "query") continue;
          asked.query.emplace_back(text_of(parameter.member("name")));
        }
      }
      asked.members = body_members(operation.value);
      found.push_back(std::move(asked));
    }
  }
  return found;
}

std::vector<std::string> Contract::body_members(const JsonValue& operation) const {
  const JsonValue* value = operation.member("requestBody");
  for (const char* name : {"content", "application/json", "schema"}) {
    if (value) value = value->member(name);
  }
  const JsonValue* properties = value ? resolved(*value).member("properties") : nullptr;
  std::vector<std::string> names;
  if (!properties) return names;
  for (const JsonMember& each : *properties->as<JsonValue::Object>()) names.push_back(each.name);
  return names;
}

std::set<std::string> Contract::properties_of(const std::string& collection) const {
  const JsonValue* one = at("/paths")->member("/api/v1/" + collection + "/{id}");
  if (!one) return {};
  const JsonValue& schema = resolved(*one->member("get")
                                          ->member("responses")
                                          ->member("200")
                                          ->member("content")
                                          ->member("application/json")
                                          ->member("schema"));
  std::set<std::string> names;
  for (const JsonMember& each : *schema.member("properties")->as<JsonValue::Object>()) {
    names.insert(each.name);
  }
  return names;
}

std::string Contract::members_mismatch(const JsonValue& schema, const JsonValue& value,
                                       const std::string& place) const {
  const auto* object = value.as<JsonValue::Object>();
  if (!object) return {};
  if (const JsonValue* required = schema.member("required")) {
    for (const JsonValue& name : *required->as<JsonValue::Array>()) {
      if (!value.member(text_of(&name))) return place + " lacks " + *name.as<std::string>();
    }
  }
  const JsonValue* properties = schema.member("properties");
  const JsonValue* additional = schema.member("additionalProperties");
  // An object without properties is described in words only.
  const bool is_closed = properties || (additional && additional->as<bool>());
  for (const JsonMember& each : *object) {
    const JsonValue* property = properties ? properties->member(each.name) : nullptr;
    if (!property && additional && !additional->as<bool>()) property = additional;
    const std::string inner = place + "/" + each.name;
    if (!property && is_closed) return inner + " is not in the contract";
    if (!property) continue;
    if (std::string found = mismatch(*property, each.value, inner); !found.empty()) return found;
  }
  return {};
}

std::string Contract::mismatch(const JsonValue& reference, const JsonValue& value,
                               const std::string& place) const {
  const JsonValue& schema = resolved(reference);
  if (const JsonValue* choices = schema.member("oneOf")) {
    int fitting = 0;
    for (const JsonValue& choice : *choices->as<JsonValue::Array>()) {
      if (mismatch(choice, value, place).empty()) ++fitting;
    }
    return fitting == 1 ? "" : place + " fits " + std::to_string(fitting) + " of oneOf";
  }
  if (!has_allowed_type(schema, value)) return place + " is of another type";
  if (!is_listed(schema, value)) return place + " is not in its enum";
  const auto* array = value.as<JsonValue::Array>();
  const JsonValue* items = schema.member("items");
  for (std::size_t i = 0; array && items && i < array->size(); ++i) {
    std::string found = mismatch(*items, (*array)[i], place + "/" + std::to_string(i));
    if (!found.empty()) return found;
  }
  return members_mismatch(schema, value, place);
}

std::string Contract::breach(const std::string& method, const std::string& pattern,
                             const HttpReply& reply) const {
  const JsonValue* path = at("/paths")->member(pattern);
  const JsonValue* operation = path ? path->member(lower(method)) : nullptr;
  if (!operation) return "no such operation";
  const JsonValue* declared = operation->member("responses")->member(std::to_string(reply.status));
  if (!declared) return "status " + std::to_string(reply.status) + " is not in the contract";
  const JsonValue* content = resolved(*declared).member("content");
  if (!content) return reply.body.empty() ? "" : "a body where the contract has none";
  const std::string type = reply.header("content-type");
  const JsonValue* media = content->member(type.substr(0, type.find(';')));
  if (!media) media = content->member("*/*");
  if (!media) return type + " is not in the contract";
  if (type.find("json") == std::string::npos) return {};
  const JsonValue& schema = *media->member("schema");
  if (type != "application/x-ndjson") return breach_of(schema, reply.body);
  std::istringstream lines(reply.body);
  std::string found;
  for (std::string line; found.empty() && std::getline(lines, line);) {
    found = breach_of(schema, line);
  }
  return found;
}

std::string Contract::breach_of(const JsonValue& schema, std::string_view text) const {
  const auto value = parse_json(text);
  return value ? mismatch(schema, *value, "") : "the body is no JSON";
}

}  // namespace chucai::testing
