#include "api/json/reader.h"

#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "registry/domain/identity.h"
#include "registry/domain/text.h"

namespace chucai {
namespace {

constexpr std::size_t kExponentDigits = 3;

// RapidJSON calls one function per token; a false return stops it. Open containers are kept on a
// heap stack, at most `limits.depth` of them.
class TreeBuilder {
 public:
  explicit TreeBuilder(const JsonLimits& limits) : limits_(limits) {}

  bool Null() { return attach({}); }
  bool Bool(bool value) { return attach({value}); }
  // Never called: numbers arrive as text (kParseNumbersAsStringsFlag).
  bool Int(int) { return false; }
  bool Uint(unsigned) { return false; }
  bool Int64(std::int64_t) { return false; }
  bool Uint64(std::uint64_t) { return false; }
  bool Double(double) { return false; }

  bool RawNumber(const char* text, unsigned length, bool) {
    const auto value = number({text, length});
    return value ? attach(*value) : refuse_number();
  }
  bool refuse_number() { return refuse("json.number"); }

  bool String(const char* text, unsigned length, bool) {
    return fits({text, length}) && attach({std::string(text, length)});
  }

  bool Key(const char* text, unsigned length, bool) {
    open_.back().name.assign(text, length);
    return fits({text, length});
  }

  bool StartObject() { return open({JsonValue::Object{}}); }
  bool StartArray() { return open({JsonValue::Array{}}); }
  bool EndArray(unsigned) { return close(); }
  bool EndObject(unsigned) {
    const auto& members = std::get<JsonValue::Object>(open_.back().container.data);
    if (const std::string* name = repeated_name(members)) {
      open_.back().name = *name;
      return refuse("json.duplicate");
    }
    return close();
  }

  JsonValue take_root() { return std::move(root_); }
  std::optional<Problem> refusal() const { return refusal_; }

 private:
  struct Open {
    JsonValue container;
    std::string name;  // of the member being read, when the container is an object
  };

  // Sorting instead of hashing: keys chosen to collide cost nothing.
  static const std::string* repeated_name(const JsonValue::Object& members) {
    std::vector<const std::string*> names;
    names.reserve(members.size());
    for (const JsonMember& member : members) names.push_back(&member.name);
    std::sort(names.begin(), names.end(), [](auto* a, auto* b) { return *a < *b; });
    const auto twin =
        std::adjacent_find(names.begin(), names.end(), [](auto* a, auto* b) { return *a == *b; });
    return twin == names.end() ? nullptr : *twin;
  }

  static std::optional<JsonValue> number(std::string_view text) {
    const char* const end = text.data() + text.size();
    if (text.find_first_of(".eE") == std::string_view::npos) {
      std::int64_t whole = 0;
      if (std::from_chars(text.data(), end, whole).ec == std::errc{}) return JsonValue{whole};
    }
    if (const auto e = text.find_first_of("eE"); e != std::string_view::npos) {
      const auto digits = text.find_first_of("0123456789", e);
      if (text.size() - digits > kExponentDigits) return std::nullopt;
    }
    double real = 0;
    if (std::from_chars(text.data(), end, real).ec != std::errc{}) return std::nullopt;
    return JsonValue{real};
  }

  bool fits(std::string_view text) {
    if (text.size() > limits_.text_bytes) return refuse("json.text_too_long", limits_.text_bytes);
    if (text.find('\0') != std::string_view::npos) return refuse("json.nul");
    return true;
  }

  bool open(JsonValue container) {
    if (open_.size() == limits_.depth) return refuse("json.too_deep", limits_.depth);
    open_.push_back({std::move(container), {}});
    return true;
  }

  bool close() {
    JsonValue done = std::move(open_.back().container);
    open_.pop_back();
    return attach(std::move(done));
  }

  bool attach(JsonValue value) {
    if (open_.empty()) {
      root_ = std::move(value);
      return true;
    }
    Open& parent = open_.back();
    if (auto* array = std::get_if<JsonValue::Array>(&parent.container.data)) {
      if (array->size() == limits_.members) return refuse("json.too_many", limits_.members);
      array->push_back(std::move(value));
      return true;
    }
    auto& members = std::get<JsonValue::Object>(parent.container.data);
    if (members.size() == limits_.members) return refuse("json.too_many", limits_.members);
    members.push_back({std::move(parent.name), std::move(value)});
    parent.name.clear();
    return true;
  }

  std::string pointer() const {
    std::string pointer;
    for (const Open& level : open_) {
      const auto* array = level.container.as<JsonValue::Array>();
      pointer = json_pointer(pointer, array ? std::to_string(array->size()) : level.name);
    }
    return pointer;
  }

  bool refuse(std::string reason, std::optional<std::size_t> limit = {}) {
    refusal_ = Problem{std::move(reason), pointer(), {}};
    if (limit) refusal_->params.push_back(std::to_string(*limit));
    return false;
  }

