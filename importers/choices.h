// What the cells of a column may say, as a list to choose from: terms in force, places of the
// province.
#pragma once

#include <string>
#include <vector>

#include "importers/columns.h"
#include "importers/workbook_writer.h"
#include "registry/domain/code_book.h"
#include "registry/domain/region_map.h"

namespace chucai::importers {

struct Choices {
  std::vector<std::string> items;        ///< empty: the column is free text
  OtherText other = OtherText::Allowed;  ///< of columns that take one term alone: asked about
};

/// The choices of one column of `kind`.
Choices choices_of(const Kind& kind, const Column& column, const CodeBook& codes,
                   const RegionMap& regions);

}  // namespace chucai::importers
