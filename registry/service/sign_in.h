// Signing in by name, password and second factor; sessions as opaque secrets that are kept by
// digest alone.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "registry/domain/account.h"
#include "registry/service/registry.h"

namespace chucai {

struct SignInAttempt {
  std::string name;
  std::string password;
  std::string code;     ///< six digits of the second factor, or a recovery code; may be empty
  std::string address;  ///< the client's, for the throttle
};

/// Whoever holds the secret is the principal until the session ends.
struct SignedIn {
  std::string secret;
  Principal principal;
};

/// Begins a session. Errors: Unauthenticated "session.refused" for every cause alike, except that
/// who knew the password of an account with a second factor hears "session.code"; Throttled
/// "session.throttled" (seconds to wait) after failures from the same network, without a look at
/// the password; those of PasswordGate. Cost: one argon2id.
Result<SignedIn> sign_in(Registry& registry, const SignInAttempt& attempt);

/// Who a session stands for, with the role and region of now. Errors: Unauthenticated
/// "session.over". Prolongs the session.
Result<Principal> session_principal(Registry& registry, std::string_view secret);

/// Ends the session; one that is over already is no error.
Done sign_out(Registry& registry, std::string_view secret);

struct PasswordChange {
  std::string before;
  std::string after;
  std::string address;  ///< the client's, for the throttle
};
/// Changes the password of the session's account and ends its other sessions. Errors:
/// Unauthenticated "session.over"; those of sign_in when the old one does not fit; those of
/// check_password.
Done change_own_password(Registry& registry, std::string_view secret, const PasswordChange& change);

/// A second factor on its way: shown once, to be read into an authenticator.
struct Enrolment {
  std::string secret;  ///< base32
  std::string uri;     ///< otpauth://totp/...
};

/// Makes a new second factor for the session's account; it counts once confirmed. Errors:
/// Unauthenticated "session.over"; FailedPrecondition "session.factor.exists" (an administrator
/// takes a lost one away).
Result<Enrolment> begin_second_factor(Registry& registry, std::string_view secret);

/// What confirming gives: a stronger session in the place of the old one, and ten codes for who
/// loses the factor.
struct Confirmed {
  SignedIn session;
  std::vector<std::string> recovery_codes;
};
/// Errors: Unauthenticated "session.over"; InvalidArgument "session.factor.code";
/// FailedPrecondition "session.factor.none" when none is on its way.
Result<Confirmed> confirm_second_factor(Registry& registry, std::string_view secret,
                                        std::string_view code);

}  // namespace chucai
