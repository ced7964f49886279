#include "importers/plan.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>

#include "importers/csv_reader.h"
#include "importers/xlsx_reader.h"
#include "registry/domain/engagement.h"
#include "registry/domain/identity.h"
#include "registry/domain/text.h"
#include "tests/importers/files.h"
#include "tests/support/shipped.h"

using namespace chucai;
using namespace chucai::importers;
using namespace chucai::importers::testing;
using chucai::testing::shipped_book;
using chucai::testing::shipped_regions;

namespace {

/// A register of records held in a list.
class ListedRecords : public ExistingRecords {
 public:
  std::vector<Person> people;
  std::vector<Need> needs;
  std::map<std::string, std::string> units;

  Result<std::unique_ptr<Record>> same(const RecordType& type, const Record& draft) const override {
    if (&type == &type_of<Need>()) return known_as(type, static_cast<const Need&>(draft).number);
    if (&type != &type_of<Person>()) return std::unique_ptr<Record>();
    for (const Person& person : people) {
      const std::string identity = type.identity_key(person);
      if (!identity.empty() && identity == type.identity_key(draft)) {
        if (person.region == "429004") {
          return fail(ErrorCode::Conflict, "person.id_no.registered");  // out of scope
        }
        return std::make_unique<Person>(person);
      }
    }
    return std::unique_ptr<Record>();
  }
  Result<std::unique_ptr<Record>> by_id(const RecordType&, std::int64_t id) const override {
    for (const Person& person : people) {
      if (person.id == id) return std::make_unique<Person>(person);
    }
    return std::unique_ptr<Record>();
  }
  Result<std::vector<std::unique_ptr<Record>>> alike(
      const RecordType&, const Record& draft,
      const std::vector<const Field*>& fields) const override {
    return those([&](const Person& person) {
      return std::all_of(fields.begin(), fields.end(), [&](const Field* field) {
        return field->get(person) == field->get(draft);
      });
    });
  }
  Result<std::vector<std::unique_ptr<Record>>> shown_as(const Person& draft,
                                                        std::string_view mask) const override {
    return those([&](const Person& person) {
      return person.name == draft.name && mask_identity(person.id_no) == mask;
    });
  }
  Result<StoredTwin> likely_twin(const Person& draft) const override {
    const Portrait wanted = portrait_of(draft, shipped_book().pinyin());
    for (const Person& person : people) {
      const Band band = likeness(portrait_of(person, shipped_book().pinyin()), wanted).band;
      if (band != Band::No) return StoredTwin{std::make_unique<Person>(person), band};
    }
    return StoredTwin{};
  }
  Result<std::unique_ptr<Record>> known_as(const RecordType& type,
                                           std::string_view key) const override {
    if (&type == &type_of<Need>()) {
      for (const Need& need : needs) {
        if (need.number == key) return std::make_unique<Need>(need);
      }
    } else if (&type == &type_of<Person>()) {
      for (const Person& person : people) {
        if (person.expert_no == key) return std::make_unique<Person>(person);
      }
    }
    return std::unique_ptr<Record>();
  }
  template <class Fits>
  std::vector<std::unique_ptr<Record>> those(Fits fits) const {
    std::vector<std::unique_ptr<Record>> found;
    for (const Person& person : people) {
      if (fits(person)) found.push_back(std::make_unique<Person>(person));
    }
    return found;
  }
  Done admits(const RecordType&, const Record*, Record&) const override { return {}; }
  Result<std::string> organization_name(std::string_view uscc) const override {
    const auto unit = units.find(std::string(uscc));
    return unit == units.end() ? std::string() : unit->second;
  }
};

Result<ImportPlan> plan_text(const std::string& kind, const std::string& csv,
                             const ListedRecords& existing = {}, const PlanOptions& options = {}) {
  const TemporaryFolder folder;
  auto reader = open_csv(folder.file("a.csv", csv));
  REQUIRE(reader);
  const Understanding understanding{shipped_book(), shipped_regions(), "420000", "",
                                    Date{2018, 6, 30}};
  return make_plan(**reader, *find_kind(kind), understanding, existing, options);
}

/// One line a row, "2 new", and one line an issue, "2 证件号码 person.id_no.check warning".
std::string told(const Result<ImportPlan>& plan) {
  if (!plan) return plan.error().problem.reason + " " + join_list(plan.error().problem.params);
  std::string text;
  for (const PlannedRow& row : plan->rows) {
    text += std::to_string(row.row) + " " + std::string(to_text(row.verdict)) + "\n";
  }
  for (const Issue& issue : plan->issues) {
    text += std::to_string(issue.row) + " " + std::string(issue.column) + " " +
            issue.finding.reason + " " + std::string(to_text(issue.finding.severity));
    for (const std::string& param : issue.finding.params) text += " " + param;
    text += "\n";
  }
  return text;
}

const Person& person_of(const PlannedRow& row) {
  REQUIRE(row.record != nullptr);
  return static_cast<const Person&>(*row.record);
}

}  // namespace

