// Access tokens of integrators.
#pragma once

#include "api/http/router.h"
#include "registry/service/registry.h"

namespace chucai {

/// GET: {"items": [{id, label, role, region, expires, revoked}]}; a token itself is never shown
/// again.
http::Handler list_tokens_handler(Registry& registry);
/// POST {label, role, region, expires, person?}: 201 {token}.
http::Handler add_token_handler(Registry& registry);
/// DELETE: 204.
http::Handler revoke_token_handler(Registry& registry);

}  // namespace chucai
