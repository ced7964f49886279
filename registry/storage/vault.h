// Sealing of identity numbers: one data key per person, wrapped under the master key, so that
// destroying the wrapped key erases the number; a blind index finds a number without opening any.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "registry/domain/result.h"
#include "registry/storage/crypto.h"

namespace chucai {

class Vault {
 public:
  explicit Vault(const SecretKey& master);

  /// A fresh data key of one record, wrapped for storage.
  std::string new_data_key(std::string_view table, std::int64_t record_id) const;
  /// Seals one field under the record's wrapped key. Errors: Internal "crypto.open" when the key
  /// does not unwrap.
  Result<std::string> seal_field(std::string_view wrapped_key, std::string_view table,
                                 std::string_view column, std::int64_t record_id,
                                 std::string_view plain) const;
  /// Opens it again; the same errors.
  Result<std::string> open_field(std::string_view wrapped_key, std::string_view table,
                                 std::string_view column, std::int64_t record_id,
                                 std::string_view sealed) const;
  /// 32 bytes that are the same for the same identity and say nothing else about it.
  std::string blind_index(std::string_view identity) const;
  /// Tells whether a data folder belongs to this master key, without revealing it.
  std::string check_value() const;
  /// Keys of the audit trail: chained codes up to schema 4, both codes since, checkpoints.
  const SecretKey& audit_key() const { return audit_key_; }
  const SecretKey& trail_key() const { return trail_key_; }
  const SecretKey& checkpoint_key() const { return checkpoint_key_; }
  /// Digest under which a bearer token is kept.
  std::string token_digest(std::string_view token) const;

 private:
  Result<SecretKey> unwrap(std::string_view wrapped_key, std::string_view table,
                           std::int64_t record_id) const;

  SecretKey wrap_key_;
  SecretKey index_key_;
  SecretKey audit_key_;
  SecretKey trail_key_;
  SecretKey checkpoint_key_;
  SecretKey token_key_;
  SecretKey check_key_;
};

}  // namespace chucai
