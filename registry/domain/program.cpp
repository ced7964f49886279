#include "registry/domain/program.h"

#include <array>

#include "registry/domain/text.h"

namespace chucai {
namespace {

constexpr std::string_view kFirst[] = {"首届", "首批", "首期", "首次"};
constexpr std::string_view kOrdinalMark = "第";
constexpr std::string_view kCounters[] = {"届", "批", "期", "次", "轮", "场"};
constexpr std::array<std::string_view, 10> kDigits = {"零", "一", "二", "三", "四",
                                                      "五", "六", "七", "八", "九"};

int digit_of(std::string_view character) {
  for (std::size_t i = 0; i < kDigits.size(); ++i) {
    if (character == kDigits[i]) return static_cast<int>(i);
  }
  return character == "〇" ? 0 : character == "两" ? 2 : -1;
}

// 七, 十二, 二十三, 一百零五; nullopt when it is no such number.
std::optional<std::int64_t> chinese_number(std::string_view text) {
  std::int64_t sum = 0;
  std::int64_t pending = -1;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t from = at;
    next_code_point(text, at);
    const std::string_view character = text.substr(from, at - from);
    const std::int64_t unit = character == "十" ? 10 : character == "百" ? 100 : 0;
    const int digit = digit_of(character);
    if (unit == 0 && digit < 0) return std::nullopt;
    if (unit != 0) {
      sum += (pending < 0 ? 1 : pending) * unit;
      pending = -1;
    } else {
      pending = digit;
    }
  }
  return sum + (pending < 0 ? 0 : pending);
}

std::optional<std::int64_t> number_of(std::string_view text) {
  constexpr std::size_t kMostDigits = 6;
  if (text.empty()) return std::nullopt;
  if (text.find_first_not_of("0123456789") != std::string_view::npos) return chinese_number(text);
  if (text.size() > kMostDigits) return std::nullopt;
  return std::stoll(std::string(text));
}

}  // namespace

std::optional<std::int64_t> ordinal_in(std::string_view label) {
  const std::string folded = fold(label);
  for (const std::string_view first : kFirst) {
    if (folded.find(first) != std::string::npos) return 1;
  }
  for (std::size_t at = folded.find(kOrdinalMark); at != std::string::npos;
       at = folded.find(kOrdinalMark, at + 1)) {
    const std::size_t from = at + kOrdinalMark.size();
    for (const std::string_view counter : kCounters) {
      const std::size_t end = folded.find(counter, from);
      if (end == std::string::npos) continue;
      const auto number = number_of(std::string_view(folded).substr(from, end - from));
      if (number && *number > 0) return number;
    }
  }
  return std::nullopt;
}

}  // namespace chucai
