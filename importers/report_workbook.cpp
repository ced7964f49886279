#include "importers/report_workbook.h"

#include <unistd.h>
#include <xlsxwriter.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>
#include <utility>

#include "importers/workbook_writer.h"
#include "registry/domain/text.h"

namespace chucai::importers {
namespace {

using coverage::Chart;
using coverage::Kind;
using coverage::Report;
using coverage::Value;

constexpr lxw_row_t kHeader = 3;          // rows above the data: title, day and scope, an empty one
constexpr std::size_t kMostCharted = 24;  // more categories than this cannot be read
constexpr double kMinWidth = 10;
constexpr double kMaxWidth = 42;

/// How wide a text stands: a Han character takes two places.
double width_of(const std::string& text) {
  double width = 2;
  for (std::size_t at = 0; at < text.size();) {
    width += is_han(next_code_point(text, at)) ? 2 : 1.1;
  }
  return width;
}

/// Excel forbids []:*?/\' in a sheet name and more than 31 characters.
std::string sheet_name(std::string_view title) {
  constexpr std::size_t kCharacters = 31;
  std::string name;
  std::size_t count = 0;
  for (std::size_t at = 0; at < title.size() && count < kCharacters; ++count) {
    const char32_t c = next_code_point(title, at);
    const bool forbidden = c < 0x80 && std::string_view("[]:*?/\\'").find(static_cast<char>(c)) !=
                                           std::string_view::npos;
    append_code_point(name, forbidden ? U'_' : c);
  }
  return name;
}

class Workbook {
 public:
  Workbook(const std::filesystem::path& path, const Registry& registry, const std::string& title,
           Language language)
      : registry_(registry), language_(language), book_(workbook_new(path.c_str())) {
    std::string name = title;
    lxw_doc_properties properties = {};
    properties.title = name.data();
    workbook_set_properties(book_, &properties);
    title_ = workbook_add_format(book_);
    format_set_bold(title_);
    format_set_font_size(title_, 14);
    header_ = workbook_add_format(book_);
    format_set_bold(header_);
    format_set_text_wrap(header_);
    format_set_bg_color(header_, 0xDCE6F1);
    format_set_bottom(header_, LXW_BORDER_THIN);
    wrapped_ = workbook_add_format(book_);
    format_set_text_wrap(wrapped_);
    format_set_align(wrapped_, LXW_ALIGN_VERTICAL_TOP);
    number_ = workbook_add_format(book_);
    format_set_num_format(number_, "#,##0");
    money_ = workbook_add_format(book_);
    format_set_num_format(money_, "#,##0.00");
    share_ = workbook_add_format(book_);
    format_set_num_format(share_, "0.0%");
    masked_ = workbook_add_format(book_);
    format_set_align(masked_, LXW_ALIGN_RIGHT);
    format_set_font_color(masked_, LXW_COLOR_GRAY);
  }
  Workbook(const Workbook&) = delete;
  Workbook& operator=(const Workbook&) = delete;
  ~Workbook() {
    if (book_ != nullptr) lxw_workbook_free(book_);
  }

  void add(const Report& report) {
    const ReportWords words = words_of(registry_, report, language_);
    const std::string name = sheet_name(words.title);
    sheet_ = workbook_add_worksheet(book_, name.c_str());
    set_page();
    worksheet_write_string(sheet_, 0, 0, words.title.c_str(), title_);
    worksheet_write_string(sheet_, 1, 0, stand(report).c_str(), nullptr);
    std::vector<double> widths;
    for (std::size_t at = 0; at < words.headers.size(); ++at) {
      write_text(kHeader, at, words.headers[at], header_);
      widths.push_back(width_of(words.headers[at]));
    }
    for (std::size_t row = 0; row < report.rows.size(); ++row) {
      const auto line = static_cast<lxw_row_t>(kHeader + 1 + row);
      for (std::size_t at = 0; at < report.columns.size(); ++at) {
        const std::string text = write_cell(line, at, report.columns[at], report.rows[row][at]);
        widths[at] = std::max(widths[at], width_of(text));
      }
    }
    for (std::size_t at = 0; at < widths.size(); ++at) {
      const auto column = static_cast<lxw_col_t>(at);
      worksheet_set_column(sheet_, column, column, std::clamp(widths[at], kMinWidth, kMaxWidth),
                           nullptr);
    }
    worksheet_freeze_panes(sheet_, kHeader + 1, 0);
    worksheet_repeat_rows(sheet_, kHeader, kHeader);
    chart(report, words, name);
  }

