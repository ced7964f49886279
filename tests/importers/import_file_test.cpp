#include "importers/import_file.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>
#include <map>

#include "importers/csv_reader.h"
#include "importers/export.h"
#include "importers/xlsx_reader.h"
#include "registry/service/import_batches.h"
#include "registry/service/import_memory.h"
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
  CHECK(text.find("\n4:") > text.find("[楚才批次 hidden]"));  // no other row goes back
  CHECK(text.find("[字典 hidden]") != std::string::npos);

  // Mended, the workbook itself can be sent in: its own columns are kept beside, not refused.
  const auto mended = import_file(*registry, province_office(), request(asked.errors));
  REQUIRE(mended);
  CHECK(mended->counts.rows == 1);
}

TEST_CASE("a mended workbook of failed rows goes on with the batch that took the others",
          "[importers]") {
  TestRegistry registry;
  const TemporaryFolder folder;
  auto asked = request(folder.file("a.csv", kRoster));
  asked.errors = folder.file("errors.xlsx");
  const auto first = import_file(*registry, province_office(), asked);
  REQUIRE(first);
  CHECK(first->report);
  CHECK(first->counts.review == 1);

  const auto mended = import_file(*registry, province_office(), request(asked.errors));
  REQUIRE(mended);
  REQUIRE(mended->plan.continues);
  CHECK(mended->plan.continues->batch == first->batch);
  CHECK(mended->continues == first->batch);
  // Another office learns nothing about the batch.
  const auto elsewhere = import_file(*registry, county_office("422801"), request(asked.errors));
  REQUIRE(elsewhere);
  CHECK(elsewhere->continues == 0);
}

TEST_CASE("a workbook made by a dry run goes on with the batch that took the file later",
          "[importers]") {
  TestRegistry registry;
  const TemporaryFolder folder;
  auto asked = request(folder.file("a.csv", kRoster));
  asked.errors = folder.file("errors.xlsx");
  asked.dry_run = true;
  REQUIRE(import_file(*registry, province_office(), asked));
  asked.dry_run = false;
  const std::string workbook = asked.errors;
  asked.errors.clear();
  const auto committed = import_file(*registry, province_office(), asked);
  REQUIRE(committed);
  const auto mended = import_file(*registry, province_office(), request(workbook));
  REQUIRE(mended);
  CHECK(mended->continues == committed->batch);
}

TEST_CASE("mended rows are noted as belonging to their batch", "[importers]") {
  TestRegistry registry;
  const TemporaryFolder folder;
  const std::string header = "姓名,身份证号,地区代码\n";
  auto asked =
      request(folder.file("a.csv", header + "甲,420106198503010007,420106\n乙,4.2E+17,420106\n"));
  asked.errors = folder.file("errors.xlsx");
  const auto first = import_file(*registry, province_office(), asked);
  REQUIRE(first);
  REQUIRE(first->batch != 0);

  // What somebody does in a spreadsheet program: the cell that was bad gets its number.
  Parts parts;
  {
    zip_t* archive = zip_open(asked.errors.c_str(), ZIP_RDONLY, nullptr);
    REQUIRE(archive);
    for (zip_int64_t i = 0; i < zip_get_num_entries(archive, 0); ++i) {
      zip_stat_t stat;
      REQUIRE(zip_stat_index(archive, static_cast<zip_uint64_t>(i), 0, &stat) == 0);
      std::string text(stat.size, '\0');
      zip_file_t* file = zip_fopen_index(archive, static_cast<zip_uint64_t>(i), 0);
      zip_fread(file, text.data(), text.size());
      zip_fclose(file);
      if (const auto bad = text.find("<t>4.2E+17</t>"); bad != std::string::npos) {
        text.replace(bad, 14, "<t>422801199006151020</t>");
      }
      parts.emplace_back(stat.name, text);
    }
    zip_discard(archive);
  }
  const auto mended =
      import_file(*registry, province_office(), request(write_zip(folder.file("m.xlsx"), parts)));
  REQUIRE(mended);
  CHECK(mended->counts == ImportCounts{1, 1, 0, 0, 0, 0, 0});
  const auto batches = list_import_batches(*registry, province_office());
  REQUIRE(batches);
  REQUIRE(batches->size() == 2);
  CHECK(batches->front().id == mended->batch);
  CHECK(batches->front().continues == first->batch);
  CHECK(batches->back().continues == 0);
  REQUIRE(registry->database().read([&](Connection& db) -> Done {
    registry->store().for_each(db, whole_register(), type_of<Person>(), [](const Record& record) {
      CHECK(record.extra.empty());  // neither 错误说明 nor 原始行号 is kept
    });
    return {};
  }));
}

