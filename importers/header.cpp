#include "importers/header.h"

#include <algorithm>
#include <array>
#include <set>

#include "registry/domain/text.h"

namespace chucai::importers {
namespace {

constexpr std::size_t kFewestColumns = 2;
constexpr std::size_t kNoteCells = 4;  // a note never fills more cells than this

std::size_t known_columns(const std::vector<SheetColumn>& columns) {
  return static_cast<std::size_t>(std::count_if(
      columns.begin(), columns.end(), [](const SheetColumn& c) { return c.column != nullptr; }));
}

/// The columns that a row names; the second of two that mean the same is kept under its header.
std::vector<SheetColumn> columns_of(const Row& row, const Kind& kind) {
  std::vector<SheetColumn> columns;
  std::set<const Column*> taken;
  for (const Cell& cell : row.cells) {
    const Column* column = find_column(kind, cell.text);
    const bool ignored = column != nullptr && column->reading == Reading::Ignored;
    if (column != nullptr && !ignored && !taken.insert(column).second) column = nullptr;
    columns.push_back({cell.column, tidy(cell.text), column});
  }
  return columns;
}

bool holds_required(const std::vector<SheetColumn>& columns) {
  return std::any_of(columns.begin(), columns.end(), [](const SheetColumn& c) {
    return c.column != nullptr && c.column->presence == Presence::Required;
  });
}

/// Adds what a second header row names below a group (教育背景 over 学历, 学位).
void complete(Header& header, const Row& next, const Kind& kind) {
  if (known_columns(header.columns) < kFewestColumns) return;  // a title, not a header
  std::vector<SheetColumn> merged = header.columns;
  std::size_t gained = 0;
  for (SheetColumn& below : columns_of(next, kind)) {
    const auto above = std::find_if(merged.begin(), merged.end(),
                                    [&](const SheetColumn& c) { return c.index == below.index; });
    if (above != merged.end() && above->column != nullptr) return;
    if (below.column == nullptr) continue;
    if (header.of(*below.column) != nullptr) return;
    ++gained;
    if (above != merged.end()) {
      *above = std::move(below);
    } else {
      merged.push_back(std::move(below));
    }
  }
  if (gained < kFewestColumns) return;
  std::sort(merged.begin(), merged.end(),
            [](const SheetColumn& a, const SheetColumn& b) { return a.index < b.index; });
  header.columns = std::move(merged);
  header.last_row = next.number;
}

bool starts_with_any(std::string_view text, std::span<const std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return text.starts_with(word); });
}

constexpr std::array<std::string_view, 4> kTotals = {"小计", "合计", "总计", "共计"};
constexpr std::array<std::string_view, 12> kNotes = {
    "注:",    "注1",    "说明:",    "备注:",    "填报人",   "填表人",
    "审核人", "制表人", "填报单位", "填报日期", "填表说明", "单位负责人"};
constexpr std::array<std::string_view, 3> kExamples = {"示例", "样例", "例:"};

bool is_total(std::string_view folded) {
  return starts_with_any(folded, kTotals) || folded.find("(小计)") != std::string_view::npos ||
         folded.find("(合计)") != std::string_view::npos;
}

std::size_t repeated_headers(const Row& row, const Header& header) {
  std::size_t same = 0;
  for (const SheetColumn& column : header.columns) {
    const Cell* cell = row.at(column.index);
    if (column.column != nullptr && cell != nullptr && tidy(cell->text) == column.header) ++same;
  }
  return same;
}

/// A lone cell is a heading between data unless it stands in a column that must be filled.
bool is_lone_heading(const Row& row, const Header& header) {
  if (row.cells.size() != 1) return false;
  const auto column =
      std::find_if(header.columns.begin(), header.columns.end(),
                   [&](const SheetColumn& c) { return c.index == row.cells.front().column; });
  return column == header.columns.end() || column->column == nullptr ||
         column->column->reading == Reading::Ignored;
}

}  // namespace

const SheetColumn* Header::of(const Column& wanted) const {
  const auto found = std::find_if(columns.begin(), columns.end(),
                                  [&](const SheetColumn& c) { return c.column == &wanted; });
  return found == columns.end() ? nullptr : &*found;
}

std::optional<Header> find_header(const std::vector<Row>& first_rows, const Kind& kind) {
  std::optional<Header> best;
  std::size_t most = kFewestColumns - 1;
  for (std::size_t i = 0; i < first_rows.size(); ++i) {
    Header header{first_rows[i].number, first_rows[i].number, columns_of(first_rows[i], kind)};
    if (i + 1 < first_rows.size()) complete(header, first_rows[i + 1], kind);
    if (known_columns(header.columns) <= most || !holds_required(header.columns)) continue;
    most = known_columns(header.columns);
    best = std::move(header);
  }
  return best;
}

RowClass classify_row(const Row& row, const Header& header) {
  const auto first = std::find_if(row.cells.begin(), row.cells.end(),
                                  [](const Cell& cell) { return !fold(cell.text).empty(); });
  if (first == row.cells.end()) return RowClass::Blank;
  const std::string text = fold(first->text);
  if (is_total(text) || is_lone_heading(row, header)) return RowClass::Section;
  if (starts_with_any(text, kExamples)) return RowClass::Note;
  if (row.cells.size() <= kNoteCells && starts_with_any(text, kNotes)) return RowClass::Note;
  const std::size_t known = known_columns(header.columns);
  if (known > 0 && repeated_headers(row, header) * 2 > known) return RowClass::Header;
  return RowClass::Data;
}

}  // namespace chucai::importers