TEST_CASE("a clean row is new and draws no finding", "[importers]") {
  const auto plan =
      plan_text("persons",
                "姓名,性别,出生日期,证件类型,身份证号,学历,所在地区,地区代码,数据标识,爱好\n"
                "张三,男,1949-12-31,居民身份证,11010519491231002X,大学本科毕业,"
                "湖北省荆州市监利市,421088,SYN,棋\n");
  // The example number of the standard is a woman's.
  CHECK(told(plan) == "2 review\n2 性别 person.sex.contradicts warning\n");
  const auto right =
      plan_text("persons",
                "姓名,性别,出生日期,证件类型,身份证号,学历,所在地区,地区代码,数据标识,爱好\n"
                "张三,女,1949-12-31,居民身份证,11010519491231002X,大学本科毕业,"
                "湖北省荆州市监利市,421088,SYN,棋\n");
  CHECK(told(right) == "2 new\n");
  const Person& person = person_of(right->rows[0]);
  CHECK(person.id_no == "11010519491231002X");
  CHECK(person.education == "21");
  CHECK(person.region == "421088");
  CHECK(person.region_text.empty());
  CHECK(person.roles == std::vector<std::string>{"talent"});
  CHECK(person.status == "active");
  CHECK(person.extra == std::map<std::string, std::string>{{"爱好", "棋"}});
  CHECK(right->unknown_headers == std::vector<std::string>{"爱好"});
}

TEST_CASE("titles, sections and blank rows are skipped and rows counted by record", "[importers]") {
  const auto plan =
      plan_text("persons",
                "湖北省人才信息登记汇总表,,\n填报单位：,,\n序号,姓名,单位\n1,张三,\"甲\n乙\"\n"
                "武昌区（小计）,,\n,,\n2,李四,丙\n");
  CHECK(told(plan) == "4 new\n7 new\n4 工作单位 text.line_break info\n");
  REQUIRE(plan->skipped.size() == 3);
  CHECK(plan->skipped[0].is == RowClass::Title);
  CHECK(plan->skipped[1].is == RowClass::Title);
  CHECK(plan->skipped[2].row == 5);
  CHECK(plan->skipped[2].is == RowClass::Total);
}

TEST_CASE("an identity number that cannot be repaired sends the row to review", "[importers]") {
  CHECK(told(plan_text(
            "persons",
            "姓名,身份证号\n张三,420106198503010008\n李四,4.20106E+17\n王五,420106********0007\n"
            "赵六,\n")) ==
        "2 review\n3 review\n4 review\n5 new\n2 证件号码 person.id_no.check warning\n"
        "3 证件号码 person.id_no.damaged warning\n4 证件号码 person.id_no.masked warning\n"
        "5 证件号码 missing notice\n");
}

