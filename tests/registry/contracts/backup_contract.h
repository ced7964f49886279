// What a backup must give between any two databases: all that was acknowledged before it, nothing
// half, nothing without the key, and every damage found before anything is touched.
#pragma once

#include <string>

#include "tests/support/test_registry.h"

namespace chucai::testing {

/// `into`: URL of the empty database to restore into; empty: SQLite in a new folder.
void restored_is_what_was_acknowledged(TestRegistry& registry, const std::string& into);
void what_does_not_fit_is_refused(TestRegistry& registry);
void damage_is_found(TestRegistry& registry);
/// `url`: an empty database; empty: SQLite. Data of schema 2 comes through every later migration.
void an_earlier_schema_comes_up_with_its_data(const std::string& url);

}  // namespace chucai::testing
