// The exit rule of a programme (退出规则): what makes somebody leave, how long notice and appeal
// take, how much of the money comes back. Written in one cell of the programme:
//   触发：考核不合格、未到岗；告知：30天；申诉：15天；追回：50%
// Prose without these words is kept as prose and sets no deadlines.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/domain/code_book.h"
#include "registry/domain/result.h"

namespace chucai {

struct ExitRule {
  std::vector<std::string> triggers;  ///< scheme exit_reason
  int notice_days = 0;                ///< from 拟退出 until it may be decided
  int appeal_days = 0;                ///< from then, or from 申诉, until it must be decided
  int clawback_percent = 0;           ///< of what was paid out, 0..100

  bool operator==(const ExitRule&) const = default;
};

/// Reads a rule; nullopt for prose and for nothing. Errors: InvalidArgument "program.exit_rule"
/// with the part that cannot be read.
Result<std::optional<ExitRule>> parse_exit_rule(const CodeBook& codes, std::string_view text);

}  // namespace chucai
