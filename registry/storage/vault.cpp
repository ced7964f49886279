#include "registry/storage/vault.h"

#include "registry/domain/ids.h"

namespace chucai {
namespace {

std::string binding(std::string_view table, std::string_view column, std::int64_t record_id) {
  std::string text(table);
  text.append("|").append(column).append("|").append(id_text(record_id));
  return text;
}

}  // namespace

Vault::Vault(const SecretKey& master)
    : wrap_key_(derive_key(master, "wrap")),
      index_key_(derive_key(master, "index")),
      audit_key_(derive_key(master, "audit")),
      trail_key_(derive_key(master, "trail")),
      checkpoint_key_(derive_key(master, "checkpoint")),
      token_key_(derive_key(master, "token")),
      check_key_(derive_key(master, "check")) {}

std::string Vault::new_data_key(std::string_view table, std::int64_t record_id) const {
  return seal(wrap_key_, random_bytes(32), binding(table, "data_key", record_id));
}

Result<SecretKey> Vault::unwrap(std::string_view wrapped_key, std::string_view table,
                                std::int64_t record_id) const {
  return open_sealed(wrap_key_, wrapped_key, binding(table, "data_key", record_id))
      .map([](const std::string& bytes) { return SecretKey(bytes); });
}

Result<std::string> Vault::seal_field(std::string_view wrapped_key, std::string_view table,
                                      std::string_view column, std::int64_t record_id,
                                      std::string_view plain) const {
  return unwrap(wrapped_key, table, record_id).map([&](const SecretKey& key) {
    return seal(key, plain, binding(table, column, record_id));
  });
}

Result<std::string> Vault::open_field(std::string_view wrapped_key, std::string_view table,
                                      std::string_view column, std::int64_t record_id,
                                      std::string_view sealed) const {
  return unwrap(wrapped_key, table, record_id).and_then([&](const SecretKey& key) {
    return open_sealed(key, sealed, binding(table, column, record_id));
  });
}

std::string Vault::blind_index(std::string_view identity) const {
  return hmac_sha256(index_key_, identity);
}

std::string Vault::check_value() const {
  return to_hex(hmac_sha256(check_key_, "chucai"));
}

std::string Vault::token_digest(std::string_view token) const {
  return hmac_sha256(token_key_, token);
}

}  // namespace chucai
