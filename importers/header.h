// Where the data of a sheet starts: which row is the header, what its columns mean, and which of
// the rows below it are titles, subtotals and notes rather than data.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "importers/columns.h"
#include "importers/table.h"

namespace chucai::importers {

/// Rows at the top of a sheet among which the header is looked for.
inline constexpr std::size_t kHeaderSearchRows = 20;

/// One column of a sheet.
struct SheetColumn {
  std::uint32_t index = 0;         ///< 0-based column of the sheet
  std::string header;              ///< as written, tidied
  const Column* column = nullptr;  ///< null: not known; kept under its header
};

/// A header found.
struct Header {
  std::uint32_t row = 0;       ///< 1-based, first row of the header
  std::uint32_t last_row = 0;  ///< same, or the next one of a two-row header
  std::vector<SheetColumn> columns;

  /// The sheet column that was taken for `column`, or null.
  const SheetColumn* of(const Column& column) const;
};

/// The best header among the first rows: the one with most known columns, at least two of which
/// are needed, and a required one among them. A second row below completes it when it names more
/// columns where the first is blank. nullopt: there is none.
std::optional<Header> find_header(const std::vector<Row>& first_rows, const Kind& kind);

/// What a row below the header is.
enum class RowClass { Data, Blank, Section, Note, Header };

/// Sections (小计, 合计, a lone cell), notes (注：, 填报人) and repeated headers are not data.
RowClass classify_row(const Row& row, const Header& header);

}  // namespace chucai::importers
