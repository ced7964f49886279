// What handlers read from a request in one way: the length of a page, the version of a change, a
// body of plain texts, the session's cookie.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "api/http/request.h"
#include "registry/domain/result.h"

namespace chucai {

/// The query's `limit`: 50 when it is absent, 0, which no list takes, when it is no number.
int page_limit(const http::Request& request);

/// The version that If-Match names. Errors: VersionMissing "http.if_match".
Result<std::int64_t> expected_version(const http::Request& request);
/// The same version as an ETag.
std::string etag_of(std::int64_t version);

using Texts = std::vector<std::string>;
/// The named members of the body, all texts, in order; absent ones are empty. Errors: those of
/// parse_json; InvalidArgument "json.invalid" for other members and types.
Result<Texts> texts_of(const http::Request& request, std::initializer_list<std::string_view> names);

/// The cookie that holds a session's secret. The prefix keeps other hosts and paths from setting
/// it.
inline constexpr std::string_view kSessionCookie = "__Host-chucai";
/// The secret of the request's session; empty: none.
std::string session_secret(const http::Request& request);

}  // namespace chucai