  void define(const std::vector<Report>& reports) {
    const std::string name = in_words("coverage.sheet.definitions");
    sheet_ = workbook_add_worksheet(book_, sheet_name(name).c_str());
    set_page();
    worksheet_write_string(sheet_, 0, 0, name.c_str(), title_);
    const char* headers[] = {"coverage.column.question", "coverage.column.rule_text",
                             "coverage.column.as_of", "coverage.column.scope",
                             "coverage.column.version"};
    for (std::size_t at = 0; at < std::size(headers); ++at) {
      write_text(kHeader, at, in_words(headers[at]), header_);
    }
    lxw_row_t row = kHeader;
    for (const Report& report : reports) {
      const ReportWords words = words_of(registry_, report, language_);
      ++row;
      write_text(row, 0, words.title, wrapped_);
      write_text(row, 1, words.rule, wrapped_);
      write_text(row, 2, to_text(report.as_of), wrapped_);
      write_text(row, 3, registry_.regions().full_name(report.scope), wrapped_);
      worksheet_write_number(sheet_, row, 4, static_cast<double>(report.version), wrapped_);
    }
    row += 2;
    for (const char rule : {'q', 'e', 'u', 'd', 'f'}) {
      const std::string key = std::string("coverage.rule.") + rule;
      write_text(row, 0, std::string(1, static_cast<char>(rule - 'a' + 'A')), wrapped_);
      write_text(row++, 1, in_words(key), wrapped_);
    }
    write_text(row, 0, "<3", wrapped_);
    write_text(row, 1, in_words("coverage.masked"), wrapped_);
    worksheet_set_column(sheet_, 0, 0, 22, nullptr);
    worksheet_set_column(sheet_, 1, 1, 70, nullptr);
    worksheet_set_column(sheet_, 2, 4, 14, nullptr);
    worksheet_freeze_panes(sheet_, kHeader + 1, 0);
  }

  Done close() {
    const lxw_error error = workbook_close(std::exchange(book_, nullptr));
    if (error == LXW_NO_ERROR) return {};
    return fail(ErrorCode::Unavailable, "export.write", {}, {}, lxw_strerror(error));
  }

 private:
  std::string in_words(const std::string& key) const {
    return registry_.messages().text({key, {}, {}}, language_);
  }

  std::string stand(const Report& report) const {
    return registry_.messages().text(
        {"coverage.stand",
         {},
         {to_text(report.as_of), registry_.regions().full_name(report.scope),
          std::to_string(report.version)}},
        language_);
  }

  void set_page() {
    worksheet_set_landscape(sheet_);
    worksheet_set_paper(sheet_, 9);  // A4
    worksheet_fit_to_pages(sheet_, 1, 0);
    worksheet_set_footer(sheet_, "&C&P / &N");
  }

  void write_text(lxw_row_t row, std::size_t column, const std::string& text, lxw_format* format) {
    worksheet_write_string(sheet_, row, static_cast<lxw_col_t>(column), text.c_str(), format);
  }

  // Returns the text that takes the place.
  std::string write_cell(lxw_row_t row, std::size_t at, const coverage::ReportColumn& column,
                         const Value& value) {
    const std::string text = cell_text(registry_, column, value, language_);
    const auto place = static_cast<lxw_col_t>(at);
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
      const bool money = column.kind == Kind::Money;
      const auto shown = static_cast<double>(*number) / (money ? 100 : 1);
      worksheet_write_number(sheet_, row, place, shown, money ? money_ : number_);
    } else if (const auto* share = std::get_if<double>(&value)) {
      worksheet_write_number(sheet_, row, place, *share, share_);
    } else if (std::holds_alternative<coverage::Masked>(value)) {
      worksheet_write_string(sheet_, row, place, text.c_str(), masked_);
    } else if (!text.empty()) {
      worksheet_write_string(sheet_, row, place, text.c_str(), nullptr);
    }
    return text;
  }

