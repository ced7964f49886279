// Who asks: a bearer token or the session of an account, and whether that may do what a route
// names.
#pragma once

#include <string_view>

#include "api/http/server.h"
#include "registry/service/registry.h"

namespace chucai {

/// Permission of a route that any account may use that is signed in, and no token.
inline constexpr std::string_view kSignedIn = "signed_in";

/// Checks token or session and the permission of the route. Errors: Unauthenticated
/// "token.missing", "token.invalid", "session.over"; PermissionDenied "token.permission",
/// "session.factor.needed", "session.none", and "session.csrf" when a change with a session comes
/// without the header that pages of other sites cannot send. `registry` must outlive it.
http::Authorizer authorizer(Registry& registry);

/// Refuses what a browser sends on behalf of another site. Errors: PermissionDenied "session.csrf".
Done check_same_site(const http::Request& request);

}  // namespace chucai
