// Sealing of identity numbers: one data key per person, wrapped under the master key, so that
// destroying the wrapped key erases the number; a blind index finds a number without opening any.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "registry/domain/result.h"
#include "registry/storage/crypto.h"

namespace chucai {

/// Threads: any.
class Vault {
 public:
  /// `reload` reads the key file again, when a rotation by another process shows.
  explicit Vault(const MasterKeys& keys, std::function<Result<MasterKeys>()> reload = {});

  /// A fresh data key of one record, wrapped for storage under the master key called `wrap_key`
  /// (the setting of that name). Errors: FailedPrecondition "key.rotated" when the key file does
  /// not have that key.
  Result<std::string> new_data_key(std::string_view table, std::int64_t record_id,
                                   std::string_view wrap_key) const;
  /// The same data key wrapped under the current master key; empty when it is so already.
  /// Errors: Internal "crypto.open".
  Result<std::string> rewrapped(std::string_view wrapped_key, std::string_view table,
                                std::int64_t record_id) const;
  /// Seals one field under the record's wrapped key. Errors: Internal "crypto.open" when the key
  /// does not unwrap.
  Result<std::string> seal_field(std::string_view wrapped_key, std::string_view table,
                                 std::string_view column, std::int64_t record_id,
                                 std::string_view plain) const;
  /// What a new record stores of its only sealed field: a data key of its own, wrapped, and the
  /// field sealed under it. Errors: those of new_data_key.
  struct FirstSeal {
    std::string wrapped_key;
    std::string sealed;
  };
  Result<FirstSeal> seal_first(std::string_view table, std::string_view column,
                               std::int64_t record_id, std::string_view plain,
                               std::string_view wrap_key) const;
  /// Opens it again; the same errors.
  Result<std::string> open_field(std::string_view wrapped_key, std::string_view table,
                                 std::string_view column, std::int64_t record_id,
                                 std::string_view sealed) const;
  /// 32 bytes that are the same for the same identity and say nothing else about it.
  std::string blind_index(std::string_view identity) const;
  /// Tells whether a data folder belongs to these master keys, without revealing them.
  std::string check_value() const;
  /// The name of the master key that wraps new data keys; reveals nothing of it.
  std::string wrap_key_name() const;
  /// Reads the key file again.
  void refresh() const { reloaded(); }
  /// True when the master key of this name is at hand.
  bool has_wrap_key(std::string_view name) const;
  /// Keys of the audit trail: chained codes up to schema 4, both codes since, checkpoints.
  const SecretKey& audit_key() const { return audit_key_; }
  const SecretKey& trail_key() const { return trail_key_; }
  const SecretKey& checkpoint_key() const { return checkpoint_key_; }
  /// Digest under which a bearer token is kept.
  std::string token_digest(std::string_view token) const;
  /// Seals the secret of an account's second factor, and opens it. Errors: Internal "crypto.open".
  std::string seal_account_secret(std::int64_t account, std::string_view secret) const;
  Result<std::string> open_account_secret(std::int64_t account, std::string_view sealed) const;
  /// Digest of a request or of its key, which says nothing of what was in it.
  std::string request_digest(std::string_view request) const;
  /// Seals what a request was answered, and opens it. Errors: Internal "crypto.open".
  std::string seal_answer(std::string_view digest, std::string_view answer) const;
  Result<std::string> open_answer(std::string_view digest, std::string_view sealed) const;

 private:
  /// What wraps data keys: derived from a master key, and its name.
  struct WrapKey {
    std::string name;
    SecretKey key;
  };
  using Ring = std::vector<WrapKey>;  ///< the current one first

  static std::shared_ptr<const Ring> ring_of(const MasterKeys& keys);
  std::shared_ptr<const Ring> ring() const;
  /// The ring that has the key of this name, read anew when the one at hand has not; null: none.
  std::shared_ptr<const Ring> ring_with(std::string_view wrap_key) const;
  std::shared_ptr<const Ring> reloaded() const;
  static const WrapKey* find(const Ring& ring, std::string_view name);
  /// The data key, and the place in the ring of what wrapped it.
  struct Unwrapped {
    SecretKey key;
    std::size_t place = 0;
  };
  Result<Unwrapped> unwrap(std::string_view wrapped_key, std::string_view table,
                           std::int64_t record_id) const;

  mutable std::mutex index_mutex_;
  mutable Mac index_mac_;  // the key absorbed once: an import asks a dozen times a row
  SecretKey audit_key_;
  SecretKey trail_key_;
  SecretKey checkpoint_key_;
  SecretKey token_key_;
  SecretKey account_key_;
  SecretKey request_key_;
  SecretKey check_key_;
  std::function<Result<MasterKeys>()> reload_;
  mutable std::mutex mutex_;  // of ring_ only
  mutable std::shared_ptr<const Ring> ring_;
};

}  // namespace chucai