TEST_CASE("a lost day of birth comes from the identity number and is never made 01",
          "[importers]") {
  const auto plan = plan_text(
      "persons",
      "姓名,出生日期,身份证号\n甲,1985.03,420106198503010007\n乙,1990.1,422801199006151020\n"
      "丙,1978.12,\n丁,1978.1,\n戊,不详,429004197812043334\n");
  CHECK(
      told(plan) ==
      "2 new\n3 new\n4 new\n5 new\n6 new\n2 出生日期 date.completed info\n"
      "3 出生日期 date.completed info\n4 出生日期 date.rewritten info\n4 证件号码 missing notice\n"
      "5 出生日期 date.ambiguous warning\n5 证件号码 missing notice\n6 出生日期 date.completed "
      "info\n");
  CHECK(to_text(person_of(plan->rows[0]).birth) == "1985-03-01");
  CHECK(to_text(person_of(plan->rows[2]).birth) == "1978-12");
  CHECK(to_text(person_of(plan->rows[3]).birth) == "1978");
}

TEST_CASE("a birth date that contradicts the number is for a person to settle", "[importers]") {
  CHECK(told(plan_text("persons", "姓名,出生日期,身份证号\n甲,1985-03-02,420106198503010007\n")) ==
        "2 review\n2 出生日期 person.birth.contradicts warning\n");
}

TEST_CASE("regions: short, retired, unknown, contradicting", "[importers]") {
  const auto plan =
      plan_text("persons",
                "姓名,所在地区,地区代码\n甲,监利,\n乙,湖北省荆州市监利县,\n丙,汉东省京州市,\n"
                "丁,湖北省荆州市监利市,420106\n戊,湖北省荆州市监利县,421023\n");
  CHECK(told(plan) ==
        "2 new\n3 new\n4 new\n5 new\n6 new\n2 所在地区 region.rewritten info\n2 地区代码 missing "
        "notice\n"
        "3 所在地区 region.retired info\n3 地区代码 missing notice\n4 所在地区 region.unknown "
        "warning\n"
        "4 地区代码 missing notice\n5 所在地区 region.contradicts warning\n6 地区代码 "
        "region.retired info\n"
        "6 所在地区 region.retired info\n");
  CHECK(person_of(plan->rows[0]).region == "421088");
  CHECK(person_of(plan->rows[1]).region == "421088");
  CHECK(person_of(plan->rows[2]).region.empty());
  CHECK(person_of(plan->rows[2]).region_text == "汉东省京州市");
  CHECK(person_of(plan->rows[3]).region == "420106");
  CHECK(person_of(plan->rows[4]).region == "421088");
}

TEST_CASE("a blank code is filled from a good name and said to have been blank", "[importers]") {
  const auto plan =
      plan_text("persons", "姓名,行业代码,从事行业\n甲,,互联网数据服务\n乙,9999,没有的行业\n");
  CHECK(told(plan) == "2 new\n3 new\n2 行业代码 missing notice\n3 行业代码 code.unknown warning\n");
  CHECK(person_of(plan->rows[0]).industry == "6450");
  CHECK(person_of(plan->rows[0]).industry_text.empty());
  CHECK(person_of(plan->rows[1]).industry_text == "没有的行业");
}

TEST_CASE("a term that no table knows is kept as written beside the record", "[importers]") {
  const auto plan = plan_text("persons", "姓名,民族\n甲,火星族\n");
  CHECK(told(plan) == "2 new\n2 民族 code.unknown warning\n");
  CHECK(person_of(plan->rows[0]).extra.at("民族") == "火星族");
}

TEST_CASE("one person once a file: 15 and 18 digits are one number", "[importers]") {
  CHECK(told(plan_text(
            "persons",
            "姓名,身份证号\n甲,420106198503010007\n甲,420106850301000\n乙,420106198503010007\n")) ==
        "2 new\n3 duplicate\n4 review\n3 证件号码 person.id_no.rewritten info\n"
        "3 证件号码 row.duplicate warning 2\n4 证件号码 row.same_number warning 2\n");
}

