#include "importers/number_format.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>

#include "registry/domain/date.h"

namespace chucai::importers {
namespace {

// Above this a double no longer holds every whole number of its size (Excel shows 15 digits).
constexpr double kExactDigits = 1e15;
constexpr double kLastSerial = 2'958'465;  // 9999-12-31
constexpr std::int64_t kSecondsPerDay = 86'400;

bool in(int id, int first, int last) {
  return id >= first && id <= last;
}

/// The first section of a format code without literals: "[$-804]yyyy\"年\"" becomes "yyyy年"; a
/// quoted 年 counts, since nobody quotes it beside anything but a year.
std::string significant(std::string_view code) {
  std::string out;
  for (std::size_t at = 0; at < code.size() && code[at] != ';'; ++at) {
    if (code[at] == '[') {
      const std::size_t close = code.find(']', at);
      if (close == std::string_view::npos) break;
      const std::string_view inside = code.substr(at + 1, close - at - 1);
      if (inside == "h" || inside == "hh" || inside == "m" || inside == "mm" || inside == "s" ||
          inside == "ss") {
        out += inside;
      }
      at = close;
    } else if (code[at] == '"') {
      const std::size_t close = code.find('"', at + 1);
      if (close == std::string_view::npos) break;
      for (const char c : code.substr(at + 1, close - at - 1)) {
        if (static_cast<unsigned char>(c) >= 0x80) out += c;
      }
      at = close;
    } else if (code[at] == '\\' || code[at] == '_' || code[at] == '*') {
      ++at;
    } else {
      out += code[at];
    }
  }
  return out;
}

std::int8_t fixed_decimals(std::string_view code) {
  const std::size_t point = code.find("0.0");
  if (point == std::string_view::npos || code.find_first_of("%Ee") != std::string_view::npos) {
    return -1;
  }
  const std::size_t end = code.find_first_not_of('0', point + 2);
  const std::size_t count = (end == std::string_view::npos ? code.size() : end) - point - 2;
  return static_cast<std::int8_t>(std::min<std::size_t>(count, 9));
}

}  // namespace

NumberFormat builtin_format(int id) {
  if (in(id, 14, 22) || in(id, 27, 36) || in(id, 45, 47) || in(id, 50, 58)) return {true, -1};
  if (id == 2 || id == 4 || id == 39 || id == 40) return {false, 2};
  return {};
}

NumberFormat custom_format(std::string_view code) {
  const std::string kept = significant(code);
  if (kept == "General" || kept == "@") return {};
  if (kept.find_first_of("yYdDhHsS") != std::string::npos ||
      kept.find_first_of("mM") != std::string::npos || kept.find("年") != std::string::npos ||
      kept.find("月") != std::string::npos || kept.find("日") != std::string::npos) {
    return {true, -1};
  }
  return {false, fixed_decimals(kept)};
}

std::string date_text(double serial, bool system_1904) {
  if (!(serial >= 0) || serial > kLastSerial) return {};
  auto day = static_cast<std::int64_t>(serial);
  auto second = std::llround((serial - std::floor(serial)) * kSecondsPerDay);
  if (second == kSecondsPerDay) {
    ++day;
    second = 0;
  }
  std::string text;
  if (!system_1904 && day == 60) {
    text = "1900-02-29";
  } else {
    // Day 1 is 1900-01-01; behind the false leap day everything is one late.
    using namespace std::chrono;
    const sys_days base = system_1904 ? sys_days{1904y / 1 / 1}
                          : day < 60  ? sys_days{1899y / 12 / 31}
                                      : sys_days{1899y / 12 / 30};
    text = to_text(date_of_day(base.time_since_epoch().count() + day));
  }
  if (second != 0) {
    char clock[16];
    std::snprintf(clock, sizeof clock, " %02d:%02d:%02d", static_cast<int>(second / 3600),
                  static_cast<int>(second / 60 % 60), static_cast<int>(second % 60));
    text += clock;
  }
  return text;
}

namespace {

/// Digits that plain_number would give back as they are.
bool is_plain_integer(std::string_view digits) {
  return !digits.empty() && digits.size() <= 15 && digits.front() != '0' &&
         digits.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

std::string plain_number(double value) {
  char buffer[40];
  const bool whole = value == std::floor(value) && std::fabs(value) < kExactDigits;
  std::snprintf(buffer, sizeof buffer, whole ? "%.0f" : "%.15G", value);
  return buffer;
}

void set_number(Cell& cell, double value, NumberFormat format, bool system_1904,
                std::string_view digits) {
  cell.kind = CellKind::Date;
  cell.decimals = format.decimals;
  cell.text = format.date ? date_text(value, system_1904) : std::string();
  if (!cell.text.empty()) return;
  cell.kind = CellKind::Number;
  const bool as_written =
      is_plain_integer(digits) || (!digits.empty() && !(std::fabs(value) < kExactDigits));
  cell.text = as_written ? std::string(digits) : plain_number(value);
}

void set_iso_date(Cell& cell, std::string_view text) {
  cell.kind = CellKind::Date;
  cell.text = text;
  std::replace(cell.text.begin(), cell.text.end(), 'T', ' ');
  for (const std::string_view midnight : {" 00:00:00", " 00:00:00.000"}) {
    if (cell.text.ends_with(midnight)) cell.text.resize(cell.text.size() - midnight.size());
  }
}

}  // namespace chucai::importers
