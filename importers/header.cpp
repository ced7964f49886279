#include "importers/header.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>

#include "registry/domain/text.h"

namespace chucai::importers {
namespace {

constexpr std::size_t kFewestColumns = 2;
constexpr std::size_t kNoteCells = 4;           // a note never fills more cells than this
constexpr std::size_t kHeadingCharacters = 30;  // nor is a heading longer
constexpr std::string_view kJoint = "·";        // between a group and what stands below it

std::size_t known_columns(const std::vector<SheetColumn>& columns) {
  return static_cast<std::size_t>(std::count_if(
      columns.begin(), columns.end(), [](const SheetColumn& c) { return c.column != nullptr; }));
}

bool holds_required(const std::vector<SheetColumn>& columns) {
  return std::any_of(columns.begin(), columns.end(), [](const SheetColumn& c) {
    return c.column != nullptr && c.column->presence == Presence::Required;
  });
}

/// The header rows laid over one another: what each column says from top to bottom.
class HeaderGrid {
 public:
  HeaderGrid(const Kind& kind, const Mappings& mappings, std::span<const MergedRange> merged)
      : kind_(kind), mappings_(mappings), merged_(merged) {}

  void add(const Row& row) {
    rows_.emplace_back();
    for (const Cell& cell : row.cells) {
      std::string text = tidy(cell.text);
      if (!text.empty()) rows_.back()[cell.column] = std::move(text);
    }
    numbers_.push_back(row.number);
  }

  /// True when `next` goes on with the header: a cell is merged down into it, or it names columns
  /// and says nothing else below one.
  bool goes_on(const Row& next) const {
    if (numbers_.empty() || next.number != numbers_.back() + 1) return false;
    if (merged_down_to(next.number)) return true;
    if (known_above() < kFewestColumns && !has_groups()) return false;
    std::size_t gained = 0;
    for (const Cell& cell : next.cells) {
      const bool known = meaning(cell.text).first != nullptr;
      if (!known && stands_below_column(cell.column)) return false;
      if (known) ++gained;
    }
    return gained >= kFewestColumns;
  }

  /// Every column's meaning and name.
  std::vector<SheetColumn> columns() const {
    std::set<std::uint32_t> indexes;
    for (const auto& row : rows_) {
      for (const auto& [index, text] : row) indexes.insert(index);
    }
    std::vector<SheetColumn> columns;
    std::set<const Column*> taken;
    for (const std::uint32_t index : indexes) columns.push_back(named_by_itself(index, taken));
    for (SheetColumn& column : columns) take_from_above(column, taken);
    make_unique(columns);
    return columns;
  }

 private:
  using Texts = std::map<std::uint32_t, std::string>;

  std::pair<const Column*, Meaning> meaning(std::string_view text) const {
    if (const Mapping* told = mappings_.of(text)) {
      return {told->column == &kept_column() ? nullptr : told->column, told->by};
    }
    const Column* column = find_column(kind_, text);
    return {column, column == nullptr ? Meaning::Unknown : Meaning::Known};
  }

  bool merged_down_to(std::uint32_t row) const {
    return std::any_of(merged_.begin(), merged_.end(), [&](const MergedRange& range) {
      return range.first_row >= numbers_.front() && range.first_row < row && range.last_row >= row;
    });
  }

  std::size_t known_above() const {
    std::size_t known = 0;
    for (const auto& row : rows_) {
      for (const auto& [index, text] : row) known += meaning(text).first != nullptr ? 1 : 0;
    }
    return known;
  }

  /// A row of several cells, one of them merged over several columns: groups, not a title.
  bool has_groups() const {
    return rows_.back().size() > 1 &&
           std::any_of(merged_.begin(), merged_.end(), [&](const MergedRange& range) {
             return range.first_row == numbers_.back() && range.last_column > range.first_column;
           });
  }

  bool stands_below_column(std::uint32_t index) const {
    return std::any_of(rows_.begin(), rows_.end(), [&](const Texts& row) {
      const auto at = row.find(index);
      if (at == row.end()) return false;
      const bool is_group = covers_more_than(row, index);
      return meaning(at->second).first != nullptr && !is_group;
    });
  }

  /// True when the cell is merged over the next column too.
  bool covers_more_than(const Texts& row, std::uint32_t index) const {
    const std::uint32_t number = numbers_[static_cast<std::size_t>(&row - rows_.data())];
    return std::any_of(merged_.begin(), merged_.end(), [&](const MergedRange& range) {
      return range.first_row == number && range.first_column == index &&
             range.last_column > range.first_column;
    });
  }