TEST_CASE("without a number likely twins go to review and namesakes do not", "[importers]") {
  CHECK(
      told(plan_text(
          "persons",
          "姓名,出生日期,身份证号,工作单位\n张伟,1985-03-01,420106198503010007,随县人民医院\n"
          "张伟,1985-03,,随县人民医院\n张伟,1990-01-01,,随县人民医院\n张敏,4.2E+17,,甲\n")) ==
      "2 new\n3 review\n4 new\n5 new\n3 证件号码 missing notice\n3 姓名 row.twin warning 2\n"
      "4 证件号码 missing notice\n5 出生日期 date.unreadable warning\n5 证件号码 missing notice\n");
}

TEST_CASE("a spelling that no credit code proves is pointed out and left", "[importers]") {
  const auto plan =
      plan_text("experts", "姓名,工作单位\n甲,湖北大学\n乙,湖北大学\n丙,大学\n丁,随县大学\n");
  CHECK(told(plan) == "2 new\n3 new\n4 new\n5 new\n4 工作单位 employer.suspected notice\n");
  CHECK(person_of(plan->rows[2]).employer == "大学");
}

TEST_CASE("a twin whose earlier row lost its number goes to review", "[importers]") {
  CHECK(told(plan_text("persons",
                       "姓名,出生日期,身份证号\n张伟,1985-03-01,4.2E+17\n张伟,1985-03-01,"
                       "420106198503010007\n")) ==
        "2 review\n3 review\n2 证件号码 person.id_no.damaged warning\n3 姓名 row.twin warning 2\n");
}

TEST_CASE("units of one credit code get the full name when the file shows it", "[importers]") {
  const std::string rows =
      "姓名,工作单位,统一社会信用代码\n甲,湖北随县医药有限责任公司,91420100MA4KXYT77J\n"
      "乙,湖北随县医药有限责任公司,91420100MA4KXYT77J\n丙,随县医药有限公司,91420100MA4KXYT77J\n"
      "丁,别的公司,91420100MA4KXYT77J\n";
  const auto plan = plan_text("persons", rows);
  CHECK(told(plan) ==
        "2 new\n3 new\n4 new\n5 new\n4 工作单位 employer.spelling info\n5 工作单位 "
        "employer.differs warning\n");
  CHECK(person_of(plan->rows[2]).employer == "湖北随县医药有限责任公司");
  CHECK(person_of(plan->rows[3]).employer == "别的公司");

  ListedRecords register_knows;
  register_knows.units = {{"91420100MA4KXYT77J", "湖北随县医药有限责任公司"}};
  const auto alone = plan_text(
      "persons", "姓名,工作单位,统一社会信用代码\n丙,随县医药有限公司,91420100MA4KXYT77J\n",
      register_knows);
  CHECK(person_of(alone->rows[0]).employer == "湖北随县医药有限责任公司");
}

TEST_CASE("what is required refuses the row, or the file when the column is not there",
          "[importers]") {
  const std::string header = "需求编号,需求单位,所在地区,需求名称,需求人数\n";
  CHECK(told(plan_text(
            "needs",
            header + "N1,甲,随县,茶,2\nN2,甲,随县,,2\nN3,甲,乌有县,茶,2\nN4,甲,随县,茶,0\n")) ==
        "2 new\n3 refused\n4 refused\n5 refused\n2 所在地区 region.rewritten info\n"
        "3 所在地区 region.rewritten info\n3 需求名称 row.required error\n"
        "4 所在地区 region.unknown warning\n4 地区代码 row.required error\n"
        "5 所在地区 region.rewritten info\n5 需求人数 field.range error 1 10000\n");
  CHECK(told(plan_text("needs", "需求编号,需求单位,需求名称\nN1,甲,茶\n")) ==
        "import.header.required 需求人数");
  CHECK(told(plan_text("needs", "a,b\n1,2\n")) == "import.header.absent ");
}

