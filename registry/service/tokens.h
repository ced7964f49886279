// Bearer tokens: shown once, kept as a keyed digest, bound to a role, a region and a last day.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "registry/service/registry.h"
#include "registry/storage/trail_stores.h"

namespace chucai {

/// Makes a token. `person` (id or expert number, within the region) is whose own it is: needed for
/// the role expert_self, and for no other. Errors: InvalidArgument "token.role", "token.region",
/// "token.person", "token.expires" (after today, at most 365 days); PermissionDenied "token.scope"
/// when the maker does not hold the region.
Result<std::string> add_token(Registry& registry, const Principal& principal,
                              std::string_view label, std::string_view role,
                              std::string_view region, Date expires_on,
                              std::string_view person = {});

/// The tokens of the principal's region, newest first, at most 200.
Result<std::vector<AccessToken>> list_tokens(Registry& registry, const Principal& principal);

/// Holds from the next request on. Errors: NotFound "token.absent" (also when revoked before).
Done revoke_token(Registry& registry, const Principal& principal, std::int64_t id);

/// Who a bearer token stands for. Errors: Unauthenticated "token.invalid" for every cause alike.
Result<Principal> authenticate(Registry& registry, std::string_view token);

}  // namespace chucai
