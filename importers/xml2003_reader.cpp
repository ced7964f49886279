#include "importers/xml2003_reader.h"

#include <algorithm>
#include <array>
#include <map>

#include "importers/encoding.h"
#include "importers/number_format.h"
#include "importers/refusals.h"
#include "importers/xml_parser.h"

namespace chucai::importers {
namespace {

constexpr std::string_view kPart = "XML 2003";

/// The formats that the file calls by name instead of by code.
NumberFormat format_of(std::string_view name) {
  static constexpr std::array<std::string_view, 7> kDates = {
      "General Date", "Long Date",   "Medium Date", "Short Date",
      "Long Time",    "Medium Time", "Short Time"};
  if (std::find(kDates.begin(), kDates.end(), name) != kDates.end()) return {true, -1};
  if (name == "Fixed" || name == "Standard") return {false, 2};
  return custom_format(name);
}

/// Names of the sheets, whether they are hidden (said behind their rows), and cell styles.
class OutlineEvents : public XmlEvents {
 public:
  explicit OutlineEvents(const Limits& limits) : limits_(limits) {}

  Done start(std::string_view name, const XmlAttributes& attributes) override {
    if (name == "Worksheet") {
      if (sheets.size() >= limits_.entries) {
        return too_large("import.file.entries", limits_.entries);
      }
      sheets.push_back({std::string(attributes.get("Name").value_or("")), false});
    }
    if (name == "Style") style_ = attributes.get("ID").value_or("");
    if (name == "NumberFormat" && formats.size() < limits_.rows) {
      formats[style_] = format_of(attributes.get("Format").value_or(""));
    }
    in_visible_ = name == "Visible";
    return {};
  }
  Done end(std::string_view) override {
    in_visible_ = false;
    return {};
  }
  Done text(std::string_view text) override {
    if (in_visible_ && !sheets.empty() && text.starts_with("Sheet")) sheets.back().hidden = true;
    return {};
  }

  std::vector<Sheet> sheets;
  std::map<std::string, NumberFormat, std::less<>> formats;

 private:
  const Limits& limits_;
  std::string style_;
  bool in_visible_ = false;
};

class SheetsEvents : public XmlEvents {
 public:
  SheetsEvents(const OutlineEvents& outline, const Limits& limits, TableSink& sink)
      : outline_(outline), limits_(limits), sink_(sink) {}

  Done start(std::string_view name, const XmlAttributes& attributes) override {
    if (name == "Worksheet") start_sheet();
    if (!wanted_) return {};
    if (name == "Row") return start_row(attributes);
    if (name == "Cell") return start_cell(attributes);
    if (name == "Comment") in_comment_ = true;
    if (name == "Data" && !in_comment_) {
      in_data_ = true;
      type_ = attributes.get("Type").value_or("String");
    }
    return {};
  }

  Done end(std::string_view name) override {
    if (!wanted_) return {};
    if (name == "Data") in_data_ = false;
    if (name == "Comment") in_comment_ = false;
    if (name == "Cell") return end_cell();
    if (name == "Row") return end_row();
    if (name == "Worksheet") {
      for (const MergedRange& range : merged_) sink_.merged(range);
    }
    return {};
  }

  Done text(std::string_view text) override {
    if (!in_data_) return {};
    if (value_.size() + text.size() > limits_.cell_bytes) {
      return too_large("import.file.cell", limits_.cell_bytes);
    }
    value_ += text;
    return {};
  }

 private:
  void start_sheet() {
    wanted_ = sink_.sheet(outline_.sheets[next_sheet_++]);
    next_row_ = 1;
    merged_.clear();
  }

  Done start_row(const XmlAttributes& attributes) {
    row_.number = number_in<std::uint32_t>(attributes.get("Index")).value_or(next_row_);
    if (row_.number < next_row_) return damaged(kPart, "rows out of order");
    const std::uint64_t span = number_in<std::uint32_t>(attributes.get("Span")).value_or(0);
    if (row_.number + span > limits_.rows) return too_large("import.file.rows", limits_.rows);
    next_row_ = row_.number + 1 + static_cast<std::uint32_t>(span);
    row_.hidden = attributes.get("Hidden") == "1";
    row_.cells.clear();
    next_column_ = 0;
    return {};
  }

