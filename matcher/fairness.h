// A plan that is fair between counties (or other groups of needs): the fill rate of the worst
// served group is made as high as can be, then that of the next, and so on (leximin); groups of an
// earlier tier, such as poor counties, come before all others. Among the plans with those fill
// rates the cheapest is taken, and what fairness costs is shown.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "matcher/constrained_plan.h"
#include "matcher/instance.h"

namespace chucai::matcher {

/// Needs that are to be served alike. A need belongs to at most one group.
struct FairGroup {
  std::string name;
  std::vector<std::uint32_t> needs;
  std::uint32_t tier = 0;  ///< the lowest is served first
};

/// Seats of one group, asked for and filled.
struct GroupFill {
  std::uint64_t seats = 0;
  std::uint64_t cheapest = 0;  ///< in the cheapest plan
  std::uint64_t fair = 0;      ///< in the fair one
};

struct FairPlan {
  std::vector<GroupFill> fills;  ///< by group
  std::int64_t cheapest_cost = 0;
  Constraints floors;    ///< with what `plan` was solved: verify(instance, floors, plan) holds
  ConstrainedPlan plan;  ///< plan.cost - cheapest_cost is the cost of fairness
};

/// How many seats each group gets under leximin. Exact: what groups can have together is a
/// polymatroid, on which raising the worst served group that can still be raised never goes wrong
/// (Megiddo 1974; Federgruen, Groenevelt 1986). Each raise is one augmenting path from where the
/// last one ended. Candidates that cost no less than the empty seat do not count.
/// Errors: InvalidArgument `constraints.member` {group, need}, unknown or in two groups.
Result<std::vector<std::uint64_t>> fair_fills(const Instance& instance,
                                              const std::vector<FairGroup>& groups);

/// The cheapest plan with those fills.
/// Errors: those of fair_fills() and of solve() under constraints.
Result<FairPlan> fair_plan(const Instance& instance, const std::vector<FairGroup>& groups);

}  // namespace chucai::matcher
