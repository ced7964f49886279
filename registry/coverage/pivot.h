// Counts of any facts by up to four dimensions, with filters, totals and small cells hidden.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "registry/coverage/lens.h"
#include "registry/coverage/report.h"
#include "registry/domain/result.h"

namespace chucai::coverage {

inline constexpr std::size_t kMostDimensions = 4;
/// What stands for all groups of a dimension.
inline constexpr std::string_view kAll = "*";

struct PivotQuery {
  std::string fact = "participation";  ///< a fact of facts()
  std::vector<std::string> by;         ///< dimensions of dimensions_of(fact)
  /// Dimension and the groups that count: of a region with what lies in it, of a programme with
  /// those below it.
  std::vector<std::pair<std::string, std::vector<std::string>>> filters;
  std::string measure;        ///< "subjects" (each once; default), "rows" or "sum" of amounts
  bool all_statuses = false;  ///< participations, needs and engagements that do not count, too
  bool totals = false;        ///< totals of each dimension and of those together, as kAll
  std::string own_office;     ///< small cells of other offices are hidden; empty: none are
};

/// Names of the facts: participation, person, need, engagement, fund_entry, assessment, target.
std::vector<std::string_view> fact_names();
/// Names of the dimensions of a fact.
std::vector<std::string_view> dimensions_of(std::string_view fact);

/// Columns are the dimensions, then `value`. Cells without facts have no row; a row whose group
/// nobody knows says "unknown". Errors: InvalidArgument "pivot.fact", "pivot.dimension",
/// "pivot.measure", "pivot.dimensions"; TooLarge "pivot.cells" when hiding would take too long.
Result<Report> pivot(const Lens& lens, const PivotQuery& query);

}  // namespace chucai::coverage
