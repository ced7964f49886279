// OpenDocument spreadsheets (.ods, and what WPS saves under that name): content.xml as a stream of
// rows. Repeat counts are followed only as far as there is something to repeat.
#pragma once

#include <filesystem>
#include <memory>

#include "importers/table.h"

namespace chucai::importers {

/// A reader over a spreadsheet. Numbers keep the decimals that they are shown with; comments of
/// cells are left out; covered cells are blank and their range is reported as merged.
/// Errors of open and read: InvalidArgument import.file.damaged naming the part, .doctype,
/// .encrypted; TooLarge import.file.bomb, .entries, .cell, .rows, .columns, .repeats.
Result<std::unique_ptr<TableReader>> open_ods(const std::filesystem::path& path,
                                              const Limits& limits = {});

}  // namespace chucai::importers
