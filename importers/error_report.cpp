#include "importers/error_report.h"

#include <map>
#include <set>

#include "importers/workbook_writer.h"
#include "registry/domain/text.h"

namespace chucai::importers {
namespace {

using Place = std::pair<std::uint32_t, std::uint32_t>;  // sheet, row

bool failed(Verdict verdict) {
  return verdict == Verdict::Review || verdict == Verdict::Refused;
}

/// Copies the wanted rows of the source into the annotated workbook.
class ReportSink : public TableSink {
 public:
  ReportSink(const ImportPlan& plan, const Messages& messages, AnnotatedWorkbook& book)
      : plan_(plan), messages_(messages), book_(book) {
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
    started_ = book_.sheet(sheet.name);
    return true;
  }

  Done row(const Row& row) override {
    if (!started_) return started_;
    if (row.number <= header_->last_row) return heading(row);
    if (!failed_.contains({current_, row.number})) return {};
    std::string explanation;
    std::vector<CellRemark> remarks;
    for (const Issue* issue : issues_[{current_, row.number}]) {
      const std::string text =
          messages_.text({issue->finding.reason, {}, issue->finding.params}, Language::Chinese);
      if (!explanation.empty()) explanation += "；";
      explanation += std::string(issue->column) + "：" + text;
      const auto column = sheet_column(issue->column);
      const bool first = remarks.empty() || remarks.back().column != column;
      if (column && first) remarks.push_back({*column, text});
    }
    std::vector<std::string> cells = cells_of(row);
    cells.push_back(std::move(explanation));
    cells.push_back(std::to_string(row.number));
    return book_.row(cells, remarks);
  }

 private:
  Done heading(const Row& row) {
    std::vector<std::string> cells = cells_of(row);
    if (row.number == header_->last_row) {
      cells.emplace_back("错误说明");
      cells.emplace_back("原始行号");
    }
    return book_.heading(cells);
  }

  std::vector<std::string> cells_of(const Row& row) const {
    std::vector<std::string> cells(width_);
    for (const Cell& cell : row.cells) {
      if (cell.column < width_) cells[cell.column] = cell.text;
    }
    return cells;
  }

  std::optional<std::uint32_t> sheet_column(std::string_view header) const {
    for (const SheetColumn& column : header_->columns) {
      if (column.column != nullptr && column.column->header == header) return column.index;
    }
    return std::nullopt;
  }

  const ImportPlan& plan_;
  const Messages& messages_;
  AnnotatedWorkbook& book_;
  std::set<Place> failed_;
  std::map<Place, std::vector<const Issue*>> issues_;
  std::uint32_t next_ = 0;
  std::uint32_t current_ = 0;
  const Header* header_ = nullptr;
  std::uint32_t width_ = 0;
  Done started_;
};

}  // namespace

Done write_error_report(TableReader& reader, const ImportPlan& plan, const Messages& messages,
                        const std::filesystem::path& path) {
  auto book = AnnotatedWorkbook::create(path);
  if (!book) return tl::make_unexpected(book.error());
  ReportSink sink(plan, messages, *book);
  if (auto done = reader.read(sink); !done) return done;
  return book->finish();
}

}  // namespace chucai::importers
