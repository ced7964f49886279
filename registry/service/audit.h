// The check of the audit trail, as the command line and the tests ask for it.
#pragma once

#include "registry/service/registry.h"

namespace chucai {

/// Checks every chain against the signed checkpoints. A checkpoint that this register did not write
/// is an edit in chain 0 at the number of its line. Errors: those of the database and
/// read_checkpoints.
Result<AuditReport> verify_trail(Registry& registry);

/// "CHAIN:PLACE" of a bad event, or "audit.checkpoints:LINE".
std::string place_text(const AuditReport::Bad& bad);

}  // namespace chucai
