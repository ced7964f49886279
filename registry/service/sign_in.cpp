#include "registry/service/sign_in.h"

#include <algorithm>

#include "registry/storage/account_store.h"

namespace chucai {
namespace {

constexpr std::int64_t kSecond = 1'000'000;  // microseconds
constexpr std::int64_t kTotpStep = 30 * kSecond;
constexpr std::int64_t kTouchAfter = 60 * kSecond;  // no write with each request
constexpr std::int64_t kLongestSession = 12 * 3600 * kSecond;
constexpr std::int64_t kLongestIdle = 1800 * kSecond;
constexpr std::size_t kTotpSecretBytes = 20;  // RFC 4226: as long as the hash
constexpr std::size_t kSessionBytes = 32;
constexpr int kRecoveryCodes = 10;
constexpr std::size_t kRecoveryBytes = 10;
// An office behind one address may well mistype more often than one person; a whole province
// guessing at one account is an attack.
constexpr Throttle kPerAccountAndNetwork{5};
constexpr Throttle kPerNetwork{50};
constexpr Throttle kPerAccount{100};

std::string to_base32(std::string_view bytes) {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string text;
  std::uint32_t pending = 0;
  int bits = 0;
  for (const char byte : bytes) {
    pending = (pending << 8) | static_cast<unsigned char>(byte);
    for (bits += 8; bits >= 5; bits -= 5) text += kAlphabet[(pending >> (bits - 5)) & 31];
  }
  if (bits > 0) text += kAlphabet[(pending << (5 - bits)) & 31];
  return text;
}

// Keyed digests: neither names nor addresses stand in the tables of failures and networks.
struct Guesses {
  std::string pair;
  std::string network;
  std::string account;
  std::string known_network;  // as is_known_network() has it
};

Guesses guesses_of(const Vault& vault, std::string_view name, std::string_view address) {
  const std::string network = network_of(address);
  const auto digest = [&](std::string text) { return vault.token_digest(text); };
  return {digest("failed|" + std::string(name) + "|" + network), digest("failed||" + network),
          digest("failed|" + std::string(name) + "|"), digest("network|" + network)};
}

std::int64_t wait_under(Connection& db, const Throttle& throttle, std::string_view digest,
                        std::int64_t now) {
  const Failures failures = failures_under(db, digest);
  return throttled_for(throttle, failures.count, failures.last_at, now);
}

// What stands about an attempt before the password is looked at.
struct Known {
  std::optional<Account> account;
  AccountSecrets secrets;
  std::int64_t wait = 0;  // microseconds
};

Result<Known> look_up(Registry& registry, std::string_view name, const Guesses& guesses) {
  Known known;
  const std::int64_t now = registry.now_us();
  const Done read = registry.database().read([&](Connection& db) -> Done {
    known = {};
    known.account = account_named(db, name);
    if (known.account) known.secrets = secrets_of(db, known.account->id);
    known.wait = std::max(wait_under(db, kPerAccountAndNetwork, guesses.pair, now),
                          wait_under(db, kPerNetwork, guesses.network, now));
    const bool at_home =
        known.account && is_known_network(db, known.account->id, guesses.known_network);
    if (!at_home) {
      known.wait = std::max(known.wait, wait_under(db, kPerAccount, guesses.account, now));
    }
    return {};
  });
  if (!read) return tl::make_unexpected(read.error());
  return known;
}

void count_failure(Connection& db, std::string_view digest, std::int64_t now) {
  Failures failures = failures_under(db, digest);
  if (failures_forgotten(failures.last_at, now)) failures.count = 0;
  save_failures(db, digest, {failures.count + 1, now});
}

// The trail names the account by its id; a name that nobody has may be a password typed into the
// wrong field.
tl::unexpected<Error> refused(Registry& registry, std::int64_t account, const Guesses& guesses) {
  const Done counted = registry.database().write([&](Connection& db) -> Done {
    const std::int64_t now = registry.now_us();
    for (const std::string* digest : {&guesses.pair, &guesses.network, &guesses.account}) {
      count_failure(db, *digest, now);
    }
    const AuditEntry entry{"session.refused", "account", account, ""};
    const Principal nobody{"nobody", "", whole_register().region};
    registry.audit().append(db, registry.audit_context(nobody), {&entry, 1});
    return {};
  });
  if (!counted) return tl::make_unexpected(counted.error());
  return fail(ErrorCode::Unauthenticated, "session.refused");
}

// Somebody whose password fitted.
struct Proven {
  Account account;
  AccountSecrets secrets;
  Guesses guesses;
};

Result<Proven> prove_password(Registry& registry, std::string_view name, std::string_view address,
                              std::string_view password) {
  const Guesses guesses = guesses_of(registry.vault(), name, address);
  const auto known = look_up(registry, name, guesses);
  if (!known) return tl::make_unexpected(known.error());
  if (known->wait > 0) {
    return fail(ErrorCode::Throttled, "session.throttled", {},
                {std::to_string(known->wait / kSecond + 1)});
  }
  const auto fits = registry.passwords().fits(known->secrets.password, password);
  if (!fits) return tl::make_unexpected(fits.error());
  if (!*fits || known->account->disabled) {
    return refused(registry, known->account ? known->account->id : 0, guesses);
  }
  return Proven{*known->account, known->secrets, guesses};
}

bool takes_totp(Connection& db, std::int64_t account, std::string_view secret,
                std::string_view code, std::int64_t now) {
  const std::int64_t step = now / kTotpStep;
  for (const std::int64_t near : {step, step - 1, step + 1}) {
    if (same_secret(totp_code(secret, near), code)) return take_totp_step(db, account, near);
  }
  return false;
}

// Blanks and dashes are how people copy codes.
std::string bare_code(std::string_view code) {
  std::string bare;
  for (const char c : code) {
    if (c != ' ' && c != '-') bare += c;
  }
  std::transform(bare.begin(), bare.end(), bare.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return bare;
}

// Inside a write: a code is taken once, whoever races for it.
Result<bool> takes_code(Registry& registry, Connection& db, std::int64_t account,
                        const AccountSecrets& secrets, std::string_view code) {
  const auto secret = registry.vault().open_account_secret(account, secrets.totp_sealed);
  if (!secret) return tl::make_unexpected(secret.error());
  const std::string bare = bare_code(code);
  return takes_totp(db, account, *secret, bare, registry.now_us()) ||
         take_recovery_code(db, account, registry.vault().token_digest("recovery|" + bare));
}

Principal principal_of(const Account& account, bool strong) {
  Principal principal{"account:" + account.name, account.role, account.region, 0, account.person};
  principal.assurance = strong ? Assurance::Strong : Assurance::Password;
  return principal;
}

SignedIn begin_session(Registry& registry, Connection& db, const Account& account, bool strong) {
  const std::int64_t now = registry.now_us();
  SignedIn session{to_hex(random_bytes(kSessionBytes)), principal_of(account, strong)};
  delete_old_sessions(db, now - kLongestSession, now - kLongestIdle);
  insert_session(db, registry.vault().token_digest(session.secret), {account.id, strong, now, now});
  return session;
}

void write_trail(Registry& registry, Connection& db, const Principal& principal,
                 std::string_view action, std::int64_t account) {
  const AuditEntry entry{std::string(action), "account", account, ""};
  registry.audit().append(db, registry.audit_context(principal), {&entry, 1});
}

/// The session that a secret stands for, if it goes on.
Result<OpenSession> open_session(Registry& registry, std::string_view secret) {
  std::optional<OpenSession> open;
  const Done read = registry.database().read([&](Connection& db) -> Done {
    open = session_with_digest(db, registry.vault().token_digest(secret));
    return {};
  });
  if (!read) return tl::make_unexpected(read.error());
  const bool over = !open || open->account.disabled ||
                    session_over(open->session.begun_at, open->session.used_at, registry.now_us());
  if (over) return fail(ErrorCode::Unauthenticated, "session.over");
  return *open;
}

std::vector<std::string> fresh_recovery_codes() {
  std::vector<std::string> codes;
  for (int i = 0; i < kRecoveryCodes; ++i) {
    codes.push_back(to_base32(random_bytes(kRecoveryBytes)).insert(8, "-"));
  }
  return codes;
}

}  // namespace

Result<SignedIn> sign_in(Registry& registry, const SignInAttempt& attempt) {
  const std::string name = checked_account_name(attempt.name).value_or("");
  const auto proven = prove_password(registry, name, attempt.address, attempt.password);
  if (!proven) return tl::make_unexpected(proven.error());
  const Account& account = proven->account;
  if (account.second_factor && attempt.code.empty()) {
    return fail(ErrorCode::Unauthenticated, "session.code", "code");
  }
  SignedIn session;
  bool right_code = true;
  const Done done = registry.database().write([&](Connection& db) -> Done {
    if (account.second_factor) {
      const auto taken = takes_code(registry, db, account.id, proven->secrets, attempt.code);
      if (!taken) return tl::make_unexpected(taken.error());
      right_code = *taken;
      if (!right_code) return {};
    }
    forget_failures(db, proven->guesses.pair);
    remember_network(db, account.id, proven->guesses.known_network, registry.now_us());
    session = begin_session(registry, db, account, account.second_factor);
    write_trail(registry, db, session.principal, "session.begin", account.id);
    return {};
  });
  if (!done) return tl::make_unexpected(done.error());
  if (!right_code) return refused(registry, account.id, proven->guesses);
  return session;
}

Result<Principal> session_principal(Registry& registry, std::string_view secret) {
  const auto open = open_session(registry, secret);
  if (!open) return tl::make_unexpected(open.error());
  const std::int64_t now = registry.now_us();
  if (now - open->session.used_at > kTouchAfter) {
    const Done touched = registry.database().write([&](Connection& db) -> Done {
      touch_session(db, registry.vault().token_digest(secret), now);
      return {};
    });
    if (!touched) return tl::make_unexpected(touched.error());
  }
  return principal_of(open->account, open->session.strong);
}

Done sign_out(Registry& registry, std::string_view secret) {
  const auto open = open_session(registry, secret);
  if (!open) {
    return open.error().code == ErrorCode::Unauthenticated ? Done{}
                                                           : tl::make_unexpected(open.error());
  }
  return registry.database().write([&](Connection& db) -> Done {
    delete_session(db, registry.vault().token_digest(secret));
    write_trail(registry, db, principal_of(open->account, open->session.strong), "session.end",
                open->account.id);
    return {};
  });
}

Done change_own_password(Registry& registry, std::string_view secret,
                         const PasswordChange& change) {
  const auto open = open_session(registry, secret);
  if (!open) return tl::make_unexpected(open.error());
  const Account& account = open->account;
  if (const Done sound = check_password(change.after, account.name); !sound) return sound;
  const auto proven = prove_password(registry, account.name, change.address, change.before);
  if (!proven) return tl::make_unexpected(proven.error());
  const auto hash = registry.passwords().hash(change.after);
  if (!hash) return tl::make_unexpected(hash.error());
  return registry.database().write([&](Connection& db) -> Done {
    set_password(db, account.id, *hash);
    delete_sessions(db, account.id, registry.vault().token_digest(secret));
    write_trail(registry, db, principal_of(account, open->session.strong), "account.password",
                account.id);
    return {};
  });
}

Result<Enrolment> begin_second_factor(Registry& registry, std::string_view secret) {
  const auto open = open_session(registry, secret);
  if (!open) return tl::make_unexpected(open.error());
  const Account& account = open->account;
  if (account.second_factor) {
    return fail(ErrorCode::FailedPrecondition, "session.factor.exists");
  }
  const std::string shared = random_bytes(kTotpSecretBytes);
  const Done done = registry.database().write([&](Connection& db) -> Done {
    set_totp(db, account.id, registry.vault().seal_account_secret(account.id, shared), false);
    return {};
  });
  if (!done) return tl::make_unexpected(done.error());
  const std::string text = to_base32(shared);
  return Enrolment{text, "otpauth://totp/chucai?secret=" + text + "&issuer=chucai"};
}

Result<Confirmed> confirm_second_factor(Registry& registry, std::string_view secret,
                                        std::string_view code) {
  const auto open = open_session(registry, secret);
  if (!open) return tl::make_unexpected(open.error());
  const Account& account = open->account;
  Confirmed confirmed;
  const Done done = registry.database().write([&](Connection& db) -> Done {
    const AccountSecrets secrets = secrets_of(db, account.id);
    if (secrets.totp_sealed.empty() || secrets.totp_confirmed) {
      return fail(ErrorCode::FailedPrecondition, "session.factor.none");
    }
    const auto shared = registry.vault().open_account_secret(account.id, secrets.totp_sealed);
    if (!shared) return tl::make_unexpected(shared.error());
    if (!takes_totp(db, account.id, *shared, bare_code(code), registry.now_us())) {
      return fail(ErrorCode::InvalidArgument, "session.factor.code", "code");
    }
    set_totp(db, account.id, secrets.totp_sealed, true);
    confirmed.recovery_codes = fresh_recovery_codes();
    std::vector<std::string> digests;
    for (const std::string& each : confirmed.recovery_codes) {
      digests.push_back(registry.vault().token_digest("recovery|" + bare_code(each)));
    }
    replace_recovery_codes(db, account.id, digests);
    delete_sessions(db, account.id);
    confirmed.session = begin_session(registry, db, account, true);
    write_trail(registry, db, confirmed.session.principal, "session.factor", account.id);
    return {};
  });
  if (!done) return tl::make_unexpected(done.error());
  return confirmed;
}

}  // namespace chucai
