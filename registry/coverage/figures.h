// The figures of the programmes by the rules Q, E, U, D and F (domain/rules/coverage.h), counted
// from a cube.
#pragma once

#include <vector>

#include "registry/coverage/lens.h"
#include "registry/domain/rules/coverage.h"

namespace chucai::coverage {

/// Every figure that the query asks for, by programme, rule, region, year. A programme has at least
/// one row per rule, data or not. A subject counts once per row, also up the programme tree.
/// Errors: NotFound "coverage.program". Cost: a pass or two over the facts that the rules read,
/// however many programmes there are.
/// Day and scope are the lens's.
Result<std::vector<CoverageRow>> figures(const Lens& lens, const CoverageQuery& query);

}  // namespace chucai::coverage
