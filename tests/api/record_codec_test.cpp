#include "api/json/record_codec.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <random>

#include "registry/domain/engagement.h"
#include "registry/domain/person.h"
#include "tests/support/shipped.h"

using namespace chucai;

namespace {

RuleContext rules() {
  return {&testing::shipped_book(), &testing::shipped_regions(), {2018, 12, 31}};
}

JsonValue parsed(std::string_view text) {
  auto value = parse_json(text);
  REQUIRE(value);
  return std::move(*value);
}

std::string written(const RecordType& type, const Record& record, const Viewer& viewer) {
  JsonWriter json;
  write_record(json, type, record, viewer);
  return std::move(json).take();
}

// A value that fits the field.
Value sample(const Field& field, std::mt19937& random) {
  const auto number = static_cast<std::int64_t>(1 + random() % 1'000'000);
  switch (field.type) {
    case FieldType::Integer:
    case FieldType::Ref:
      return number;
    case FieldType::Date:
      return Date{static_cast<std::int16_t>(1950 + random() % 80),
                  static_cast<std::int8_t>(1 + random() % 12), 0};
    case FieldType::List:
      return std::vector<std::string>{"甲" + std::to_string(number), "乙"};
    case FieldType::Text:
    case FieldType::Code:
    case FieldType::Sealed:
      return "文" + std::to_string(number);
  }
  return {};
}

}  // namespace

TEST_CASE("every record type survives the way out and back, field by field", "[json]") {
  std::mt19937 random(3);
  for (const RecordType* type : record_types()) {
    INFO(type->name);
    for (int round = 0; round < 20; ++round) {
      const auto record = type->make();
      for (const Field& field : type->fields) {
        // Masked fields are meant not to come back; the next test looks at them.
        const bool masked = field.type == FieldType::Sealed;
        if (!masked && (field.required || random() % 2 == 0))
          field.set(*record, sample(field, random));
      }
      record->extra = {{"列一", "值"}, {"b", ""}};
      const JsonValue json = parsed(written(*type, *record, Viewer{"registrar"}));
      const auto back = type->make();
      REQUIRE(read_record(*type, json, rules(), *back));
      CHECK(changed_fields(*type, *record, *back).empty());
    }
  }
}

TEST_CASE("identity numbers never leave in clear, contacts only when told so", "[json]") {
  Person person;
  person.id = 42;
  person.version = 3;
  person.name = "张三";
  person.id_no = "42010219900101123X";
  person.phone = "13800001111";
  person.email = "zhang@example.org";
  const std::string masked = written(type_of<Person>(), person, Viewer{"analyst"});
  const std::string full = written(type_of<Person>(), person, Viewer{"registrar"});
  for (const std::string& text : {masked, full}) {
    CHECK(text.find("19900101") == std::string::npos);
    CHECK(text.find("123X") == std::string::npos);
    CHECK(text.find(R"("id_no":"420***)") != std::string::npos);
  }
  CHECK(masked.find("0001111") == std::string::npos);
  CHECK(masked.find("example.org") == std::string::npos);
  CHECK(full.find(R"("phone":"13800001111")") != std::string::npos);
}

TEST_CASE("only what is set is written, and ids are opaque texts", "[json]") {
  Engagement engagement;
  engagement.id = 1;
  engagement.version = 2;
  engagement.number = "B-1";
  engagement.need = NeedId{77};
  engagement.person = PersonId{78};
  engagement.start = Date{2025, 3, 0};
  engagement.created_at = 1'735'689'600'000'001;
  engagement.office = "420100";
  CHECK(written(type_of<Engagement>(), engagement, Viewer{"analyst"}) ==
        R"({"id":")" + id_text(1) + R"(","version":2,"number":"B-1","need":")" + id_text(77) +
            R"(","person":")" + id_text(78) +
            R"(","start":"2025-03","office":"420100","created_at":"2025-01-01T00:00:00.000001Z"})");
}

TEST_CASE("all problems of an object come at once, those of the rules too", "[json]") {
  Person person;
  person.note = "before";
  const auto json = parsed(R"({"birth":"2025-13","days_per_year":"5","languages":["en",7],
                               "note":"after","nick":"x","id":"1","version":4,"extra":{"a":1}})");
  const auto done = read_record(type_of<Person>(), json, rules(), person);
  REQUIRE_FALSE(done);
  CHECK(done.error().code == ErrorCode::InvalidArgument);
  CHECK(done.error().problem.reason == "json.invalid");
  std::vector<std::string> found;
  for (const Problem& problem : done.error().details)
    found.push_back(problem.where + " " + problem.reason);
  std::sort(found.begin(), found.end());
  CHECK(found == std::vector<std::string>{"/birth json.date", "/days_per_year json.type.integer",
                                          "/extra/a json.type.text", "/id json.read_only",
                                          "/languages/1 json.type.text", "/name field.required",
                                          "/nick json.unknown", "/version json.read_only"});
}

TEST_CASE("absent members stay, null and blank clear, extra merges", "[json]") {
  Person person;
  person.name = "李四";
  person.note = "旧";
  person.school = "某校";
  person.major = "农学";
  person.languages = {"en"};
  person.extra = {{"a", "1"}, {"b", "2"}};
  const auto json = parsed(R"({"note":"新","school":null,"major":"  ","languages":[],
                               "extra":{"a":null,"c":"3"}})");
  REQUIRE(read_record(type_of<Person>(), json, rules(), person));
  CHECK(person.name == "李四");
  CHECK(person.note == "新");
  CHECK(person.school.empty());
  CHECK(person.major.empty());
  CHECK(person.languages.empty());
  CHECK(person.extra == std::map<std::string, std::string>{{"b", "2"}, {"c", "3"}});
  REQUIRE(read_record(type_of<Person>(), parsed(R"({"extra":null})"), rules(), person));
  CHECK(person.extra.empty());

  REQUIRE(read_record(type_of<Person>(), parsed(R"({"name":" "})"), rules(), person));
  CHECK(person.name.empty());  // required or not is for the use case to say
}

TEST_CASE("a reference must be an id that the register gave", "[json]") {
  Engagement engagement;
  const auto done =
      read_record(type_of<Engagement>(), parsed(R"({"number":"1","need":"77","person":78})"),
                  rules(), engagement);
  REQUIRE_FALSE(done);
  CHECK(done.error().details ==
        std::vector<Problem>{{"json.id", "/need", {}}, {"json.type.text", "/person", {}}});
}

TEST_CASE("instants are written in UTC, before 1970 too", "[json]") {
  CHECK(utc_text(0) == "1970-01-01T00:00:00.000000Z");
  CHECK(utc_text(-1) == "1969-12-31T23:59:59.999999Z");
  CHECK(utc_text(951'827'696'123'456) == "2000-02-29T12:34:56.123456Z");
}
