// Where the data of a sheet starts: which rows are the header, what its columns mean, and which of
// the rows below it are titles, subtotals and notes rather than data.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "importers/columns.h"
#include "importers/mapping.h"
#include "importers/table.h"

namespace chucai::importers {

/// Rows at the top of a sheet among which the header is looked for.
inline constexpr std::size_t kHeaderSearchRows = 20;
/// Rows that a header may have.
inline constexpr std::uint32_t kHeaderRows = 3;

/// One column of a sheet.
struct SheetColumn {
  std::uint32_t index = 0;         ///< 0-based column of the sheet
  std::string header;              ///< as written, tidied; of one that is kept unique in its sheet
  const Column* column = nullptr;  ///< null: not known; kept under its header
  Meaning by = Meaning::Unknown;
};

/// A header found.
struct Header {
  std::uint32_t row = 0;       ///< 1-based, first row of the header
  std::uint32_t last_row = 0;  ///< the last one of up to three joined rows
  std::vector<SheetColumn> columns;

  /// The sheet column that was taken for `column`, or null.
  const SheetColumn* of(const Column& column) const;
};

/// The best header among the first rows: the one with most known columns, at least two of which
/// are needed, and a required one among them. Rows below join it where a cell merged downwards says
/// so or where they name columns below groups (教育背景 over 学历, 学位). The second of two columns
/// that mean the same is kept under a name of its own: 在职教育·学历, or 单位·2. nullopt: there is
/// none.
std::optional<Header> find_header(const std::vector<Row>& first_rows, const Kind& kind,
                                  std::span<const MergedRange> merged = {},
                                  const Mappings& mappings = {});

/// What a row of a sheet is; all but Data and Blank are skipped and told.
enum class RowClass : std::uint8_t {
  Data,
  Blank,
  Title,    ///< above the header
  Section,  ///< a heading between data
  Total,    ///< 小计, 合计
  Note,     ///< 注：, 填报人
  Example,  ///< 示例
  Header,   ///< the header once more
};

/// "title", "section" ...; the reason row.skipped.NAME says it in words.
std::string_view to_text(RowClass is);

/// What a row below the header is. `merged`: ranges of the sheet.
RowClass classify_row(const Row& row, const Header& header,
                      std::span<const MergedRange> merged = {});

}  // namespace chucai::importers
