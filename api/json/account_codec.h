// Accounts, tokens and who is signed in, as JSON. Never a secret but those that are shown once.
#pragma once

#include <string>
#include <vector>

#include "registry/domain/account.h"
#include "registry/domain/principal.h"
#include "registry/service/sign_in.h"
#include "registry/service/tokens.h"

namespace chucai {

/// {id, version, name, role, region, person, second_factor, disabled, created_at, created_by}
std::string account_json(const Account& account);
/// {"items": [...], "next_cursor": name or null}
std::string accounts_json(const std::vector<Account>& accounts, int limit);
/// {actor, role, region, second_factor, permissions[]}
std::string principal_json(const Principal& principal);
/// {secret, uri}
std::string enrolment_json(const Enrolment& enrolment);
/// {recovery_codes[]}
std::string recovery_codes_json(const std::vector<std::string>& codes);
/// {"items": [{id, label, role, region, expires, revoked}]}
std::string tokens_json(const std::vector<AccessToken>& tokens);

}  // namespace chucai
