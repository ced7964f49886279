// Which status may follow which: one table per record type. What is not listed is refused.
#pragma once

#include <span>
#include <string_view>

namespace chucai {

struct Transition {
  std::string_view from;
  std::string_view to;
};

/// The table of a record type ("need"); empty for types without a lifecycle.
std::span<const Transition> transitions(std::string_view record_type);

/// True when the record may go from `from` to `to`; staying is always allowed.
bool may_move(std::string_view record_type, std::string_view from, std::string_view to);

}  // namespace chucai
