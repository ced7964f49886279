#include "importers/error_report.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "importers/choices.h"
#include "importers/workbook_writer.h"
#include "registry/domain/ids.h"
#include "registry/domain/text.h"

namespace chucai::importers {
namespace {

constexpr std::string_view kExplanation = "错误说明";
constexpr std::string_view kSourceRow = "原始行号";

using Place = std::pair<std::uint32_t, std::uint32_t>;  // sheet, row

bool failed(Verdict verdict) {
  return verdict == Verdict::Review || verdict == Verdict::Refused;
}

/// Copies the wanted rows of the source into the annotated workbook.
class ReportSink : public TableSink {
 public:
  ReportSink(const ImportPlan& plan, const FormWords& words, FormWorkbook& book)
      : plan_(plan), words_(words), book_(book) {
    for (const PlannedRow& row : plan.rows) {
      if (failed(row.verdict)) failed_.insert({row.sheet, row.row});
    }
    for (const Issue& issue : plan.issues) {
      const bool worth_saying = issue.finding.severity >= Severity::Warning;
      if (worth_saying && failed_.contains({issue.sheet, issue.row})) {
        issues_[{issue.sheet, issue.row}].push_back(&issue);
      }
    }
  }

  bool sheet(const Sheet& sheet) override {
    current_ = next_++;
    header_ = plan_.sheets[current_].header ? &*plan_.sheets[current_].header : nullptr;
    if (header_ == nullptr) return false;
    width_ = header_->columns.empty() ? 0 : header_->columns.back().index + 1;
    offered_ = false;
    started_ = book_.sheet(sheet.name);
    return true;
  }

  Done row(const Row& row) override {
    if (!started_) return started_;
    if (row.number <= header_->last_row) return heading(row);
    if (!failed_.contains({current_, row.number})) return {};
    if (auto done = offer_choices(); !done) return done;
    std::vector<FormCell> cells = cells_of(row, Look::Plain);
    std::string explanation;
    for (const Issue* issue : issues_[{current_, row.number}]) {
      const std::string text = words_.messages.text(
          {issue->finding.reason, {}, issue->finding.params}, Language::Chinese);
      if (!explanation.empty()) explanation += "；";
      explanation += (issue->column.empty() ? "" : std::string(issue->column) + "：") + text;
      const auto column = sheet_column(issue->column);
      if (!column) continue;
      FormCell& cell = cells[*column];
      cell.look = Look::Bad;
      cell.remark += (cell.remark.empty() ? "" : "；") + text;
    }
    cells.push_back({std::move(explanation)});
    cells.push_back({std::to_string(row.number)});
    return book_.row(cells);
  }

 private:
  Done heading(const Row& row) {
    std::vector<FormCell> cells = cells_of(row, Look::Heading);
    if (row.number == header_->last_row) {
      cells.push_back({std::string(kExplanation), Look::Heading});
      cells.push_back({std::string(kSourceRow), Look::Heading});
    }
    if (auto done = book_.row(cells); !done) return done;
    if (row.number == header_->last_row) book_.freeze();
    return {};
  }

  /// Once a sheet, below its header.
  Done offer_choices() {
    if (std::exchange(offered_, true)) return {};
    for (const SheetColumn& column : header_->columns) {
      if (column.column == nullptr) continue;
      const Choices choices = choices_of(*plan_.kind, *column.column, words_.codes, words_.regions);
      const Done done = book_.offer(column.index, kFormRows, choices.items, choices.other);
      if (!done) return done;
    }
    return {};
  }

  /// The sender's cells without an explanation of an earlier round, whose place is behind them.
  std::vector<FormCell> cells_of(const Row& row, Look look) const {
    std::vector<FormCell> cells(width_, FormCell{{}, look});
    for (const Cell& cell : row.cells) {
      if (cell.column < width_ && !is_explanation(cell.column)) cells[cell.column].text = cell.text;
    }
    return cells;
  }

  bool is_explanation(std::uint32_t index) const {
    return std::any_of(header_->columns.begin(), header_->columns.end(),
                       [&](const SheetColumn& column) {
                         return column.index == index && column.column != nullptr &&
                                one_of(column.column->header, {kExplanation, kSourceRow});
                       });
  }

  std::optional<std::uint32_t> sheet_column(std::string_view header) const {
    for (const SheetColumn& column : header_->columns) {
      if (column.column != nullptr && column.column->header == header) return column.index;
    }
    return std::nullopt;
  }

  const ImportPlan& plan_;
  const FormWords& words_;
  FormWorkbook& book_;
  std::set<Place> failed_;
  std::map<Place, std::vector<const Issue*>> issues_;
  std::uint32_t next_ = 0;
  std::uint32_t current_ = 0;
  const Header* header_ = nullptr;
  std::uint32_t width_ = 0;
  bool offered_ = false;
  Done started_;
};

}  // namespace

Done write_error_report(TableReader& reader, const ImportPlan& plan, const FormWords& words,
                        const Continuation& goes_on_with, const std::filesystem::path& path) {
  auto book = FormWorkbook::create(path);
  if (!book) return tl::make_unexpected(book.error());
  ReportSink sink(plan, words, *book);
  if (auto done = reader.read(sink); !done) return done;
  const std::vector<std::pair<std::string, std::string>> rows = {
      {std::string(kBatchLabel), id_text(goes_on_with.batch)},
      {std::string(kFileLabel), goes_on_with.file_digest}};
  if (auto done = book->hidden_sheet(kBatchSheet, rows); !done) return done;
  return book->finish();
}

}  // namespace chucai::importers
