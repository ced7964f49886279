// Every failure as application/problem+json (RFC 9457): the one place where an ErrorCode becomes an
// HTTP status and a reason becomes a sentence.
#pragma once

#include <span>
#include <string>

#include "api/http/response.h"
#include "registry/domain/messages.h"

namespace chucai {
class JsonWriter;
}

namespace chucai::http {

/// What the wording needs to know of the request.
struct Audience {
  const Messages& messages;
  Language language = Language::Chinese;
  std::string request_id;
};

/// The HTTP status of a failure class.
int status_of(ErrorCode code);

/// The failure for its reader: `code` is the reason, `detail` its sentence, `errors` one entry per
/// field with its JSON pointer. Never the cause. 503 carries Retry-After, 401 WWW-Authenticate.
Response problem_response(const Error& error, const Audience& audience);

/// Its JSON alone, as part of an answer about several things.
void write_problem(JsonWriter& json, const Error& error, const Audience& audience);

/// The same for a failure that only HTTP knows (405, 413, ...).
Response problem_response(int status, const Problem& problem, const Audience& audience,
                          std::span<const Problem> details = {});

}  // namespace chucai::http
