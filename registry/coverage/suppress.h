// Small cells of a table of counts, hidden so that nobody can work them out from the totals.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace chucai::coverage {

/// A table of `sizes` groups along each axis with its margins: along every axis the last group is
/// the total of the others. Cells lie in the order of a C array, the last axis fastest.
struct Margined {
  std::vector<std::size_t> sizes;  ///< with the total
  std::vector<std::int64_t> values;
  std::vector<std::uint8_t> is_foreign;  ///< cells that are small secrets when they are small

  std::size_t cells() const { return values.size(); }
};

/// Numbers below this, and above 0, are small.
inline constexpr std::int64_t kSmallest = 3;

/// Which cells must be hidden: the small ones, and for each of them the other corners of a box of
/// cells whose values can go up and down by one in turn without any visible cell changing, so that
/// no sum gives the small one away (the hypercube method: R. D. Repsilber, "Sicherung persönlicher
/// Angaben in Tabellendaten", 1999). Where no box is free the totals are hidden too. Zeros stay: an
/// empty cell says nothing of anybody. Cost: for each small cell the groups of each axis.
std::vector<std::uint8_t> hidden_cells(const Margined& table);

}  // namespace chucai::coverage
