// Keeping and adopting plans. The matcher computes them; here they are stored, compared with the
// register again and turned into engagements.
#pragma once

#include <vector>

#include "registry/domain/plan.h"
#include "registry/service/registry.h"

namespace chucai {

/// Stores a computed plan as `ready`; returns its id. Errors: FailedPrecondition
/// "plan.unverified".
Result<std::int64_t> keep_plan(Registry& registry, const Principal& principal, Plan plan);

/// Turns the seats into engagements with status `offered` and the plan into `adopted`; an earlier
/// plan of the year becomes `superseded`. Errors: NotFound "plan.absent"; FailedPrecondition
/// "plan.status" unless it is ready; Conflict "plan.stale" when a need or person left since.
Done adopt_plan(Registry& registry, const Principal& principal, std::int64_t plan);

Result<Plan> find_plan(Registry& registry, const Principal& principal, std::int64_t plan);
/// Headers, newest first.
Result<std::vector<Plan>> list_kept_plans(Registry& registry, const Principal& principal);

}  // namespace chucai
