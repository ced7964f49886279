// All cryptography of the product, so that another suite can take its place one day: AES-256-GCM
// for fields, HMAC-SHA256 for blind indexes and the audit chain, SHA-256 for digests and tokens,
// argon2id for passwords. OpenSSL and libsodium are included by crypto.cpp alone.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "registry/domain/result.h"

namespace chucai {

/// 32 secret bytes; wiped when destroyed.
class SecretKey {
 public:
  static constexpr std::size_t kSize = 32;
  SecretKey() = default;
  explicit SecretKey(std::string_view bytes32);
  ~SecretKey();
  SecretKey(const SecretKey&) = default;
  SecretKey& operator=(const SecretKey&) = default;
  std::string_view bytes() const {
    return {reinterpret_cast<const char*>(data_.data()), data_.size()};
  }

 private:
  std::array<unsigned char, kSize> data_{};
};

/// `count` bytes of the system's random source.
std::string random_bytes(std::size_t count);
std::string sha256(std::string_view data);
std::string hmac_sha256(const SecretKey& key, std::string_view data);

/// HMAC-SHA256 under one key for many texts: the key is absorbed once. One thread at a time.
class Mac {
 public:
  static constexpr std::size_t kSize = 32;
  explicit Mac(const SecretKey& key);
  ~Mac();
  Mac(const Mac&) = delete;
  Mac& operator=(const Mac&) = delete;
  /// The code of `data`; valid until the next call.
  std::string_view of(std::string_view data);

 private:
  struct State;
  std::unique_ptr<State> state_;
  std::array<char, kSize> code_{};
};

/// A key for one purpose ("index", "audit", "wrap") under a master key (HKDF by HMAC-SHA256).
SecretKey derive_key(const SecretKey& master, std::string_view purpose);
/// Nonce (12), ciphertext and tag (16) in one string; `bound_to` (table|column|person) must be the
/// same when it is opened.
std::string seal(const SecretKey& key, std::string_view plain, std::string_view bound_to);
/// Errors: Internal "crypto.open" when key, binding or bytes differ.
Result<std::string> open_sealed(const SecretKey& key, std::string_view sealed,
                                std::string_view bound_to);
/// Compares in time that does not depend on where they differ.
bool same_secret(std::string_view a, std::string_view b);
std::string to_hex(std::string_view bytes);
std::string from_hex(std::string_view hex);  ///< empty when not hex

/// A password as it is kept: argon2id with its salt and cost in one ASCII string. Cost: 19 MiB and
/// about 40 ms (RFC 9106 asks for more memory, OWASP for this; see registry/README.md).
std::string hash_password(std::string_view password);
/// True when `hash` was made of `password`; the same cost.
bool password_fits(std::string_view hash, std::string_view password);
/// The six digits of RFC 6238 (HMAC-SHA1) for `step`, the number of half minutes since 1970.
std::string totp_code(std::string_view secret, std::int64_t step);

/// The master keys of a data folder: a file of mode 0600 with 64 hex digits, and after a rotation a
/// line "base HEX" (the first key there was) and, while one is under way, "previous HEX".
struct MasterKeys {
  SecretKey current;                  ///< wraps the data keys of people
  SecretKey base;                     ///< what does not rotate is derived from it: blind index,
                                      ///< audit trail, tokens
  std::optional<SecretKey> previous;  ///< still opens data keys that are not wrapped anew yet
};

/// Errors: FailedPrecondition "key.missing" (with how to restore it), "key.mode", "key.malformed".
Result<MasterKeys> load_master_keys(const std::string& path);
/// Creates the file with a fresh key, synced to disk; FailedPrecondition "key.exists" when it is
/// there.
Result<MasterKeys> create_master_keys(const std::string& path);
/// Replaces the file at once: a crash leaves the old keys or the new ones. Unavailable "key.write".
Done replace_master_keys(const std::string& path, const MasterKeys& keys);

}  // namespace chucai
