// What a handler gives back: plain values. The server adds length, date, request id, security
// headers and compression.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "api/http/request.h"

namespace chucai::http {

/// A 204 or 304 has no body whatever `body` holds. A header set here wins over the server's own
/// of that name (Cache-Control, Content-Security-Policy).
struct Response {
  int status = 200;
  std::string content_type;  ///< empty: the body has none to name
  std::string body;
  Pairs headers;

  static Response json(int status, std::string body) {
    return {status, "application/json", std::move(body), {}};
  }
  static Response no_content() { return {204, {}, {}, {}}; }

  Response& with(std::string name, std::string value) & {
    headers.emplace_back(std::move(name), std::move(value));
    return *this;
  }
  Response&& with(std::string name, std::string value) && {
    headers.emplace_back(std::move(name), std::move(value));
    return std::move(*this);
  }
};

}  // namespace chucai::http
