#include "api/json/writer.h"

#include <catch2/catch.hpp>

#include <limits>

#include "api/json/reader.h"

using namespace chucai;

TEST_CASE("seconds keep six decimals however short") {
  JsonWriter json;
  json.begin_array().seconds(0.0000014).seconds(12).end_array();
  CHECK(std::move(json).take() == "[0.000001,12.000000]");
}

TEST_CASE("members stand in the order of the calls", "[json]") {
  JsonWriter json;
  json.begin_object()
      .field("zeta", "张三")
      .field("alpha", std::int64_t{INT64_MIN})
      .field("flag", true)
      .field("half", 0.5)
      .field("list", std::vector<std::string>{"a", "b"})
      .key("nested")
      .begin_array()
      .null()
      .begin_object()
      .end_object()
      .end_array()
      .end_object();
  CHECK(std::move(json).take() == R"({"zeta":"张三","alpha":-9223372036854775808,"flag":true,)"
                                  R"("half":0.5,"list":["a","b"],"nested":[null,{}]})");
}

TEST_CASE("what leaves is always JSON", "[json]") {
  JsonWriter json;
  json.begin_array()
      .value("quote\" back\\ line\n bell\x07")
      .value("broken \xE6\xA5 and \xFF")
      .value(std::numeric_limits<double>::quiet_NaN())
      .value(std::numeric_limits<double>::infinity())
      .value(std::string_view())
      .end_array();
  const std::string text = std::move(json).take();
  INFO(text);
  const auto read = parse_json(text);
  REQUIRE(read);
  const auto& items = *read->as<JsonValue::Array>();
  CHECK(*items[0].as<std::string>() == "quote\" back\\ line\n bell\x07");
  CHECK(*items[1].as<std::string>() == "broken \uFFFD\uFFFD and \uFFFD");
  CHECK(items[2].is_null());
  CHECK(items[3].is_null());
  CHECK(items[4].as<std::string>()->empty());
}
