// What a file is, by its content; names and endings are what people typed.
#pragma once

#include <filesystem>
#include <memory>

#include "importers/table.h"

namespace chucai::importers {

enum class FileKind { Xlsx, Xls, Ods, Html, Xml2003, Text };

/// Errors: InvalidArgument, in words that say how to save the file instead: import.file.empty,
/// .xls (Excel 4 and older), .encrypted, .xlsb, .mht, .document, .pdf, .image, .archive; those of
/// InputFile, ZipPackage and CompoundFile.
Result<FileKind> sniff(const std::filesystem::path& path);

/// A reader for whatever the file is.
Result<std::unique_ptr<TableReader>> open_table(const std::filesystem::path& path,
                                                const Limits& limits = {});

}  // namespace chucai::importers
