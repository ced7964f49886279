#include "registry/domain/employers.h"

#include <catch2/catch.hpp>

using namespace chucai;

TEST_CASE("short and decorated names are spellings of the full one", "[domain]") {
  CHECK(is_spelling_of("荆州区第一中学（本部）", "荆州区第一中学"));
  CHECK(is_spelling_of("猇亭区专业合作社(武汉)", "猇亭区专业合作社"));
  CHECK(is_spelling_of("荆楚理工学院办公室", "荆楚理工学院"));
  CHECK(is_spelling_of("大学知行学院", "湖北大学知行学院"));
  CHECK(is_spelling_of("长江科技有限公司", "湖北省长江科技有限责任公司"));
  CHECK(is_spelling_of("达智代理公司", "达智代理股份有限公司"));
  CHECK(is_spelling_of("随县医院", "随县人民医院"));
}

TEST_CASE("the full name is no spelling of the short one, nor of itself", "[domain]") {
  CHECK_FALSE(is_spelling_of("荆州区第一中学", "荆州区第一中学（本部）"));
  CHECK_FALSE(is_spelling_of("随县人民医院", "随县医院"));
  CHECK_FALSE(is_spelling_of("随县医院", "随县医院"));
  CHECK_FALSE(is_spelling_of("荆州区第二中学", "荆州区第一中学"));
  CHECK_FALSE(is_spelling_of("办公室", "办公室"));
}

TEST_CASE("spellings of one unit share their loose name", "[domain]") {
  for (const char* name :
       {"湖北省随县人民医院", "随县医院", "随县人民医院（本部）", "随县人民医院办公室"}) {
    CHECK(loose_name(name) == "随县医院");
  }
}
