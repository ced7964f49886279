#include "importers/import_file.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>

#include "importers/csv_reader.h"
#include "importers/export.h"
#include "importers/xlsx_reader.h"
#include "registry/service/import_batches.h"
#include "tests/importers/files.h"
#include "tests/support/test_registry.h"

using namespace chucai;
using namespace chucai::importers;
using namespace chucai::importers::testing;
using chucai::testing::county_office;
using chucai::testing::province_office;
using chucai::testing::TestRegistry;

namespace {

constexpr const char* kRoster =
    "人才名册,,,,\n姓名,出生日期,身份证号,所在地区,联系电话\n甲,1985.03,420106198503010007,监利,"
    "199-0000-7919\n"
    "乙,1990-06-15,422801199006151020,恩施市,19900007920\n甲,1985-03-01,420106198503010007,监利,\n"
    "丙,1978-12-04,4.29004E+17,仙桃,\n";

ImportRequest request(const std::filesystem::path& file, const char* kind = "persons") {
  ImportRequest made;
  made.file = file;
  made.kind = kind;
  return made;
}

/// The register's persons as the CSV of an export.
void export_persons(Registry& registry, const std::filesystem::path& path) {
  const Exporter exporter(*find_kind("persons"), registry.codes(), registry.regions(),
                          Viewer{"local_operator", Place::Within, true}, {}, {});
  auto writer = create_csv(path);
  REQUIRE(writer);
  REQUIRE((*writer)->row(exporter.header()));
  const Scope scope = whole_register();
  REQUIRE(registry.database().read([&](Connection& db) -> Done {
    registry.store().for_each(db, scope, type_of<Person>(), [&](const Record& record) {
      Person person = static_cast<const Person&>(record);
      person.id_no = *registry.store().reveal(db, scope, type_of<Person>(), person.id);
      CHECK((*writer)->row(exporter.row(person)));
    });
    return {};
  }));
  REQUIRE((*writer)->finish());
}

}  // namespace

TEST_CASE("diagnoses and numbers of children are dropped with a notice", "[importers]") {
  TestRegistry registry;
  const chucai::testing::TempFolder folder;
  const std::string path = folder.file("benefits.csv");
  std::ofstream(path)
      << "姓名,地区代码,爱好,诊断结果,子女身份证号\n何新,420106,棋,甲病哨兵,421088201001010010\n";
  const auto outcome = import_file(*registry, chucai::testing::province_office(), request(path));
  REQUIRE(outcome);
  CHECK(outcome->counts.added == 1);
  CHECK(std::count_if(outcome->plan.issues.begin(), outcome->plan.issues.end(),
                      [](const Issue& issue) {
                        return issue.finding.reason == "import.column.dropped";
                      }) == 2);
  REQUIRE(registry->database().read([&](Connection& db) -> Done {
    registry->store().for_each(db, whole_register(), type_of<Person>(), [](const Record& record) {
      CHECK(record.extra == std::map<std::string, std::string>{{"爱好", "棋"}});
    });
    return {};
  }));
}

TEST_CASE("a roster goes in as one batch, a second time nothing changes, undo takes it back",
          "[importers]") {
  TestRegistry registry;
  const TemporaryFolder folder;
  const auto file = folder.file("a.csv", kRoster);

  auto dry = request(file);
  dry.dry_run = true;
  const auto tried = import_file(*registry, province_office(), dry);
  REQUIRE(tried);
  CHECK(tried->counts == ImportCounts{4, 2, 0, 0, 1, 1, 0});
  CHECK(tried->batch == 0);

  const auto first = import_file(*registry, province_office(), request(file));
  REQUIRE(first);
  CHECK(first->counts == tried->counts);
  CHECK(first->batch != 0);
  CHECK(first->same_file == 0);

  const auto second = import_file(*registry, province_office(), request(file));
  REQUIRE(second);
  CHECK(second->counts == ImportCounts{4, 0, 0, 2, 1, 1, 0});
  CHECK(second->batch == 0);
  CHECK(second->same_file == first->batch);

  const auto undone = undo_batch(*registry, province_office(), first->batch);
  REQUIRE(undone);
  CHECK(undone->removed == 2);
  const auto again = import_file(*registry, province_office(), request(file));
  REQUIRE(again);
  CHECK(again->counts.added == 2);
}

TEST_CASE("the same file goes on with the batch that was cut off", "[importers]") {
  struct CutOff {};
  TestRegistry registry;
  const TemporaryFolder folder;
  const auto file = folder.file("a.csv", kRoster);
  const auto phase = GENERATE(ImportPhase::Staging, ImportPhase::Committing);
  auto cut_off = request(file);
  cut_off.watch = [&](const ImportProgress& at) {
    if (at.phase == phase) throw CutOff{};
    return true;
  };
  CHECK_THROWS_AS(import_file(*registry, province_office(), cut_off), CutOff);
  const auto left = list_import_batches(*registry, province_office());
  REQUIRE(left);
  REQUIRE(left->size() == 1);
  CHECK(left->front().status == "staged");
  const auto again = import_file(*registry, province_office(), request(file));
  REQUIRE(again);
  CHECK(again->counts.added == 2);
  CHECK(again->batch == left->front().id);
  CHECK(list_import_batches(*registry, province_office())->size() == 1);
}

