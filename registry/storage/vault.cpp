#include "registry/storage/vault.h"

#include "registry/domain/ids.h"

namespace chucai {
namespace {

constexpr std::string_view kDataKey = "data_key";

std::string binding(std::string_view table, std::string_view column, std::int64_t record_id) {
  std::string text(table);
  text.append("|").append(column).append("|").append(id_text(record_id));
  return text;
}

}  // namespace

Vault::Vault(const MasterKeys& keys, std::function<Result<MasterKeys>()> reload)
    : index_mac_(derive_key(keys.base, "index")),
      audit_key_(derive_key(keys.base, "audit")),
      trail_key_(derive_key(keys.base, "trail")),
      checkpoint_key_(derive_key(keys.base, "checkpoint")),
      token_key_(derive_key(keys.base, "token")),
      account_key_(derive_key(keys.base, "account")),
      request_key_(derive_key(keys.base, "request")),
      check_key_(derive_key(keys.base, "check")),
      reload_(std::move(reload)),
      ring_(ring_of(keys)) {}

std::shared_ptr<const Vault::Ring> Vault::ring_of(const MasterKeys& keys) {
  auto ring = std::make_shared<Ring>();
  const auto add = [&](const SecretKey& master) {
    ring->push_back({to_hex(hmac_sha256(derive_key(master, "name"), "chucai")).substr(0, 16),
                     derive_key(master, "wrap")});
  };
  add(keys.current);
  if (keys.previous) add(*keys.previous);
  return ring;
}

std::shared_ptr<const Vault::Ring> Vault::ring() const {
  const std::lock_guard lock(mutex_);
  return ring_;
}

std::shared_ptr<const Vault::Ring> Vault::reloaded() const {
  const auto keys = reload_ ? reload_() : fail(ErrorCode::FailedPrecondition, "key.missing");
  if (!keys) return ring();
  const std::lock_guard lock(mutex_);
  return ring_ = ring_of(*keys);
}

std::shared_ptr<const Vault::Ring> Vault::ring_with(std::string_view wrap_key) const {
  auto keys = ring();
  if (!find(*keys, wrap_key)) keys = reloaded();
  return find(*keys, wrap_key) ? keys : nullptr;
}

const Vault::WrapKey* Vault::find(const Ring& ring, std::string_view name) {
  for (const WrapKey& key : ring) {
    if (key.name == name) return &key;
  }
  return nullptr;
}

Result<std::string> Vault::new_data_key(std::string_view table, std::int64_t record_id,
                                        std::string_view wrap_key) const {
  const auto keys = ring_with(wrap_key);
  if (!keys) return fail(ErrorCode::FailedPrecondition, "key.rotated");
  return seal(find(*keys, wrap_key)->key, random_bytes(SecretKey::kSize),
              binding(table, kDataKey, record_id));
}

Result<Vault::FirstSeal> Vault::seal_first(std::string_view table, std::string_view column,
                                           std::int64_t record_id, std::string_view plain,
                                           std::string_view wrap_key) const {
  const auto keys = ring_with(wrap_key);
  if (!keys) return fail(ErrorCode::FailedPrecondition, "key.rotated");
  const SecretKey data_key(random_bytes(SecretKey::kSize));
  return FirstSeal{
      seal(find(*keys, wrap_key)->key, data_key.bytes(), binding(table, kDataKey, record_id)),
      seal(data_key, plain, binding(table, column, record_id))};
}

Result<Vault::Unwrapped> Vault::unwrap(std::string_view wrapped_key, std::string_view table,
                                       std::int64_t record_id) const {
  const std::string bound_to = binding(table, kDataKey, record_id);
  const auto with = [&](const Ring& keys) -> Result<Unwrapped> {
    for (std::size_t i = 0; i < keys.size(); ++i) {
      const auto bytes = open_sealed(keys[i].key, wrapped_key, bound_to);
      if (bytes) return Unwrapped{SecretKey(*bytes), i};
    }
    return fail(ErrorCode::Internal, "crypto.open");
  };
  const auto keys = ring();
  if (auto opened = with(*keys)) return opened;
  const auto newer = reloaded();
  return newer == keys ? fail(ErrorCode::Internal, "crypto.open") : with(*newer);
}

Result<std::string> Vault::rewrapped(std::string_view wrapped_key, std::string_view table,
                                     std::int64_t record_id) const {
  const auto opened = unwrap(wrapped_key, table, record_id);
  if (!opened) return tl::make_unexpected(opened.error());
  if (opened->place == 0) return std::string();
  return seal(ring()->front().key, opened->key.bytes(), binding(table, kDataKey, record_id));
}

Result<std::string> Vault::seal_field(std::string_view wrapped_key, std::string_view table,
                                      std::string_view column, std::int64_t record_id,
                                      std::string_view plain) const {
  return unwrap(wrapped_key, table, record_id).map([&](const Unwrapped& opened) {
    return seal(opened.key, plain, binding(table, column, record_id));
  });
}

Result<std::string> Vault::open_field(std::string_view wrapped_key, std::string_view table,
                                      std::string_view column, std::int64_t record_id,
                                      std::string_view sealed) const {
  return unwrap(wrapped_key, table, record_id).and_then([&](const Unwrapped& opened) {
    return open_sealed(opened.key, sealed, binding(table, column, record_id));
  });
}

std::string Vault::blind_index(std::string_view identity) const {
  const std::lock_guard lock(index_mutex_);
  return std::string(index_mac_.of(identity));
}

std::string Vault::check_value() const {
  return to_hex(hmac_sha256(check_key_, "chucai"));
}

std::string Vault::wrap_key_name() const {
  return ring()->front().name;
}

bool Vault::has_wrap_key(std::string_view name) const {
  return find(*ring(), name) != nullptr;
}

std::string Vault::seal_account_secret(std::int64_t account, std::string_view secret) const {
  return seal(account_key_, secret, binding("account", "totp", account));
}

Result<std::string> Vault::open_account_secret(std::int64_t account,
                                               std::string_view sealed) const {
  return open_sealed(account_key_, sealed, binding("account", "totp", account));
}

std::string Vault::request_digest(std::string_view request) const {
  return hmac_sha256(request_key_, request);
}

std::string Vault::seal_answer(std::string_view digest, std::string_view answer) const {
  return seal(request_key_, answer, digest);
}

Result<std::string> Vault::open_answer(std::string_view digest, std::string_view sealed) const {
  return open_sealed(request_key_, sealed, digest);
}

std::string Vault::token_digest(std::string_view token) const {
  return hmac_sha256(token_key_, token);
}

}  // namespace chucai