  // The first column of words against the first numbers, as far as can be read.
  void chart(const Report& report, const ReportWords& words, const std::string& name) {
    const std::optional<lxw_col_t> values = charted(report);
    if (report.chart == Chart::None || !values || report.rows.empty()) return;
    lxw_chart* drawn = workbook_add_chart(book_, kind_of(report.chart));
    const lxw_row_t first = kHeader + 1;
    const auto last = static_cast<lxw_row_t>(kHeader + std::min(report.rows.size(), kMostCharted));
    lxw_chart_series* series = chart_add_series(drawn, nullptr, nullptr);
    chart_series_set_categories(series, name.c_str(), first, 0, last,
                                static_cast<lxw_col_t>(words_before(report)));
    chart_series_set_values(series, name.c_str(), first, *values, last, *values);
    chart_series_set_name(series, words.headers[*values].c_str());
    chart_title_set_name(drawn, words.title.c_str());
    chart_legend_set_position(drawn, LXW_CHART_LEGEND_BOTTOM);
    lxw_chart_options place = {};
    place.x_scale = 1.5;
    place.y_scale = 1.4;
    worksheet_insert_chart_opt(sheet_, kHeader, static_cast<lxw_col_t>(report.columns.size() + 1),
                               drawn, &place);
  }

  static std::size_t words_before(const Report& report) {
    std::size_t at = 0;
    while (at + 1 < report.columns.size() && (report.columns[at + 1].kind == Kind::Text ||
                                              report.columns[at + 1].kind == Kind::Term)) {
      ++at;
    }
    return at;
  }

  static std::optional<lxw_col_t> charted(const Report& report) {
    for (std::size_t at = 0; at < report.columns.size(); ++at) {
      const Kind kind = report.columns[at].kind;
      if (kind != Kind::Text && kind != Kind::Term) return static_cast<lxw_col_t>(at);
    }
    return std::nullopt;
  }

  static std::uint8_t kind_of(Chart chart) {
    switch (chart) {
      case Chart::Line:
        return LXW_CHART_LINE;
      case Chart::Bar:
        return LXW_CHART_BAR;
      case Chart::None:
      case Chart::Column:
        break;
    }
    return LXW_CHART_COLUMN;
  }

  const Registry& registry_;
  const Language language_;
  lxw_workbook* book_;
  lxw_worksheet* sheet_ = nullptr;
  lxw_format* title_;
  lxw_format* header_;
  lxw_format* wrapped_;
  lxw_format* number_;
  lxw_format* money_;
  lxw_format* share_;
  lxw_format* masked_;
};

}  // namespace

Done write_report_workbook(const std::filesystem::path& path, const Registry& registry,
                           const std::string& title, const std::vector<Report>& reports,
                           Language language) {
  if (const Done may = check_writable(path); !may) return may;
  Workbook workbook(path, registry, title, language);
  for (const Report& report : reports) workbook.add(report);
  workbook.define(reports);
  return workbook.close();
}

Result<std::string> report_workbook(const Registry& registry, const std::string& title,
                                    const std::vector<Report>& reports, Language language) {
  std::string path = registry.data_folder() + "/report-XXXXXX";
  const int descriptor = ::mkstemp(path.data());  // mode 0600
  if (descriptor < 0) return fail(ErrorCode::Unavailable, "export.write", {}, {}, "mkstemp");
  ::close(descriptor);
  const Done written = write_report_workbook(path, registry, title, reports, language);
  std::ifstream in(path, std::ios::binary);
  std::string bytes(std::istreambuf_iterator<char>(in), {});
  in.close();
  std::filesystem::remove(path);
  if (!written) return tl::make_unexpected(written.error());
  return bytes;
}

}  // namespace chucai::importers
