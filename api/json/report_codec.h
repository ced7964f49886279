// Answers to coverage questions as JSON and CSV, the same for the command line and HTTP.
#pragma once

#include <string>

#include "registry/service/coverage_questions.h"

namespace chucai {

/// {"name", "title", "rule_text", "as_of", "scope", "version", "masked", "columns": [{name, title,
/// kind, scheme}], "rows": [[...]]}; a masked number is the text "<3".
std::string report_json(const Registry& registry, const coverage::Report& report,
                        Language language);

/// The names of the columns, then the rows as in JSON, with a byte order mark.
std::string report_csv(const coverage::Report& report);

/// {"items": [{name, title, rule_text}]}: the questions that can be asked.
std::string questions_json(const Registry& registry, Language language);

}  // namespace chucai
