#include "matcher/terms.h"

#include <algorithm>
#include <catch2/catch.hpp>

using namespace chucai::matcher;

TEST_CASE("Han text becomes characters and pairs, Latin words stay whole", "[matcher]") {
  CHECK(terms_of("茶叶AI") == std::vector<std::string>{"茶", "茶叶", "叶", "ai"});
  CHECK(terms_of("5G 通信") == std::vector<std::string>{"5g", "通", "通信", "信"});
  CHECK(terms_of("ＡＩ") == std::vector<std::string>{"ai"});
  CHECK(terms_of("") == std::vector<std::string>{});
}

TEST_CASE("pairs do not reach across punctuation, blanks or Latin", "[matcher]") {
  for (const char* text : {"茶、稻", "茶 稻", "茶a稻", "茶（稻"}) {
    const auto terms = terms_of(text);
    CHECK(std::find(terms.begin(), terms.end(), "茶稻") == terms.end());
  }
}

TEST_CASE("what two texts share is shown in whole phrases", "[matcher]") {
  auto known = terms_of("茶叶精深加工、机器学习ML");
  std::sort(known.begin(), known.end());
  CHECK(shared_phrases("希望茶叶加工专家，懂ML和茶叶", known) ==
        std::vector<std::string>{"茶叶", "加工", "ml"});
  CHECK(shared_phrases("稻", known).empty());
}
