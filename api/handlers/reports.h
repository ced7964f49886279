// Routes that read: code tables, reviews, health, the contract.
#pragma once

#include "api/http/router.h"
#include "registry/service/registry.h"

namespace chucai {

/// GET /terms?scheme=NAME[&q=TEXT][&parent=CODE]: at most 500 terms.
http::Handler terms_handler(Registry& registry);
/// GET /reviews: participations whose review is overdue, the longest first.
http::Handler reviews_handler(Registry& registry);
/// GET /openapi.json: the contract (api/openapi.json).
http::Handler contract_handler();
/// GET /healthz: the process answers.
http::Handler health_handler();
/// GET /readyz: the database answers and its schema is current.
http::Handler ready_handler(Registry& registry);

}  // namespace chucai
