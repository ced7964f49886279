#include <catch2/catch.hpp>

#include "registry/domain/person.h"
#include "registry/domain/search_text.h"

using namespace chucai;

namespace {

bool finds(std::string_view text, std::string_view query) {
  const auto parsed = SearchQuery::parse(query);
  return parsed && parsed->fits(search_form(text));
}

}  // namespace

TEST_CASE("search form folds width and case and keeps letters only", "[domain]") {
  CHECK(search_form("湖北·C++（５Ｇ网络）") == "湖北 c 5g网络");
  CHECK(search_form("  量子，  信息\n科学。") == "量子 信息 科学");
  CHECK(search_form("二〇一八 𠮷田 々") == "二〇一八 𠮷田 々");
  CHECK(search_form("——、。！") == "");
  CHECK(search_form("Müller, Анна") == "müller Анна");
}

TEST_CASE("every character and every pair of neighbours is an index word", "[domain]") {
  CHECK(search_words("人工 5g") ==
        std::vector<std::string>{"b04eba05de5", "u04eba", "u05de5", "ww5g"});
  CHECK(search_words("𠮷") == std::vector<std::string>{"u20bb7"});
  CHECK(search_words("人人人") == std::vector<std::string>{"b04eba04eba", "u04eba"});
  for (const std::string& word : search_words(search_form("a 1 人工智能 LSTM 网络5G x"))) {
    CHECK(word.size() >= 3);  // InnoDB leaves out shorter ones
  }
  CHECK(search_words(std::string(200, 'a')).front().size() <= 84);  // and longer ones
}

TEST_CASE("a query finds what stands in the text", "[domain]") {
  CHECK(finds("王伟", "王伟"));
  CHECK(finds("王伟", "伟"));
  CHECK_FALSE(finds("王大伟", "王伟"));
  CHECK(finds("基于LSTM的时间序列", "lstm"));
  CHECK(finds("基于LSTM的时间序列", "LST"));
  CHECK_FALSE(finds("基于LSTM的时间序列", "stm"));
  CHECK(finds("5G网络", "5g网"));
  CHECK_FALSE(finds("45G网络", "5g网"));
  CHECK(finds("华中农业大学 茶叶病害", "病害　农业"));
  CHECK_FALSE(finds("华中农业大学", "农业 病害"));
  CHECK_FALSE(finds("智能人工", "人工智能"));  // its words are all there, in another order
}

TEST_CASE("a query without words or too long is refused", "[domain]") {
  for (const std::string& text :
       {std::string(" ·，"), std::string(), std::string(101, 'a'), std::string("\xff\xfe")}) {
    const auto parsed = SearchQuery::parse(text);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().problem.reason == "search.text");
  }
}

TEST_CASE("searched fields exist and never hold what is sealed or a contact", "[domain]") {
  for (const RecordType* type : record_types()) {
    const auto record = type->make();
    for (const Field& field : type->fields) {
      if (field.type == FieldType::Text) field.set(*record, std::string(field.name));
    }
    const std::string text = searched_text(*type, *record);  // a field that is absent would crash
    CHECK(text.find("phone") == std::string::npos);
    CHECK(text.find("email") == std::string::npos);
    CHECK(text.find("id no") == std::string::npos);
  }
  Person person;
  person.name = "王伟";
  person.research = {"茶叶", "绿色防控"};
  CHECK(searched_text(type_of<Person>(), person) == "王伟 茶叶 绿色防控");
}
