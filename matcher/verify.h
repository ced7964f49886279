// The independent check of a plan: shares nothing with the solver but the instance and the answer.
// A plan that passes is feasible and, by linear-programming duality, no plan is cheaper.
#pragma once

#include "matcher/assignment.h"
#include "matcher/constrained_plan.h"
#include "matcher/instance.h"

namespace chucai::matcher {

/// Checks that the plan keeps every rule of the instance, that its cost and empty seats are what it
/// says, and that its prices and values prove it best: with reduced cost = cost + price - value,
/// no candidate left out below 0, none chosen above 0, a price only on experts without a free slot,
/// no value above the cost of an empty seat, and exactly that where a seat is empty.
/// O(candidates + seats log seats). The instance must satisfy check().
/// Errors: FailedPrecondition `plan.*`, `where` naming need and expert by number from 0.
Done verify(const Instance& instance, const Plan& plan);

/// The same for a plan under constraints (verify_constrained.cpp): every rule is kept, a price
/// above 0 stands only where the rule's upper limit binds and one below 0 only where its floor
/// does, and with reduced cost = cost - cost of the empty seat + prices of all rules over the pair,
/// no candidate left out is below 0 and none chosen above, but for those pinned or forbidden.
/// Errors: FailedPrecondition `plan.*`, `where` naming the rule or the pair.
Done verify(const Instance& instance, const Constraints& constraints, const ConstrainedPlan& plan);

}  // namespace chucai::matcher
