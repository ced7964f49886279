// Nobody works out a hidden small cell: on a thousand random tables the sums that a reader sees
// leave it open.
#include <catch2/catch.hpp>

#include <algorithm>
#include <random>

#include "registry/coverage/suppress.h"

using namespace chucai::coverage;

namespace {

constexpr std::int64_t kPrime = 1'000'000'007;

std::int64_t inverse(std::int64_t x) {
  std::int64_t result = 1;
  for (std::int64_t power = kPrime - 2; power > 0; power >>= 1) {
    if ((power & 1) != 0) result = result * x % kPrime;
    x = x * x % kPrime;
  }
  return result;
}

/// What a reader knows of the hidden cells: an equation for each line of the table.
std::vector<std::vector<std::int64_t>> equations(const Margined& table,
                                                 const std::vector<std::size_t>& column,
                                                 std::size_t unknowns) {
  std::vector<std::vector<std::int64_t>> rows;
  std::size_t stride = 1;
  for (std::size_t axis = table.sizes.size(); axis-- > 0;) {
    const std::size_t size = table.sizes[axis];
    for (std::size_t cell = 0; cell < table.cells(); ++cell) {
      if (cell / stride % size != 0) continue;
      std::vector<std::int64_t> row(unknowns);
      for (std::size_t group = 0; group < size; ++group) {
        const std::size_t at = column[cell + group * stride];
        if (at < unknowns) row[at] = group + 1 == size ? kPrime - 1 : 1;
      }
      rows.push_back(std::move(row));
    }
    stride *= size;
  }
  return rows;
}

/// Which unknowns the equations determine, by elimination.
std::vector<bool> determined(std::vector<std::vector<std::int64_t>> rows, std::size_t unknowns) {
  std::size_t rank = 0;
  std::vector<std::size_t> pivots;
  for (std::size_t column = 0; column < unknowns && rank < rows.size(); ++column) {
    std::size_t found = rank;
    while (found < rows.size() && rows[found][column] == 0) ++found;
    if (found == rows.size()) continue;
    std::swap(rows[rank], rows[found]);
    const std::int64_t scale = inverse(rows[rank][column]);
    for (auto& value : rows[rank]) value = value * scale % kPrime;
    for (std::size_t other = 0; other < rows.size(); ++other) {
      const std::int64_t factor = rows[other][column];
      if (other == rank || factor == 0) continue;
      for (std::size_t at = column; at < unknowns; ++at) {
        rows[other][at] = (rows[other][at] + (kPrime - factor) * rows[rank][at]) % kPrime;
      }
    }
    pivots.push_back(column);
    ++rank;
  }
  std::vector<bool> known(unknowns);
  for (std::size_t at = 0; at < pivots.size(); ++at) {
    const auto& row = rows[at];
    known[pivots[at]] =
        std::count(row.begin(), row.end(), 0) + 1 == static_cast<std::ptrdiff_t>(unknowns);
  }
  return known;
}

/// Sums of random parts along every axis.
Margined random_table(std::mt19937& random) {
  Margined table;
  const std::size_t axes = 1 + random() % 3;
  std::size_t cells = 1;
  for (std::size_t axis = 0; axis < axes; ++axis) {
    table.sizes.push_back(2 + random() % (axes == 3 ? 4 : 8));
    cells *= table.sizes.back();
  }
  table.values.assign(cells, 0);
  table.is_foreign.assign(cells, 1);
  const std::int64_t most = 1 + static_cast<std::int64_t>(random() % 12);
  for (std::size_t cell = 0; cell < cells; ++cell) {
    std::size_t rest = cell;
    bool is_part = true;
    for (std::size_t axis = axes; axis-- > 0;) {
      is_part &= rest % table.sizes[axis] + 1 != table.sizes[axis];
      rest /= table.sizes[axis];
    }
    if (is_part) {
      table.values[cell] = random() % 3 == 0 ? 0 : static_cast<std::int64_t>(random()) % most;
    }
  }
  std::size_t stride = 1;
  for (std::size_t axis = axes; axis-- > 0;) {
    const std::size_t size = table.sizes[axis];
    for (std::size_t cell = 0; cell < cells; ++cell) {
      if (cell / stride % size != 0) continue;
      std::int64_t sum = 0;
      for (std::size_t group = 0; group + 1 < size; ++group) {
        sum += table.values[cell + group * stride];
      }
      table.values[cell + (size - 1) * stride] = sum;
    }
    stride *= size;
  }
  return table;
}

}  // namespace

TEST_CASE("a lone small cell takes another of its line with it", "[coverage]") {
  const Margined table{{4}, {5, 1, 9, 15}, {1, 1, 1, 1}};
  CHECK(hidden_cells(table) == std::vector<std::uint8_t>{1, 1, 0, 0});
}

TEST_CASE("a small cell that is all of its total hides the total", "[coverage]") {
  const Margined table{{3}, {0, 2, 2}, {1, 1, 1}};
  CHECK(hidden_cells(table) == std::vector<std::uint8_t>{0, 1, 1});
}

TEST_CASE("small cells of the own office stay in sight", "[coverage]") {
  const Margined table{{3}, {1, 7, 8}, {0, 1, 1}};
  CHECK(hidden_cells(table) == std::vector<std::uint8_t>{0, 0, 0});
}

TEST_CASE("no small cell of a thousand random tables can be worked out", "[coverage]") {
  std::mt19937 random(20180630);
  std::size_t small = 0;
  for (int round = 0; round < 1000; ++round) {
    const Margined table = random_table(random);
    const auto hidden = hidden_cells(table);
    std::vector<std::size_t> column(table.cells(), SIZE_MAX);
    std::size_t unknowns = 0;
    for (std::size_t cell = 0; cell < table.cells(); ++cell) {
      if (hidden[cell] != 0) column[cell] = unknowns++;
    }
    const auto known = determined(equations(table, column, unknowns), unknowns);
    for (std::size_t cell = 0; cell < table.cells(); ++cell) {
      if (table.values[cell] == 0 || table.values[cell] >= kSmallest) continue;
      ++small;
      INFO("round " << round << ", cell " << cell << " of " << table.cells());
      REQUIRE(hidden[cell] == 1);
      REQUIRE_FALSE(known[column[cell]]);
    }
  }
  CHECK(small > 1000);
}
