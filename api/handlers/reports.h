// Routes that read: coverage, reviews, the contract.
#pragma once

#include "api/http/router.h"
#include "registry/service/registry.h"

namespace chucai {

/// GET /coverage?program=&by=&as_of=&format=json|csv
http::Handler coverage_handler(Registry& registry);
/// GET /reviews: participations whose review is overdue, the longest first.
http::Handler reviews_handler(Registry& registry);
/// GET /openapi.json: the contract (api/openapi.json).
http::Handler contract_handler();

}  // namespace chucai
