// The best plan under constraints, on a general network: hub -> groups of experts -> experts ->
// their loads -> needs -> groups of needs -> hub. The prices of the rules come with it and prove
// it; verify() checks them without this code.
#pragma once

#include <cstdint>
#include <vector>

#include "matcher/constraints.h"
#include "matcher/instance.h"

namespace chucai::matcher {

/// Price of one expert's load under a rule.
struct LoadPrice {
  std::uint32_t expert = 0;
  std::uint32_t rule = 0;  ///< index into Constraints::loads
  std::int64_t price = 0;
};

/// A plan and its proof. A price is what the plan would save if the rule allowed one more, where
/// its upper limit binds (price > 0), or demanded one less, where its floor does (price < 0).
struct ConstrainedPlan {
  std::vector<Seat> seats;                       ///< by need, then expert; pinned ones included
  std::int64_t cost = 0;                         ///< of filled and empty seats
  std::vector<std::uint32_t> unfilled;           ///< by need
  std::vector<std::int64_t> need_price;          ///< of its headcount, floor and limit
  std::vector<std::int64_t> expert_price;        ///< of its slots
  std::vector<std::int64_t> need_group_price;    ///< by Constraints::need_groups
  std::vector<std::int64_t> expert_group_price;  ///< by Constraints::expert_groups
  std::vector<LoadPrice> load_prices;            ///< those not 0
};

/// The cheapest plan that keeps every constraint. Same input, same plan. Cost: network simplex over
/// all candidates; seconds for a province.
/// Errors: InvalidArgument `constraints.crossed`, `constraints.member`, `constraints.range`
/// {rule}, `constraints.pair` for a pin that is no candidate or forbidden, `instance.overflow`;
/// FailedPrecondition `constraints.unmet` {rules, seats short}: no plan reaches all these floors.
Result<ConstrainedPlan> solve(const Instance& instance, const Constraints& constraints);

}  // namespace chucai::matcher