TEST_CASE("an import that is cancelled leaves nothing", "[importers]") {
  TestRegistry registry;
  const TemporaryFolder folder;
  auto asked = request(folder.file("a.csv", kRoster));
  const auto phase = GENERATE(ImportPhase::Checking, ImportPhase::Staging, ImportPhase::Committing);
  asked.watch = [&](const ImportProgress& at) { return at.phase != phase; };
  CHECK(import_file(*registry, province_office(), asked).error().problem.reason ==
        "import.cancelled");
  CHECK(list_import_batches(*registry, province_office())->empty());
}

TEST_CASE("what was exported is the same when it is imported again", "[importers]") {
  TestRegistry registry;
  const TemporaryFolder folder;
  REQUIRE(import_file(*registry, province_office(), request(folder.file("a.csv", kRoster))));
  export_persons(*registry, folder.file("out.csv"));
  const auto again = import_file(*registry, province_office(), request(folder.file("out.csv")));
  REQUIRE(again);
  CHECK(again->counts == ImportCounts{2, 0, 0, 2, 0, 0, 0});
}

TEST_CASE("another office is told that a number is taken and nothing else", "[importers]") {
  TestRegistry registry;
  const TemporaryFolder folder;
  REQUIRE(import_file(*registry, province_office(), request(folder.file("a.csv", kRoster))));
  const auto file = folder.file("b.csv", "姓名,身份证号,地区代码\n甲,420106198503010007,422801\n");
  const auto outcome = import_file(*registry, county_office("422801"), request(file));
  REQUIRE(outcome);
  CHECK(outcome->counts.review == 1);
  REQUIRE(outcome->plan.issues.size() == 1);
  CHECK(outcome->plan.issues[0].finding ==
        Finding{"person.id_no.registered", Severity::Warning, {}});
}

TEST_CASE("an office cannot put people into another's region", "[importers]") {
  TestRegistry registry;
  const TemporaryFolder folder;
  const auto file = folder.file("b.csv", "姓名,身份证号,地区代码\n甲,420106198503010007,420106\n");
  const auto outcome = import_file(*registry, county_office("422801"), request(file));
  REQUIRE(outcome);
  CHECK(outcome->counts.refused == 1);
  CHECK(outcome->batch == 0);
}

TEST_CASE("all or nothing keeps good rows out when one is refused", "[importers]") {
  TestRegistry registry;
  const TemporaryFolder folder;
  const auto file = folder.file(
      "n.csv",
      "需求编号,需求单位,地区代码,需求名称,需求人数\nN1,甲,420106,茶,2\nN2,甲,420106,,2\n");
  auto strict = request(file, "needs");
  strict.all_or_nothing = true;
  const auto kept_out = import_file(*registry, province_office(), strict);
  REQUIRE(kept_out);
  CHECK(kept_out->counts.refused == 1);
  CHECK(kept_out->batch == 0);
  const auto taken = import_file(*registry, province_office(), request(file, "needs"));
  REQUIRE(taken);
  CHECK(taken->batch != 0);
}

TEST_CASE("the error workbook has the sender's layout and only the failed rows", "[importers]") {
  TestRegistry registry;
  const TemporaryFolder folder;
  auto asked = request(folder.file("a.csv", kRoster));
  asked.errors = folder.file("errors.xlsx");
  REQUIRE(import_file(*registry, province_office(), asked));
  const std::string text = transcript_of(open_xlsx(asked.errors));
  INFO(text);
  CHECK(text.starts_with(
      "[Sheet1]\n1: A=人才名册\n2: A=姓名 B=出生日期 C=身份证号 D=所在地区 "
      "E=联系电话 F=错误说明 G=原始行号\n3: A=丙 B=1978-12-04 C=4.29004E+17 D=仙桃 F="));
  CHECK(text.find(" G=6\n") != std::string::npos);
  CHECK(text.find("4:") == std::string::npos);

  // Mended, the workbook itself can be sent in: its own columns are kept beside, not refused.
  const auto mended = import_file(*registry, province_office(), request(asked.errors));
  REQUIRE(mended);
  CHECK(mended->counts.rows == 1);
}

TEST_CASE("what cannot be imported says so", "[importers]") {
  TestRegistry registry;
  const TemporaryFolder folder;
  const auto file = folder.file("a.csv", kRoster);
  CHECK(import_file(*registry, province_office(), request(file, "poems")).error().problem.reason ==
        "import.kind");
  CHECK(import_file(*registry, {"x", "reader", "420000"}, request(file)).error().problem.reason ==
        "import.permission");
  CHECK(import_file(*registry, province_office(), request(folder.file("none")))
            .error()
            .problem.reason == "import.file.absent");
}
