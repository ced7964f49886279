// Web pages with tables that are named .xls: what many office systems export. Each table is a
// sheet; a table inside a cell is a sheet of its own.
#pragma once

#include <filesystem>
#include <memory>

#include "importers/table.h"

namespace chucai::importers {

/// A reader over the tables of a page. All cells are texts, spaces collapsed as a browser does and
/// <br> a line break; rowspan and colspan become merged ranges. The encoding is decided by
/// detect_encoding, whatever the page says of itself (GB2312 pages hold characters beyond it).
/// Errors of open and read: those of detect_encoding; InvalidArgument import.file.damaged: no
/// table; TooLarge import.file.cell, .rows, .columns, .cells.
Result<std::unique_ptr<TableReader>> open_html(const std::filesystem::path& path,
                                               const Limits& limits = {});

}  // namespace chucai::importers
