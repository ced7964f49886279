// What the change feed must give on every database: each version of each record once, numbered
// without a gap, whoever writes and whoever reads meanwhile.
#pragma once

#include "tests/support/test_registry.h"

namespace chucai::testing {

void several_writers_miss_nothing(TestRegistry& registry);
void what_was_rolled_back_is_not_in_the_feed(TestRegistry& registry);
void an_undone_import_is_in_the_feed(TestRegistry& registry);
/// Needs a database on which two transactions can write at once (not SQLite).
void a_late_commit_is_not_missed(TestRegistry& registry);

}  // namespace chucai::testing
