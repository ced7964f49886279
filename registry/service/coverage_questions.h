// Questions and pivots for one reader: the cube of now, the reader's scope, small cells hidden from
// everybody but the office that keeps the rows.
#pragma once

#include "registry/coverage/pivot.h"
#include "registry/coverage/questions.h"
#include "registry/service/registry.h"

namespace chucai {

/// Answers a question inside the principal's scope; `as_of` defaults to the business date. The
/// local operator sees small cells. Errors: those of coverage::answer.
Result<coverage::Report> ask_coverage(Registry& registry, const Principal& principal,
                                      std::string_view question, coverage::Ask ask, Date as_of);

/// The same for a pivot. Errors: those of coverage::pivot.
Result<coverage::Report> ask_pivot(Registry& registry, const Principal& principal,
                                   coverage::PivotQuery query, Date as_of);

/// Reads "year:2017|2018" into a filter. Errors: InvalidArgument "pivot.filter".
Done parse_filter(std::string_view text, coverage::PivotQuery& query);

/// A report in words: what readers of a page see for its columns, codes and masked numbers.
struct ReportWords {
  std::string title;
  std::string rule;
  std::vector<std::string> headers;  ///< of the report's columns
};
ReportWords words_of(const Registry& registry, const coverage::Report& report, Language language);
/// A cell in words: the name of a code, 1.5 of money in fen 150, 50.0% of a share, <3.
std::string cell_text(const Registry& registry, const coverage::ReportColumn& column,
                      const coverage::Value& value, Language language);

}  // namespace chucai
