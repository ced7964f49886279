#include "importers/ods_reader.h"

#include <algorithm>
#include <set>

#include "importers/number_format.h"
#include "importers/refusals.h"
#include "importers/xml_scanner.h"
#include "importers/zip_package.h"

namespace chucai::importers {
namespace {

constexpr std::string_view kContent = "content.xml";
constexpr std::string_view kManifest = "META-INF/manifest.xml";

std::uint32_t repeats(const XmlAttributes& attributes, std::string_view name) {
  return std::max<std::uint32_t>(1, number_in<std::uint32_t>(attributes.get(name)).value_or(1));
}

bool is_error(std::string_view shown) {
  return shown.starts_with('#') || shown.starts_with("Err:");
}

/// Fixed decimals can be told only where they show: 1985.10 for the number 1985.1.
std::int8_t shown_decimals(std::string_view shown, std::string_view plain) {
  const std::size_t point = shown.find('.');
  if (shown == plain || point == std::string_view::npos) return -1;
  const std::string_view decimals = shown.substr(point + 1);
  const bool digits = decimals.find_first_not_of("0123456789") == std::string_view::npos;
  return digits ? static_cast<std::int8_t>(std::min<std::size_t>(decimals.size(), 9)) : -1;
}

/// Whether any part of the package is enciphered.
class ManifestEvents : public XmlEvents {
 public:
  Done start(std::string_view name, const XmlAttributes&) override {
    encrypted = encrypted || name == "encryption-data";
    return {};
  }
  Done end(std::string_view) override { return {}; }
  bool encrypted = false;
};

class ContentEvents : public XmlEvents {
 public:
  ContentEvents(const Limits& limits, TableSink& sink) : limits_(limits), sink_(sink) {}

  Done start(std::string_view name, const XmlAttributes& attributes) override {
    if (name == "style") style_ = attributes.get("name").value_or("");
    if (name == "table-properties" && attributes.get("display") == "false") hide(style_);
    if (name == "table") return start_table(attributes);
    if (depth_ != 1 || !wanted_) return {};
    if (name == "table-row") start_row(attributes);
    if (name == "table-cell" || name == "covered-table-cell") return start_cell(name, attributes);
    if (in_cell_) return start_text(name, attributes);
    return {};
  }

  Done end(std::string_view name) override {
    if (name == "table") return end_table();
    if (depth_ != 1 || !wanted_) return {};
    if (name == "annotation" && in_annotation_ > 0) --in_annotation_;
    if (name == "p" && in_annotation_ == 0) in_paragraph_ = false;
    if (name == "table-cell" || name == "covered-table-cell") return end_cell();
    if (name == "table-row") return end_row();
    return {};
  }

  Done text(std::string_view text) override {
    const bool shown = depth_ == 1 && in_cell_ && in_paragraph_ && in_annotation_ == 0;
    return shown ? append(text) : Done{};
  }

  bool any_table() const { return any_table_; }

 private:
  void hide(const std::string& style) {
    if (hidden_styles_.size() < limits_.entries) hidden_styles_.insert(style);
  }

  Done start_table(const XmlAttributes& attributes) {
    if (++depth_ > 1) return {};  // a table inside a cell is not the sheet's
    any_table_ = true;
    const std::string style(attributes.get("style-name").value_or(""));
    wanted_ = sink_.sheet(
        {std::string(attributes.get("name").value_or("")), hidden_styles_.contains(style)});
    next_row_ = 1;
    merged_.clear();
    return {};
  }

  Done end_table() {
    if (depth_ > 0) --depth_;
    if (depth_ > 0 || !wanted_) return {};
    for (const MergedRange& range : merged_) sink_.merged(range);
    return {};
  }

  void start_row(const XmlAttributes& attributes) {
    row_.cells.clear();
    const std::string_view visibility = attributes.get("visibility").value_or("visible");
    row_.hidden = visibility == "collapse" || visibility == "filter";
    row_repeats_ = repeats(attributes, "number-rows-repeated");
    next_column_ = 0;
  }

  Done start_cell(std::string_view name, const XmlAttributes& attributes) {
    in_cell_ = true;
    in_paragraph_ = false;
    in_annotation_ = 0;
    covered_ = name == "covered-table-cell";
    shown_.clear();
    paragraphs_ = 0;
    type_ = attributes.get("value-type").value_or("");
    has_formula_ = attributes.get("formula").has_value();
    value_ = attributes
                 .get(type_ == "date"      ? "date-value"
                      : type_ == "boolean" ? "boolean-value"
                      : type_ == "string"  ? "string-value"
                                           : "value")
                 .value_or("");
    cell_repeats_ = repeats(attributes, "number-columns-repeated");
    const std::uint32_t rows = repeats(attributes, "number-rows-spanned");
    const std::uint32_t columns = repeats(attributes, "number-columns-spanned");
    if (rows > 1 || columns > 1) {
      if (merged_.size() >= limits_.rows) return too_large("import.file.cells", limits_.rows);
      merged_.push_back({next_row_, next_row_ + std::min(rows, limits_.rows) - 1, next_column_,
                         next_column_ + std::min(columns, limits_.columns) - 1});
    }
    return {};
  }

