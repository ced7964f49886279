// The 81 rows of the plan as data: each file of tests/data/seed_rows holds the sheets of one
// programme in the order in which offices send them (so that re-sent rows walk the lifecycle), and
// the figures that its coverage rules must give. No row has a line of code of its own. Each row
// lies in a county of its own, so that one register holds them all.
//
//   build/release/tests/scenarios/seed_rows_tests "[table]"     prints the table of results
#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>

#include "importers/export_records.h"
#include "importers/import_file.h"
#include "registry/domain/program.h"
#include "registry/service/coverage_report.h"
#include "tests/support/private_mariadb.h"
#include "tests/support/test_registry.h"

using namespace chucai;
using namespace chucai::testing;

namespace {

/// One sheet as an office sends it. `sender`: a role, at a region of its own where one is given.
struct SentSheet {
  std::string kind;
  std::string sender;
  std::string csv;
};

/// "Q 2/5"; the denominator is empty when there is none.
struct ExpectedFigure {
  char rule = 'Q';
  std::int64_t numerator = 0;
  std::optional<std::int64_t> denominator;
};

struct SeedRow {
  std::string item;
  std::string program;
  std::string office;
  std::vector<SentSheet> sheets;
  std::vector<ExpectedFigure> expected;
};

std::string text_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// "[participations by office_admin]" or "[programs by province_admin@420000]"
SentSheet sheet_of(const std::string& line) {
  const std::string title = line.substr(1, line.find(']') - 1);
  const std::size_t by = title.find(" by ");
  if (by == std::string::npos) return {title, "registrar", {}};
  return {title.substr(0, by), title.substr(by + 4), {}};
}

ExpectedFigure figure_of(const std::string& line) {
  const std::size_t comma = line.find(',', 2);
  const std::string denominator = line.substr(comma + 1);
  return {
      line.front(), std::stoll(line.substr(2, comma - 2)),
      denominator.empty() ? std::nullopt : std::optional(std::int64_t{std::stoll(denominator)})};
}

SeedRow row_of(const std::filesystem::path& path) {
  SeedRow row;
  std::istringstream lines(text_of(path));
  bool expecting = false;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    if (line.starts_with("item ")) {
      words.ignore(5) >> row.item >> row.program;
    } else if (line.starts_with("office ")) {
      words.ignore(7) >> row.office;
    } else if (line == "[expect]") {
      expecting = true;
    } else if (line.starts_with("[")) {
      row.sheets.push_back(sheet_of(line));
    } else if (line.empty() || line.starts_with("#")) {
      continue;
    } else if (expecting) {
      row.expected.push_back(figure_of(line));
    } else {
      row.sheets.back().csv += line + "\n";
    }
  }
  return row;
}

/// Every row, in the order of the plan.
std::vector<SeedRow> seed_rows() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(
           std::filesystem::path(CHUCAI_SOURCE_DIR) / "tests/data/seed_rows")) {
    if (entry.path().extension() == ".txt") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::vector<SeedRow> rows;
  for (const auto& file : files) rows.push_back(row_of(file));
  return rows;
}

/// Walks one row through a register and says what went wrong.
class Walk {
 public:
  Walk(Registry& registry, const SeedRow& row) : registry_(registry), row_(row) {}

  /// Empty when the row holds; else the first thing that does not.
  std::string run() {
    for (const SentSheet& sheet : row_.sheets) {
      if (!trouble_.empty()) return trouble_;
      send(sheet);
    }
    count();
    std::set<std::string> kinds;
    for (const SentSheet& sheet : row_.sheets) kinds.insert(sheet.kind);
    for (const std::string& kind : kinds) {
      if (trouble_.empty()) send_back(kind);
    }
    return trouble_;
  }

  /// "E 2/4, Q 2/5" as the register counts it.
  const std::string& figures() const { return figures_; }

 private:
  Principal sender(const std::string& who) const {
    const std::size_t at = who.find('@');
    const std::string role = who.substr(0, at);
    return {role, role, at == std::string::npos ? row_.office : who.substr(at + 1)};
  }

  void say(const std::string& what) {
    if (trouble_.empty()) trouble_ = row_.item + " " + what;
  }

  Result<importers::ImportOutcome> imported(const Principal& who, const std::string& kind,
                                            const std::string& csv) {
    importers::ImportRequest request;
    request.file = folder_.file("in.csv");
    request.kind = kind;
    std::ofstream(request.file, std::ios::binary) << csv;
    return importers::import_file(registry_, who, request);
  }

  void send(const SentSheet& sheet) {
    const auto outcome = imported(sender(sheet.sender), sheet.kind, sheet.csv);
    if (!outcome) return say(sheet.kind + ": " + outcome.error().problem.reason);
    for (const std::string& header : outcome->plan.unknown_headers) {
      extras_[sheet.kind].insert(header);
    }
    const ImportCounts& counts = outcome->counts;
    if (counts.rows > 0 && counts.added + counts.updated == counts.rows) return;
    for (const importers::Issue& issue : outcome->plan.issues) {
      if (issue.finding.severity < importers::Severity::Warning) continue;
      say(sheet.kind + " row " + std::to_string(issue.row) + " " + std::string(issue.column) +
          ": " + issue.finding.reason);
    }
    say(sheet.kind + ": " + std::to_string(counts.rows) + " rows, not all of them taken");
  }

