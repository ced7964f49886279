// What the coverage engine owes on either database.
#pragma once

#include <cstdint>

#include "registry/service/registry.h"

namespace chucai::testing {

/// On random registers, and after random changes of them, every figure equals the oracle's and
/// random pivots equal plain SQL. `pivots`: how many in all.
void figures_equal_a_recount(Registry& registry, std::uint32_t seed, int pivots);

}  // namespace chucai::testing
