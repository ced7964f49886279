// Reads what the coverage rules need, and no more: narrow rows without personal data.
#pragma once

#include "registry/domain/principal.h"
#include "registry/domain/rules/coverage.h"
#include "registry/storage/database.h"

namespace chucai {

/// All facts in scope, in the caller's read transaction. Cost: one scan of each table.
CoverageFacts load_coverage_facts(Connection& db, const Scope& scope);

}  // namespace chucai
