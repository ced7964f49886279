#include "registry/domain/date.h"

#include <catch2/catch.hpp>

using namespace chucai;

TEST_CASE("a date is read and written with its precision", "[domain]") {
  for (const char* text : {"1985", "1985-03", "1985-03-07", "2000-02-29"}) {
    const auto date = parse_date(text);
    REQUIRE(date);
    CHECK(to_text(*date) == text);
  }
}

TEST_CASE("what is no real date is refused", "[domain]") {
  for (const char* text : {"", "85", "1985-13", "1985-00", "1985-02-30", "1900-02-29", "1985/03/07",
                           "1985-3-7", "+985-03-07", "0999"}) {
    INFO(text);
    CHECK_FALSE(parse_date(text));
  }
}

TEST_CASE("days count from 1970 and back", "[domain]") {
  CHECK(first_day({1970, 1, 1}) == 0);
  CHECK(first_day({2018, 3, 0}) == first_day({2018, 3, 1}));
  CHECK(date_of_day(first_day({2018, 12, 31})) == Date{2018, 12, 31});
}
