// The table model between file readers and what understands them: sheets of sparse rows, pushed one
// at a time, so that a file is never in memory as a whole.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "registry/domain/result.h"

namespace chucai::importers {

/// What a cell holds; blank cells are not in a row at all.
enum class CellKind : std::uint8_t {
  Text,     ///< as written, UTF-8
  Number,   ///< decimal digits; 4.2E+17 where the digits are lost
  Date,     ///< a number under a date format: YYYY-MM-DD, with " HH:MM:SS" when it has a time
  Error,    ///< #N/A, #REF! and the like
  Formula,  ///< a formula that was saved without its value; `text` is empty
};

struct Cell {
  std::uint32_t column = 0;  ///< 0-based
  CellKind kind = CellKind::Text;
  std::int8_t decimals = -1;  ///< of a number format with fixed decimals (0.00: 2); -1: general
  std::string text;

  bool operator==(const Cell&) const = default;
};

struct Row {
  std::uint32_t number = 0;  ///< 1-based: row of the sheet, or record of the CSV file
  bool hidden = false;
  std::vector<Cell> cells;  ///< in column order

  /// The cell of a column, or null when it is blank. O(log cells).
  const Cell* at(std::uint32_t column) const;
};

struct Sheet {
  std::string name;  ///< empty for a CSV file
  bool hidden = false;
};

/// A merged range, 1-based rows and 0-based columns, ends included.
struct MergedRange {
  std::uint32_t first_row = 0, last_row = 0;
  std::uint32_t first_column = 0, last_column = 0;

  bool operator==(const MergedRange&) const = default;
};

/// Takes what a reader finds, in this order for each sheet: sheet, rows in ascending order, merged
/// ranges. An error returned stops the reading and is what the reader returns.
class TableSink {
 public:
  virtual ~TableSink() = default;
  /// False: the sheet is not wanted and is skipped.
  virtual bool sheet(const Sheet& sheet) = 0;
  virtual Done row(const Row& row) = 0;
  virtual void merged(const MergedRange&) {}
};

/// What a hostile file may cost at most; ordinary files stay far below.
struct Limits {
  std::uint64_t inflated_bytes = 2ULL << 30;     ///< of all parts read, together
  std::uint64_t ratio_free_bytes = 64ULL << 20;  ///< inflated before the ratio is looked at
  std::uint64_t ratio = 300;                     ///< inflated / packed bytes of one part
  std::uint64_t huge_bytes = 128ULL << 20;       ///< from here on the lower ratio holds
  std::uint64_t huge_ratio = 60;                 ///< ordinary large parts stay below 30
  std::uint32_t entries = 10'000;                ///< files inside the package
  std::uint64_t shared_strings = 512ULL << 20;   ///< bytes of the shared texts
  std::size_t cell_bytes = 1 << 20;              ///< of one cell
  std::uint32_t rows = 1'048'576;                ///< of one sheet
  std::uint32_t columns = 16'384;
  std::uint64_t repeated_cells = 1'000'000;  ///< that a repeat count alone makes (ods)
  std::uint32_t nested = 2'000;              ///< elements inside one another (html)
};

/// A file that can be read as often as needed, from its start.
class TableReader {
 public:
  virtual ~TableReader() = default;
  /// Pushes all sheets into `sink`. Errors: import.file.* naming what to do; never a partial
  /// success.
  virtual Done read(TableSink& sink) = 0;
};

}  // namespace chucai::importers
