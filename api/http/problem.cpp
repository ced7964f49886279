#include "api/http/problem.h"

#include <utility>

#include "api/json/reader.h"
#include "api/json/writer.h"
#include "registry/domain/identity.h"

namespace chucai::http {
namespace {

constexpr const char* kRetryAfterSeconds = "2";

// Domain rules name a field, the JSON gate a pointer. Whoever writes a number in the place of a
// name does not get it back.
std::string pointer_of(const std::string& where) {
  if (holds_a_number(where)) return "/*";
  return where.empty() || where.front() == '/' ? where : json_pointer({}, where);
}

void write_detail(JsonWriter& json, const Problem& problem, const Audience& audience) {
  json.begin_object()
      .field("pointer", pointer_of(problem.where))
      .field("code", problem.reason)
      .field("detail", audience.messages.text(problem, audience.language))
      .end_object();
}

void write_problem(JsonWriter& json, int status, const Problem& problem, const Audience& audience,
                   std::span<const Problem> details) {
  if (details.empty() && !problem.where.empty()) details = {&problem, 1};
  // With the type about:blank the title is the status in words, and may be translated.
  const Problem title{"http.status." + std::to_string(status), {}, {}};
  json.begin_object()
      .field("type", "about:blank")
      .field("title", audience.messages.text(title, audience.language))
      .field("status", std::int64_t{status})
      .field("detail", audience.messages.text(problem, audience.language))
      .field("code", problem.reason)
      .field("request_id", audience.request_id);
  if (!details.empty()) {
    json.key("errors").begin_array();
    for (const Problem& detail : details) write_detail(json, detail, audience);
    json.end_array();
  }
  json.end_object();
}

}  // namespace

int status_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::InvalidArgument:
      return 400;
    case ErrorCode::Unauthenticated:
      return 401;
    case ErrorCode::PermissionDenied:
      return 403;
    case ErrorCode::NotFound:
      return 404;
    case ErrorCode::Conflict:
    case ErrorCode::FailedPrecondition:
      return 409;
    case ErrorCode::Mismatch:
      return 422;
    case ErrorCode::Stale:
      return 412;
    case ErrorCode::VersionMissing:
      return 428;
    case ErrorCode::TooLarge:
      return 413;
    case ErrorCode::Throttled:
      return 429;
    case ErrorCode::Unavailable:
      return 503;
    case ErrorCode::Internal:
      return 500;
  }
  return 500;
}

Response problem_response(const Error& error, const Audience& audience) {
  return problem_response(status_of(error.code), error.problem, audience, error.details);
}

void write_problem(JsonWriter& json, const Error& error, const Audience& audience) {
  write_problem(json, status_of(error.code), error.problem, audience, error.details);
}

Response problem_response(int status, const Problem& problem, const Audience& audience,
                          std::span<const Problem> details) {
  JsonWriter json;
  write_problem(json, status, problem, audience, details);
  Response response{status, "application/problem+json", std::move(json).take(), {}};
  if (status == 503) response.with("Retry-After", kRetryAfterSeconds);
  if (status == 429 && !problem.params.empty()) {
    response.with("Retry-After", problem.params.front());
  }
  if (status == 401) response.with("WWW-Authenticate", "Bearer realm=\"chucai\"");
  return response;
}

}  // namespace chucai::http
