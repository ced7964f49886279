#include "importers/workbook_writer.h"

#include <xlsxwriter.h>

#include <algorithm>
#include <array>
#include <cstdio>

#include "registry/domain/text.h"

namespace chucai::importers {
namespace {

constexpr std::size_t kSheetNameCharacters = 31;
constexpr double kColumnWidth = 16;
constexpr lxw_color_t kBadCell = 0xFFC7CE;  // Excel's own "bad" fill
constexpr lxw_color_t kRequiredColumn = 0xFFEB9C;
constexpr std::string_view kDictionarySheet = "字典";

tl::unexpected<Error> cannot_write(std::string cause) {
  return fail(ErrorCode::Unavailable, "export.write", {}, {}, std::move(cause));
}

class CsvWriter : public TableWriter {
 public:
  explicit CsvWriter(std::FILE* file) : file_(file) {}

  Done row(std::span<const std::string> cells) override {
    line_.clear();
    for (const std::string& cell : cells) {
      if (&cell != cells.data()) line_ += ',';
      line_ += csv_field(cell);
    }
    line_ += "\r\n";
    return put(line_);
  }

  Done finish() override {
    if (std::fclose(file_.release()) != 0) return cannot_write("fclose");
    return {};
  }

  Done put(std::string_view text) {
    if (std::fwrite(text.data(), 1, text.size(), file_.get()) == text.size()) return {};
    return cannot_write("fwrite");
  }

 private:
  struct Closer {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::unique_ptr<std::FILE, Closer> file_;
  std::string line_;
};

/// The lists of a workbook's dropdowns, one column of the hidden sheet each.
class ChoiceLists {
 public:
  /// The formula that names the list; the same list stands there once.
  std::string formula(std::span<const std::string> choices) {
    const std::vector<std::string> list(choices.begin(), choices.end());
    const auto known = std::find(lists_.begin(), lists_.end(), list);
    const auto column = static_cast<lxw_col_t>(known - lists_.begin());
    if (known == lists_.end()) lists_.push_back(list);
    char first[LXW_MAX_CELL_NAME_LENGTH];
    char last[LXW_MAX_CELL_NAME_LENGTH];
    lxw_rowcol_to_cell_abs(first, 0, column, 1, 1);
    lxw_rowcol_to_cell_abs(last, static_cast<lxw_row_t>(list.size() - 1), column, 1, 1);
    return "='" + std::string(kDictionarySheet) + "'!" + first + ":" + last;
  }
  bool empty() const { return lists_.empty(); }
  std::size_t longest() const {
    std::size_t most = 0;
    for (const auto& list : lists_) most = std::max(most, list.size());
    return most;
  }
  /// Row `at` of the sheet.
  std::vector<std::string> row(std::size_t at) const {
    std::vector<std::string> cells;
    for (const auto& list : lists_) cells.push_back(at < list.size() ? list[at] : std::string());
    return cells;
  }

 private:
  std::vector<std::vector<std::string>> lists_;
};

/// A workbook in constant-memory mode: rows are flushed as the next one starts.
class Book {
 public:
  explicit Book(const std::filesystem::path& path) {
    lxw_workbook_options options = {};
    options.constant_memory = LXW_TRUE;
    book_ = workbook_new_opt(path.c_str(), &options);
    const auto add = [&](Look look) {
      lxw_format* format = workbook_add_format(book_);
      format_set_num_format(format, "@");
      return formats_[static_cast<std::size_t>(look)] = format;
    };
    add(Look::Plain);
    format_set_bold(add(Look::Heading));
    lxw_format* required = add(Look::Required);
    format_set_bold(required);
    format_set_bg_color(required, kRequiredColumn);
    lxw_format* example = add(Look::Example);
    format_set_italic(example);
    format_set_font_color(example, LXW_COLOR_GRAY);
    format_set_bg_color(add(Look::Bad), kBadCell);
  }
  Book(const Book&) = delete;
  Book& operator=(const Book&) = delete;
  ~Book() {
    if (book_ != nullptr) lxw_workbook_free(book_);
  }

