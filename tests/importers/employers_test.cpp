#include "importers/employers.h"

#include <catch2/catch.hpp>

#include "importers/likeness.h"

using namespace chucai;
using namespace chucai::importers;

TEST_CASE("short and decorated names are spellings of the full one", "[importers]") {
  CHECK(is_spelling_of("荆州区第一中学（本部）", "荆州区第一中学"));
  CHECK(is_spelling_of("猇亭区专业合作社(武汉)", "猇亭区专业合作社"));
  CHECK(is_spelling_of("荆楚理工学院办公室", "荆楚理工学院"));
  CHECK(is_spelling_of("大学知行学院", "湖北大学知行学院"));
  CHECK(is_spelling_of("长江科技有限公司", "湖北省长江科技有限责任公司"));
  CHECK(is_spelling_of("达智代理公司", "达智代理股份有限公司"));
  CHECK(is_spelling_of("随县医院", "随县人民医院"));
}

TEST_CASE("the full name is no spelling of the short one, nor of itself", "[importers]") {
  CHECK_FALSE(is_spelling_of("荆州区第一中学", "荆州区第一中学（本部）"));
  CHECK_FALSE(is_spelling_of("随县人民医院", "随县医院"));
  CHECK_FALSE(is_spelling_of("随县医院", "随县医院"));
  CHECK_FALSE(is_spelling_of("荆州区第二中学", "荆州区第一中学"));
  CHECK_FALSE(is_spelling_of("办公室", "办公室"));
}

TEST_CASE("spellings of one unit share their loose name", "[importers]") {
  for (const char* name :
       {"湖北省随县人民医院", "随县医院", "随县人民医院（本部）", "随县人民医院办公室"}) {
    CHECK(loose_name(name) == "随县医院");
  }
}

TEST_CASE("a shared name alone makes nobody the same", "[importers]") {
  Person a;
  a.name = "张伟";
  a.birth = Date{1985, 3, 7};
  a.employer = "湖北省随县人民医院";
  Person b = a;
  CHECK(likely_same(a, b));
  b.birth = Date{1985, 3, 0};
  CHECK(likely_same(a, b));  // the unit decides
  b.employer = "随县医院";
  CHECK(likely_same(a, b));
  b.employer = "别的单位";
  CHECK_FALSE(likely_same(a, b));
  b.birth = Date{};
  CHECK_FALSE(likely_same(a, b));
  a.phone = b.phone = "19900000001";
  CHECK(likely_same(a, b));
  a.id_no = "420106198503010007";
  b.id_no = "422801199006151020";
  CHECK_FALSE(likely_same(a, b));  // two numbers, two people
}
