// The traps that spreadsheets of offices hold (tests/data/intake, made by make_traps.py there):
// what the importer makes of each file as a whole, beside it as text.
#include <catch2/catch.hpp>

#include <fstream>
#include <set>

#include "importers/plan.h"
#include "importers/sniff.h"
#include "registry/domain/text.h"
#include "tests/importers/files.h"
#include "tests/importers/no_records.h"
#include "tests/support/shipped.h"

using namespace chucai;
using namespace chucai::importers;
using namespace chucai::importers::testing;
using chucai::testing::shipped_book;
using chucai::testing::shipped_regions;

namespace {

const std::filesystem::path kFolder =
    std::filesystem::path(CHUCAI_SOURCE_DIR) / "tests/data/intake";

std::set<std::filesystem::path> traps() {
  std::set<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
    const std::string name = entry.path().filename();
    if (!name.ends_with(".plan.txt") && !name.ends_with(".py")) files.insert(entry.path());
  }
  return files;
}

std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string of_sheet(const PlannedSheet& sheet) {
  std::string text = "[" + sheet.name + (sheet.hidden ? " hidden]" : "]");
  if (!sheet.header) return text + " not read\n";
  text += " header " + std::to_string(sheet.header->row) + "-" +
          std::to_string(sheet.header->last_row) + ":";
  for (const SheetColumn& column : sheet.header->columns) {
    text += " " + column.header;
    if (column.column != nullptr && column.column->header != column.header) {
      text += "=" + std::string(column.column->header);
    }
    if (column.column == nullptr) text += "(kept)";
  }
  return text + "\n";
}

std::string of_row(const PlannedRow& row, const RecordType& type) {
  std::string text = std::to_string(row.sheet) + "!" + std::to_string(row.row) + " " +
                     std::string(to_text(row.verdict)) + (row.hidden ? " hidden" : "");
  if (row.record == nullptr) return text + "\n";
  for (const Field& field : type.fields) {
    const std::string value = to_text(field.get(*row.record));
    const bool said = !value.empty() && !one_of(field.name, {"roles", "status"});
    if (said) text += " " + std::string(field.name) + "=" + value;
  }
  for (const auto& [header, value] : row.record->extra) text += " +" + header + "=" + value;
  return text + "\n";
}

/// The whole plan: sheets, rows, what was skipped, what there is to say.
std::string told(const ImportPlan& plan) {
  std::string text;
  for (const PlannedSheet& sheet : plan.sheets) text += of_sheet(sheet);
  for (const PlannedRow& row : plan.rows) text += of_row(row, plan.kind->type());
  for (const SkippedRow& row : plan.skipped) {
    text += std::to_string(row.sheet) + "!" + std::to_string(row.row) +
            " skipped: " + std::string(to_text(row.is)) + "\n";
  }
  for (const Issue& issue : plan.issues) {
    text += std::to_string(issue.sheet) + "!" + std::to_string(issue.row) + " " +
            std::string(issue.column) + ": " + issue.finding.reason + " " +
            std::string(to_text(issue.finding.severity));
    for (const std::string& param : issue.finding.params) text += " " + param;
    text += "\n";
  }
  return text;
}

std::string plan_of(const std::filesystem::path& path) {
  auto reader = open_table(path);
  if (!reader) return reader.error().problem.reason + "\n";
  const Understanding understanding{shipped_book(), shipped_regions(), "420000", "",
                                    Date{2018, 6, 30}};
  const auto plan = make_plan(**reader, *find_kind("persons"), understanding, NoRecords{});
  return plan ? told(*plan) : plan.error().problem.reason + "\n";
}

}  // namespace

TEST_CASE("every trap comes to the plan that stands beside it", "[importers]") {
  const auto files = traps();
  REQUIRE(files.size() >= 50);
  const char* rewrite = std::getenv("CHUCAI_REWRITE_PLANS");  // then read the diff
  for (const auto& path : files) {
    INFO(path.filename());
    const std::string beside = path.string() + ".plan.txt";
    const std::string plan = plan_of(path);
    if (rewrite != nullptr) std::ofstream(beside, std::ios::binary) << plan;
    CHECK(plan == bytes_of(beside));
  }
}
