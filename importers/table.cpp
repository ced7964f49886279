#include "importers/table.h"

#include <algorithm>

namespace chucai::importers {

const Cell* Row::at(std::uint32_t column) const {
  const auto cell = std::lower_bound(cells.begin(), cells.end(), column,
                                     [](const Cell& c, std::uint32_t n) { return c.column < n; });
  return cell != cells.end() && cell->column == column ? &*cell : nullptr;
}

}  // namespace chucai::importers
