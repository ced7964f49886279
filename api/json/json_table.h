// A table as a JSON file: an array with one object per row, keyed by header.
#pragma once

#include <memory>
#include <string>

#include "importers/workbook_writer.h"

namespace chucai {

/// The first row given is the header. Errors: Unavailable export.write.
Result<std::unique_ptr<importers::TableWriter>> create_json_table(const std::string& path);

}  // namespace chucai
