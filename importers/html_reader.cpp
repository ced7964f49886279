#include "importers/html_reader.h"

#include <libxml/HTMLparser.h>

#include <algorithm>
#include <string>

#include "importers/encoding.h"
#include "importers/refusals.h"
#include "importers/xml_parser.h"
#include "registry/domain/text.h"

namespace chucai::importers {
namespace {

// The most that browsers follow (HTML 4.9.11).
constexpr std::uint32_t kMostColumnsSpanned = 1000;
constexpr std::uint32_t kMostRowsSpanned = 65'534;

std::string_view attribute(const xmlChar** pairs, std::string_view name) {
  for (; pairs != nullptr && pairs[0] != nullptr; pairs += 2) {
    if (name == reinterpret_cast<const char*>(pairs[0])) {
      return pairs[1] == nullptr ? "" : reinterpret_cast<const char*>(pairs[1]);
    }
  }
  return {};
}

std::uint32_t span(const xmlChar** attributes, std::string_view name, std::uint32_t most) {
  const auto value = number_in<std::uint32_t>(attribute(attributes, name));
  return std::clamp<std::uint32_t>(value.value_or(1), 1, most);
}

bool breaks_line(std::string_view element) {
  return element == "br" || element == "p" || element == "div" || element == "li";
}

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

/// Tables of a page as rows.
class PageTables {
 public:
  PageTables(const Limits& limits, TableSink& sink) : limits_(limits), sink_(sink) {}

  Done start(std::string_view element, const xmlChar** attributes) {
    if (element == "table") return start_table();
    if (depth_ == 0) return {};
    if (element == "tr") return start_row(attributes);
    if (element == "td" || element == "th") return start_cell(attributes);
    if (in_cell_ && breaks_line(element) && !text_.empty()) pending_break_ = true;
    return {};
  }

  Done end(std::string_view element) {
    if (element == "table") return end_table();
    if (element == "td" || element == "th") return end_cell();
    if (element == "tr") return end_row();
    return {};
  }

  Done text(std::string_view text) {
    if (!in_cell_) return {};
    for (const char c : text) {
      if (is_blank(c)) {
        pending_blank_ = !text_.empty();
        continue;
      }
      if (std::exchange(pending_break_, false)) {
        text_ += '\n';
      } else if (pending_blank_) {
        text_ += ' ';
      }
      pending_blank_ = false;
      text_ += c;
    }
    return text_.size() <= limits_.cell_bytes ? Done{}
                                              : too_large("import.file.cell", limits_.cell_bytes);
  }

  bool any() const { return tables_ > 0; }

 private:
  Done start_table() {
    if (auto done = end_sheet(); !done) return done;
    ++depth_;
    return {};
  }

  Done end_table() {
    if (depth_ > 0) --depth_;
    return end_sheet();
  }

  Done end_sheet() {
    if (auto done = end_row(); !done) return done;
    if (open_ && wanted_) {
      for (const MergedRange& range : merged_) sink_.merged(range);
    }
    open_ = false;
    return {};
  }

  void open_sheet() {
    if (std::exchange(open_, true)) return;
    wanted_ = sink_.sheet({"表 " + std::to_string(++tables_), false});
    row_ = {};
    merged_.clear();
    rows_left_.clear();
  }

  Done start_row(const xmlChar** attributes) {
    if (auto done = end_row(); !done) return done;
    open_sheet();
    if (row_.number >= limits_.rows) return too_large("import.file.rows", limits_.rows);
    ++row_.number;
    row_.hidden = fold(attribute(attributes, "style")).find("display:none") != std::string::npos;
    in_row_ = true;
    column_ = 0;
    return {};
  }

  Done start_cell(const xmlChar** attributes) {
    if (!in_row_) {
      if (auto done = start_row(nullptr); !done) return done;
    }
    if (auto done = end_cell(); !done) return done;
    while (column_ < rows_left_.size() && rows_left_[column_] > 0) ++column_;
    const std::uint32_t rows = span(attributes, "rowspan", kMostRowsSpanned);
    columns_ = span(attributes, "colspan", kMostColumnsSpanned);
    if (std::uint64_t{column_} + columns_ > limits_.columns) {
      return too_large("import.file.columns", limits_.columns);
    }
    in_cell_ = true;
    text_.clear();
    pending_break_ = pending_blank_ = false;
    if (rows == 1 && columns_ == 1) return {};
    if (merged_.size() >= limits_.rows) return too_large("import.file.cells", limits_.rows);
    merged_.push_back({row_.number, row_.number + rows - 1, column_, column_ + columns_ - 1});
    if (rows_left_.size() < column_ + columns_) rows_left_.resize(column_ + columns_);
    for (std::uint32_t i = 0; i < columns_; ++i) rows_left_[column_ + i] = rows;
    return {};
  }

