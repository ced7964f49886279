// Rules of a plan beyond seats and slots, as far as they stay exact: what nests. Quotas and floors
// over groups of needs (county in city in province, a programme) and of experts (institution,
// sending region), loads of each expert by period or kind of need, seats that must be filled, pairs
// that are fixed or ruled out. Rules of one side that cross would leave the word "best" without a
// proof and are refused, with the two rules named.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "matcher/assignment.h"
#include "matcher/instance.h"

namespace chucai::matcher {

inline constexpr std::uint32_t kNoQuota = std::numeric_limits<std::uint32_t>::max();

/// Filled seats of some needs (or by some experts), at least and at most.
struct GroupRule {
  std::string name;
  std::vector<std::uint32_t> members;  ///< needs or experts
  std::uint32_t at_least = 0;
  std::uint32_t at_most = kNoQuota;
};

/// Each expert serves at most so many of these needs: a period of the year, long posts (1).
struct LoadRule {
  std::string name;
  std::vector<std::uint32_t> needs;
  std::uint32_t at_most = 1;
};

struct Constraints {
  std::vector<std::uint32_t> least_heads;  ///< by need; empty: no need insists
  std::vector<GroupRule> need_groups;
  std::vector<GroupRule> expert_groups;
  std::vector<LoadRule> loads;
  std::vector<Seat> pinned;     ///< candidates that must be seated
  std::vector<Seat> forbidden;  ///< candidates that must not
};

/// The rules of one side as a forest. Shapes: `parent[r]` belongs to rule r, `innermost[m]` to
/// member m; kNoRule where there is none.
struct Nesting {
  static constexpr std::uint32_t kNoRule = std::numeric_limits<std::uint32_t>::max();
  std::vector<std::uint32_t> parent;
  std::vector<std::uint32_t> innermost;
};

/// Nests sets of members 0 .. members - 1; of two equal sets the later is the inner one.
/// O(sum of sizes log).
/// Errors: InvalidArgument `constraints.member` {rule, member} and `constraints.crossed` {rule,
/// rule}: they share a member and neither holds the other.
Result<Nesting> nest(const std::vector<std::string>& names,
                     const std::vector<std::vector<std::uint32_t>>& sets, std::uint32_t members);

}  // namespace chucai::matcher
