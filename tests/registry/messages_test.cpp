#include "registry/domain/messages.h"

#include <catch2/catch.hpp>

using namespace chucai;

namespace {

Result<Messages> load(std::string_view text) {
  const EmbeddedFile files[] = {{"other.csv", "a\n"}, {"messages.csv", text}};
  return Messages::load(files);
}

}  // namespace

TEST_CASE("a message is filled with its parameters in both languages", "[messages]") {
  const auto messages = load("reason,zh,en\na.b,表 {0} 第 {1} 行，{0},\"line {1}, table {0}\"\n");
  REQUIRE(messages);
  const Problem problem{"a.b", {}, {"甲", "7"}};
  CHECK(messages->text(problem, Language::Chinese) == "表 甲 第 7 行，甲");
  CHECK(messages->text(problem, Language::English) == "line 7, table 甲");
  CHECK(messages->knows("a.b"));
  CHECK_FALSE(messages->knows("a"));
}

TEST_CASE("an unknown reason shows itself and a missing parameter its place", "[messages]") {
  const auto messages = load("reason,zh,en\na,{0} 与 {1} {x} {,{0} and {1}\n");
  REQUIRE(messages);
  CHECK(messages->text({"nobody.knows", {}, {}}, Language::English) == "nobody.knows");
  CHECK(messages->text({"a", {}, {"一"}}, Language::Chinese) == "一 与 {1} {x} {");
  CHECK(messages->text({"a", {}, {"{1}", "b"}}, Language::English) == "{1} and b");
}

TEST_CASE("a malformed or doubled row is named by its line", "[messages]") {
  for (const char* text : {"reason,zh,en\na,甲,a\na,乙,b\n", "reason,zh,en\na,甲,a\nb,,b\n",
                           "reason,zh,en\na,甲,a\nb,乙\n"}) {
    const auto messages = load(text);
    REQUIRE_FALSE(messages);
    CHECK(messages.error().code == ErrorCode::Internal);
    CHECK(messages.error().problem.params == std::vector<std::string>{"messages.csv", "3"});
  }
}

TEST_CASE("the shipped messages load", "[messages]") {
  const auto messages = Messages::load(embedded_codes());
  REQUIRE(messages);
  CHECK(messages->knows("person.id_no.check"));
}
