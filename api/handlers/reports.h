// Routes that read: reviews, the contract.
#pragma once

#include "api/http/router.h"
#include "registry/service/registry.h"

namespace chucai {

/// GET /reviews: participations whose review is overdue, the longest first.
http::Handler reviews_handler(Registry& registry);
/// GET /openapi.json: the contract (api/openapi.json).
http::Handler contract_handler();

}  // namespace chucai
