// Calendar dates that may be known to the day, the month or the year only.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace chucai {

/// A date with its precision: year only (month 0), month (day 0), or day. year 0: unknown.
struct Date {
  std::int16_t year = 0;
  std::int8_t month = 0;
  std::int8_t day = 0;

  explicit operator bool() const { return year != 0; }
  auto operator<=>(const Date&) const = default;
};

/// Reads `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; nullopt when it is none of them or no real date.
std::optional<Date> parse_date(std::string_view iso);
/// Writes the same; empty for an unknown date.
std::string to_text(Date date);
/// True when year (1000..9999), month and day make a real date of their precision.
bool is_real(Date date);
/// True when both are known and equal as far as both are precise (1985-03 and 1985-03-07).
bool may_be_equal(Date a, Date b);
/// Days since 1970-01-01 of the first day that the date may mean; the date must be known.
std::int64_t first_day(Date date);
/// The last such day (2018-06: June 30); the date must be known.
std::int64_t last_day(Date date);
/// The date `days` after 1970-01-01.
Date date_of_day(std::int64_t days);

}  // namespace chucai
