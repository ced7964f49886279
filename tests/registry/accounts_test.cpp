// Who signs in: accounts and their limits, sessions, second factors, guessing.
#include <catch2/catch.hpp>

#include <set>
#include <thread>

#include "registry/service/accounts.h"
#include "registry/service/audit.h"
#include "registry/service/sign_in.h"
#include "registry/service/tokens.h"
#include "registry/storage/crypto.h"
#include "tests/support/contract.h"
#include "tests/support/outcomes.h"

using namespace chucai;
using namespace chucai::testing;

namespace {

constexpr const char* kPassword = "seven teal 3 lotus";
constexpr const char* kHome = "203.0.113.7";
constexpr std::int64_t kMinute = 60'000'000;

Account added(Registry& registry, const std::string& name, const std::string& role = "registrar",
              const std::string& region = "420106") {
  const auto account =
      add_account(registry, province_office(), {name, kPassword, role, region, {}});
  REQUIRE(reason(account) == "");
  return *account;
}

Result<SignedIn> try_sign_in(Registry& registry, const std::string& name,
                             const std::string& password, const std::string& code = {},
                             const std::string& address = kHome) {
  return sign_in(registry, {name, password, code, address});
}

SignedIn signed_in(Registry& registry, const std::string& name, const std::string& code = {}) {
  auto session = try_sign_in(registry, name, kPassword, code);
  REQUIRE(reason(session) == "");
  return *session;
}

// The clock of a test moves a second with each look at it.
void pass_time(Registry& registry, std::int64_t microseconds) {
  const std::int64_t until = registry.now_us() + microseconds;
  while (registry.now_us() < until) {
  }
}

std::string from_base32(const std::string& text) {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string bits;
  for (const char c : text) {
    const auto value = kAlphabet.find(c);
    for (int bit = 4; bit >= 0; --bit) bits += (value >> bit) & 1 ? '1' : '0';
  }
  std::string bytes;
  for (std::size_t at = 0; at + 8 <= bits.size(); at += 8) {
    bytes += static_cast<char>(std::stoi(bits.substr(at, 8), nullptr, 2));
  }
  return bytes;
}

std::string code_now(Registry& registry, const std::string& secret) {
  return totp_code(from_base32(secret), registry.now_us() / (kMinute / 2));
}

/// An account whose owner has a second factor: its secret and recovery codes.
struct Guarded {
  std::string secret;
  Confirmed confirmed;
};
Guarded guarded(Registry& registry, const std::string& name) {
  const SignedIn session = signed_in(registry, name);
  const auto enrolment = begin_second_factor(registry, session.secret);
  REQUIRE(reason(enrolment) == "");
  const auto confirmed =
      confirm_second_factor(registry, session.secret, code_now(registry, enrolment->secret));
  REQUIRE(reason(confirmed) == "");
  return {enrolment->secret, *confirmed};
}

void a_session_stands_for_the_account_as_it_is_now(Registry& registry) {
  const Account account = added(registry, "Desk.One");
  CHECK(account.name == "desk.one");
  const SignedIn session = signed_in(registry, "ＤＥＳＫ.one");
  CHECK(session.principal.actor == "account:desk.one");
  auto who = session_principal(registry, session.secret);
  REQUIRE(reason(who) == "");
  CHECK(who->role == "registrar");
  CHECK(allows(*who, Permission::Register));
  AccountChange demoted;
  demoted.role = "requester";
  REQUIRE(reason(change_account(registry, province_office(), account.id, 1, demoted)) == "");
  who = session_principal(registry, session.secret);
  REQUIRE(reason(who) == "");
  CHECK_FALSE(allows(*who, Permission::Register));
  CHECK(reason(change_account(registry, province_office(), account.id, 1, demoted)) ==
        "record.version");
  AccountChange disabled;
  disabled.disabled = true;
  REQUIRE(reason(change_account(registry, province_office(), account.id, 2, disabled)) == "");
  CHECK(reason(session_principal(registry, session.secret)) == "session.over");
  CHECK(reason(try_sign_in(registry, "desk.one", kPassword)) == "session.refused");
  CHECK(reason(session_principal(registry, "")) == "session.over");
}

void sessions_end(Registry& registry) {
  added(registry, "desk");
  const SignedIn idle = signed_in(registry, "desk");
  pass_time(registry, 31 * kMinute);
  CHECK(reason(session_principal(registry, idle.secret)) == "session.over");
  const SignedIn busy = signed_in(registry, "desk");
  for (int i = 0; i < 25; ++i) {
    REQUIRE(reason(session_principal(registry, busy.secret)) == "");
    pass_time(registry, 29 * kMinute);
  }
  CHECK(reason(session_principal(registry, busy.secret)) == "session.over");
  const SignedIn left = signed_in(registry, "desk");
  CHECK(sign_out(registry, left.secret));
  CHECK(reason(session_principal(registry, left.secret)) == "session.over");
  CHECK(sign_out(registry, left.secret));
}

void a_new_password_ends_the_other_sessions(Registry& registry) {
  added(registry, "desk");
  const SignedIn here = signed_in(registry, "desk");
  const SignedIn there = signed_in(registry, "desk");
  const auto change = [&](const char* before, const char* after) {
    return reason(change_own_password(registry, here.secret, {before, after, kHome}));
  };
  CHECK(change("not the one", "nine amber 5 reeds") == "session.refused");
  CHECK(change(kPassword, "short") == "account.password.length");
  CHECK(change(kPassword, "my desk is mine") == "account.password.weak");
  CHECK(change(kPassword, "aaaaaaaaaaab") == "account.password.weak");
  CHECK(change(kPassword, "nine amber 5 reeds") == "");
  CHECK(reason(session_principal(registry, here.secret)) == "");
  CHECK(reason(session_principal(registry, there.secret)) == "session.over");
  CHECK(reason(try_sign_in(registry, "desk", kPassword)) == "session.refused");
  CHECK(reason(try_sign_in(registry, "desk", "nine amber 5 reeds")) == "");
}

void nobody_grants_beyond_their_own(Registry& registry) {
  const Principal county = county_office("420106");
  const auto give = [&](const Principal& giver, const char* role, const char* region) {
    static int count = 0;
    return reason(add_account(registry, giver,
                              {"user" + std::to_string(++count), kPassword, role, region, {}}));
  };
  CHECK(give(county, "registrar", "420106") == "");
  CHECK(give(county, "registrar", "420100") == "account.grant");
  CHECK(give(county, "auditor", "420106") == "account.grant");
  CHECK(give(county, "system_admin", "420106") == "account.grant");
  CHECK(give({"x", "registrar", "420106"}, "requester", "420106") == "account.grant");
  const Principal security{"account:guard", "security_admin", "420000"};
  CHECK(give(security, "province_admin", "420000") == "");
  CHECK(give(security, "security_admin", "420000") == "account.grant");
  CHECK(give(security, "local_operator", "420000") == "account.role");
  CHECK(give(county, "king", "420106") == "account.role");
  CHECK(give(county, "registrar", "99") == "account.region");
  CHECK(give(county, "expert_self", "420106") == "account.person");
  Principal weak = county;
  weak.assurance = Assurance::Password;
  CHECK(give(weak, "registrar", "420106") == "account.grant");
  CHECK(reason(add_token(registry, security, "x", "security_admin", "420000",
                         Date{2018, 12, 31})) == "token.scope");
}

void nobody_changes_their_own_account(Registry& registry) {
  const Account account = added(registry, "boss", "office_admin");
  Principal self = county_office("420106");
  self.actor = "account:boss";
  AccountChange change;
  change.role = "registrar";
  CHECK(reason(change_account(registry, self, account.id, 1, change)) == "account.own");
  CHECK(reason(change_account(registry, county_office("422825"), account.id, 1, change)) ==
        "account.absent");
  const Account other = added(registry, "planner", "province_admin", "420106");
  change.role = "requester";
  CHECK(reason(change_account(registry, {"x", "registrar", "420106"}, other.id, 1, change)) ==
        "account.grant");
  CHECK(reason(add_account(registry, province_office(),
                           {"BOSS", kPassword, "registrar", "420106", {}})) == "account.exists");
  CHECK(reason(add_account(registry, province_office(),
                           {"b", kPassword, "registrar", "420106", {}})) == "account.name");
  CHECK(reason(add_account(registry, province_office(),
                           {"b<b", kPassword, "registrar", "420106", {}})) == "account.name");
}

void a_second_factor_is_asked_for_and_taken_once(Registry& registry) {
  added(registry, "boss", "office_admin");
  const SignedIn weak = signed_in(registry, "boss");
  CHECK_FALSE(allows(weak.principal, Permission::Reveal));
  CHECK(lacks_second_factor(weak.principal, Permission::Reveal));
  CHECK(allows(weak.principal, Permission::Register));
  CHECK(reason(confirm_second_factor(registry, weak.secret, "000000")) == "session.factor.none");
  const Guarded guard = guarded(registry, "boss");
  CHECK(allows(guard.confirmed.session.principal, Permission::Reveal));
  CHECK(reason(session_principal(registry, weak.secret)) == "session.over");
  CHECK(reason(begin_second_factor(registry, guard.confirmed.session.secret)) ==
        "session.factor.exists");

  CHECK(reason(try_sign_in(registry, "boss", kPassword)) == "session.code");
  CHECK(reason(try_sign_in(registry, "boss", "wrong wrong", "123456")) == "session.refused");
  CHECK(reason(try_sign_in(registry, "boss", kPassword, "12345x")) == "session.refused");
  pass_time(registry, kMinute);
  const std::string code = code_now(registry, guard.secret);
  CHECK(allows(signed_in(registry, "boss", code).principal, Permission::Reveal));
  CHECK(reason(try_sign_in(registry, "boss", kPassword, code)) == "session.refused");
  const std::string recovery = guard.confirmed.recovery_codes.front();
  CHECK(reason(try_sign_in(registry, "boss", kPassword, recovery)) == "");
  CHECK(reason(try_sign_in(registry, "boss", kPassword, recovery)) == "session.refused");
  CHECK(std::set<std::string>(guard.confirmed.recovery_codes.begin(),
                              guard.confirmed.recovery_codes.end())
            .size() == 10);
}

void guessing_waits_and_does_not_lock_the_owner_out(Registry& registry) {
  added(registry, "desk");
  REQUIRE(reason(try_sign_in(registry, "desk", kPassword)) == "");
  const std::string stranger = "198.51.100.9";
  for (int i = 0; i < 5; ++i) {
    CHECK(reason(try_sign_in(registry, "desk", "guess guess", {}, stranger)) == "session.refused");
  }
  // The right password too: a stranger must not learn it by the difference.
  CHECK(reason(try_sign_in(registry, "desk", kPassword, {}, stranger)) == "session.throttled");
  CHECK(reason(try_sign_in(registry, "desk", kPassword, {}, "198.51.100.77")) ==
        "session.throttled");
  CHECK(reason(try_sign_in(registry, "desk", kPassword)) == "");
  pass_time(registry, 2 * kMinute);
  CHECK(reason(try_sign_in(registry, "desk", "guess guess", {}, stranger)) == "session.refused");
  CHECK(reason(try_sign_in(registry, "desk", "guess guess", {}, stranger)) == "session.throttled");
  pass_time(registry, 16 * kMinute);
  CHECK(reason(try_sign_in(registry, "desk", kPassword, {}, stranger)) == "");
}

void a_name_that_nobody_has_is_refused_alike(Registry& registry) {
  added(registry, "desk");
  CHECK(reason(try_sign_in(registry, "nobody", kPassword)) == "session.refused");
  CHECK(reason(try_sign_in(registry, "desk", "wrong wrong")) == "session.refused");
  CHECK(reason(try_sign_in(registry, "<>", "wrong wrong")) == "session.refused");
  std::string trail;
  REQUIRE(registry.database().read([&](Connection& db) -> Done {
    Statement& select = db.prepare("SELECT actor, detail FROM audit_event");
    trail.clear();
    while (select.step()) trail += select.text(0) + select.text(1) + "\n";
    return {};
  }));
  CHECK(trail.find("wrong") == std::string::npos);
}

void the_setup_code_works_once(Registry& registry) {
  const auto first = make_setup_code(registry);
  REQUIRE((first && *first));
  const auto second = make_setup_code(registry);
  REQUIRE((second && *second));
  const AccountDraft draft{"first", kPassword, "province_admin", "420000", {}};
  CHECK(reason(use_setup_code(registry, **first, draft)) == "setup.code");
  CHECK(reason(use_setup_code(registry, "", draft)) == "setup.code");
  CHECK(reason(use_setup_code(registry, **second,
                              {"f", kPassword, "province_admin", "420000", {}})) == "account.name");
  CHECK(reason(use_setup_code(registry, **second, draft)) == "");
  CHECK(reason(use_setup_code(registry, **second,
                              {"next", kPassword, "province_admin", "420000", {}})) ==
        "setup.code");
  const auto none = make_setup_code(registry);
  CHECK((none && !*none));
  CHECK(reason(use_setup_code(registry, "", {"next", kPassword, "province_admin", "420000", {}})) ==
        "setup.code");
}

void a_token_can_be_taken_back(Registry& registry) {
  const auto token = add_token(registry, county_office("420106"), "feed", "registrar", "420106",
                               Date{2018, 12, 31});
  REQUIRE(reason(token) == "");
  CHECK(reason(authenticate(registry, *token)) == "");
  const auto tokens = list_tokens(registry, county_office("420106"));
  REQUIRE((tokens && tokens->size() == 1));
  const std::int64_t id = tokens->front().id;
  CHECK(list_tokens(registry, county_office("422825"))->empty());
  CHECK(reason(revoke_token(registry, county_office("422825"), id)) == "token.absent");
  CHECK(reason(revoke_token(registry, county_office("420106"), id)) == "");
  CHECK(reason(revoke_token(registry, county_office("420106"), id)) == "token.absent");
  CHECK(reason(authenticate(registry, *token)) == "token.invalid");
}

constexpr Case<> kCases[] = {
    {"a session stands for the account as it is now",
     a_session_stands_for_the_account_as_it_is_now},
    {"sessions end", sessions_end},
    {"a new password ends the other sessions", a_new_password_ends_the_other_sessions},
    {"nobody grants beyond their own", nobody_grants_beyond_their_own},
    {"nobody changes their own account", nobody_changes_their_own_account},
    {"a second factor is asked for and taken once", a_second_factor_is_asked_for_and_taken_once},
    {"guessing waits and does not lock the owner out",
     guessing_waits_and_does_not_lock_the_owner_out},
    {"a name that nobody has is refused alike", a_name_that_nobody_has_is_refused_alike},
    {"the setup code works once", the_setup_code_works_once},
    {"a token can be taken back", a_token_can_be_taken_back},
};

}  // namespace

