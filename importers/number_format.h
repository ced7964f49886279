// Which numbers of a workbook are dates, and which day a serial number means.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "importers/table.h"

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

/// A number as it is meant: 15 significant digits, and no exponent where all digits are there.
std::string plain_number(double value);

/// Makes `cell` a Number, or a Date where the format and the value say so. `digits`: the number as
/// the file has it where it is text there; kept when it is too long for a double.
void set_number(Cell& cell, double value, NumberFormat format, bool system_1904,
                std::string_view digits = {});

/// Makes `cell` the Date that ISO 8601 text says ("1985-03-07T00:00:00").
void set_iso_date(Cell& cell, std::string_view text);

}  // namespace chucai::importers
