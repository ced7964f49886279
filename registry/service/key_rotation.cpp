#include "registry/service/key_rotation.h"

#include "registry/storage/privacy_stores.h"
#include "registry/storage/trail_stores.h"

namespace chucai {
namespace {

constexpr std::string_view kProgress = "rotation_after";

// The old key stays in the file until nothing is wrapped under it.
Done bring_in_new_key(Registry& registry) {
  auto keys = load_master_keys(registry.key_file());
  if (!keys) return tl::make_unexpected(keys.error());
  if (keys->previous) return {};  // a rotation that was killed
  keys->previous = keys->current;
  keys->current = SecretKey(random_bytes(SecretKey::kSize));
  return replace_master_keys(registry.key_file(), *keys);
}

Done take_out_old_key(Registry& registry) {
  auto keys = load_master_keys(registry.key_file());
  if (!keys) return tl::make_unexpected(keys.error());
  keys->previous.reset();
  return replace_master_keys(registry.key_file(), *keys);
}

/// One transaction; `done` grows, and `last` says that it was the last.
Done wrap_batch(Registry& registry, Connection& db, int batch, std::int64_t& done, bool& last) {
  const std::int64_t after = std::stoll(load_setting(db, kProgress).value_or("0"));
  const auto keys = stored_keys(db, after, batch);
  for (const StoredKey& key : keys) {
    const auto wrapped = registry.vault().rewrapped(key.wrapped, "person", key.person);
    if (!wrapped) return tl::make_unexpected(wrapped.error());
    if (!wrapped->empty() && replace_key(db, key, *wrapped)) ++done;
  }
  last = keys.size() < static_cast<std::size_t>(batch);
  save_setting(db, kProgress, last ? "0" : std::to_string(keys.back().person));
  return {};
}

}  // namespace

Result<std::int64_t> rotate_keys(Registry& registry, const Principal& principal, int batch) {
  if (!allows(principal, Permission::Operate)) {
    return fail(ErrorCode::PermissionDenied, "rights.permission");
  }
  if (const Done ready = bring_in_new_key(registry); !ready) {
    return tl::make_unexpected(ready.error());
  }
  registry.vault().refresh();
  // From here on no new data key is wrapped under the old one: see RecordStore::new_data_key.
  Done step = registry.database().write([&](Connection& db) -> Done {
    save_setting(db, kWrapKeySetting, registry.vault().wrap_key_name());
    return {};
  });
  std::int64_t total = 0;
  bool last = false;
  while (step && !last) {
    std::int64_t done = 0;
    step = registry.database().write([&](Connection& db) -> Done {
      done = 0;
      const Done wrapped = wrap_batch(registry, db, batch, done, last);
      if (!wrapped || !last) return wrapped;
      const AuditEntry entry{"key.rotate", "register", 0, std::to_string(total + done)};
      registry.audit().append(db, registry.audit_context(principal), {&entry, 1});
      return {};
    });
    total += done;
  }
  if (step) step = take_out_old_key(registry);
  if (!step) return tl::make_unexpected(step.error());
  registry.vault().refresh();
  return total;
}

}  // namespace chucai
