#include "api/json/reader.h"

#include <catch2/catch.hpp>

#include <cmath>
#include <random>
#include <string>

#include "api/json/writer.h"

using namespace chucai;

namespace {

std::string repeated(std::string_view text, std::size_t times) {
  std::string result;
  for (std::size_t i = 0; i < times; ++i) result += text;
  return result;
}

// "reason where", or "ok".
std::string outcome(std::string_view text, const JsonLimits& limits = {}) {
  const auto value = parse_json(text, limits);
  return value ? "ok" : value.error().problem.reason + " " + value.error().problem.where;
}

// A random tree and its text, written by the obvious recursion; the oracle of the parser.
class RandomJson {
 public:
  explicit RandomJson(unsigned seed) : random_(seed) {}

  JsonValue value(int depth) {
    switch (pick(depth > 0 ? 7 : 5)) {
      case 0:
        return {};
      case 1:
        return {pick(2) == 0};
      case 2:
        return {static_cast<std::int64_t>(random_() << 32 ^ random_())};
      case 3:
        return {std::ldexp(static_cast<double>(pick(1'000'000)) + 0.5,
                           static_cast<int>(pick(80)) - 40)};
      case 4:
        return {text()};
      case 5:
        return {array(depth)};
      default:
        return {object(depth)};
    }
  }

 private:
  std::size_t pick(std::size_t below) { return random_() % below; }

  std::string text() {
    static const std::string kPieces[] = {"a",    "\"", "\\",         "/", "\n",
                                          "\x01", "楚", "\U0001F600", "é", " "};
    std::string result;
    for (std::size_t i = pick(8); i > 0; --i) result += kPieces[pick(std::size(kPieces))];
    return result;
  }

  JsonValue::Array array(int depth) {
    JsonValue::Array items;
    for (std::size_t i = pick(4); i > 0; --i) items.push_back(value(depth - 1));
    return items;
  }

  JsonValue::Object object(int depth) {
    JsonValue::Object members;
    for (std::size_t i = pick(4); i > 0; --i) {
      members.push_back({text() + std::to_string(i), value(depth - 1)});
    }
    return members;
  }

  std::mt19937_64 random_;
};

void write(JsonWriter& json, const JsonValue& value) {
  if (value.is_null()) json.null();
  if (const auto* flag = value.as<bool>()) json.value(*flag);
  if (const auto* whole = value.as<std::int64_t>()) json.value(*whole);
  if (const auto* real = value.as<double>()) json.value(*real);
  if (const auto* text = value.as<std::string>()) json.value(*text);
  if (const auto* array = value.as<JsonValue::Array>()) {
    json.begin_array();
    for (const JsonValue& item : *array) write(json, item);
    json.end_array();
  }
  if (const auto* object = value.as<JsonValue::Object>()) {
    json.begin_object();
    for (const JsonMember& member : *object) {
      json.key(member.name);
      write(json, member.value);
    }
    json.end_object();
  }
}

std::string text_of(const JsonValue& value) {
  JsonWriter json;
  write(json, value);
  return std::move(json).take();
}

}  // namespace

TEST_CASE("what is written reads back the same, for random trees", "[json]") {
  RandomJson random(20250101);
  for (int i = 0; i < 3000; ++i) {
    const JsonValue value = random.value(5);
    const std::string text = text_of(value);
    INFO(text);
    const auto read = parse_json(text);
    REQUIRE(read);
    CHECK(*read == value);
  }
}

