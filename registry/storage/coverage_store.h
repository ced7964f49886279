// Reads what the coverage rules need, and no more: narrow rows without personal data.
#pragma once

#include "registry/domain/principal.h"
#include "registry/domain/rules/coverage.h"
#include "registry/storage/database.h"

namespace chucai {

/// All facts in scope, in the caller's read transaction. Statuses are those of today, or with
/// `as_of` those that the status log has for that day. Cost: one scan of each table, and with
/// `as_of` one look-up in the log for each row that has a status.
CoverageFacts load_coverage_facts(Connection& db, const Scope& scope, Date as_of);

}  // namespace chucai