  Done add_sheet(const std::string& name, lxw_format* cells = nullptr) {
    sheet_ = workbook_add_worksheet(book_, name.c_str());
    next_row_ = 0;
    if (sheet_ == nullptr) return cannot_write("worksheet");
    worksheet_set_column(sheet_, 0, LXW_COL_MAX - 1, kColumnWidth, cells);
    return {};
  }

  void freeze() { worksheet_freeze_panes(sheet_, next_row_, 0); }
  void freeze_header() { worksheet_freeze_panes(sheet_, 1, 0); }

  Done row(std::span<const std::string> cells, lxw_format* format) {
    lxw_col_t column = 0;
    for (const std::string& cell : cells) {
      if (auto done = cell_at(column++, cell, format); !done) return done;
    }
    ++next_row_;
    return {};
  }

  Done form_row(std::span<const FormCell> cells) {
    lxw_col_t column = 0;
    for (const FormCell& cell : cells) {
      if (auto done = cell_at(column, cell.text, format(cell.look)); !done) return done;
      if (!cell.remark.empty()) {
        const Done done =
            check(worksheet_write_comment(sheet_, next_row_, column, cell.remark.c_str()));
        if (!done) return done;
      }
      ++column;
    }
    ++next_row_;
    return {};
  }

  Done offer(lxw_col_t column, std::uint32_t rows, std::span<const std::string> choices,
             OtherText other) {
    if (choices.empty()) return {};
    std::string formula = lists_.formula(choices);
    lxw_data_validation offered = {};
    offered.validate = LXW_VALIDATION_TYPE_LIST_FORMULA;
    offered.value_formula = formula.data();
    offered.error_type = LXW_VALIDATION_ERROR_TYPE_WARNING;
    offered.show_error = other == OtherText::Asked ? LXW_VALIDATION_ON : LXW_VALIDATION_OFF;
    return check(worksheet_data_validation_range(sheet_, next_row_, column, next_row_ + rows - 1,
                                                 column, &offered));
  }

  Done hidden_sheet(const std::string& name,
                    std::span<const std::pair<std::string, std::string>> rows) {
    if (auto done = add_sheet(name); !done) return done;
    worksheet_hide(sheet_);
    for (const auto& [label, text] : rows) {
      const std::array<std::string, 2> cells = {label, text};
      if (auto done = row(cells, format(Look::Plain)); !done) return done;
    }
    return {};
  }

  Done close() {
    if (auto done = write_lists(); !done) return done;
    return check(workbook_close(std::exchange(book_, nullptr)));
  }

  lxw_format* format(Look look) { return formats_[static_cast<std::size_t>(look)]; }

 private:
  static Done check(lxw_error error) {
    if (error == LXW_NO_ERROR) return {};
    return cannot_write(lxw_strerror(error));
  }

  Done cell_at(lxw_col_t column, const std::string& text, lxw_format* look) {
    if (text.empty() && look == format(Look::Plain)) return {};
    return check(text.empty()
                     ? worksheet_write_blank(sheet_, next_row_, column, look)
                     : worksheet_write_string(sheet_, next_row_, column, text.c_str(), look));
  }

  Done write_lists() {
    if (lists_.empty()) return {};
    if (auto done = add_sheet(std::string(kDictionarySheet)); !done) return done;
    worksheet_hide(sheet_);
    for (std::size_t at = 0; at < lists_.longest(); ++at) {
      if (auto done = row(lists_.row(at), format(Look::Plain)); !done) return done;
    }
    return {};
  }

  lxw_workbook* book_;
  lxw_worksheet* sheet_ = nullptr;
  std::array<lxw_format*, 5> formats_{};
  lxw_row_t next_row_ = 0;
  ChoiceLists lists_;
};

class XlsxWriter : public TableWriter {
 public:
  explicit XlsxWriter(const std::filesystem::path& path) : book_(path) {}

