// Accounts of the service, for who administers them.
#pragma once

#include "api/http/router.h"
#include "registry/service/registry.h"

namespace chucai {

/// GET: `limit`, `cursor` (a name); {"items": [...], "next_cursor": name or null}.
http::Handler list_users_handler(Registry& registry);
/// POST {name, password, role, region, person?}: 201.
http::Handler add_user_handler(Registry& registry);
/// GET one, with its version as ETag.
http::Handler get_user_handler(Registry& registry);
/// PATCH {role?, region?, password?, disabled?, second_factor: false?} of the version in If-Match.
http::Handler change_user_handler(Registry& registry);

}  // namespace chucai