  Done start_cell(const XmlAttributes& attributes) {
    const std::uint32_t index =
        number_in<std::uint32_t>(attributes.get("Index")).value_or(next_column_ + 1);
    if (index <= next_column_) return damaged(kPart, "cells out of order");
    const std::uint64_t across =
        number_in<std::uint32_t>(attributes.get("MergeAcross")).value_or(0);
    const std::uint64_t down = number_in<std::uint32_t>(attributes.get("MergeDown")).value_or(0);
    if (index + across > limits_.columns) {
      return too_large("import.file.columns", limits_.columns);
    }
    cell_ = Cell{index - 1, CellKind::Text, -1, {}};
    next_column_ = index + static_cast<std::uint32_t>(across);
    const auto format = outline_.formats.find(attributes.get("StyleID").value_or(""));
    format_ = format == outline_.formats.end() ? NumberFormat{} : format->second;
    has_formula_ = attributes.get("Formula").has_value();
    value_.clear();
    type_.clear();
    if (across == 0 && down == 0) return {};
    if (merged_.size() >= limits_.rows) return too_large("import.file.cells", limits_.rows);
    merged_.push_back(
        {row_.number,
         static_cast<std::uint32_t>(std::min<std::uint64_t>(row_.number + down, limits_.rows)),
         cell_.column, next_column_ - 1});
    return {};
  }

  Done end_cell() {
    interpret();
    const bool blank = cell_.text.empty() && cell_.kind != CellKind::Formula;
    if (!blank) row_.cells.push_back(std::move(cell_));
    return {};
  }

  void interpret() {
    const auto value = number_in<double>(std::string_view(value_));
    if (type_.empty()) {
      if (has_formula_) cell_.kind = CellKind::Formula;
    } else if (type_ == "Number" && value) {
      set_number(cell_, *value, format_, false, value_);
    } else if (type_ == "DateTime") {
      set_iso_date(cell_, value_);
    } else if (type_ == "Boolean") {
      cell_.text = value_ == "1" ? "TRUE" : "FALSE";
    } else {
      if (type_ == "Error") cell_.kind = CellKind::Error;
      cell_.text = value_;
    }
  }

  Done end_row() {
    const Done done = row_.cells.empty() ? Done{} : sink_.row(row_);
    row_.cells.clear();
    return done;
  }

  const OutlineEvents& outline_;
  const Limits& limits_;
  TableSink& sink_;
  std::size_t next_sheet_ = 0;
  bool wanted_ = false;
  std::uint32_t next_row_ = 1;
  std::uint32_t next_column_ = 0;
  Row row_;
  Cell cell_;
  NumberFormat format_;
  bool has_formula_ = false;
  bool in_data_ = false;
  bool in_comment_ = false;
  std::string type_;
  std::string value_;
  std::vector<MergedRange> merged_;
};

class Xml2003Reader : public TableReader {
 public:
  Xml2003Reader(std::filesystem::path path, TextFormat format, const Limits& limits)
      : path_(std::move(path)), format_(format), limits_(limits), outline_(limits_) {}

  Done open() {
    if (auto done = parse(outline_); !done) return done;
    return outline_.sheets.empty() ? damaged(kPart, "no worksheet") : Done{};
  }

  Done read(TableSink& sink) override {
    SheetsEvents events(outline_, limits_, sink);
    return parse(events);
  }

 private:
  Done parse(XmlEvents& events) {
    XmlParser parser{std::string(kPart), events, "UTF-8"};
    const Done decoded = decode_file(
        path_, format_, [&](std::string_view text) -> Done { return parser.feed(text); });
    return decoded ? parser.finish() : decoded;
  }

  std::filesystem::path path_;
  TextFormat format_;
  Limits limits_;
  OutlineEvents outline_;
};

}  // namespace

Result<std::unique_ptr<TableReader>> open_xml2003(const std::filesystem::path& path,
                                                  const Limits& limits) {
  const auto format = detect_encoding(path);
  if (!format) return tl::make_unexpected(format.error());
  auto reader = std::make_unique<Xml2003Reader>(path, *format, limits);
  if (auto done = reader->open(); !done) return tl::make_unexpected(done.error());
  return reader;
}

}  // namespace chucai::importers
