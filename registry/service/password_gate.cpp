#include "registry/service/password_gate.h"

#include <algorithm>
#include <thread>

#include "registry/storage/crypto.h"

namespace chucai {
namespace {

constexpr unsigned kMayWait = 32;
constexpr const char* kSecondsToWait = "2";

}  // namespace

/// A place among those at work, for as long as it lives.
class PasswordGate::Turn {
 public:
  explicit Turn(PasswordGate& gate) : gate_(gate) {}
  ~Turn() { gate_.leave(); }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

 private:
  PasswordGate& gate_;
};

PasswordGate::PasswordGate() : places_(std::max(1u, std::thread::hardware_concurrency())) {}

Done PasswordGate::enter() {
  std::unique_lock lock(mutex_);
  if (busy_ >= places_ && waiting_ >= kMayWait) {
    return fail(ErrorCode::Throttled, "session.busy", {}, {kSecondsToWait});
  }
  ++waiting_;
  freed_.wait(lock, [this] { return busy_ < places_; });
  --waiting_;
  ++busy_;
  return {};
}

void PasswordGate::leave() {
  {
    const std::lock_guard lock(mutex_);
    --busy_;
  }
  freed_.notify_one();
}

Result<std::string> PasswordGate::hash(std::string_view password) {
  if (const Done in = enter(); !in) return tl::make_unexpected(in.error());
  const Turn turn(*this);
  return hash_password(password);
}

Result<bool> PasswordGate::fits(std::string_view hash, std::string_view password) {
  if (const Done in = enter(); !in) return tl::make_unexpected(in.error());
  const Turn turn(*this);
  if (!hash.empty()) return password_fits(hash, password);
  {
    const std::lock_guard lock(mutex_);
    if (nobody_.empty()) nobody_ = hash_password(random_bytes(SecretKey::kSize));
  }
  password_fits(nobody_, password);
  return false;
}

}  // namespace chucai
