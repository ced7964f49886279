// Whether requests can be served: what a load balancer asks every few seconds.
#pragma once

#include "registry/service/registry.h"

namespace chucai {

/// The schema, when the database answers, is of this version and takes a write, and its disk has
/// room. Errors: Unavailable "registry.schema_behind", "registry.no_space"; those of
/// Database::write. Cost: one small commit.
Result<int> check_ready(Registry& registry);

}  // namespace chucai
