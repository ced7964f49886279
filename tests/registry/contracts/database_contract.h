// What every database behind the port must do. A program runs it on one database by calling it from
// a TEST_CASE: `database_contract(*open_database(url))`.
#pragma once

#include "registry/storage/database.h"

namespace chucai::testing {

/// `database` is empty. Every SECTION starts on an empty one.
void database_contract(Database& database);

}  // namespace chucai::testing