TEST_CASE("who may sign in, on SQLite", "[registry][accounts]") {
  pass_on_sqlite(kCases);
}

TEST_CASE("who may sign in, on MariaDB", "[registry][mariadb]") {
  pass_on_mariadb(kCases);
}

TEST_CASE("waits double up to a quarter of an hour and are forgotten", "[accounts]") {
  const Throttle throttle{5};
  CHECK(throttled_for(throttle, 4, 0, 1) == 0);
  CHECK(throttled_for(throttle, 5, 0, 0) == kMinute);
  CHECK(throttled_for(throttle, 6, 0, 0) == 2 * kMinute);
  CHECK(throttled_for(throttle, 9, 0, 0) == 15 * kMinute);
  CHECK(throttled_for(throttle, 1000, 0, 0) == 15 * kMinute);
  CHECK(throttled_for(throttle, 1000, 0, 15 * kMinute) == 0);
  CHECK(network_of("203.0.113.7") == "203.0.113.");
  CHECK(network_of("2001:db8:1:2::7") == "2001:db8:1:");
  CHECK(network_of("::1") == "::1");
  CHECK(network_of("") == "");
}

TEST_CASE("argon2id and the codes of RFC 6238", "[accounts]") {
  const std::string hash = hash_password(kPassword);
  CHECK(hash.rfind("$argon2id$v=19$m=19456,t=2,p=1$", 0) == 0);
  CHECK(password_fits(hash, kPassword));
  CHECK_FALSE(password_fits(hash, "seven teal 3 lotuS"));
  CHECK_FALSE(password_fits("", kPassword));
  // Appendix B of the RFC, last six of its eight digits.
  const std::string secret = "12345678901234567890";
  CHECK(totp_code(secret, 59 / 30) == "287082");
  CHECK(totp_code(secret, 1111111109 / 30) == "081804");
  CHECK(totp_code(secret, 20000000000 / 30) == "353130");
}

TEST_CASE("a storm of sign-ins is turned away, not queued for ever", "[accounts]") {
  PasswordGate gate;
  std::atomic<int> busy{0};
  std::atomic<int> answered{0};
  std::vector<std::thread> storm;
  for (int i = 0; i < 80; ++i) {
    storm.emplace_back([&] {
      const auto fits = gate.fits("", "guess");
      if (fits) {
        ++answered;
      } else if (fits.error().code == ErrorCode::Throttled) {
        ++busy;
      }
    });
  }
  for (std::thread& each : storm) each.join();
  CHECK(busy + answered == 80);
  CHECK(answered > 0);
}
