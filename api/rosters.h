// Tables out, as the command line and the service both give them: records in the columns of their
// kind, and the empty forms.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "importers/workbook_writer.h"
#include "registry/service/registry.h"

namespace chucai {

/// A writer of "csv", "xlsx" (one sheet of this name) or "json". Errors: InvalidArgument
/// "export.format" at `where`; Unavailable export.write.
Result<std::unique_ptr<importers::TableWriter>> table_writer(std::string_view format,
                                                             const std::string& path,
                                                             const std::string& sheet,
                                                             const std::string& where);

/// Writes the empty form of a kind with the columns that a programme (code; empty: none) adds.
/// Errors: InvalidArgument "import.kind", "template.kind"; NotFound "record.absent"; those of
/// importers::write_template.
Done write_form(Registry& registry, std::string_view kind, const std::string& program,
                const std::string& path);

}  // namespace chucai