  Done start_text(std::string_view name, const XmlAttributes& attributes) {
    if (name == "annotation") ++in_annotation_;
    if (in_annotation_ > 0) return {};
    if (name == "p") {
      in_paragraph_ = true;
      return paragraphs_++ > 0 ? append("\n") : Done{};
    }
    if (name == "s") {
      const std::uint32_t count = std::min<std::uint32_t>(repeats(attributes, "c"), 1000);
      return append(std::string(count, ' '));
    }
    if (name == "tab") return append("\t");
    return name == "line-break" ? append("\n") : Done{};
  }

  Done append(std::string_view text) {
    if (shown_.size() + text.size() > limits_.cell_bytes) {
      return too_large("import.file.cell", limits_.cell_bytes);
    }
    shown_ += text;
    return {};
  }

  Done end_cell() {
    in_cell_ = false;
    Cell cell{next_column_, CellKind::Text, -1, {}};
    if (!covered_) interpret(cell);
    const bool blank = cell.text.empty() && cell.kind != CellKind::Formula;
    if (!blank) {
      if (std::uint64_t{next_column_} + cell_repeats_ > limits_.columns) {
        return too_large("import.file.columns", limits_.columns);
      }
      if (auto done = repeated(cell_repeats_ - 1); !done) return done;
      for (std::uint32_t i = 0; i < cell_repeats_; ++i) {
        cell.column = next_column_ + i;
        row_.cells.push_back(cell);
      }
    }
    next_column_ += std::min(cell_repeats_, limits_.columns);
    return {};
  }

  void interpret(Cell& cell) {
    calculated_ = calculated_ || (has_formula_ && !type_.empty());
    if (has_formula_ && is_error(shown_)) {
      cell.kind = CellKind::Error;
      cell.text = shown_;
    } else if (has_formula_ && type_.empty() && shown_.empty()) {
      // LibreOffice saves no value for ="", but one for some other formula of the file.
      if (!calculated_) cell.kind = CellKind::Formula;
    } else if (type_ == "date") {
      set_iso_date(cell, value_);
    } else if (type_ == "boolean") {
      cell.text = value_ == "true" ? "TRUE" : "FALSE";
    } else if (type_ == "float" || type_ == "percentage" || type_ == "currency") {
      const auto value = number_in<double>(std::string_view(value_));
      if (value) set_number(cell, *value, {}, false, value_);
      if (!value) cell.text = shown_;
      cell.decimals = shown_decimals(shown_, cell.text);
    } else {
      cell.text = shown_.empty() ? value_ : shown_;
    }
  }

  Done end_row() {
    const std::uint32_t times = row_repeats_;
    const std::uint32_t first = next_row_;
    next_row_ = static_cast<std::uint32_t>(
        std::min<std::uint64_t>(std::uint64_t{first} + times, std::uint64_t{limits_.rows} + 1));
    if (row_.cells.empty()) return {};
    if (std::uint64_t{first} + times - 1 > limits_.rows) {
      return too_large("import.file.rows", limits_.rows);
    }
    if (auto done = repeated(std::uint64_t{times - 1} * row_.cells.size()); !done) return done;
    for (std::uint32_t i = 0; i < times; ++i) {
      row_.number = first + i;
      if (auto done = sink_.row(row_); !done) return done;
    }
    return {};
  }

  /// Counts cells that no one wrote.
  Done repeated(std::uint64_t cells) {
    repeated_ += cells;
    if (repeated_ <= limits_.repeated_cells) return {};
    return too_large("import.file.repeats", limits_.repeated_cells);
  }

  const Limits& limits_;
  TableSink& sink_;
  std::string style_;
  std::set<std::string, std::less<>> hidden_styles_;
  bool any_table_ = false;
  bool wanted_ = false;
  int depth_ = 0;  // of tables
  std::uint32_t next_row_ = 1;
  std::uint32_t next_column_ = 0;
  std::uint32_t row_repeats_ = 1;
  std::uint32_t cell_repeats_ = 1;
  std::uint64_t repeated_ = 0;
  Row row_;
  std::vector<MergedRange> merged_;
  bool in_cell_ = false;
  bool covered_ = false;
  bool has_formula_ = false;
  bool calculated_ = false;  // some formula so far had its value
  bool in_paragraph_ = false;
  int in_annotation_ = 0;
  std::size_t paragraphs_ = 0;
  std::string type_;
  std::string value_;
  std::string shown_;
};

class OdsReader : public TableReader {
 public:
  OdsReader(ZipPackage package, const Limits& limits)
      : package_(std::move(package)), limits_(limits) {}

  Done open() {
    ManifestEvents manifest;
    if (package_.has(kManifest)) {
      if (auto done = parse_part(package_, kManifest, manifest); !done) return done;
    }
    if (manifest.encrypted) return fail(ErrorCode::InvalidArgument, "import.file.encrypted");
    return package_.has(kContent) ? Done{} : damaged(kContent, "no such part");
  }

  Done read(TableSink& sink) override {
    ContentEvents events(limits_, sink);
    if (auto done = parse_part(package_, kContent, events); !done) return done;
    return events.any_table() ? Done{} : damaged(kContent, "no table");
  }

 private:
  ZipPackage package_;
  Limits limits_;
};

}  // namespace

Result<std::unique_ptr<TableReader>> open_ods(const std::filesystem::path& path,
                                              const Limits& limits) {
  auto package = ZipPackage::open(path, limits);
  if (!package) return tl::make_unexpected(package.error());
  auto reader = std::make_unique<OdsReader>(std::move(*package), limits);
  if (auto done = reader->open(); !done) return tl::make_unexpected(done.error());
  return reader;
}

}  // namespace chucai::importers