  Done end_cell() {
    if (!std::exchange(in_cell_, false)) return {};
    if (!text_.empty()) row_.cells.push_back(Cell{column_, CellKind::Text, -1, text_});
    column_ += columns_;
    return {};
  }

  Done end_row() {
    if (auto done = end_cell(); !done) return done;
    if (!std::exchange(in_row_, false)) return {};
    for (std::uint32_t& left : rows_left_) left -= left > 0 ? 1 : 0;
    const Done done = wanted_ && !row_.cells.empty() ? sink_.row(row_) : Done{};
    row_.cells.clear();
    return done;
  }

  const Limits& limits_;
  TableSink& sink_;
  int depth_ = 0;  // of tables
  std::size_t tables_ = 0;
  bool open_ = false;  // a sheet was begun
  bool wanted_ = false;
  bool in_row_ = false;
  bool in_cell_ = false;
  bool pending_break_ = false;
  bool pending_blank_ = false;
  std::uint32_t column_ = 0;
  std::uint32_t columns_ = 1;             // of the cell being read
  std::vector<std::uint32_t> rows_left_;  // by column: rows still covered by a cell above
  Row row_;
  std::string text_;
  std::vector<MergedRange> merged_;
};

/// libxml2's tolerant parser in push mode, without a tree.
class PageParser {
 public:
  PageParser(PageTables& tables, const Limits& limits) : tables_(tables), limits_(limits) {
    handler_.startElement = [](void* self, const xmlChar* name, const xmlChar** attributes) {
      static_cast<PageParser*>(self)->on_start(name, attributes);
    };
    handler_.endElement = [](void* self, const xmlChar* name) {
      static_cast<PageParser*>(self)->on_end(name);
    };
    handler_.characters = [](void* self, const xmlChar* text, int size) {
      static_cast<PageParser*>(self)->on_text(text, size);
    };
    handler_.ignorableWhitespace = handler_.characters;
    context_ =
        htmlCreatePushParserCtxt(&handler_, this, nullptr, 0, nullptr, XML_CHAR_ENCODING_UTF8);
    if (context_ != nullptr) {
      htmlCtxtUseOptions(context_, HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
                                       HTML_PARSE_NONET | HTML_PARSE_IGNORE_ENC);
    }
  }
  PageParser(const PageParser&) = delete;
  PageParser& operator=(const PageParser&) = delete;
  ~PageParser() {
    if (context_ != nullptr) htmlFreeParserCtxt(context_);
  }

  Done feed(std::string_view text) { return parse(text, 0); }
  Done finish() { return parse({}, 1); }

 private:
  // What is wrong with a page's markup is no reason to refuse it.
  Done parse(std::string_view text, int last) {
    if (context_ == nullptr) return damaged("HTML", "no parser");
    htmlParseChunk(context_, text.data(), static_cast<int>(text.size()), last);
    return failure_ ? tl::make_unexpected(*failure_) : Done{};
  }

  void keep(const Done& done) {
    if (!done && !failure_) failure_ = done.error();
  }
  void on_start(const xmlChar* name, const xmlChar** attributes) {
    // Each further level costs the parser a walk over all of them.
    if (context_ != nullptr && context_->nameNr > static_cast<int>(limits_.nested)) {
      return keep(damaged("HTML", "too deep"));
    }
    if (!failure_) keep(tables_.start(reinterpret_cast<const char*>(name), attributes));
  }
  void on_end(const xmlChar* name) {
    if (!failure_) keep(tables_.end(reinterpret_cast<const char*>(name)));
  }
  void on_text(const xmlChar* text, int size) {
    if (failure_) return;
    keep(tables_.text({reinterpret_cast<const char*>(text), static_cast<std::size_t>(size)}));
  }

  PageTables& tables_;
  const Limits& limits_;
  htmlSAXHandler handler_ = {};
  htmlParserCtxtPtr context_ = nullptr;
  std::optional<Error> failure_;
};

class HtmlReader : public TableReader {
 public:
  HtmlReader(std::filesystem::path path, TextFormat format, const Limits& limits)
      : path_(std::move(path)), format_(format), limits_(limits) {}

  Done read(TableSink& sink) override {
    PageTables tables(limits_, sink);
    PageParser parser(tables, limits_);
    const Done decoded = decode_file(
        path_, format_, [&](std::string_view text) -> Done { return parser.feed(text); });
    if (!decoded) return decoded;
    if (auto done = parser.finish(); !done) return done;
    return tables.any() ? Done{} : damaged("HTML", "no table");
  }

 private:
  std::filesystem::path path_;
  TextFormat format_;
  Limits limits_;
};

}  // namespace

Result<std::unique_ptr<TableReader>> open_html(const std::filesystem::path& path,
                                               const Limits& limits) {
  const auto format = detect_encoding(path);
  if (!format) return tl::make_unexpected(format.error());
  return std::make_unique<HtmlReader>(path, *format, limits);
}

}  // namespace chucai::importers
