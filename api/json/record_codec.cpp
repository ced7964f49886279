#include "api/json/record_codec.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "registry/domain/text.h"

namespace chucai {
namespace {

// Written by the register itself; a caller who sends them believes that they can be set.
constexpr std::string_view kReadOnly[] = {"id",         "version", "created_at",
                                          "updated_at", "office",  "batch"};

// Reads the text of a field; blank is absent.
std::optional<Value> read_text(JsonFields& fields, const Field& field) {
  auto text = fields.text(field.name);
  if (!text) return std::nullopt;
  Value value;
  if (normalise_space(*text).empty()) return value;
  if (field.type == FieldType::Date) {
    const auto date = parse_date(*text);
    if (!date) {
      fields.report(field.name, "json.date");
      return std::nullopt;
    }
    value = *date;
  } else if (field.type == FieldType::Ref) {
    const auto id = parse_id(*text);
    if (!id) {
      fields.report(field.name, "json.id");
      return std::nullopt;
    }
    value = *id;
  } else {
    value = std::move(*text);
  }
  return value;
}

// The member as a value of the field's type; nullopt after recording what is wrong with it.
std::optional<Value> read_value(JsonFields& fields, const Field& field) {
  if (field.type == FieldType::Integer) {
    const auto number = fields.integer(field.name);
    return number ? std::optional<Value>(*number) : std::nullopt;
  }
  if (field.type == FieldType::List) {
    auto texts = fields.texts(field.name);
    if (!texts) return std::nullopt;
    return texts->empty() ? Value{} : Value{std::move(*texts)};
  }
  return read_text(fields, field);
}

void read_extra(JsonFields& fields, std::map<std::string, std::string>& extra,
                std::vector<Problem>& problems) {
  const JsonValue* json = fields.take("extra");
  if (!json) return;
  if (json->is_null()) return extra.clear();
  const std::string pointer = json_pointer({}, "extra");
  JsonFields members(*json, pointer, problems);
  const auto* object = json->as<JsonValue::Object>();
  if (!object) return;
  for (const JsonMember& member : *object) {
    if (member.value.is_null()) {
      extra.erase(member.name);
    } else if (const auto text = members.text(member.name)) {
      extra[member.name] = *text;
    }
  }
}

void write_value(JsonWriter& json, const Field& field, const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) {
    json.value(*text);
  } else if (const auto* number = std::get_if<std::int64_t>(&value)) {
    if (field.type == FieldType::Ref) {
      json.value(id_text(*number));
    } else {
      json.value(*number);
    }
  } else if (const auto* date = std::get_if<Date>(&value)) {
    json.value(to_text(*date));
  } else if (const auto* list = std::get_if<std::vector<std::string>>(&value)) {
    json.value(*list);
  }
}

// What could not be read has its problem already; the rules would only call it missing.
void add_rule_problems(std::vector<Problem> found, std::vector<Problem>& problems) {
  for (Problem& problem : found) {
    problem.where = json_pointer({}, problem.where);
    const bool known = std::any_of(problems.begin(), problems.end(), [&](const Problem& other) {
      return other.where == problem.where || other.where.starts_with(problem.where + "/");
    });
    if (!known) problems.push_back(std::move(problem));
  }
}

}  // namespace

Done read_record(const RecordType& type, const JsonValue& json, const RuleContext& rules,
                 Record& record) {
  std::vector<Problem> problems;
  JsonFields fields(json, {}, problems);
  if (!problems.empty()) return fail_all("json.invalid", std::move(problems));

  for (const Field& field : type.fields) {
    const JsonValue* member = fields.take(field.name);
    if (!member) continue;
    std::optional<Value> value = Value{};
    if (!member->is_null()) value = read_value(fields, field);
    if (value) field.set(record, *value);
  }
  read_extra(fields, record.extra, problems);
  for (const std::string_view name : kReadOnly) {
    if (!type.field(name) && fields.take(name)) fields.report(name, "json.read_only");
  }
  fields.refuse_unknown();
  if (problems.empty()) return {};
  add_rule_problems(check_draft(type, record, rules), problems);
  return fail_all("json.invalid", std::move(problems));
}

void write_record(JsonWriter& json, const RecordType& type, const Record& record,
                  const Viewer& viewer) {
  json.begin_object();
  write_members(json, type, record, viewer);
  json.end_object();
}

void write_members(JsonWriter& json, const RecordType& type, const Record& record,
                   const Viewer& viewer) {
  if (record.id != 0) json.field("id", id_text(record.id));
  if (record.version != 0) json.field("version", record.version);
  for (const Field& field : type.fields) {
    const Value value = field.get(record);
    const Show show = viewer.sees(field);
    if (std::holds_alternative<std::monostate>(value) || show == Show::Absent) continue;
    json.key(field.name);
    if (show == Show::Masked) {
      json.value(masked_text(field, to_text(value)));
    } else {
      write_value(json, field, value);
    }
  }
  if (!record.extra.empty() && viewer.sees_extra()) {
    json.key("extra").begin_object();
    for (const auto& [name, text] : record.extra) json.field(name, shown_extra(viewer, text));
    json.end_object();
  }
  if (!record.office.empty()) json.field("office", record.office);
  if (record.batch != 0) json.field("batch", id_text(record.batch));
  if (record.created_at != 0) json.field("created_at", utc_text(record.created_at));
  if (record.updated_at != 0) json.field("updated_at", utc_text(record.updated_at));
}

std::string records_json(const RecordType& type, const RecordPage& page, const Viewer& viewer) {
  JsonWriter json;
  json.begin_object().key("items").begin_array();
  for (const auto& record : page.records) write_record(json, type, *record, viewer);
  json.end_array();
  write_next_cursor(json, page.next_after == 0 ? std::string() : id_text(page.next_after));
  json.end_object();
  return std::move(json).take();
}

void write_next_cursor(JsonWriter& json, std::string_view cursor) {
  json.key("next_cursor");
  if (cursor.empty()) {
    json.null();
  } else {
    json.value(cursor);
  }
}

std::string utc_text(std::int64_t microseconds) {
  const std::chrono::sys_time<std::chrono::microseconds> instant{
      std::chrono::microseconds{microseconds}};
  const auto day = std::chrono::floor<std::chrono::days>(instant);
  const std::chrono::hh_mm_ss time{instant - day};
  const auto padded = [](auto number, std::size_t width) {
    const std::string digits = std::to_string(number);
    return std::string(width - std::min(width, digits.size()), '0') + digits;
  };
  return to_text(date_of_day(day.time_since_epoch().count())) + 'T' +
         padded(time.hours().count(), 2) + ':' + padded(time.minutes().count(), 2) + ':' +
         padded(time.seconds().count(), 2) + '.' + padded(time.subseconds().count(), 6) + 'Z';
}

}  // namespace chucai
