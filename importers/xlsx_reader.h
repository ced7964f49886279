// Office Open XML workbooks (.xlsx, .xlsm), transitional and strict, as a stream of rows: one pass
// over each sheet, and nothing in memory but the shared texts and one row.
#pragma once

#include <filesystem>
#include <memory>

#include "importers/table.h"

namespace chucai::importers {

/// A reader over a workbook. Inline, shared and rich texts are read without their phonetic guides;
/// numbers under a date format arrive as dates; chart sheets are left out.
/// Errors of open and read: InvalidArgument import.file.damaged naming the part, .doctype;
/// TooLarge import.file.bomb, .entries, .cell, .rows, .columns, .strings.
Result<std::unique_ptr<TableReader>> open_xlsx(const std::filesystem::path& path,
                                               const Limits& limits = {});

}  // namespace chucai::importers