  const JsonLimits& limits_;
  std::vector<Open> open_;
  JsonValue root_;
  std::optional<Problem> refusal_;
};

std::vector<std::string> line_and_column(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const auto newline = before.rfind('\n');
  const auto start = newline == std::string_view::npos ? 0 : newline + 1;
  return {std::to_string(line), std::to_string(1 + code_points(before.substr(start)))};
}

}  // namespace

const JsonValue* JsonValue::member(std::string_view name) const {
  const auto* object = as<Object>();
  if (!object) return nullptr;
  for (const JsonMember& candidate : *object) {
    if (candidate.name == name) return &candidate.value;
  }
  return nullptr;
}

bool JsonValue::operator==(const JsonValue&) const = default;

Result<JsonValue> parse_json(std::string_view text, const JsonLimits& limits) {
  if (text.size() > limits.bytes) {
    return fail(ErrorCode::TooLarge, "json.too_large", {}, {std::to_string(limits.bytes)});
  }
  if (!is_utf8(text)) return fail(ErrorCode::InvalidArgument, "json.utf8");
  // Numbers as text keep RapidJSON's own conversion, and CVE-2024-38517 in it, out of the way.
  constexpr unsigned kFlags =
      rapidjson::kParseIterativeFlag | rapidjson::kParseNumbersAsStringsFlag;
  rapidjson::MemoryStream stream(text.data(), text.size());
  rapidjson::Reader reader;
  TreeBuilder builder(limits);
  const rapidjson::ParseResult parsed = reader.Parse<kFlags>(stream, builder);
  if (!parsed.IsError()) return builder.take_root();
  // Exponents past a double's range stop RapidJSON before it hands the number over.
  if (parsed.Code() == rapidjson::kParseErrorNumberTooBig) builder.refuse_number();
  if (const auto refusal = builder.refusal()) {
    return fail(ErrorCode::InvalidArgument, refusal->reason, refusal->where, refusal->params);
  }
  return fail(ErrorCode::InvalidArgument, "json.syntax", {},
              line_and_column(text, std::min(parsed.Offset(), text.size())));
}

std::string json_pointer(std::string_view parent, std::string_view token) {
  std::string pointer(parent);
  pointer += '/';
  for (const char c : token) {
    if (c == '~') {
      pointer += "~0";
    } else if (c == '/') {
      pointer += "~1";
    } else {
      pointer += c;
    }
  }
  return pointer;
}

JsonFields::JsonFields(const JsonValue& value, std::string pointer, std::vector<Problem>& problems)
    : members_(value.as<JsonValue::Object>()), pointer_(std::move(pointer)), problems_(problems) {
  if (members_) {
    known_.resize(members_->size());
  } else {
    problems_.push_back({"json.type.object", pointer_, {}});
  }
}

const JsonValue* JsonFields::take(std::string_view name) {
  if (!members_) return nullptr;
  for (std::size_t i = 0; i < members_->size(); ++i) {
    if ((*members_)[i].name != name) continue;
    known_[i] = true;
    return &(*members_)[i].value;
  }
  return nullptr;
}

const JsonValue* JsonFields::present(std::string_view name, Presence presence) {
  const JsonValue* value = take(name);
  if (value && !value->is_null()) return value;
  if (members_ && presence == Presence::Required) report(name, "json.required");
  return nullptr;
}

template <class T>
const T* JsonFields::typed(std::string_view name, Presence presence, std::string_view reason) {
  const JsonValue* value = present(name, presence);
  if (!value) return nullptr;
  const T* fitting = value->as<T>();
  if (!fitting) report(name, std::string(reason));
  return fitting;
}

std::optional<std::string> JsonFields::text(std::string_view name, Presence presence) {
  const auto* value = typed<std::string>(name, presence, "json.type.text");
  return value ? std::optional(*value) : std::nullopt;
}

std::optional<std::int64_t> JsonFields::integer(std::string_view name, Presence presence) {
  const auto* value = typed<std::int64_t>(name, presence, "json.type.integer");
  return value ? std::optional(*value) : std::nullopt;
}

std::optional<double> JsonFields::number(std::string_view name, Presence presence) {
  const JsonValue* value = present(name, presence);
  if (!value) return std::nullopt;
  if (const auto* whole = value->as<std::int64_t>()) return static_cast<double>(*whole);
  if (const auto* real = value->as<double>()) return *real;
  report(name, "json.type.number");
  return std::nullopt;
}

std::optional<bool> JsonFields::boolean(std::string_view name, Presence presence) {
  const auto* value = typed<bool>(name, presence, "json.type.boolean");
  return value ? std::optional(*value) : std::nullopt;
}

std::optional<std::vector<std::string>> JsonFields::texts(std::string_view name,
                                                          Presence presence) {
  const auto* array = typed<JsonValue::Array>(name, presence, "json.type.texts");
  if (!array) return std::nullopt;
  std::vector<std::string> texts;
  const std::string parent = json_pointer(pointer_, name);
  for (std::size_t i = 0; i < array->size(); ++i) {
    const auto* text = (*array)[i].as<std::string>();
    if (text) {
      texts.push_back(*text);
    } else {
      problems_.push_back({"json.type.text", json_pointer(parent, std::to_string(i)), {}});
    }
  }
  return texts.size() == array->size() ? std::optional(std::move(texts)) : std::nullopt;
}

void JsonFields::refuse_unknown() {
  for (std::size_t i = 0; i < known_.size(); ++i) {
    if (known_[i]) continue;
    // A number in the place of a name would be quoted by the pointer.
    const std::string& name = (*members_)[i].name;
    report(holds_a_number(name) ? "*" : name, "json.unknown");
  }
}

void JsonFields::report(std::string_view name, std::string reason,
                        std::vector<std::string> params) {
  problems_.push_back({std::move(reason), json_pointer(pointer_, name), std::move(params)});
}

}  // namespace chucai
