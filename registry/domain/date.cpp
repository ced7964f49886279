#include "registry/domain/date.h"

#include <charconv>
#include <chrono>

namespace chucai {
namespace {

std::optional<int> number(std::string_view digits) {
  int value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  if (digits.empty() || digits.front() < '0' || digits.front() > '9') return std::nullopt;
  return value;
}

void append_padded(std::string& text, int value, std::size_t width) {
  const std::string digits = std::to_string(value);
  text.append(width > digits.size() ? width - digits.size() : 0, '0').append(digits);
}

}  // namespace

bool is_real(Date date) {
  if (date.year < 1000 || date.year > 9999) return false;
  if (date.month == 0) return date.day == 0;
  if (date.month < 1 || date.month > 12) return false;
  if (date.day == 0) return true;
  return std::chrono::year_month_day{std::chrono::year{date.year},
                                     std::chrono::month{static_cast<unsigned>(date.month)},
                                     std::chrono::day{static_cast<unsigned char>(date.day)}}
      .ok();
}

std::optional<Date> parse_date(std::string_view iso) {
  Date date;
  if (iso.size() != 4 && iso.size() != 7 && iso.size() != 10) return std::nullopt;
  const auto year = number(iso.substr(0, 4));
  if (!year) return std::nullopt;
  date.year = static_cast<std::int16_t>(*year);
  if (iso.size() >= 7) {
    const auto month = number(iso.substr(5, 2));
    if (iso[4] != '-' || !month || *month == 0) return std::nullopt;
    date.month = static_cast<std::int8_t>(*month);
  }
  if (iso.size() == 10) {
    const auto day = number(iso.substr(8, 2));
    if (iso[7] != '-' || !day || *day == 0) return std::nullopt;
    date.day = static_cast<std::int8_t>(*day);
  }
  if (!is_real(date)) return std::nullopt;
  return date;
}

std::string to_text(Date date) {
  std::string text;
  if (!date) return text;
  append_padded(text, date.year, 4);
  if (date.month == 0) return text;
  text += '-';
  append_padded(text, date.month, 2);
  if (date.day == 0) return text;
  text += '-';
  append_padded(text, date.day, 2);
  return text;
}

bool may_be_equal(Date a, Date b) {
  return a && b && a.year == b.year && (a.month == 0 || b.month == 0 || a.month == b.month) &&
         (a.day == 0 || b.day == 0 || a.day == b.day);
}

std::int64_t first_day(Date date) {
  const std::chrono::year_month_day ymd{
      std::chrono::year{date.year},
      std::chrono::month{static_cast<unsigned>(date.month == 0 ? 1 : date.month)},
      std::chrono::day{static_cast<unsigned>(date.day == 0 ? 1 : date.day)}};
  return std::chrono::sys_days{ymd}.time_since_epoch().count();
}

Date date_of_day(std::int64_t days) {
  const std::chrono::year_month_day ymd{
      std::chrono::sys_days{std::chrono::days{static_cast<int>(days)}}};
  return Date{static_cast<std::int16_t>(static_cast<int>(ymd.year())),
              static_cast<std::int8_t>(static_cast<unsigned>(ymd.month())),
              static_cast<std::int8_t>(static_cast<unsigned>(ymd.day()))};
}

std::int64_t last_day(Date date) {
  if (date.day != 0) return first_day(date);
  const bool next_year = date.month == 0 || date.month == 12;
  const auto year = static_cast<std::int16_t>(date.year + (next_year ? 1 : 0));
  const auto month = static_cast<std::int8_t>(next_year ? 1 : date.month + 1);
  return first_day(Date{year, month, 1}) - 1;
}

}  // namespace chucai
