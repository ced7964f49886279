#include "importers/number_format.h"

#include <catch2/catch.hpp>

using namespace chucai::importers;

TEST_CASE("date formats are told from numbers", "[importers]") {
  for (const int id : {14, 22, 27, 31, 36, 45, 50, 57, 58}) CHECK(builtin_format(id).date);
  for (const int id : {0, 1, 2, 9, 37, 49, 59}) CHECK_FALSE(builtin_format(id).date);
  for (const char* code :
       {"yyyy-mm-dd", "[$-804]yyyy\"年\"m\"月\"", "yyyy/m/d;@", "m月d日", "[h]:mm", "YYYY\\-MM"}) {
    INFO(code);
    CHECK(custom_format(code).date);
  }
  for (const char* code : {"0.00", "#,##0.00_);[Red]\\(#,##0.00\\)", "@", "General", "0\"ds\"",
                           "[>100]0.0", "0.00E+00", "000000000000000000"}) {
    INFO(code);
    CHECK_FALSE(custom_format(code).date);
  }
}

TEST_CASE("fixed decimals are known, so that 1985.10 keeps its nought", "[importers]") {
  CHECK(builtin_format(2).decimals == 2);
  CHECK(custom_format("0.00_ ").decimals == 2);
  CHECK(custom_format("0.0").decimals == 1);
  CHECK(custom_format("0%").decimals == -1);
  CHECK(builtin_format(0).decimals == -1);
}

TEST_CASE("serial numbers are days of either system", "[importers]") {
  CHECK(date_text(31113, false) == "1985-03-07");
  CHECK(date_text(1, false) == "1900-01-01");
  CHECK(date_text(59, false) == "1900-02-28");
  CHECK(date_text(60, false) == "1900-02-29");
  CHECK(date_text(61, false) == "1900-03-01");
  CHECK(date_text(29651, true) == "1985-03-07");
  CHECK(date_text(31113.5, false) == "1985-03-07 12:00:00");
  CHECK(date_text(31112.9999999, false) == "1985-03-07");
  CHECK(date_text(-1, false).empty());
  CHECK(date_text(1e10, false).empty());
}