TEST_CASE("against the register: same, updated, blanks keep, precision is not lost",
          "[importers]") {
  ListedRecords existing;
  Person stored;
  stored.id = 7;
  stored.version = 3;
  stored.name = "甲";
  stored.id_type = "111";
  stored.id_no = "420106198503010007";
  stored.nationality = "CN";
  stored.sex = "2";
  stored.birth = Date{1985, 3, 1};
  stored.education = "21";
  stored.phone = "19900000001";
  stored.roles = {"expert"};
  stored.status = "suspended";
  existing.people = {stored};
  stored.roles = {"expert", "talent"};
  ListedRecords both;
  both.people = {stored};

  const std::string header = "姓名,出生日期,身份证号,学历,联系电话\n";
  const std::string number = "420106198503010007";
  CHECK(told(plan_text("persons",
                       header + "甲,1985-03-01," + number + ",大学本科毕业,19900000001\n", both)) ==
        "2 same\n");
  const auto updated =
      plan_text("persons", header + "甲,1985-03-01," + number + ",,19900000002\n", existing);
  CHECK(told(updated) == "2 updated\n2 学历 missing notice\n");
  REQUIRE(updated->rows[0].changed.size() == 2);
  CHECK(updated->rows[0].changed[0].field == "phone");
  CHECK(updated->rows[0].changed[0].before == "19900000001");
  CHECK(updated->rows[0].changed[0].after == "19900000002");
  CHECK(updated->rows[0].changed[1].field == "roles");
  CHECK(person_of(updated->rows[0]).education == "21");
  CHECK(person_of(updated->rows[0]).status == "suspended");
  CHECK(person_of(updated->rows[0]).version == 3);

  CHECK(told(plan_text("persons", header + "乙,," + number + ",,\n", existing))
            .starts_with("2 review"));
  const std::string row = header + "甲,1985-03-01," + number + ",大学本科毕业,19900000001\n";
  CHECK(told(plan_text("persons", row, existing, {Mode::Create})).starts_with("2 duplicate"));
  CHECK(told(plan_text("persons", row, {}, {Mode::Update})).starts_with("2 refused"));

  existing.people[0].region = "429004";
  CHECK(told(plan_text("persons", row, existing)) ==
        "2 review\n2 姓名 person.id_no.registered warning\n");
}

TEST_CASE("merging keeps the more precise date and adds roles up", "[importers]") {
  Person stored;
  stored.birth = Date{1985, 3, 7};
  stored.region_text = "旧地名";
  stored.roles = {"talent"};
  stored.extra = {{"a", "1"}};
  Person draft;
  draft.birth = Date{1985, 3, 0};
  draft.region = "420106";
  draft.roles = {"expert"};
  draft.extra = {{"b", "2"}};
  const auto after = merged(type_of<Person>(), stored, draft);
  const Person& person = static_cast<const Person&>(*after);
  CHECK(person.birth == Date{1985, 3, 7});
  CHECK(person.region_text.empty());
  CHECK(person.roles == std::vector<std::string>{"talent", "expert"});
  CHECK(person.extra.size() == 2);
  draft.birth = Date{1986, 0, 0};
  CHECK(static_cast<const Person&>(*merged(type_of<Person>(), stored, draft)).birth.year == 1986);
}

TEST_CASE("an engagement finds its need and expert and lies where the need lies", "[importers]") {
  ListedRecords existing;
  existing.people.resize(1);
  existing.people[0].id = 5;
  existing.people[0].expert_no = "E1";
  existing.needs.resize(1);
  existing.needs[0].id = 6;
  existing.needs[0].number = "N1";
  existing.needs[0].region = "421321";
  const auto plan = plan_text(
      "engagements",
      "报名编号,需求编号,专家编号,姓名,状态\nB1,N1,E1,甲,已完成\nB2,N9,E1,甲,已报名\n", existing);
  CHECK(told(plan) ==
        "2 new\n3 refused\n2 状态 code.rewritten info\n3 需求编号 row.reference error\n");
  const auto& engagement = static_cast<const Engagement&>(*plan->rows[0].record);
  CHECK(engagement.person.value == 5);
  CHECK(engagement.need.value == 6);
  CHECK(engagement.region == "421321");
}

