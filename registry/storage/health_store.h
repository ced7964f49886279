// Questions that doctor asks of a database.
#pragma once

#include <cstdint>
#include <string>

#include "registry/storage/database.h"

namespace chucai {

/// What SQLite's quick_check finds wrong with the file; empty when it is sound, and on MariaDB,
/// which checks its pages itself. Cost: one reading of the file.
std::string quick_check(Connection& db);

/// Number of audit chains whose head is not their last event. Cost: one look-up a chain.
std::int64_t broken_chain_heads(Connection& db);

/// Committed changes without a number, counted up to `most`.
std::int64_t unnumbered_changes(Connection& db, std::int64_t most);

}  // namespace chucai
