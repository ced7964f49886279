// The HTTP service of one register: route table, authorisation, server.
#pragma once

#include <memory>

#include "api/http/server.h"
#include "api/matching.h"
#include "registry/service/registry.h"

namespace chucai {

/// THE route table: every URL of the service, its permission and its handler.
std::vector<http::Route> routes(Registry& registry, Matching& matching,
                                std::shared_ptr<const http::Metrics> metrics);

/// Starts the service. `registry` and `matching` must outlive it. Errors: those of
/// http::Server::start and Router::build.
Result<std::unique_ptr<http::Server>> start_service(http::ServerConfig config, Registry& registry,
                                                    Matching& matching);

}  // namespace chucai
