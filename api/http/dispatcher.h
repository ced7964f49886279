// What happens to a request on a worker thread: permission, handler, failure to problem,
// compression. No exception leaves it.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "api/http/problem.h"
#include "api/http/router.h"
#include "api/http/server.h"

namespace chucai::http {

/// One request on its way; owned by the connection or by a worker, never by both.
struct Exchange {
  std::uint64_t connection = 0;
  Request request;
  const Route* route = nullptr;
  bool body_pending = false;  ///< only the permission is asked for: the body is not read yet
  bool granted = false;
  std::chrono::steady_clock::time_point begun{};
  std::optional<Response> response;
};

class Dispatcher {
 public:
  using Log = std::function<void(std::string line)>;
  /// Everything given must outlive it.
  Dispatcher(const Authorizer& authorizer, const Messages& messages, const Log& log)
      : authorizer_(authorizer), messages_(messages), log_(log) {}

  /// Grants, then answers unless the body is pending; a refusal or failure is an answer too. Any
  /// thread.
  void run(Exchange& exchange) const;

  /// The answer to a request that no handler sees.
  Response problem(int status, const Problem& problem, const Exchange& exchange) const;
  /// Writes the access line of an answered exchange.
  void log_access(const Exchange& exchange) const;

 private:
  Result<Response> grant_and_handle(Exchange& exchange) const;
  Response failed(const Error& error, const Exchange& exchange) const;
  Audience audience(const Exchange& exchange) const;

  const Authorizer& authorizer_;
  const Messages& messages_;
  const Log& log_;
};

}  // namespace chucai::http
