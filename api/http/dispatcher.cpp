#include "api/http/dispatcher.h"

#include <exception>
#include <utility>

#include "api/http/wire.h"
#include "api/json/writer.h"

namespace chucai::http {

Audience Dispatcher::audience(const Exchange& exchange) const {
  return {messages_, exchange.request.language, exchange.request.request_id};
}

// The answer once the body is there; a 204 without meaning while it is pending.
Result<Response> Dispatcher::grant_and_handle(Exchange& exchange) const {
  if (!exchange.granted && exchange.route->permission != kAnyone) {
    auto principal = authorizer_(exchange.request, exchange.route->permission);
    if (!principal) return tl::make_unexpected(std::move(principal.error()));
    exchange.request.principal = std::move(*principal);
  }
  exchange.granted = true;
  if (exchange.body_pending) return Response::no_content();
  return exchange.route->handler(exchange.request);
}

void Dispatcher::run(Exchange& exchange) const {
  Result<Response> result;
  try {
    result = grant_and_handle(exchange);
  } catch (const std::exception& exception) {
    result = fail(ErrorCode::Internal, "http.internal", {}, {}, exception.what());
  } catch (...) {
    result = fail(ErrorCode::Internal, "http.internal", {}, {}, "unknown exception");
  }
  if (result && exchange.body_pending) return;
  exchange.response = result ? std::move(*result) : failed(result.error(), exchange);
  compress(*exchange.response, exchange.request.header("accept-encoding"));
}

Response Dispatcher::failed(const Error& error, const Exchange& exchange) const {
  if (log_ && !error.cause.empty()) {
    JsonWriter line;
    line.begin_object()
        .field("event", "failure")
        .field("request_id", exchange.request.request_id)
        .field("reason", error.problem.reason)
        .field("cause", error.cause)
        .end_object();
    log_(std::move(line).take());
  }
  return problem_response(error, audience(exchange));
}

Response Dispatcher::problem(int status, const Problem& problem, const Exchange& exchange) const {
  return problem_response(status, problem, audience(exchange));
}

void Dispatcher::log_access(const Exchange& exchange) const {
  if (!log_) return;
  using std::chrono::milliseconds;
  const auto elapsed = std::chrono::steady_clock::now() - exchange.begun;
  JsonWriter line;
  line.begin_object()
      .field("event", "request")
      .field("method", exchange.request.method)
      .field("route", exchange.route ? exchange.route->pattern : std::string())
      .field("status", std::int64_t{exchange.response->status})
      .field("ms", std::int64_t{std::chrono::duration_cast<milliseconds>(elapsed).count()})
      .field("request_id", exchange.request.request_id)
      .end_object();
  log_(std::move(line).take());
}

}  // namespace chucai::http
