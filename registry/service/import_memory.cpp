#include "registry/service/import_memory.h"

#include "registry/domain/region_map.h"
#include "registry/storage/trail_stores.h"

namespace chucai {
namespace {

bool in_scope(const Principal& principal, std::string_view office) {
  const CodeRange range = subtree(principal.region);
  return office >= range.from && office < range.below;
}

Done check_may_teach(const Principal& principal, const std::string& office) {
  if (!allows(principal, Permission::Import)) {
    return fail(ErrorCode::PermissionDenied, "import.permission");
  }
  if (!in_scope(principal, office)) {
    return fail(ErrorCode::PermissionDenied, "record.out_of_scope");
  }
  return {};
}

}  // namespace

Result<std::vector<ColumnMapping>> learned_mappings(Registry& registry, std::string_view office,
                                                    std::string_view kind) {
  std::vector<ColumnMapping> mappings;
  const Done read = registry.database().read([&](Connection& db) -> Done {
    mappings = mappings_of(db, office, kind);
    return {};
  });
  if (!read) return tl::make_unexpected(read.error());
  return mappings;
}

Result<std::vector<ColumnMapping>> list_learned_mappings(Registry& registry,
                                                         const Principal& principal) {
  std::vector<ColumnMapping> mappings;
  const Done read = registry.database().read([&](Connection& db) -> Done {
    mappings = list_mappings(db, principal.scope());
    return {};
  });
  if (!read) return tl::make_unexpected(read.error());
  return mappings;
}

Done learn_mappings(Registry& registry, const Principal& principal, const std::string& office,
                    const std::string& kind,
                    const std::vector<std::pair<std::string, std::string>>& mappings) {
  if (const Done may = check_may_teach(principal, office); !may) return may;
  const std::int64_t now = registry.now_us();
  return registry.database().write([&](Connection& db) -> Done {
    std::vector<AuditEntry> trail;
    for (const auto& [header, target] : mappings) {
      put_mapping(db, {office, kind, header, target, principal.actor, now});
      trail.push_back({"learn", "column_mapping", 0, kind + ": " + target});
    }
    registry.audit().append(db, registry.audit_context(principal), trail);
    return {};
  });
}

Done forget_mapping(Registry& registry, const Principal& principal, const std::string& office,
                    const std::string& kind, const std::string& header) {
  if (const Done may = check_may_teach(principal, office); !may) return may;
  return registry.database().write([&](Connection& db) -> Done {
    if (!delete_mapping(db, office, kind, header)) {
      return fail(ErrorCode::NotFound, "import.map.absent", {}, {office, kind});
    }
    const AuditEntry entry{"forget", "column_mapping", 0, kind};
    registry.audit().append(db, registry.audit_context(principal), {&entry, 1});
    return {};
  });
}

Result<std::int64_t> batch_in_scope(Registry& registry, const Principal& principal,
                                    std::int64_t batch) {
  std::int64_t found = 0;
  const Done read = registry.database().read([&](Connection& db) -> Done {
    const auto stored = load_batch(db, batch);
    if (stored && in_scope(principal, stored->office)) found = batch;
    return {};
  });
  if (!read) return tl::make_unexpected(read.error());
  return found;
}

}  // namespace chucai
