// What a handler is given: plain values, checked and decoded; no socket, no Poco.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "registry/domain/messages.h"
#include "registry/domain/principal.h"

namespace chucai::http {

/// Name and value in order of arrival; header names are in lower case.
using Pairs = std::vector<std::pair<std::string, std::string>>;

/// The first value called `name`, empty when there is none.
inline std::string_view first(const Pairs& pairs, std::string_view name) {
  for (const auto& [key, value] : pairs) {
    if (key == name) return value;
  }
  return {};
}

struct Request {
  std::string method;  ///< GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS
  std::string path;    ///< as sent, still percent-encoded
  Pairs params;        ///< {name} parts of the route's pattern, decoded
  Pairs query;         ///< decoded, valid UTF-8
  Pairs headers;       ///< values trimmed, valid UTF-8
  std::string body;
  std::string request_id;  ///< taken over from X-Request-Id or made here; safe to log
  std::string remote;      ///< client's address; of the forwarding header behind a trusted proxy
  Language language = Language::Chinese;
  Principal principal{};  ///< who asks, as the Authorizer found; empty on routes for anyone

  std::string_view header(std::string_view lower_case_name) const {
    return first(headers, lower_case_name);
  }
  std::string_view param(std::string_view name) const { return first(params, name); }
  std::string_view query_value(std::string_view name) const { return first(query, name); }
};

}  // namespace chucai::http
