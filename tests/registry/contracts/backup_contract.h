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
/// So many people, two of them likely one, a need, a document with its file.
void populate(Registry& registry, int people);
/// What populate() has put into `current`, as `schema` would have held it in the empty database
/// `url` (empty: SQLite), comes through every later migration, backed up before the first.
void an_earlier_schema_comes_up_with_its_data(TestRegistry& current, int schema,
                                              const std::string& url);

}  // namespace chucai::testing
