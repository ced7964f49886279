// Which numbers of a workbook are dates, and which day a serial number means.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace chucai::importers {

struct NumberFormat {
  bool date = false;
  std::int8_t decimals = -1;  ///< fixed decimals (0.00: 2); -1: none
};

/// A built-in format id (ECMA-376 18.8.30). 27-36 and 50-58 are dates in a Chinese workbook.
NumberFormat builtin_format(int id);
/// A custom format code: it is a date when y, m, d, h, s, 年, 月 or 日 stand outside quotes,
/// escapes and brackets ([$-804] is a locale, [h] is time).
NumberFormat custom_format(std::string_view code);

/// YYYY-MM-DD, with " HH:MM:SS" when there is a time of day. 1900 system: 60 is the day that never
/// was (1900-02-29) and is written as such. Empty outside 0..2958465 (year 9999).
std::string date_text(double serial, bool system_1904);

}  // namespace chucai::importers