  /// The texts of a column from top to bottom; a group's text holds for the columns right of it
  /// that are blank in its row and filled below.
  std::vector<std::string_view> texts_of(std::uint32_t index) const {
    std::vector<std::string_view> texts;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const Texts& row = rows_[i];
      if (const auto own = row.find(index); own != row.end()) {
        texts.push_back(own->second);
        continue;
      }
      const bool filled_below = i + 1 < rows_.size() && rows_[i + 1].contains(index);
      const auto right = row.upper_bound(index);
      if (!filled_below || right == row.begin()) continue;
      const auto& [from, group] = *std::prev(right);
      if (belongs_to(i, from, index)) texts.push_back(group);
    }
    return texts;
  }

  /// True when the group at (row `i`, column `from`) reaches to `index`: merges say it, or else
  /// every column between is blank in the row and filled below.
  bool belongs_to(std::size_t i, std::uint32_t from, std::uint32_t index) const {
    for (const MergedRange& range : merged_) {
      if (range.first_row == numbers_[i] && range.first_column == from) {
        return range.last_column >= index;
      }
    }
    if (!rows_[i + 1].contains(from)) return false;
    for (std::uint32_t between = from; between < index; ++between) {
      if (!rows_[i + 1].contains(between)) return false;
    }
    return true;
  }

  /// What the lowest text of a column means, alone or behind its group.
  SheetColumn named_by_itself(std::uint32_t index, std::set<const Column*>& taken) const {
    const auto texts = texts_of(index);
    SheetColumn named{index, std::string(texts.back()), nullptr, Meaning::Unknown};
    auto [column, by] = meaning(texts.back());
    if (column == nullptr && by == Meaning::Unknown && texts.size() > 1) {
      std::tie(column, by) =
          meaning(std::string(texts[texts.size() - 2]) + std::string(texts.back()));
    }
    if (column == nullptr) named.by = by;  // kept as somebody said
    const bool free =
        column != nullptr && (column->reading == Reading::Ignored || taken.insert(column).second);
    if (free) {
      named.column = column;
      named.by = by;
    } else if (column != nullptr || texts.size() > 1) {
      named.header = join(std::span(texts).last(std::min<std::size_t>(2, texts.size())), kJoint);
      named.by = Meaning::Unknown;
    }
    return named;
  }

  /// A remark below a column (出生年月 over 年/月) leaves it what it is.
  void take_from_above(SheetColumn& named, std::set<const Column*>& taken) const {
    const auto texts = texts_of(named.index);
    if (named.column != nullptr || texts.size() < 2 || meaning(texts.back()).first != nullptr)
      return;
    const auto [column, by] = meaning(texts[texts.size() - 2]);
    if (column == nullptr || column->reading == Reading::Ignored || !taken.insert(column).second)
      return;
    named = {named.index, std::string(texts[texts.size() - 2]), column, by};
  }

  /// What is kept is kept under its header, so that no two may have the same, nor one that means
  /// something.
  void make_unique(std::vector<SheetColumn>& columns) const {
    std::set<std::string> headers;
    for (SheetColumn& column : columns) {
      if (column.column != nullptr || column.header.empty()) continue;
      const std::string header = column.header;
      const bool means_something =
          find_column(kind_, header) != nullptr && mappings_.of(header) == nullptr;
      int copy = means_something ? 2 : 1;
      if (means_something) column.header = header + std::string(kJoint) + std::to_string(copy);
      while (!headers.insert(column.header).second) {
        column.header = header + std::string(kJoint) + std::to_string(++copy);
      }
    }
  }

  const Kind& kind_;
  const Mappings& mappings_;
  std::span<const MergedRange> merged_;
  std::vector<Texts> rows_;
  std::vector<std::uint32_t> numbers_;  ///< numbers_[i]: number of row i
};

bool starts_with_any(std::string_view text, std::span<const std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return text.starts_with(word); });
}

constexpr std::array<std::string_view, 6> kTotals = {"小计", "合计",     "总计",
                                                     "共计", "本页小计", "本页合计"};
constexpr std::array<std::string_view, 15> kNotes = {
    "注:",      "注1",      "说明:",    "备注:",      "填报人",   "填表人",   "审核人",   "制表人",
    "填报单位", "填报日期", "填表说明", "单位负责人", "填表日期", "以下空白", "(以下空白"};
