// The audit trail, checked and read.
#pragma once

#include <vector>

#include "registry/service/registry.h"
#include "registry/storage/privacy_stores.h"

namespace chucai {

/// Checks every chain against the signed checkpoints. A checkpoint that this register did not write
/// is an edit in chain 0 at the number of its line. Errors: those of the database and
/// read_checkpoints.
Result<AuditReport> verify_trail(Registry& registry);

/// A page of the trail, newest first. Events lie in no region: only who audits the whole province
/// reads them. Errors: PermissionDenied "audit.scope"; those of check_page_limit.
Result<std::vector<AuditLine>> read_trail(Registry& registry, const Principal& principal,
                                          const AuditQuery& query);

/// "CHAIN:PLACE" of a bad event, or "audit.checkpoints:LINE".
std::string place_text(const AuditReport::Bad& bad);

}  // namespace chucai
