// A small HTTP client for our own service: the demo registers a recruit the way an integrator
// would.
#pragma once

#include <string>

#include "registry/domain/result.h"

namespace chucai::http {

struct ClientAnswer {
  int status = 0;
  std::string body;
};

/// POSTs JSON with a bearer token. `url`: "http://127.0.0.1:8080". Errors: Unavailable
/// "http.client" with the cause.
Result<ClientAnswer> post_json(const std::string& url, const std::string& path,
                               const std::string& token, const std::string& body);

}  // namespace chucai::http
