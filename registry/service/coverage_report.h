// The coverage figures of one moment, for one reader.
#pragma once

#include <vector>

#include "registry/domain/rules/coverage.h"
#include "registry/service/registry.h"

namespace chucai {

/// Figures inside the principal's scope; `query.scope` is set here, `query.as_of` defaults to the
/// business date. Errors: NotFound "coverage.program".
Result<std::vector<CoverageRow>> coverage_report(Registry& registry, const Principal& principal,
                                                 CoverageQuery& query);

}  // namespace chucai
