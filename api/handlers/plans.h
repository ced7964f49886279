// Routes of plans: compute, look at, adopt.
#pragma once

#include "api/http/router.h"
#include "api/matching.h"
#include "registry/service/registry.h"

namespace chucai {

http::Handler list_plans_handler(Registry& registry);
/// POST /plans {"year"?}: computes, verifies and keeps a plan for the open needs in scope.
http::Handler make_plan_handler(Registry& registry, Matching& matching);
http::Handler get_plan_handler(Registry& registry);
/// POST /plans/{id}/adopt: its seats become offers.
http::Handler adopt_plan_handler(Registry& registry);

}  // namespace chucai