TEST_CASE("damaged documents are refused or read, never more than that", "[json]") {
  RandomJson random(7);
  std::mt19937_64 mutate(11);
  std::size_t refused = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string text = text_of(random.value(4));
    for (auto hits = 1 + mutate() % 3; hits > 0 && !text.empty(); --hits) {
      const std::size_t at = mutate() % text.size();
      switch (mutate() % 3) {
        case 0:
          text[at] = static_cast<char>(mutate() % 256);
          break;
        case 1:
          text.erase(at, 1 + mutate() % 4);
          break;
        default:
          text.insert(at, 1, "{}[],:\"\\0e-."[mutate() % 12]);
      }
    }
    const auto value = parse_json(text);
    if (!value) {
      ++refused;
      CHECK(value.error().problem.reason.rfind("json.", 0) == 0);
    } else {
      const auto again = parse_json(text_of(*value));
      REQUIRE(again);
      CHECK(*again == *value);
    }
  }
  CHECK(refused > 1000);
  CHECK(refused < 20'000);
}

TEST_CASE("nesting is limited while parsing, a million levels included", "[json]") {
  CHECK(outcome(repeated("[", 32) + repeated("]", 32)) == "ok");
  const std::string deep = outcome(repeated("[", 33) + repeated("]", 33));
  CHECK(deep == "json.too_deep " + repeated("/0", 32));
  const JsonLimits roomy{.bytes = 16 << 20};
  CHECK(outcome(repeated("[", 1'000'000), roomy).rfind("json.too_deep", 0) == 0);
  CHECK(outcome(repeated("{\"a\":", 1'000'000), roomy) == "json.too_deep " + repeated("/a", 32));
}

TEST_CASE("a number out of range is refused, a whole number past int64 is no integer", "[json]") {
  SECTION("exponents of four digits and more, CVE-2024-38517 included") {
    CHECK(outcome("1.2345678901234567890123e-2147483639") == "json.number ");
    CHECK(outcome("[1e1000]") == "json.number /0");
    CHECK(outcome("1e0001") == "json.number ");
    CHECK(outcome("1E+99999999999999999999") != "ok");
    CHECK(outcome("1e999") == "json.number ");
    CHECK(outcome("1e-999") == "json.number ");
  }
  SECTION("the edges of int64") {
    CHECK(*parse_json("9223372036854775807")->as<std::int64_t>() == INT64_MAX);
    CHECK(*parse_json("-9223372036854775808")->as<std::int64_t>() == INT64_MIN);
    CHECK(parse_json("9223372036854775808")->as<std::int64_t>() == nullptr);
    CHECK(parse_json("1.0")->as<std::int64_t>() == nullptr);
    CHECK(*parse_json("-0")->as<std::int64_t>() == 0);
  }
  SECTION("doubles keep every digit that they can hold") {
    CHECK(*parse_json("0.1")->as<double>() == 0.1);
    CHECK(*parse_json("1.7976931348623157e308")->as<double>() == 1.7976931348623157e308);
  }
  SECTION("forms that JSON does not have") {
    for (const char* text : {"01", "+1", ".5", "1.", "1e", "0x10", "NaN", "Infinity", "--1"}) {
      INFO(text);
      CHECK(outcome(text) == "json.syntax ");
    }
  }
}

TEST_CASE("a name that stands twice is refused where it stands", "[json]") {
  CHECK(outcome(R"({"a":1,"b":2,"a":3})") == "json.duplicate /a");
  CHECK(outcome(R"({"x":[{"k":1},{"k":1,"\u006b":2}]})") == "json.duplicate /x/1/k");
  CHECK(outcome(R"({"a/b~":1,"a/b~":3})") == "json.duplicate /a~1b~0");
  CHECK(outcome(R"({"a":1,"A":1,"b":{"a":1}})") == "ok");
}

TEST_CASE("text must be UTF-8 without NUL", "[json]") {
  for (const char* bad : {"\"\xC0\xAF\"", "\"\xED\xA0\x80\"", "\"\xF4\x90\x80\x80\"",
                          "\"\xE6\xA5\"", "{\"\xFF\":1}"}) {
    CHECK(outcome(bad) == "json.utf8 ");
  }
  CHECK(outcome(R"("\ud800")") == "json.syntax ");
  CHECK(outcome(R"("\ud800\u0041")") == "json.syntax ");
  CHECK(outcome(R"({"a":"x\u0000y"})") == "json.nul /a");
  CHECK(outcome(R"({"a\u0000":1})") == "json.nul /a" + std::string(1, '\0'));
  CHECK(*parse_json(R"("\ud83d\ude00楚")")->as<std::string>() == "\U0001F600楚");
}

