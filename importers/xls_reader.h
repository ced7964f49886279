// Binary workbooks of Excel 5 to 2003 (.xls) and of WPS (.et): BIFF5 and BIFF8 inside an OLE2
// container. Each sheet is walked twice, first for what decides how its rows are read (hidden
// rows, order of the cells), then row by row.
#pragma once

#include <filesystem>
#include <memory>

#include "importers/table.h"

namespace chucai::importers {

/// A reader over a workbook. Formulas give the value they were saved with; numbers under a date
/// format arrive as dates; charts, macros and embedded objects are never looked at. Memory: the
/// shared texts; a whole sheet only where a program wrote its cells out of order.
/// Errors of open and read: InvalidArgument import.file.damaged, .encrypted, .document (another
/// program's file), .xls (Excel 4 and older); TooLarge import.file.cell, .strings, .cells,
/// .entries.
Result<std::unique_ptr<TableReader>> open_xls(const std::filesystem::path& path,
                                              const Limits& limits = {});

}  // namespace chucai::importers
