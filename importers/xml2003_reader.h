// SpreadsheetML 2003: one XML file, usually named .xls; what older web systems and "XML
// Spreadsheet 2003" of Excel write.
#pragma once

#include <filesystem>
#include <memory>

#include "importers/table.h"

namespace chucai::importers {

/// A reader over a workbook. The encoding is decided by detect_encoding, not by the declaration.
/// Errors of open and read: those of detect_encoding; InvalidArgument import.file.damaged,
/// .doctype; TooLarge import.file.cell, .rows, .columns, .cells, .entries.
Result<std::unique_ptr<TableReader>> open_xml2003(const std::filesystem::path& path,
                                                  const Limits& limits = {});

}  // namespace chucai::importers
