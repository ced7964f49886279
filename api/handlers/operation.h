// Routes for who runs the service: health, readiness, metrics.
#pragma once

#include <memory>

#include "api/http/metrics.h"
#include "api/http/router.h"
#include "api/matching.h"
#include "registry/service/registry.h"

namespace chucai {

/// GET /healthz: the process answers.
http::Handler health_handler();
/// GET /readyz: requests can be served. Errors: those of check_ready().
http::Handler ready_handler(Registry& registry);
/// GET /metrics: the server's counters, what the process holds, how far rankings are behind.
http::Handler metrics_handler(Registry& registry, Matching& matching,
                              std::shared_ptr<const http::Metrics> metrics);

}  // namespace chucai
