// Passwords are checked a few at a time: each check takes 19 MiB and a core for 40 ms, so a storm
// of sign-ins must not take the machine.
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <string_view>

#include "registry/domain/result.h"

namespace chucai {

/// Threads: any. As many at work as there are cores; 32 more may wait. Errors of both functions:
/// Throttled "session.busy" when too many wait.
class PasswordGate {
 public:
  PasswordGate();
  Result<std::string> hash(std::string_view password);
  /// False for an empty hash too, in the same time, so that a name that nobody has does not show.
  Result<bool> fits(std::string_view hash, std::string_view password);

 private:
  class Turn;
  Done enter();
  void leave();

  std::string nobody_;  // the hash of a password that nobody knows
  std::mutex mutex_;
  std::condition_variable freed_;
  unsigned places_;
  unsigned busy_ = 0;
  unsigned waiting_ = 0;
};

}  // namespace chucai