TEST_CASE("cells merged downwards mean the same for every row", "[importers]") {
  const auto cell = [](const char* place, const char* text) {
    return std::string("<c r='") + place + "' t='inlineStr'><is><t>" + text + "</t></is></c>";
  };
  const WorkbookText book{"<row r='1'>" + cell("A1", "姓名") + cell("B1", "工作单位") +
                              "</row><row r='2'>" + cell("A2", "甲") + cell("B2", "随县医院") +
                              "</row><row r='3'>" + cell("A3", "乙") + "</row><row r='4'>" +
                              cell("A4", "丙") + "</row>",
                          "<mergeCells><mergeCell ref='B2:B3'/></mergeCells>"};
  const TemporaryFolder folder;
  auto reader = open_xlsx(write_zip(folder.file("a.xlsx"), book.parts()));
  REQUIRE(reader);
  const Understanding understanding{shipped_book(), shipped_regions(), "420000", "",
                                    Date{2018, 6, 30}};
  const auto plan = make_plan(**reader, *find_kind("persons"), understanding, ListedRecords{});
  CHECK(told(plan) == "2 new\n3 new\n4 new\n4 工作单位 missing notice\n");
  CHECK(person_of(plan->rows[1]).employer == "随县医院");
  CHECK(person_of(plan->rows[2]).employer.empty());
  CHECK(plan->sheets[0].name == "名册");
}

TEST_CASE("a second value of a cell is kept beside the first", "[importers]") {
  const auto plan =
      plan_text("persons",
                "姓名,联系电话,电子邮箱,职称,籍贯\n"
                "甲,027-87654321/13900000000,a@example.com；b@example.com,教授、博导,x\n"
                "乙,13900000001 13900000002,,,\n丙,027-87654321-22,,,\n");
  const Person& first = person_of(plan->rows[0]);
  CHECK(first.phone == "027-87654321");
  CHECK(first.email == "a@example.com");
  CHECK(first.title == "教授");
  CHECK(first.extra ==
        std::map<std::string, std::string>{{"原填联系电话", "027-87654321/13900000000"},
                                           {"原填电子邮箱", "a@example.com；b@example.com"},
                                           {"原填专业技术职称", "教授、博导"}});
  CHECK(person_of(plan->rows[1]).phone == "13900000001");
  CHECK(person_of(plan->rows[1]).extra.at("原填联系电话") == "13900000001 13900000002");
  CHECK(person_of(plan->rows[2]).extra.empty());
  CHECK(told(plan).find("2 联系电话 cell.several info") != std::string::npos);
}

TEST_CASE("what cannot be read is kept as it was written", "[importers]") {
  const auto plan =
      plan_text("persons",
                "姓名,出生日期,联系电话,行业代码,民族,统一社会信用代码,所在地区,地区代码\n"
                "甲,1978.1,1.9E+10,9999,火星族,91420100MA4KXYT77K,湖北省荆州市监利市,420106\n");
  CHECK(person_of(plan->rows[0]).extra ==
        std::map<std::string, std::string>{{"原填出生日期", "1978.1"},
                                           {"原填联系电话", "1.9E+10"},
                                           {"原填行业代码", "9999"},
                                           {"民族", "火星族"},
                                           {"原填统一社会信用代码", "91420100MA4KXYT77K"},
                                           {"原填所在地区", "湖北省荆州市监利市"}});
}

TEST_CASE("a row about two people goes to review", "[importers]") {
  CHECK(told(plan_text("persons", "姓名,性别\n张三、李四,男\n阿依古丽·买买提,女\n")) ==
        "2 review\n3 new\n2 姓名 name.several warning\n");
}

