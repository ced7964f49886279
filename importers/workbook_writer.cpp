#include "importers/workbook_writer.h"

#include <xlsxwriter.h>

#include <cstdio>
#include <set>

#include "registry/domain/text.h"

namespace chucai::importers {
namespace {

constexpr std::size_t kSheetNameCharacters = 31;
constexpr double kColumnWidth = 16;
constexpr lxw_color_t kBadCell = 0xFFC7CE;  // Excel's own "bad" fill

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

/// A workbook in constant-memory mode: rows are flushed as the next one starts.
class Book {
 public:
  explicit Book(const std::filesystem::path& path) {
    lxw_workbook_options options = {};
    options.constant_memory = LXW_TRUE;
    book_ = workbook_new_opt(path.c_str(), &options);
    bold_ = workbook_add_format(book_);
    format_set_bold(bold_);
    text_ = workbook_add_format(book_);
    format_set_num_format(text_, "@");
    bad_ = workbook_add_format(book_);
    format_set_num_format(bad_, "@");
    format_set_bg_color(bad_, kBadCell);
  }
  Book(const Book&) = delete;
  Book& operator=(const Book&) = delete;
  ~Book() {
    if (book_ != nullptr) lxw_workbook_free(book_);
  }

  Done add_sheet(const std::string& name) {
    sheet_ = workbook_add_worksheet(book_, name.c_str());
    next_row_ = 0;
    if (sheet_ == nullptr) return cannot_write("worksheet");
    worksheet_set_column(sheet_, 0, LXW_COL_MAX - 1, kColumnWidth, nullptr);
    return {};
  }

  void freeze_header() { worksheet_freeze_panes(sheet_, 1, 0); }

  Done row(std::span<const std::string> cells, lxw_format* format) {
    lxw_col_t column = 0;
    for (const std::string& cell : cells) {
      if (auto done = cell_at(column++, cell, format); !done) return done;
    }
    ++next_row_;
    return {};
  }

  Done cell_at(lxw_col_t column, const std::string& text, lxw_format* format) {
    if (text.empty() && format != bad_) return {};
    return check(text.empty()
                     ? worksheet_write_blank(sheet_, next_row_, column, format)
                     : worksheet_write_string(sheet_, next_row_, column, text.c_str(), format));
  }

  Done comment(lxw_col_t column, const std::string& text) {
    return check(worksheet_write_comment(sheet_, next_row_, column, text.c_str()));
  }

  Done annotated(std::span<const std::string> cells, std::span<const CellRemark> remarks) {
    std::set<std::uint32_t> bad;
    for (const CellRemark& remark : remarks) bad.insert(remark.column);
    for (std::uint32_t column = 0; column < cells.size(); ++column) {
      lxw_format* format = bad.contains(column) ? bad_ : text_;
      if (auto done = cell_at(static_cast<lxw_col_t>(column), cells[column], format); !done)
        return done;
    }
    for (const CellRemark& remark : remarks) {
      if (auto done = comment(static_cast<lxw_col_t>(remark.column), remark.text); !done)
        return done;
    }
    ++next_row_;
    return {};
  }

  Done close() { return check(workbook_close(std::exchange(book_, nullptr))); }

  lxw_format* bold() { return bold_; }
  lxw_format* text() { return text_; }

 private:
  static Done check(lxw_error error) {
    if (error == LXW_NO_ERROR) return {};
    return cannot_write(lxw_strerror(error));
  }

  lxw_workbook* book_;
  lxw_worksheet* sheet_ = nullptr;
  lxw_format* bold_;
  lxw_format* text_;
  lxw_format* bad_;
  lxw_row_t next_row_ = 0;
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
    return book_.row(cells, std::exchange(header_, false) ? book_.bold() : book_.text());
  }
  Done finish() override { return book_.close(); }

 private:
  Book book_;
  bool header_ = true;
};

bool may_write(const std::filesystem::path& path) {
  std::FILE* file = std::fopen(path.c_str(), "wb");
  return file != nullptr && std::fclose(file) == 0;
}

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
  if (!may_write(path)) return cannot_write("fopen");
  auto writer = std::make_unique<XlsxWriter>(path);
  if (auto done = writer->open(sheet_name_of(sheet_name)); !done) {
    return tl::make_unexpected(done.error());
  }
  return writer;
}

struct AnnotatedWorkbook::Impl {
  explicit Impl(const std::filesystem::path& path) : book(path) {}
  Book book;
};

AnnotatedWorkbook::AnnotatedWorkbook(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
AnnotatedWorkbook::AnnotatedWorkbook(AnnotatedWorkbook&&) noexcept = default;
AnnotatedWorkbook::~AnnotatedWorkbook() = default;

Result<AnnotatedWorkbook> AnnotatedWorkbook::create(const std::filesystem::path& path) {
  if (!may_write(path)) return cannot_write("fopen");
  return AnnotatedWorkbook(std::make_unique<Impl>(path));
}

Done AnnotatedWorkbook::sheet(std::string_view name) {
  return impl_->book.add_sheet(sheet_name_of(name));
}

Done AnnotatedWorkbook::heading(std::span<const std::string> cells) {
  return impl_->book.row(cells, impl_->book.bold());
}

Done AnnotatedWorkbook::row(std::span<const std::string> cells,
                            std::span<const CellRemark> remarks) {
  return impl_->book.annotated(cells, remarks);
}

Done AnnotatedWorkbook::finish() {
  return impl_->book.close();
}

}  // namespace chucai::importers
