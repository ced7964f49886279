// Accounts of the service: who makes them, what they may be given, and the first of all.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/domain/account.h"
#include "registry/service/registry.h"

namespace chucai {

struct AccountDraft {
  std::string name;
  std::string password;
  std::string role;
  std::string region;
  std::string person;  ///< id or number of the person behind an account of role expert_self
};

/// Makes an account. Errors: InvalidArgument "account.role", "account.region", "account.person",
/// those of checked_account_name and check_password; Conflict "account.exists"; PermissionDenied
/// "account.grant" when the role or region is more than the maker holds.
Result<Account> add_account(Registry& registry, const Principal& principal,
                            const AccountDraft& draft);

/// What changes; what is absent stays.
struct AccountChange {
  std::optional<std::string> role;
  std::optional<std::string> region;
  std::optional<std::string> password;  ///< a new one, for who forgot theirs
  std::optional<bool> disabled;
  bool drop_second_factor = false;  ///< for who lost it
};
/// Changes the account that was read at `version`; it holds from its next request on. A new
/// password, a dropped factor or disabling ends its sessions. Errors: those of add_account;
/// NotFound "account.absent"; Stale "record.version"; PermissionDenied "account.own": nobody
/// changes their own.
Result<Account> change_account(Registry& registry, const Principal& principal, std::int64_t id,
                               std::int64_t version, const AccountChange& change);

/// Errors: NotFound "account.absent".
Result<Account> find_account(Registry& registry, const Principal& principal, std::int64_t id);

/// A page by name, behind the name `after`. Errors: those of check_page_limit.
Result<std::vector<Account>> list_accounts(Registry& registry, const Principal& principal,
                                           std::string_view after, int limit);

/// While there is no account: a fresh one-time code that makes the first one, in the place of any
/// code before it. Nullopt when there is one.
Result<std::optional<std::string>> make_setup_code(Registry& registry);

/// Makes the first account with the code. Errors: Unauthenticated "setup.code" for a wrong or used
/// one; those of add_account.
Result<Account> use_setup_code(Registry& registry, std::string_view code,
                               const AccountDraft& draft);

}  // namespace chucai