TEST_CASE("清空 empties what the register has, a blank keeps it", "[importers]") {
  ListedRecords existing;
  Person stored;
  stored.id = 7;
  stored.version = 1;
  stored.name = "甲";
  stored.id_type = "111";
  stored.id_no = "420106198503010007";
  stored.phone = "19900000001";
  stored.post = "处长";
  stored.region = "420106";
  stored.title = "教授";
  stored.roles = {"talent"};
  stored.extra = {{"爱好", "棋"}, {"特长", "书法"}};
  existing.people = {stored};
  const auto plan = plan_text("persons",
                              "姓名,身份证号,联系电话,职务,职称,所在地区,爱好,特长\n"
                              "甲,420106198503010007,清空,,清空,清空,清空,\n",
                              existing);
  CHECK(told(plan) ==
        "2 updated\n2 联系电话 cell.cleared info\n2 专业技术职称 cell.cleared info\n2 所在地区 "
        "cell.cleared info\n");
  const Person& after = person_of(plan->rows[0]);
  CHECK(after.phone.empty());
  CHECK(after.title.empty());
  CHECK(after.region.empty());
  CHECK(after.post == "处长");
  CHECK(after.extra == std::map<std::string, std::string>{{"特长", "书法"}});

  CHECK(told(plan_text("persons", "姓名,身份证号\n清空,420106198503010007\n", existing)) ==
        "2 refused\n2 姓名 cell.cleared info\n2 姓名 row.required error\n");
}

TEST_CASE("a value that is said well at last takes the place of what was kept as written",
          "[importers]") {
  ListedRecords existing;
  Person stored;
  stored.id = 7;
  stored.version = 1;
  stored.name = "甲";
  stored.id_type = "111";
  stored.id_no = "420106198503010007";
  stored.roles = {"talent"};
  stored.extra = {{"原填联系电话", "1.9E+10"}, {"民族", "火星族"}, {"爱好", "棋"}};
  existing.people = {stored};
  const auto plan = plan_text(
      "persons", "姓名,身份证号,联系电话,民族\n甲,420106198503010007,19900000001,汉族\n", existing);
  CHECK(person_of(plan->rows[0]).extra == std::map<std::string, std::string>{{"爱好", "棋"}});
}

TEST_CASE("rows find their record by the columns that were chosen", "[importers]") {
  ListedRecords existing;
  for (const std::int64_t id : {7, 8, 9}) {
    Person person;
    person.id = id;
    person.version = 1;
    person.name = "甲";
    person.phone = id == 9 ? "19900000002" : "19900000001";
    person.email = "p" + std::to_string(id) + "@example.com";
    person.roles = {"talent"};
    existing.people.push_back(person);
  }
  const auto by = [&](const std::string& names) {
    auto key = parse_key(*find_kind("persons"), names);
    REQUIRE(key);
    return PlanOptions{Mode::Upsert, *key, {}};
  };
  const std::string rows =
      "姓名,联系电话,职务\n甲,19900000002,主任\n甲,19900000001,主任\n甲,,主任\n";
  CHECK(told(plan_text("persons", rows, existing, by("姓名,手机"))) ==
        "2 updated\n3 review\n4 review\n3 姓名 row.key_several warning\n4 联系电话 missing "
        "notice\n4 姓名 row.key_blank warning\n");
  CHECK(told(plan_text(
            "persons", "姓名,邮箱,职务\n甲,p8@example.com,主任\n甲,p8@example.com,科长\n", existing,
            by("email"))) == "2 updated\n3 duplicate\n3 电子邮箱 row.duplicate warning 2\n");
  auto update = by("email");
  update.mode = Mode::Update;
  CHECK(told(plan_text("persons", "姓名,邮箱\n乙,p1@example.com\n", existing, update)) ==
        "2 refused\n2 姓名 row.absent error\n");
  CHECK(parse_key(*find_kind("persons"), "证件号码").error().problem.reason == "import.key");
  CHECK(parse_key(*find_kind("persons"), "星座").error().problem.reason == "import.key");
}

