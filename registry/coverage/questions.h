// The questions that reporting offices ask by name, each a row of one table: what it is called,
// what it may be narrowed by, and how it is answered from a cube.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "registry/coverage/lens.h"
#include "registry/coverage/report.h"
#include "registry/domain/result.h"

namespace chucai::coverage {

/// What a question is asked about.
struct Ask {
  std::string program;     ///< code; empty: every programme, or the one that the question is about
  std::int64_t year = 0;   ///< 0: the year of the day, or every year
  std::string region;      ///< for rows: where; empty: everywhere in scope
  std::string own_office;  ///< see PivotQuery
  /// Empty seats of needs by the latest plan, by id of the need, in order; for supply_demand.
  std::vector<std::pair<std::int64_t, std::int64_t>> shortages{};
};

struct Question {
  std::string_view name;  ///< "trend_year"; its words are coverage.question.NAME
  Chart chart;
  Result<Report> (*answer)(const Lens& lens, const Ask& ask);
};

/// Every question, in the order in which a workbook shows them.
std::span<const Question> questions();

/// Answers one. Errors: NotFound "coverage.question", "coverage.program"; those of pivot().
Result<Report> answer(const Lens& lens, std::string_view question, const Ask& ask);

}  // namespace chucai::coverage
