#include "registry/domain/rules/exit_rule.h"

#include <charconv>

#include "registry/domain/text.h"

namespace chucai {
namespace {

constexpr int kMostDays = 3660;

enum class Part { None, Triggers, Notice, Appeal, Clawback };

Part part_named(std::string_view name) {
  if (one_of(name, {"触发", "trigger"})) return Part::Triggers;
  if (one_of(name, {"告知", "notice"})) return Part::Notice;
  if (one_of(name, {"申诉", "appeal"})) return Part::Appeal;
  if (one_of(name, {"追回", "clawback"})) return Part::Clawback;
  return Part::None;
}

// 30天, 30, 50%, 全额
std::optional<int> number_in(std::string_view text, std::string_view unit, int most) {
  if (text == "全额") return most;
  if (text.ends_with(unit)) text.remove_suffix(unit.size());
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  return whole && number >= 0 && number <= most ? std::optional(number) : std::nullopt;
}

bool read_triggers(const CodeBook& codes, std::string_view text, ExitRule& rule) {
  for (const std::string& name : split_list(text)) {
    const auto terms = codes.named("exit_reason", name);
    if (terms.empty()) return false;
    rule.triggers.push_back(terms.front()->code);
  }
  return true;
}

bool read_part(const CodeBook& codes, Part part, std::string_view value, ExitRule& rule) {
  if (part == Part::Triggers) return read_triggers(codes, value, rule);
  const std::string folded = fold(value);
  const bool percent = part == Part::Clawback;
  const auto number = number_in(folded, percent ? "%" : "天", percent ? 100 : kMostDays);
  if (!number) return false;
  (part == Part::Notice   ? rule.notice_days
   : part == Part::Appeal ? rule.appeal_days
                          : rule.clawback_percent) = *number;
  return true;
}

}  // namespace

Result<std::optional<ExitRule>> parse_exit_rule(const CodeBook& codes, std::string_view text) {
  ExitRule rule;
  bool structured = false;
  std::string unread;
  for (std::string rest = normalise_space(text); !rest.empty();) {
    const std::size_t end = rest.find(';');
    const std::string piece = normalise_space(rest.substr(0, end));
    rest = end == std::string::npos ? "" : rest.substr(end + 1);
    const std::size_t colon = piece.find(':');
    const Part part = part_named(fold(piece.substr(0, colon)));
    structured |= part != Part::None && colon != std::string::npos;
    const bool read = part != Part::None && colon != std::string::npos &&
                      read_part(codes, part, piece.substr(colon + 1), rule);
    if (!read && !piece.empty() && unread.empty()) unread = piece;
  }
  if (!structured) return std::optional<ExitRule>();
  if (!unread.empty()) {
    return fail(ErrorCode::InvalidArgument, "program.exit_rule", "exit_rule", {unread});
  }
  return std::optional(rule);
}

}  // namespace chucai