  void count() {
    CoverageQuery query;
    query.program = row_.program;
    const auto rows = coverage_report(registry_, sender("analyst"), query);
    if (!rows) return say("coverage: " + rows.error().problem.reason);
    for (const CoverageRow& row : *rows) {
      figures_ += (figures_.empty() ? "" : ", ") + std::string(1, row.rule) + " " +
                  std::to_string(row.numerator) + "/" +
                  (row.denominator ? std::to_string(*row.denominator) : "-");
    }
    if (rows->size() != row_.expected.size()) return say("figures: " + figures_);
    for (std::size_t i = 0; i < rows->size(); ++i) {
      const ExpectedFigure& expected = row_.expected[i];
      const CoverageRow& row = (*rows)[i];
      if (row.rule != expected.rule || row.numerator != expected.numerator ||
          row.denominator != expected.denominator) {
        say("figures: " + figures_);
      }
    }
  }

  // What goes out keeps every column of the programme, and comes in again as the same.
  void send_back(const std::string& kind) {
    const Principal office = sender("office_admin");
    const std::string path = folder_.file("out.csv");
    auto writer = importers::create_csv(path);
    if (!writer) return say(kind + ": " + writer.error().problem.reason);
    const auto rows =
        importers::export_records(registry_, office, {kind, {}, {}, "seed rows"}, **writer);
    if (!rows) return say(kind + " export: " + rows.error().problem.reason);
    const std::string text = text_of(path);
    const std::string header = text.substr(0, text.find('\n'));
    for (const std::string& extra : extras_[kind]) {
      if (header.find(extra) == std::string::npos) say(kind + " export lost " + extra);
    }
    const auto again = imported(office, kind, text);
    if (!again) return say(kind + " again: " + again.error().problem.reason);
    if (again->counts.rows > 0 && again->counts.same == again->counts.rows) return;
    for (const importers::Issue& issue : again->plan.issues) {
      if (issue.finding.severity < importers::Severity::Warning) continue;
      say(kind + " again, row " + std::to_string(issue.row) + " " + std::string(issue.column) +
          ": " + issue.finding.reason);
    }
    say(kind + " again: " + std::to_string(again->counts.same) + " of " +
        std::to_string(again->counts.rows) + " the same");
  }

  Registry& registry_;
  const SeedRow& row_;
  TempFolder folder_;
  std::map<std::string, std::set<std::string>> extras_;
  std::string figures_;
  std::string trouble_;
};

/// The table of results in the form in which registry/README.md shows it.
std::string table_of(Registry& registry, std::vector<std::string>& troubles) {
  std::string table = "| item | programme | figures counted | holds |\n| --- | --- | --- | --- |\n";
  for (const SeedRow& row : seed_rows()) {
    Walk walk(registry, row);
    const std::string trouble = walk.run();
    if (!trouble.empty()) troubles.push_back(trouble);
    table += "| " + row.item + " | `" + row.program + "` | " + walk.figures() + " | " +
             (trouble.empty() ? "yes" : trouble) + " |\n";
  }
  return table;
}

}  // namespace

TEST_CASE("there is a file for each of the 81 programmes, in the order of the plan",
          "[seed_rows]") {
  const auto rows = seed_rows();
  REQUIRE(rows.size() == 81);
  const auto programs = shipped_programs();
  REQUIRE(programs);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto& program = static_cast<const Program&>(*(*programs)[i]);
    INFO(program.code);
    CHECK(rows[i].program == program.code);
    CHECK(rows[i].item == program.seed_item);
    CHECK(rows[i].expected.size() == (program.rule2.empty() ? 1 : 2));
  }
}

TEST_CASE("every row of the plan holds on SQLite, and the README shows its figures",
          "[seed_rows]") {
  TestRegistry registry;
  std::vector<std::string> troubles;
  const std::string table = table_of(*registry, troubles);
  for (const std::string& trouble : troubles) FAIL_CHECK(trouble);
  const std::string readme =
      text_of(std::filesystem::path(CHUCAI_SOURCE_DIR) / "registry/README.md");
  INFO("registry/README.md shows another table: put in what seed_rows_tests \"[table]\" prints");
  CHECK(readme.find(table) != std::string::npos);
}

TEST_CASE("every row of the plan holds on MariaDB with the same figures", "[seed_rows][mariadb]") {
  PrivateMariaDb* server = PrivateMariaDb::instance();
  if (!server) return;
  TestRegistry registry(server->fresh_schema());
  std::vector<std::string> troubles;
  const std::string table = table_of(*registry, troubles);
  for (const std::string& trouble : troubles) FAIL_CHECK(trouble);
  const std::string readme =
      text_of(std::filesystem::path(CHUCAI_SOURCE_DIR) / "registry/README.md");
  CHECK(readme.find(table) != std::string::npos);
}

TEST_CASE("the table of results", "[.][table]") {
  TestRegistry registry;
  std::vector<std::string> troubles;
  std::cout << table_of(*registry, troubles);
  CHECK(troubles.empty());
}
