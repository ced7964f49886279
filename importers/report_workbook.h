// Reports as a workbook for print and further counting: a sheet each with numbers as numbers, a
// frozen header and a chart of its own, then one that says what each figure means and where it
// comes from.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "registry/service/coverage_questions.h"

namespace chucai::importers {

/// Writes one sheet a report, in order, and the sheet of definitions. Errors: Unavailable
/// "export.write".
Done write_report_workbook(const std::filesystem::path& path, const Registry& registry,
                           const std::string& title, const std::vector<coverage::Report>& reports,
                           Language language);
/// The same as bytes, by way of a file in the data folder. Errors: Unavailable "export.write".
Result<std::string> report_workbook(const Registry& registry, const std::string& title,
                                    const std::vector<coverage::Report>& reports,
                                    Language language);

}  // namespace chucai::importers
