// Coverage figures as JSON and CSV, the same for the command line and HTTP.
#pragma once

#include <string>
#include <vector>

#include "registry/domain/messages.h"
#include "registry/domain/rules/coverage.h"

namespace chucai {

/// {"as_of", "scope", "rows": [{program, region, year, rule, numerator, denominator, value, note,
/// rule_text}]}.
std::string coverage_json(const std::vector<CoverageRow>& rows, const CoverageQuery& query,
                          const Messages& messages, Language language);

/// The same rows as CSV with a byte order mark, so that spreadsheets show Chinese.
std::string coverage_csv(const std::vector<CoverageRow>& rows, const CoverageQuery& query,
                         const Messages& messages, Language language);

/// The rule in words.
std::string rule_text(char rule, const Messages& messages, Language language);

}  // namespace chucai
