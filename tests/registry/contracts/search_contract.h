// What search must find on every database: what a look at every record's text would find, in order
// of id, in scope, page by page.
#pragma once

#include "registry/service/registry.h"

namespace chucai::testing {

void search_equals_a_scan(Registry& registry);
void search_follows_changes(Registry& registry);
void filters_narrow_a_search(Registry& registry);
void filling_again_finds_the_same(Registry& registry);

}  // namespace chucai::testing
