// A Response as bytes: what every answer carries beside what its handler said.
#pragma once

#include <string>
#include <string_view>

#include "api/http/response.h"

namespace chucai::http {

/// Compresses the body when the client takes gzip, the type gains by it and it is above 1 KB.
/// Meant for the handler's thread: it costs about 10 ms per megabyte.
void compress(Response& response, std::string_view accept_encoding);

/// The bytes that a gzip stream holds; for data of our own, not for what a client sends.
std::string inflated(std::string_view gzip);

enum class AfterAnswer { KeepOpen, Close };

/// Status line and header fields, empty line included. Adds Date, Content-Length (none for 204 and
/// 304), Connection, X-Request-Id and the security fields that the handler did not set:
/// X-Content-Type-Options nosniff, Referrer-Policy no-referrer, Cache-Control no-store and a
/// Content-Security-Policy that lets nothing load.
std::string head_text(const Response& response, std::string_view request_id, AfterAnswer after);

/// True when the status may be followed by a body.
bool may_have_body(int status);

}  // namespace chucai::http