  Done open(const std::string& sheet_name) {
    if (auto done = book_.add_sheet(sheet_name); !done) return done;
    book_.freeze_header();
    return {};
  }
  Done row(std::span<const std::string> cells) override {
    return book_.row(cells,
                     book_.format(std::exchange(header_, false) ? Look::Heading : Look::Plain));
  }
  Done finish() override { return book_.close(); }

 private:
  Book book_;
  bool header_ = true;
};

/// Excel forbids []:*?/\ in a sheet name and more than 31 characters.
std::string sheet_name_of(std::string_view name) {
  std::string out;
  std::size_t count = 0;
  for (std::size_t at = 0; at < name.size() && count < kSheetNameCharacters; ++count) {
    const char32_t c = next_code_point(name, at);
    const bool forbidden = c < 0x80 && std::string_view("[]:*?/\\'").find(static_cast<char>(c)) !=
                                           std::string_view::npos;
    append_code_point(out, forbidden ? U'_' : c);
  }
  return out.empty() ? "Sheet1" : out;
}

}  // namespace

std::string csv_field(std::string_view text) {
  std::string out;
  const bool formula =
      !text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos;
  if (formula) out += '\'';
  out += text;
  if (out.find_first_of(",\"\r\n") == std::string::npos) return out;
  std::string quoted = "\"";
  for (const char c : out) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

Result<std::unique_ptr<TableWriter>> create_csv(const std::filesystem::path& path) {
  std::FILE* file = std::fopen(path.c_str(), "wb");
  if (file == nullptr) return cannot_write("fopen");
  auto writer = std::make_unique<CsvWriter>(file);
  if (auto done = writer->put("\xEF\xBB\xBF"); !done) return tl::make_unexpected(done.error());
  return writer;
}

Result<std::unique_ptr<TableWriter>> create_xlsx(const std::filesystem::path& path,
                                                 const std::string& sheet_name) {
  if (auto may = check_writable(path); !may) return tl::make_unexpected(may.error());
  auto writer = std::make_unique<XlsxWriter>(path);
  if (auto done = writer->open(sheet_name_of(sheet_name)); !done) {
    return tl::make_unexpected(done.error());
  }
  return writer;
}

Done check_writable(const std::filesystem::path& path) {
  std::FILE* file = std::fopen(path.c_str(), "wb");
  if (file == nullptr || std::fclose(file) != 0) return cannot_write("fopen");
  return {};
}

struct FormWorkbook::Impl {
  explicit Impl(const std::filesystem::path& path) : book(path) {}
  Book book;
};

FormWorkbook::FormWorkbook(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
FormWorkbook::FormWorkbook(FormWorkbook&&) noexcept = default;
FormWorkbook::~FormWorkbook() = default;

Result<FormWorkbook> FormWorkbook::create(const std::filesystem::path& path) {
  if (auto may = check_writable(path); !may) return tl::make_unexpected(may.error());
  return FormWorkbook(std::make_unique<Impl>(path));
}

Done FormWorkbook::sheet(std::string_view name) {
  return impl_->book.add_sheet(sheet_name_of(name), impl_->book.format(Look::Plain));
}

Done FormWorkbook::row(std::span<const FormCell> cells) {
  return impl_->book.form_row(cells);
}

void FormWorkbook::freeze() {
  impl_->book.freeze();
}

Done FormWorkbook::offer(std::uint32_t column, std::uint32_t rows,
                         std::span<const std::string> choices, OtherText other) {
  return impl_->book.offer(static_cast<lxw_col_t>(column), rows, choices, other);
}

Done FormWorkbook::hidden_sheet(std::string_view name,
                                std::span<const std::pair<std::string, std::string>> rows) {
  return impl_->book.hidden_sheet(sheet_name_of(name), rows);
}

Done FormWorkbook::finish() {
  return impl_->book.close();
}

}  // namespace chucai::importers
