// Who may sign in, and how fast somebody may guess.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "registry/domain/result.h"

namespace chucai {

/// An account of the service. Its number is never given out twice, so that nobody inherits what
/// another's name stood for.
struct Account {
  std::int64_t id = 0;
  std::int64_t version = 0;
  std::string name;         ///< as checked_account_name() gives it
  std::string role;         ///< scheme role
  std::string region;       ///< region code of the office
  std::int64_t person = 0;  ///< the person behind an account of role expert_self; 0: none
  bool second_factor = false;
  bool disabled = false;
  std::int64_t created_at = 0;  ///< microseconds UTC
  std::string created_by;
};

/// The name under which an account is kept: folded to lower case and half width, 2 to 64 letters,
/// digits, Han characters or . _ -, so that no two accounts look alike by case or width.
/// Errors: InvalidArgument "account.name".
Result<std::string> checked_account_name(std::string_view name);

/// Errors: InvalidArgument "account.password.length" (10 to 256 bytes), "account.password.weak"
/// (holds the account's name, or hardly any different characters).
Done check_password(std::string_view password, std::string_view account_name);

/// How long guessing waits: five failures cost nothing, each one after them makes the next wait
/// twice as long, from one minute to fifteen; after fifteen quiet minutes all is forgotten.
struct Throttle {
  std::int64_t free_failures = 5;
};
/// Microseconds that an attempt at `now` must still wait after `failures`, the last at `last_at`.
std::int64_t throttled_for(const Throttle& throttle, std::int64_t failures, std::int64_t last_at,
                           std::int64_t now);
/// True when failures of `last_at` no longer count at `now`.
bool failures_forgotten(std::int64_t last_at, std::int64_t now);

/// A session ends half an hour after its last use, and twelve hours after it began.
bool session_over(std::int64_t begun_at, std::int64_t used_at, std::int64_t now);

/// The part of a client's address that its provider hands out as one: /24 of IPv4, /48 of IPv6.
std::string network_of(std::string_view address);

}  // namespace chucai
