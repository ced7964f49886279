#include "registry/service/audit.h"

#include "registry/service/records.h"

namespace chucai {

Result<AuditReport> verify_trail(Registry& registry) {
  // Before the transaction begins: a checkpoint of a later commit would look like lost events.
  const auto checkpoints = read_checkpoints(registry.checkpoint_file(), registry.vault());
  if (!checkpoints && checkpoints.error().problem.reason != "audit.checkpoint") {
    return tl::make_unexpected(checkpoints.error());
  }
  AuditReport report;
  const Done read = registry.database().read([&](Connection& db) -> Done {
    report =
        verify_audit(db, registry.vault(), checkpoints ? *checkpoints : std::vector<ChainPlace>());
    return {};
  });
  if (!read) return tl::make_unexpected(read.error());
  if (!checkpoints && !report.first_bad) {
    report.first_bad = {0, std::stoll(checkpoints.error().problem.params.at(0)), 0, Tamper::Edit};
  }
  return report;
}

Result<std::vector<AuditLine>> read_trail(Registry& registry, const Principal& principal,
                                          const AuditQuery& query) {
  if (!allows(principal, Permission::Audit) || principal.region != whole_register().region) {
    return fail(ErrorCode::PermissionDenied, "audit.scope");
  }
  if (const Done fits = check_page_limit(query.limit); !fits) {
    return tl::make_unexpected(fits.error());
  }
  std::vector<AuditLine> lines;
  const Done read = registry.database().read([&](Connection& db) -> Done {
    lines = audit_page(db, query);
    return {};
  });
  if (!read) return tl::make_unexpected(read.error());
  return lines;
}

std::string place_text(const AuditReport::Bad& bad) {
  const std::string chain = bad.chain == 0 ? "audit.checkpoints" : id_text(bad.chain);
  return chain + ":" + std::to_string(bad.sequence);
}

}  // namespace chucai