TEST_CASE("sizes are limited, each at its stated edge", "[json]") {
  const JsonLimits limits{.bytes = 100, .depth = 3, .members = 4, .text_bytes = 10};
  CHECK(outcome(repeated(" ", 99) + "1", limits) == "ok");
  CHECK(outcome(repeated(" ", 100) + "1", limits) == "json.too_large ");
  CHECK(outcome("[1,2,3,4]", limits) == "ok");
  CHECK(outcome("[1,2,3,4,5]", limits) == "json.too_many /4");
  CHECK(outcome(R"({"a":1,"b":1,"c":1,"d":1})", limits) == "ok");
  CHECK(outcome(R"({"a":1,"b":1,"c":1,"d":1,"e":1})", limits) == "json.too_many /e");
  CHECK(outcome(R"("0123456789")", limits) == "ok");
  CHECK(outcome(R"(["01234567890"])", limits) == "json.text_too_long /0");
  CHECK(outcome(R"({"01234567890":1})", limits) == "json.text_too_long /01234567890");

  std::string many = "{";
  for (int i = 0; i <= 10'000; ++i) many += (i ? ",\"" : "\"") + std::to_string(i) + "\":0";
  CHECK(outcome(many + "}") == "json.too_many /10000");
}

TEST_CASE("a syntax error names its line and column", "[json]") {
  const auto value = parse_json("{\n  \"名\": tru\n}");
  REQUIRE_FALSE(value);
  CHECK(value.error().problem.reason == "json.syntax");
  REQUIRE(value.error().problem.params.size() == 2);
  CHECK(value.error().problem.params[0] == "2");
  for (const char* text :
       {"", " ", "{", "[1,]", "{\"a\":1,}", "1 2", "{'a':1}", "/*x*/1", "\xEF\xBB\xBF"}) {
    INFO(text);
    CHECK(outcome(text) == "json.syntax ");
  }
}

TEST_CASE("typed access records every problem with its pointer", "[json]") {
  const auto json = parse_json(
      R"({"name":5,"days":1.5,"open":"yes","tags":["a",1,null],"extra/1":0,"none":null,"rate":2})");
  REQUIRE(json);
  std::vector<Problem> problems;
  JsonFields fields(*json, "/people/0", problems);
  using Presence = JsonFields::Presence;
  CHECK_FALSE(fields.text("name"));
  CHECK_FALSE(fields.integer("days"));
  CHECK_FALSE(fields.boolean("open"));
  CHECK_FALSE(fields.texts("tags"));
  CHECK_FALSE(fields.text("none", Presence::Required));
  CHECK_FALSE(fields.text("absent"));
  CHECK_FALSE(fields.integer("needed", Presence::Required));
  CHECK(fields.number("rate") == 2.0);
  fields.refuse_unknown();
  const std::vector<Problem> expected = {
      {"json.type.text", "/people/0/name", {}},    {"json.type.integer", "/people/0/days", {}},
      {"json.type.boolean", "/people/0/open", {}}, {"json.type.text", "/people/0/tags/1", {}},
      {"json.type.text", "/people/0/tags/2", {}},  {"json.required", "/people/0/none", {}},
      {"json.required", "/people/0/needed", {}},   {"json.unknown", "/people/0/extra~11", {}}};
  CHECK(problems == expected);
}

TEST_CASE("a value that is no object is reported once, not per field", "[json]") {
  std::vector<Problem> problems;
  const JsonValue list{JsonValue::Array{}};
  JsonFields fields(list, "", problems);
  CHECK_FALSE(fields.text("a", JsonFields::Presence::Required));
  fields.refuse_unknown();
  CHECK(problems == std::vector<Problem>{{"json.type.object", "", {}}});
}
