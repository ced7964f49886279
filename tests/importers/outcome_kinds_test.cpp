// Projects, funds, assessments, documents, links and works: from a sheet into the register, out
// again, and into an empty register as the same rows.
#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>

#include "importers/export_records.h"
#include "importers/import_file.h"
#include "registry/domain/fund_entry.h"
#include "registry/domain/project.h"
#include "registry/service/records.h"
#include "tests/importers/files.h"
#include "tests/support/test_registry.h"

using namespace chucai;
using namespace chucai::importers;
using namespace chucai::importers::testing;
using chucai::testing::province_office;
using chucai::testing::TestRegistry;

namespace {

struct KindSheet {
  const char* kind;
  const char* text;
};

constexpr KindSheet kPeople = {"persons",
                               "姓名,证件号码,地区代码\n周新,429004197812043334,420106\n"};
constexpr KindSheet kExperts = {"experts", "专家编号,姓名,地区代码\nE1,沈茶山,420106\n"};
constexpr KindSheet kUnits = {
    "organizations",
    "单位名称,统一社会信用代码,单位类型,地区代码\n"
    "武昌区人才办,12420106MB1A2B3CX3,人才办,420106\n宣恩县茶业协会,,社会组织,422825\n"};
constexpr KindSheet kProjects = {
    "projects",
    "项目编号,项目名称,计划代码,地区代码,行业代码,项目负责人,负责人证件号,开始日期,结束日期,"
    "经费（元）,"
    "里程碑,到期日,里程碑状态,合作国家\n"
    "P1,茶叶加工示范,MAJOR_PROJECT_TRACK,422825,0164,周新,429004197812043334,2018-01,2019-12,"
    "1234567.89,中期检查,2018-06-30,已完成,乌克兰\n"
    "P1,茶叶加工示范,,,,,,,,,验收,2019-11,未开始,\n"
    "P2,没有里程碑的项目,,420106,,,,,,,,,,\n"};
constexpr KindSheet kFunds = {"funds",
                              "计划代码,批次,地区代码,收款人/单位,类型,金额（元）,日期,凭证号\n"
                              "FUND_METHOD,第七批,422825,宣恩县茶业协会,拨付,50000.5,2018-03,V1\n"
                              "FUND_METHOD,,,,预算,1000000,2018,\n"};
constexpr KindSheet kAssessments = {
    "assessments",
    "对象类型,对象标识,评价方案,周期,得分,等次,日期,评价单位\n"
    "项目,P1,MAJOR_PROJECT_TRACK,2018,92.5,优秀,2018-12-20,省委人才办\n"
    "单位,宣恩县茶业协会,年度考核,2018,,合格,,\n"
    "人员,429004197812043334,年度考核,2018,60,合格,,\n"
    "地区,恩施州,CITY_FIVE_YEAR,2018,,良好,,\n"};
constexpr KindSheet kDocuments = {
    "documents",
    "文件名称,文号,发文单位,发文日期,生效,失效,层级,地区代码,计划代码\n"
    "关于加强人才工作的意见,鄂人才〔2018〕3号,省委人才办,2018-05-02,2018-"
    "06,2023,省级,420000,POLICY_REGISTER\n"
    "实施细则,,武昌区人才办,2018-07-01,,,区级,420106,\n"};
constexpr KindSheet kLinks = {"links",
                              "甲方类型,甲方标识,关系,乙方类型,乙方标识,开始,结束,备注\n"
                              "人员,E1,在站,单位,12420106MB1A2B3CX3,2018-01,,驻点\n"
                              "计划,THREE_AREAS,并入,计划,RURAL_REVIVAL,2018,,\n"
                              "项目,P1,产业链,行业,0164,,,\n"
                              "人员,429004197812043334,导师,人员,E1,2018-03-01,2019-03-01,\n"
                              "文件,鄂人才〔2018〕3号,政策链,行业,0164,,,\n"};
constexpr KindSheet kWorks = {"works",
                              "专家编号,题名,摘要,年份,类型,合作者编号\n"
                              "E1,茶小绿叶蝉的绿色防控,在茶园中比较了三种方法,2017,论文,E2、E3\n"};
constexpr KindSheet kTerms = {"terms",
                              "词表,代码,名称,英文名称,上级代码,别名,生效,失效,标记\n"
                              "language,tuj,土家语,Tujia,,土家话、毕兹卡,2018,,non_common\n"
                              "benefit,housing,住房保障,,,,,,\n"};
constexpr KindSheet kSheets[] = {kPeople,    kExperts,     kUnits, kProjects, kFunds,
                                 kDocuments, kAssessments, kLinks, kWorks,    kTerms};

ImportOutcome imported(Registry& registry, const char* kind, const std::string& text) {
  const TemporaryFolder folder;
  ImportRequest request;
  request.file = folder.file("in.csv", text);
  request.kind = kind;
  auto outcome = import_file(registry, province_office(), request);
  INFO(kind);
  if (!outcome) FAIL(outcome.error().problem.reason << " " << outcome.error().cause);
  for (const Issue& issue : outcome->plan.issues) {
    UNSCOPED_INFO(issue.row << " " << issue.column << " " << issue.finding.reason);
  }
  CHECK(outcome->counts.refused == 0);
  CHECK(outcome->counts.review == 0);
  return std::move(*outcome);
}

std::string exported(Registry& registry, const char* kind, const char* purpose = "round trip") {
  const chucai::testing::TempFolder folder;
  const std::string path = folder.file("out.csv");
  auto writer = create_csv(path);
  REQUIRE(writer);
  REQUIRE(export_records(registry, province_office(), {kind, {}, {}, purpose}, **writer));
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("every kind comes in, goes out and comes in again as the same", "[importers]") {
  TestRegistry first;
  for (const KindSheet& sheet : kSheets) {
    const auto counts = imported(*first, sheet.kind, sheet.text).counts;
    CHECK(counts.added == counts.rows);
  }
  TestRegistry second;
  for (const KindSheet& sheet : kSheets) {
    INFO(sheet.kind);
    const std::string rows = exported(*first, sheet.kind);
    const auto same = imported(*first, sheet.kind, rows).counts;
    CHECK(same.same == same.rows);
    const auto fresh = imported(*second, sheet.kind, rows).counts;
    CHECK(fresh.added == fresh.rows);
    CHECK(exported(*second, sheet.kind) == rows);
  }
}

TEST_CASE("the rows of one project number are one project with its milestones", "[importers]") {
  TestRegistry registry;
  for (const KindSheet& sheet : {kPeople, kProjects}) imported(*registry, sheet.kind, sheet.text);
  const auto found = find_record(*registry, province_office(), type_of<Project>(), "P1");
  REQUIRE(found);
  const auto& project = static_cast<const Project&>(**found);
  CHECK(project.milestones ==
        std::vector<std::string>{"中期检查 | 2018-06-30 | done", "验收 | 2019-11 | planned"});
  CHECK(project.budget_fen == 123'456'789);
  CHECK(project.countries == std::vector<std::string>{"UA"});
  CHECK(project.lead);
  CHECK(project.status == "on_track");
  const auto more = imported(*registry, "projects",
                             "项目编号,项目名称,里程碑,到期日,里程碑状态\n"
                             "P1,茶叶加工示范,验收,,已完成\n");
  CHECK(more.counts.updated == 1);
  const auto later = find_record(*registry, province_office(), type_of<Project>(), "P1");
  CHECK(static_cast<const Project&>(**later).milestones ==
        std::vector<std::string>{"中期检查 | 2018-06-30 | done",
                                 "验收 | 2019-11 | done | 2018-06-30"});
}

TEST_CASE("a project row of another name or without a milestone is no continuation",
          "[importers]") {
  TestRegistry registry;
  const TemporaryFolder folder;
  ImportRequest request;
  request.kind = "projects";
  request.file = folder.file("a.csv",
                             "项目编号,项目名称,里程碑,到期日\n"
                             "P1,甲,中期,2018\nP1,乙,验收,2019\nP1,甲,,\nP1,甲,验收,2019\n");
  const auto outcome = import_file(*registry, province_office(), request);
  REQUIRE(outcome);
  CHECK(outcome->counts.added == 2);
  CHECK(outcome->counts.duplicate == 2);
}

TEST_CASE("a number of a project's lead that nobody has is reported and not kept", "[importers]") {
  TestRegistry registry;
  const auto outcome =
      imported(*registry, "projects", "项目编号,项目名称,负责人证件号\nP1,甲,429004197812043334\n");
  CHECK(outcome.counts.added == 1);
  CHECK(exported(*registry, "projects").find("429004197812043334") == std::string::npos);
}

TEST_CASE("a masked export shows no identity number of a party", "[importers]") {
  TestRegistry registry;
  for (const KindSheet& sheet : kSheets) imported(*registry, sheet.kind, sheet.text);
  for (const KindSheet& sheet : kSheets) {
    INFO(sheet.kind);
    CHECK(exported(*registry, sheet.kind, "").find("429004197812043334") == std::string::npos);
  }
  CHECK(exported(*registry, "links").find("429004197812043334") != std::string::npos);
}

TEST_CASE("terms of an office are in the tables when the register is opened again", "[importers]") {
  TestRegistry registry;
  imported(*registry, kTerms.kind, kTerms.text);
  CHECK_FALSE(registry->codes().find("language", "tuj"));
  registry.reopen();
  REQUIRE(registry->codes().find("language", "tuj"));
  CHECK(registry->codes().named("language", "毕兹卡").size() == 1);
  CHECK(registry->codes().has_scheme("benefit"));
  const auto again = imported(*registry, kTerms.kind, kTerms.text);
  CHECK(again.counts.same == 2);
}

TEST_CASE("an office adds to open code tables only, and replaces nothing", "[importers]") {
  TestRegistry registry;
  const chucai::testing::TempFolder folder;
  ImportRequest request;
  request.kind = "terms";
  request.file = folder.file("a.csv");
  std::ofstream(request.file) << "词表,代码,名称\nregion,420199,新区\nneed_status,lost,丢失\n"
                                 "language,en,美语\nlanguage,tuj,土家语\n";
  const auto outcome = import_file(*registry, province_office(), request);
  REQUIRE(outcome);
  CHECK(outcome->counts.refused == 3);
  CHECK(outcome->counts.added == 1);
}

TEST_CASE("what names nothing refuses the row", "[importers]") {
  TestRegistry registry;
  const TemporaryFolder folder;
  ImportRequest request;
  request.kind = "assessments";
  request.file = folder.file("a.csv",
                             "对象类型,对象标识,评价方案,周期\n"
                             "项目,P9,年度,2018\n行业,没有的行业,年度,2018\n星球,火星,年度,2018\n");
  const auto outcome = import_file(*registry, province_office(), request);
  REQUIRE(outcome);
  CHECK(outcome->counts.refused == 3);
}
