#include "registry/domain/text.h"

#include <catch2/catch.hpp>

using namespace chucai;

TEST_CASE("only well-formed UTF-8 passes", "[domain]") {
  CHECK(is_utf8("楚才 𠮷 A"));
  CHECK_FALSE(is_utf8("\xC0\xAF"));          // overlong
  CHECK_FALSE(is_utf8("\xED\xA0\x80"));      // surrogate
  CHECK_FALSE(is_utf8("\xF4\x90\x80\x80"));  // past 10FFFF
  CHECK_FALSE(is_utf8("\xE6\xA5"));          // cut off
}

TEST_CASE("spaces and widths are folded, inner single blanks stay", "[domain]") {
  CHECK(normalise_space("　张 \t 三\u00a0") == "张 三");
  CHECK(normalise_space("４２０１Ｘ") == "4201X");
  CHECK(normalise_space("a\u200bb\nc") == "ab c");
  CHECK(fold(" 姓　 名 (A) ") == "姓名(a)");
}

TEST_CASE("a cell with several values splits and joins", "[domain]") {
  CHECK(split_list("武汉市、黄石市，鄂州市；\n咸宁市/ ") ==
        std::vector<std::string>{"武汉市", "黄石市", "鄂州市", "咸宁市"});
  CHECK(join_list({"现场", "远程"}) == "现场、远程");
  CHECK(split_list("").empty());
}

TEST_CASE("every code point survives decoding and encoding", "[domain]") {
  for (const char32_t c : {U'A', U'\u00e9', U'楚', U'\U00020BB7'}) {
    std::string text;
    append_code_point(text, c);
    std::size_t at = 0;
    CHECK(next_code_point(text, at) == c);
    CHECK(at == text.size());
    CHECK(code_points(text) == 1);
  }
}

TEST_CASE("tidy text keeps the width of its punctuation", "[domain]") {
  CHECK(tidy(" 湖北大学（本部） ，Ａ１　b\u200B ") == "湖北大学（本部） ，A1 b");
  CHECK(normalise_space("（Ａ）") == "(A)");
}