TEST_CASE("a correction is remembered for its office and kind, and can be forgotten",
          "[importers]") {
  TestRegistry registry;
  const TemporaryFolder folder;
  const auto file = folder.file("a.csv", "姓名,干部职级,地区代码\n甲,主任科员,420106\n");
  auto told = request(file);
  told.maps = {"干部职级=职务", "没有的列=备注"};  // the second is not in the file
  told.dry_run = true;
  const auto tried = import_file(*registry, province_office(), told);
  REQUIRE(tried);
  CHECK(tried->plan.sheets[0].header->columns[1].by == Meaning::Told);
  CHECK(list_learned_mappings(*registry, province_office())->empty());  // nothing before commit
  told.dry_run = false;
  REQUIRE(import_file(*registry, province_office(), told));

  const auto learned = list_learned_mappings(*registry, province_office());
  REQUIRE(learned);
  REQUIRE(learned->size() == 1);
  CHECK(learned->front().target == "职务");
  CHECK(list_learned_mappings(*registry, county_office("422801"))->empty());

  auto again = request(file);
  again.dry_run = true;
  const auto known = import_file(*registry, province_office(), again);
  REQUIRE(known);
  CHECK(known->plan.sheets[0].header->columns[1].by == Meaning::Learned);
  CHECK(known->plan.sheets[0].header->columns[1].column->header == "职务");
  again.kind = "experts";
  CHECK(import_file(*registry, province_office(), again)->plan.sheets[0].header->columns[1].by ==
        Meaning::Unknown);

  CHECK(forget_mapping(*registry, county_office("422801"), "420000", "persons", "干部职级")
            .error()
            .problem.reason == "record.out_of_scope");
  REQUIRE(forget_mapping(*registry, province_office(), "420000", "persons", "干部职级"));
  CHECK(forget_mapping(*registry, province_office(), "420000", "persons", "干部职级")
            .error()
            .problem.reason == "import.map.absent");
  again.kind = "persons";
  CHECK(import_file(*registry, province_office(), again)->plan.sheets[0].header->columns[1].by ==
        Meaning::Unknown);
}

TEST_CASE("no sheet of an office writes outside its region, whatever the kind", "[importers]") {
  TestRegistry registry;
  const TemporaryFolder folder;
  const Principal county = county_office("422801");
  const auto outcome_of = [&](const char* kind, const std::string& csv, const Principal& who) {
    const auto outcome = import_file(*registry, who, request(folder.file("s.csv", csv), kind));
    REQUIRE(outcome);
    return outcome->counts;
  };
  // By code and by name.
  const std::string persons = "姓名,身份证号,地区代码,所在地区\n";
  CHECK(outcome_of("persons", persons + "甲,420106198503010007,420106,\n", county).refused == 1);
  CHECK(outcome_of("persons", persons + "甲,420106198503010007,,湖北省武汉市武昌区\n", county)
            .refused == 1);
  CHECK(outcome_of("persons", persons + "甲,420106198503010007,420000,\n", county).refused == 1);
  CHECK(outcome_of("experts", "专家编号,姓名,地区代码\nE1,甲,420106\n", county).refused == 1);
  CHECK(outcome_of("organizations", "单位名称,地区代码\n甲厂,420106\n", county).refused == 1);
  CHECK(outcome_of("needs", "需求编号,需求单位,地区代码,需求名称,需求人数\nN1,甲,420106,茶,2\n",
                   county)
            .refused == 1);
  CHECK(outcome_of("projects", "项目编号,项目名称,地区代码\nJ1,茶,420106\n", county).refused == 1);
  CHECK(outcome_of("funds",
                   "计划代码,地区代码,类型,金额（元）,日期,凭证号\nYOUNG_ELITE,420106,拨付,100,"
                   "2018-01-01,V1\n",
                   county)
            .refused == 1);
  CHECK(outcome_of("targets", "计划代码,年度,地区代码,目标值\nYOUNG_ELITE,2018,420106,5\n", county)
            .refused == 1);
  // Nor does it move what it has out of its region, or what lies outside into it.
  CHECK(outcome_of("persons", persons + "乙,422801199006151020,422801,\n", county).added == 1);
  CHECK(outcome_of("persons", persons + "乙,422801199006151020,420106,\n", county).refused == 1);
  CHECK(
      outcome_of("persons", persons + "丙,429004197812043334,429004,\n", province_office()).added ==
      1);
  CHECK(outcome_of("persons", persons + "丙,429004197812043334,422801,\n", county).review == 1);
}

TEST_CASE("a sheet of what belongs to the whole province takes more than a roster", "[importers]") {
  TestRegistry registry;
  const TemporaryFolder folder;
  const auto file = folder.file("p.csv", "计划代码,名称,类别,规则\nX1,甲,培训,Q\n");
  const Principal registrar{"somebody", "registrar", "422801"};
  CHECK(import_file(*registry, registrar, request(file, "programs")).error().problem.reason ==
        "import.permission");
  CHECK(import_file(*registry, province_office(), request(file, "programs")));
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
