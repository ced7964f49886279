// The parts of a score and what each is worth: points by kind of need, read from the code table
// match_weight (registry/codes/match_weights.csv), so that an office changes them as data.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "matcher/pool.h"
#include "registry/domain/code_book.h"

namespace chucai::matcher {

enum class Part : std::uint8_t {
  Discipline,  ///< nearness in the tree of disciplines
  Text,        ///< BM25 of the need's words against what the expert does and wrote
  Graph,       ///< what a walk from the best matches reaches: works, co-authors, shared terms
  Industry,    ///< nearness in the tree of industries, or over the bridge from disciplines
  Region,      ///< counties between the two, home ties, willingness
  Record,      ///< earlier services and how they were judged
  Title,       ///< title and education against what is wished for
  Service,     ///< mode, days and languages
  Rural,       ///< readiness for a village's need
  Freshness,   ///< years since the last service or work
};
inline constexpr std::size_t kParts = 10;
inline constexpr int kTopScore = 10000;

/// "discipline", "text" ...: the code of a part outside.
std::string_view part_code(Part part);

/// The most points of each part; they add up to kTopScore.
using Weights = std::array<int, kParts>;

/// The weights of one setting in the code table; 0 where it says nothing.
Weights weights_of(const CodeBook& codes, Setting setting);

/// The value of a flag "key:value" of a term; empty when it has none.
std::string_view flag_value(const Term& term, std::string_view key);

}  // namespace chucai::matcher