constexpr std::array<std::string_view, 4> kExamples = {"示例", "样例", "例:", "(示例"};
constexpr std::array<std::string_view, 11> kOrdinals = {"一", "二", "三", "四", "五", "六",
                                                        "七", "八", "九", "十", "第"};

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

/// 一、市直单位 (二)高校 第三部分: an ordinal and a mark behind it.
bool is_numbered_heading(std::string_view folded) {
  if (folded.starts_with('(')) folded.remove_prefix(1);
  if (!starts_with_any(folded, kOrdinals) || code_points(folded) > kHeadingCharacters) return false;
  const std::size_t mark = std::min(folded.find("、"), folded.find(')'));
  constexpr std::size_t kOrdinalBytes = 9;  // 二十一
  return mark != std::string_view::npos ? mark <= kOrdinalBytes
                                        : folded.find("部分") <= kOrdinalBytes;
}

/// A lone cell is a heading between data unless it stands in a column that must be filled, neither
/// merged over its neighbours nor numbered.
bool is_lone_heading(const Row& row, const Header& header, std::span<const MergedRange> merged) {
  if (row.cells.size() != 1) return false;
  const Cell& cell = row.cells.front();
  const auto column = std::find_if(header.columns.begin(), header.columns.end(),
                                   [&](const SheetColumn& c) { return c.index == cell.column; });
  if (column == header.columns.end() || column->column == nullptr ||
      column->column->reading == Reading::Ignored || is_numbered_heading(fold(cell.text))) {
    return true;
  }
  return std::any_of(merged.begin(), merged.end(), [&](const MergedRange& range) {
    return range.first_row <= row.number && range.last_row >= row.number &&
           range.first_column == cell.column && range.last_column > cell.column;
  });
}

}  // namespace

const SheetColumn* Header::of(const Column& wanted) const {
  const auto found = std::find_if(columns.begin(), columns.end(),
                                  [&](const SheetColumn& c) { return c.column == &wanted; });
  return found == columns.end() ? nullptr : &*found;
}

std::optional<Header> find_header(const std::vector<Row>& first_rows, const Kind& kind,
                                  std::span<const MergedRange> merged, const Mappings& mappings) {
  std::vector<MergedRange> near;  // a sheet may hold a million of them
  const std::uint32_t last = first_rows.empty() ? 0 : first_rows.back().number;
  std::copy_if(merged.begin(), merged.end(), std::back_inserter(near),
               [&](const MergedRange& range) { return range.first_row <= last; });
  std::optional<Header> best;
  std::size_t most = kFewestColumns - 1;
  for (std::size_t i = 0; i < first_rows.size(); ++i) {
    HeaderGrid grid(kind, mappings, near);
    grid.add(first_rows[i]);
    std::size_t end = i + 1;
    while (end < first_rows.size() && end < i + kHeaderRows && grid.goes_on(first_rows[end])) {
      grid.add(first_rows[end++]);
    }
    Header header{first_rows[i].number, first_rows[end - 1].number, grid.columns()};
    if (known_columns(header.columns) <= most || !holds_required(header.columns)) continue;
    most = known_columns(header.columns);
    best = std::move(header);
  }
  return best;
}

std::string_view to_text(RowClass is) {
  static constexpr std::array<std::string_view, 8> kNames = {"data",  "blank", "title",   "section",
                                                             "total", "note",  "example", "header"};
  return kNames[static_cast<std::size_t>(is)];
}

RowClass classify_row(const Row& row, const Header& header, std::span<const MergedRange> merged) {
  const auto first = std::find_if(row.cells.begin(), row.cells.end(),
                                  [](const Cell& cell) { return !fold(cell.text).empty(); });
  if (first == row.cells.end()) return RowClass::Blank;
  const std::string text = fold(first->text);
  if (is_total(text)) return RowClass::Total;
  if (starts_with_any(text, kExamples)) return RowClass::Example;
  if (row.cells.size() <= kNoteCells && starts_with_any(text, kNotes)) return RowClass::Note;
  if (is_lone_heading(row, header, merged)) return RowClass::Section;
  const std::size_t known = known_columns(header.columns);
  if (known > 0 && repeated_headers(row, header) * 2 > known) return RowClass::Header;
  return RowClass::Data;
}

}  // namespace chucai::importers