TEST_CASE("a row as an export shows it finds its person again", "[importers]") {
  ListedRecords existing;
  Person stored;
  stored.id = 7;
  stored.version = 1;
  stored.name = "甲";
  stored.id_type = "111";
  stored.id_no = "420106198503010007";
  stored.birth = Date{1985, 3, 1};
  stored.phone = "19900000001";
  stored.email = "a@example.com";
  stored.employer = "随县人民医院";
  stored.roles = {"talent"};
  stored.nationality = "CN";
  stored.sex = "2";
  stored.status = "active";
  existing.people = {stored};
  stored.id = 8;
  stored.birth = Date{1985, 4, 1};
  stored.id_no = "420106198504010009";
  existing.people.push_back(stored);

  const std::string header = "姓名,出生日期,证件类型,证件号码,工作单位,联系电话,电子邮箱\n";
  const std::string mask = mask_identity("420106198503010007");
  const auto row = [&](const std::string& birth) {
    return header + "甲," + birth + ",居民身份证," + mask + ",随县人民医院,199********,***@***\n";
  };
  CHECK(told(plan_text("persons", row("1985-03-01"), existing)) ==
        "2 same\n2 联系电话 cell.masked info\n2 电子邮箱 cell.masked info\n2 证件号码 cell.masked "
        "info\n");
  CHECK(told(plan_text("persons", row(""), existing)).starts_with("2 review\n"));
  CHECK(told(plan_text("persons", row("1990-01-01"), existing)).starts_with("2 review\n"));
  const auto by_id =
      plan_text("persons", "姓名,证件号码,职务,系统编号\n甲," + mask + ",主任," + id_text(8) + "\n",
                existing);
  REQUIRE(by_id->rows[0].record);
  CHECK(by_id->rows[0].record->id == 8);
  // Rows that name their record are not taken for one another, but one record comes once.
  const std::string twice = "姓名,出生日期,工作单位,系统编号\n甲,1985-03,随县人民医院," +
                            id_text(7) + "\n甲,1985-04,随县人民医院," + id_text(8) +
                            "\n甲,1985-04,随县人民医院," + id_text(8) + "\n";
  CHECK(told(plan_text("persons", twice, existing)).starts_with("2 same\n3 same\n4 duplicate\n"));
  CHECK(told(plan_text("persons", "姓名,系统编号\n甲," + id_text(99) + "\n", existing)) ==
        "2 review\n2  row.id_unknown warning\n");
}

TEST_CASE("a person without a number of whom the register says all of the row is the same",
          "[importers]") {
  ListedRecords existing;
  Person stored;
  stored.id = 7;
  stored.version = 1;
  stored.name = "张伟";
  stored.sex = "1";
  stored.post = "主任";
  stored.education = "21";
  stored.status = "active";
  stored.roles = {"talent"};
  existing.people = {stored};
  CHECK(told(plan_text("persons", "姓名,性别,职务,学历\n张伟,男,主任,大学本科毕业\n", existing)) ==
        "2 same\n");
  CHECK(told(plan_text("persons", "姓名,性别,职务,学历\n张伟,男,科长,大学本科毕业\n", existing)) ==
        "2 new\n");
  CHECK(told(plan_text("persons", "姓名,性别\n张伟,男\n", existing)) == "2 new\n");
  existing.people.push_back(stored);  // two of them: nobody can say which
  CHECK(told(plan_text("persons", "姓名,性别,职务,学历\n张伟,男,主任,大学本科毕业\n", existing)) ==
        "2 new\n");
}

TEST_CASE("hidden rows and sheets are told", "[importers]") {
  const auto cell = [](const char* place, const char* text) {
    return std::string("<c r='") + place + "' t='inlineStr'><is><t>" + text + "</t></is></c>";
  };
  const WorkbookText book{"<row r='1'>" + cell("A1", "姓名") + cell("B1", "性别") +
                          "</row><row r='2' hidden='1'>" + cell("A2", "甲") + "</row><row r='3'>" +
                          cell("A3", "乙") + "</row>"};
  const TemporaryFolder folder;
  auto reader = open_xlsx(write_zip(folder.file("a.xlsx"), book.parts()));
  REQUIRE(reader);
  const Understanding understanding{shipped_book(), shipped_regions(), "420000", "",
                                    Date{2018, 6, 30}};
  const auto plan = make_plan(**reader, *find_kind("persons"), understanding, ListedRecords{});
  CHECK(told(plan) == "2 new\n3 new\n1  import.rows.hidden notice 1\n");
  CHECK(plan->rows[0].hidden);
  CHECK_FALSE(plan->rows[1].hidden);
}
