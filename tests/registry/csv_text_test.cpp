#include "registry/domain/csv_text.h"

#include <catch2/catch.hpp>

using namespace chucai;

namespace {

using Records = std::vector<std::vector<std::string>>;

Records records_of(std::string_view text) {
  Records records;
  CsvText csv(text);
  while (csv.next()) records.emplace_back(csv.fields().begin(), csv.fields().end());
  if (csv.malformed()) records.push_back({"malformed"});
  return records;
}

}  // namespace

TEST_CASE("fields, quotes, doubled quotes and line ends are read as RFC 4180 says", "[csv]") {
  CHECK(records_of("a,b\nc,d\n") == Records{{"a", "b"}, {"c", "d"}});
  CHECK(records_of("a,b\r\nc,d") == Records{{"a", "b"}, {"c", "d"}});
  CHECK(records_of("\"a,b\",\"c\"\"d\"\n") == Records{{"a,b", "c\"d"}});
  CHECK(records_of("\"\"\"\"\r\n") == Records{{"\""}});
  CHECK(records_of("\"two\nlines\",x\ny,\n") == Records{{"two\nlines", "x"}, {"y", ""}});
  CHECK(records_of(",\n\"\",") == Records{{"", ""}, {"", ""}});
  CHECK(records_of("").empty());
}

TEST_CASE("a stray or unclosed quote stops the reader", "[csv]") {
  CHECK(records_of("a\n\"b") == Records{{"a"}, {"malformed"}});
  CHECK(records_of("a\n\"b\"c\nd\n") == Records{{"a"}, {"malformed"}});
  CHECK(records_of("a\nb\"c\nd\n") == Records{{"a"}, {"malformed"}});
}

TEST_CASE("what is written with quotes is read back, whatever it holds", "[csv]") {
  std::uint32_t state = 7;
  const auto draw = [&](std::uint32_t below) {
    state = state * 1664525U + 1013904223U;
    return (state >> 16) % below;
  };
  for (int round = 0; round < 300; ++round) {
    Records wanted;
    std::string text;
    for (std::uint32_t row = 0; row <= draw(4); ++row) {
      wanted.emplace_back();
      for (std::uint32_t column = 0; column <= draw(3); ++column) {
        std::string field;
        for (std::uint32_t i = draw(6); i > 0; --i) field += "a,\"\n\r省"[draw(5)];
        if (column > 0) text += ',';
        text += '"';
        for (const char c : field) text.append(c == '"' ? 2 : 1, c);
        text += '"';
        wanted.back().push_back(field);
      }
      text += round % 2 == 0 ? "\n" : "\r\n";
    }
    CAPTURE(text);
    REQUIRE(records_of(text) == wanted);
  }
}

TEST_CASE("a record's line counts the line breaks inside fields", "[csv]") {
  CsvText csv("\"a\nb\",c\nd,e\n");
  REQUIRE(csv.next());
  CHECK(csv.line() == 1);
  REQUIRE(csv.next());
  CHECK(csv.line() == 3);
}

TEST_CASE("a table skips its comment and names file and line of a bad record", "[csv]") {
  CsvTable table({"t.csv", "# source: nobody\ncode,name\n1,one\n2\n"});
  const std::size_t name = table.column("name");
  CHECK(table.column("absent") == CsvTable::kNoColumn);
  REQUIRE(table.next());
  CHECK(table.at(name) == "one");
  CHECK(table.at(CsvTable::kNoColumn).empty());
  CHECK_FALSE(table.next());
  const Done done = table.finish();
  REQUIRE_FALSE(done);
  CHECK(done.error().code == ErrorCode::Internal);
  CHECK(done.error().problem.params == std::vector<std::string>{"t.csv", "4"});
}
