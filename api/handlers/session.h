// Signing in and out, one's own password and second factor, and the first account of all.
#pragma once

#include "api/http/router.h"
#include "registry/service/registry.h"

namespace chucai {

/// POST {code, name, password, role?, region?}: 201 with the first account; its role is
/// province_admin unless security_admin is asked for.
http::Handler setup_handler(Registry& registry);
/// POST {name, password, code?}: 201, the session in a cookie that scripts cannot read, and who it
/// stands for.
http::Handler sign_in_handler(Registry& registry);
/// GET: {actor, role, region, second_factor, permissions[]}.
http::Handler who_handler();
/// DELETE: 204; the browser forgets what it kept of the site.
http::Handler sign_out_handler(Registry& registry);
/// POST {before, after}: 204.
http::Handler password_handler(Registry& registry);
/// POST: 201 {secret, uri}, shown once.
http::Handler begin_factor_handler(Registry& registry);
/// POST {code}: 200 {recovery_codes[]} and a stronger session.
http::Handler confirm_factor_handler(Registry& registry);

}  // namespace chucai
