// Accounts, their sessions and second factors, and failed sign-ins.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/domain/account.h"
#include "registry/domain/principal.h"
#include "registry/storage/database.h"

namespace chucai {

/// What proves that somebody is the account's owner.
struct AccountSecrets {
  std::string password;     ///< hash_password()
  std::string totp_sealed;  ///< empty: none
  bool totp_confirmed = false;
  std::int64_t totp_step = 0;  ///< of the last code taken, so that none is taken twice
};

/// Conflict "storage.unique" from the database when the name is taken.
void insert_account(Connection& db, const Account& account, const AccountSecrets& secrets);
std::optional<Account> load_account(Connection& db, const Scope& scope, std::int64_t id);
/// For signing in only, where no scope is known yet.
std::optional<Account> account_named(Connection& db, std::string_view name);
/// By name, at most `limit` behind the name `after`.
std::vector<Account> list_accounts(Connection& db, const Scope& scope, std::string_view after,
                                   int limit);
std::int64_t count_accounts(Connection& db);
/// Writes role, region, person and disabled; false when the version moved on.
bool update_account(Connection& db, const Account& account);

AccountSecrets secrets_of(Connection& db, std::int64_t account);
void set_password(Connection& db, std::int64_t account, std::string_view hash);
/// Empty: no second factor any more.
void set_totp(Connection& db, std::int64_t account, std::string_view sealed, bool confirmed);
/// False when that step or a later one was taken before.
bool take_totp_step(Connection& db, std::int64_t account, std::int64_t step);
void replace_recovery_codes(Connection& db, std::int64_t account,
                            const std::vector<std::string>& digests);
/// False when the account has no such code (any more).
bool take_recovery_code(Connection& db, std::int64_t account, std::string_view digest);

/// A browser that is signed in.
struct SessionRow {
  std::int64_t account = 0;
  bool strong = false;  ///< a second factor was given
  std::int64_t begun_at = 0;
  std::int64_t used_at = 0;
};
void insert_session(Connection& db, std::string_view digest, const SessionRow& session);
/// The session and its account as it is now, so that a changed role holds from the next request on.
struct OpenSession {
  SessionRow session;
  Account account;
};
std::optional<OpenSession> session_with_digest(Connection& db, std::string_view digest);
void touch_session(Connection& db, std::string_view digest, std::int64_t at);
void delete_session(Connection& db, std::string_view digest);
/// Every session of the account but the one called `except`.
void delete_sessions(Connection& db, std::int64_t account, std::string_view except = {});
/// Those that began before `begun` or were last used before `used`.
void delete_old_sessions(Connection& db, std::int64_t begun, std::int64_t used);

/// How often signing in failed.
struct Failures {
  std::int64_t count = 0;
  std::int64_t last_at = 0;
};
Failures failures_under(Connection& db, std::string_view digest);
void save_failures(Connection& db, std::string_view digest, const Failures& failures);
void forget_failures(Connection& db, std::string_view digest);

void remember_network(Connection& db, std::int64_t account, std::string_view network,
                      std::int64_t at);
bool is_known_network(Connection& db, std::int64_t account, std::string_view network);

}  // namespace chucai
