// The file that goes back: the sender's own layout with only the rows that failed, each bad cell
// coloured and commented, so that it can be mended and sent again.
#pragma once

#include <filesystem>

#include "importers/plan.h"
#include "importers/template.h"

namespace chucai::importers {

/// Reads the file once more and writes its titles, headers and the refused and review rows to a
/// workbook, with 错误说明 and 原始行号 as last columns and lists where a column has them. A hidden
/// sheet says what the mended file goes on with (plan.continues of its own import). Nothing failed:
/// a workbook of headers only. Errors: those of the reader; Unavailable export.write.
Done write_error_report(TableReader& reader, const ImportPlan& plan, const FormWords& words,
                        const Continuation& goes_on_with, const std::filesystem::path& path);

}  // namespace chucai::importers
