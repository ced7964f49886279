// The independent check of a plan: shares nothing with the solver but the instance and the answer.
// A plan that passes is feasible and, by linear-programming duality, no plan is cheaper.
#pragma once

#include "matcher/assignment.h"
#include "matcher/instance.h"

namespace chucai::matcher {

/// Checks that the plan keeps every rule of the instance, that its cost and empty seats are what it
/// says, and that its prices and values prove it best: with reduced cost = cost + price - value,
/// no candidate left out below 0, none chosen above 0, a price only on experts without a free slot,
/// no value above the cost of an empty seat, and exactly that where a seat is empty.
/// O(candidates + seats log seats). The instance must satisfy check().
/// Errors: FailedPrecondition `plan.*`, `where` naming need and expert by number from 0.
Done verify(const Instance& instance, const Plan& plan);

}  // namespace chucai::matcher
