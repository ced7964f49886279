#include "registry/service/accounts.h"

#include "registry/domain/person.h"
#include "registry/service/records.h"
#include "registry/storage/account_store.h"
#include "registry/storage/trail_stores.h"

namespace chucai {
namespace {

constexpr std::string_view kSetupSetting = "setup_code";
constexpr std::size_t kSetupBytes = 10;

Done check_grant(Registry& registry, const Principal& principal, std::string_view role,
                 std::string_view region) {
  if (!registry.codes().find("role", role)) {
    return fail(ErrorCode::InvalidArgument, "account.role", "role");
  }
  if (!registry.codes().find("region", region)) {
    return fail(ErrorCode::InvalidArgument, "account.region", "region");
  }
  const bool holds = allows(principal, Permission::ManageAccounts) && may_grant(principal, role) &&
                     registry.regions().within(region, principal.region);
  if (!holds) return fail(ErrorCode::PermissionDenied, "account.grant", "role");
  return {};
}

// Exactly the accounts of experts stand for a person.
Result<std::int64_t> person_behind(Registry& registry, const Principal& principal,
                                   const AccountDraft& draft) {
  const bool is_expert = draft.role == kExpertSelf;
  if (is_expert != !draft.person.empty()) {
    return fail(ErrorCode::InvalidArgument, "account.person", "person");
  }
  if (!is_expert) return 0;
  const auto person = find_record(registry, principal, type_of<Person>(), draft.person);
  if (!person) return fail(ErrorCode::InvalidArgument, "account.person", "person");
  return (*person)->id;
}

/// An account as it will be stored, and the hash of its password.
struct Checked {
  Account account;
  AccountSecrets secrets;
};

Result<Checked> checked(Registry& registry, const Principal& principal, const AccountDraft& draft) {
  const auto name = checked_account_name(draft.name);
  if (!name) return tl::make_unexpected(name.error());
  if (const Done sound = check_password(draft.password, *name); !sound) {
    return tl::make_unexpected(sound.error());
  }
  if (const Done granted = check_grant(registry, principal, draft.role, draft.region); !granted) {
    return tl::make_unexpected(granted.error());
  }
  const auto person = person_behind(registry, principal, draft);
  if (!person) return tl::make_unexpected(person.error());
  const auto hash = registry.passwords().hash(draft.password);
  if (!hash) return tl::make_unexpected(hash.error());
  Checked result;
  result.account = {registry.new_id(), 1,     *name, draft.role,        draft.region,
                    *person,           false, false, registry.now_us(), principal.actor};
  result.secrets.password = *hash;
  return result;
}

void write_account(Registry& registry, Connection& db, const Principal& principal,
                   const Checked& made) {
  insert_account(db, made.account, made.secrets);
  const AuditEntry entry{"account.add", "account", made.account.id,
                         made.account.role + " " + made.account.region};
  registry.audit().append(db, registry.audit_context(principal), {&entry, 1});
}

// The name is the only key that a new account can run into.
tl::unexpected<Error> said_plainly(const Error& error) {
  if (error.problem.reason == "storage.unique") {
    return fail(ErrorCode::Conflict, "account.exists", "name");
  }
  return tl::make_unexpected(error);
}

/// The account with the change made, and what of it the trail says.
std::string apply(const AccountChange& change, Account& account) {
  std::string trail;
  const auto note = [&](std::string_view what) { trail.append(what).append(" "); };
  if (change.role) note("role"), account.role = *change.role;
  if (change.region) note("region"), account.region = *change.region;
  if (change.disabled) note("disabled"), account.disabled = *change.disabled;
  if (change.password) note("password");
  if (change.drop_second_factor) note("second_factor"), account.second_factor = false;
  if (!trail.empty()) trail.pop_back();
  return trail;
}

Done may_change(Registry& registry, const Principal& principal, const Account& account) {
  if ("account:" + account.name == principal.actor) {
    return fail(ErrorCode::PermissionDenied, "account.own");
  }
  return check_grant(registry, principal, account.role, account.region);
}

}  // namespace

Result<Account> add_account(Registry& registry, const Principal& principal,
                            const AccountDraft& draft) {
  const auto made = checked(registry, principal, draft);
  if (!made) return tl::make_unexpected(made.error());
  const Done done = registry.database().write([&](Connection& db) -> Done {
    write_account(registry, db, principal, *made);
    return {};
  });
  if (!done) return said_plainly(done.error());
  return made->account;
}

Result<Account> find_account(Registry& registry, const Principal& principal, std::int64_t id) {
  std::optional<Account> account;
  const Done read = registry.database().read([&](Connection& db) -> Done {
    account = load_account(db, principal.scope(), id);
    return {};
  });
  if (!read) return tl::make_unexpected(read.error());
  if (!account) return fail(ErrorCode::NotFound, "account.absent");
  return *account;
}

Result<Account> change_account(Registry& registry, const Principal& principal, std::int64_t id,
                               std::int64_t version, const AccountChange& change) {
  auto account = find_account(registry, principal, id);
  if (!account) return account;
  if (const Done may = may_change(registry, principal, *account); !may) {
    return tl::make_unexpected(may.error());
  }
  const std::string trail = apply(change, *account);
  if (const Done may = check_grant(registry, principal, account->role, account->region); !may) {
    return tl::make_unexpected(may.error());
  }
  std::string hash;
  if (change.password) {
    if (const Done sound = check_password(*change.password, account->name); !sound) {
      return tl::make_unexpected(sound.error());
    }
    auto made = registry.passwords().hash(*change.password);
    if (!made) return tl::make_unexpected(made.error());
    hash = std::move(*made);
  }
  const Done done = registry.database().write([&](Connection& db) -> Done {
    Account expected = *account;
    expected.version = version;
    if (!update_account(db, expected)) return fail(ErrorCode::Stale, "record.version");
    if (change.password) set_password(db, id, hash);
    if (change.drop_second_factor) set_totp(db, id, {}, false);
    const bool ends_sessions =
        change.password || change.drop_second_factor || change.disabled.value_or(false);
    if (ends_sessions) delete_sessions(db, id);
    const AuditEntry entry{"account.change", "account", id, trail};
    registry.audit().append(db, registry.audit_context(principal), {&entry, 1});
    return {};
  });
  if (!done) return tl::make_unexpected(done.error());
  return find_account(registry, principal, id);
}

Result<std::vector<Account>> list_accounts(Registry& registry, const Principal& principal,
                                           std::string_view after, int limit) {
  if (const Done fits = check_page_limit(limit); !fits) return tl::make_unexpected(fits.error());
  std::vector<Account> accounts;
  const Done read = registry.database().read([&](Connection& db) -> Done {
    accounts = list_accounts(db, principal.scope(), after, limit);
    return {};
  });
  if (!read) return tl::make_unexpected(read.error());
  return accounts;
}

Result<std::optional<std::string>> make_setup_code(Registry& registry) {
  std::optional<std::string> code;
  const Done done = registry.database().write([&](Connection& db) -> Done {
    code.reset();
    if (count_accounts(db) > 0) return {};
    code = to_hex(random_bytes(kSetupBytes));
    save_setting(db, kSetupSetting, to_hex(registry.vault().token_digest("setup|" + *code)));
    return {};
  });
  if (!done) return tl::make_unexpected(done.error());
  return code;
}

Result<Account> use_setup_code(Registry& registry, std::string_view code,
                               const AccountDraft& draft) {
  const std::string digest = to_hex(registry.vault().token_digest("setup|" + std::string(code)));
  const auto check_code = [&](Connection& db) -> Done {
    const auto kept = load_setting(db, kSetupSetting);
    if (count_accounts(db) > 0 || !kept || !same_secret(*kept, digest)) {
      return fail(ErrorCode::Unauthenticated, "setup.code", "code");
    }
    return {};
  };
  // Looked at first, so that a stranger cannot make the machine hash passwords.
  if (const Done right = registry.database().read(check_code); !right) {
    return tl::make_unexpected(right.error());
  }
  const Principal installer{"setup", std::string(kLocalOperator), whole_register().region};
  const auto made = checked(registry, installer, draft);
  if (!made) return tl::make_unexpected(made.error());
  const Done done = registry.database().write([&](Connection& db) -> Done {
    if (const Done right = check_code(db); !right) return right;
    save_setting(db, kSetupSetting, "");
    write_account(registry, db, installer, *made);
    return {};
  });
  if (!done) return said_plainly(done.error());
  return made->account;
}

}  // namespace chucai
