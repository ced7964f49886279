#include "registry/domain/code_book.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "registry/domain/csv_text.h"
#include "registry/domain/record.h"
#include "tests/support/shipped.h"

using namespace chucai;
using testing::shipped_book;

namespace {

std::size_t at_level(std::string_view scheme, int level) {
  const auto terms = shipped_book().terms(scheme);
  return static_cast<std::size_t>(std::count_if(terms.begin(), terms.end(), [&](const Term* t) {
    return t->level == level && !t->retired() && !t->has("local");
  }));
}

std::vector<std::string> codes_of(const std::vector<const Term*>& terms) {
  std::vector<std::string> codes;
  for (const Term* term : terms) codes.push_back(term->code);
  return codes;
}

std::vector<std::string> named(std::string_view scheme, std::string_view text) {
  return codes_of(shipped_book().named(scheme, text));
}

using Codes = std::vector<std::string>;

Term term(std::string code, std::string name, std::string parent = {}) {
  Term t;
  t.scheme = "x";
  t.code = std::move(code);
  t.name = std::move(name);
  t.parent = std::move(parent);
  return t;
}

}  // namespace

TEST_CASE("each shipped table has as many rows as its publisher says", "[codes]") {
  CHECK(at_level("region", 1) == 34);
  CHECK(at_level("region", 2) == 333);
  CHECK(at_level("region", 3) == 2846);
  CHECK(at_level("region", 4) == 1475);
  CHECK(at_level("region", 5) == 27057);
  CHECK(at_level("industry", 1) == 20);
  CHECK(at_level("industry", 2) == 97);
  CHECK(at_level("industry", 3) == 473);
  CHECK(at_level("industry", 4) == 1383);
  CHECK(at_level("discipline", 1) == 62);
  CHECK(at_level("discipline", 2) == 738);
  CHECK(at_level("discipline_moe", 1) == 13);
  CHECK(at_level("discipline_moe", 2) == 111);
  CHECK(shipped_book().terms("title").size() == 291);
  CHECK(shipped_book().terms("country").size() == 250);
  CHECK(shipped_book().terms("language").size() == 70);
  CHECK(shipped_book().terms("ethnic").size() == 58);
  CHECK(shipped_book().terms("program_kind").size() == 13);
  CHECK(shipped_book().terms("coverage_rule").size() == 5);
}

TEST_CASE("every scheme that a record field names is shipped", "[codes]") {
  for (const RecordType* type : record_types()) {
    for (const Field& field : type->fields) {
      if (field.scheme.empty() || field.type == FieldType::Ref) continue;
      CAPTURE(type->name, field.name, field.scheme);
      CHECK(shipped_book().has_scheme(field.scheme));
    }
  }
}

TEST_CASE("every parent is a term and one level above; every successor is a term", "[codes]") {
  for (const char* scheme : {"region", "industry", "discipline", "discipline_moe", "title",
                             "education", "degree", "marital"}) {
    for (const Term* t : shipped_book().terms(scheme)) {
      CAPTURE(scheme, t->code);
      if (!t->successor.empty()) CHECK(shipped_book().find(scheme, t->successor) != nullptr);
      if (t->parent.empty()) continue;
      const Term* parent = shipped_book().find(scheme, t->parent);
      REQUIRE(parent != nullptr);
      CHECK(parent->level < t->level);
    }
  }
}

TEST_CASE("a name or alias of a closed set or enumeration means one term only", "[codes]") {
  for (const char* scheme : {"sex",
                             "id_type",
                             "political",
                             "education",
                             "degree",
                             "ethnic",
                             "title_grade",
                             "skill_grade",
                             "talent_category",
                             "country",
                             "language",
                             "title_name",
                             "person_role",
                             "person_status",
                             "need_status",
                             "service_mode",
                             "participation_status",
                             "engagement_status",
                             "plan_status",
                             "project_status",
                             "import_status",
                             "exit_reason",
                             "role",
                             "program_kind",
                             "coverage_rule",
                             "counted",
                             "coverage_unit",
                             "subject_type",
                             "satisfaction",
                             "title_floor",
                             "education_floor",
                             "org_kind",
                             "milestone_status",
                             "fund_type",
                             "party_type",
                             "link_type"}) {
    REQUIRE(shipped_book().has_scheme(scheme));
    for (const Term* t : shipped_book().terms(scheme)) {
      std::vector<std::string> names = t->aliases;
      names.insert(names.end(), {t->code, t->name, t->shown()});
      for (const std::string& name : names) {
        CAPTURE(scheme, t->code, name);
        CHECK(named(scheme, name) == Codes{t->code});
      }
    }
  }
}

TEST_CASE("short forms that offices write come to their code", "[codes]") {
  CHECK(named("education", "本科") == Codes{"21"});
  CHECK(named("education", "大学") == Codes{"21"});
  CHECK(named("education", "研究生（博士）") == Codes{"11"});
  CHECK(named("education", "研究生(博士)") == Codes{"11"});
  CHECK(named("education", "研究生") == Codes{"14"});
  CHECK(named("education", "大专") == Codes{"31"});
  CHECK(named("political", "中共党员") == Codes{"01"});
  CHECK(named("political", "一般群众") == Codes{"13"});
  CHECK(named("political", "九三") == Codes{"10"});
  CHECK(named("sex", "男") == Codes{"1"});
  CHECK(named("sex", "女性") == Codes{"2"});
  CHECK(named("sex", "f") == Codes{"2"});
  CHECK(named("sex", "１") == Codes{"1"});
  CHECK(named("ethnic", "土家") == Codes{"15"});
  CHECK(named("ethnic", "汉") == Codes{"01"});
  CHECK(named("id_type", "居民身份证") == Codes{"111"});
  CHECK(named("id_type", "护照") == Codes{"414"});
  CHECK(named("country", "us") == Codes{"US"});
  CHECK(named("country", "United States of America") == Codes{"US"});
  CHECK(named("title_grade", "副高") == Codes{"2"});
  CHECK(named("title_name", "高工") == Codes{"高级工程师"});
  CHECK(named("title_name", "主任医生") == Codes{"主任医师"});
  CHECK(named("engagement_status", "已匹配") == Codes{"shortlisted"});
  CHECK(named("engagement_status", "服务中") == Codes{"on_duty"});
  CHECK(named("engagement_status", "已完成") == Codes{"completed"});
  CHECK(named("service_mode", "均可") == Codes{"any"});
  CHECK(named("title_floor", "副高级及以上") == Codes{"2"});
  CHECK(named("education_floor", "硕士及以上") == Codes{"3"});
  CHECK(named("discipline", "520.20") == Codes{"52020"});
  CHECK(named("sex", "不明").empty());
}

TEST_CASE("flags and labels stand on their terms", "[codes]") {
  const CodeBook& book = shipped_book();
  CHECK(book.shown("sex", "1") == "男");
  CHECK(book.shown("education", "21") == "大学本科毕业");
  CHECK(book.shown("education", "nope") == "nope");
  CHECK(book.find("title", "082")->has("grade:副高级"));
  CHECK(book.find("title_name", "正高级工程师")->has("grade:正高级"));
  CHECK(book.find("title_name", "高级教师")->flags.empty());  // 副高级 or 中级: the series decides
  CHECK(book.find("language", "th")->has("non_common"));
  CHECK(book.find("language", "th")->has("belt_road:TH"));
  CHECK(book.find("country", "TH")->has("belt_road_2018"));
  CHECK(book.find("region", "421124")->has("poverty_national_832"));
  CHECK(book.find("region", "421124")->has("poverty_exit_year:2018"));
  CHECK_FALSE(book.find("region", "420106")->has("poverty_national_832"));
  CHECK(book.find("industry", "84")->has("patched"));
  CHECK(book.find("region", "420821")->retired());
  CHECK_FALSE(book.find("region", "420882")->retired());
}

TEST_CASE("28 national and 9 provincial poor counties, 22 of the Dabie area, no list of 三区",
          "[codes]") {
  std::map<std::string, int> carried;
  for (const Term* t : shipped_book().terms("region")) {
    for (const std::string& flag : t->flags) ++carried[flag];
  }
  CHECK(carried["poverty_national_832"] == 28);
  CHECK(carried["poverty_provincial"] == 9);
  CHECK(carried["dabie_old_rev_area"] == 22);
  CHECK(carried["san_qu_2018"] == 0);
}

TEST_CASE("81 programmes ship, with known kinds, rules, units and parents", "[codes]") {
  CsvTable table(*find_file(embedded_codes(), "programs.csv"));
  std::map<std::string, std::string> parents;
  std::set<std::string> items;
  int unnamed = 0;
  while (table.next()) {
    const auto cell = [&](std::string_view column) {
      return std::string(table.at(table.column(column)));
    };
    CAPTURE(cell("seed_item"));
    parents[cell("code")] = cell("parent");
    items.insert(cell("seed_item"));
    if (cell("name_zh").empty()) {
      ++unnamed;
      CHECK(cell("seed_item") == "22.9");
    }
    const CodeBook& book = shipped_book();
    CHECK(book.find("program_kind", cell("kind")) != nullptr);
    CHECK(book.find("coverage_rule", cell("rule")) != nullptr);
    CHECK(book.find("counted", cell("counted")) != nullptr);
    if (!cell("rule2").empty()) CHECK(book.find("coverage_rule", cell("rule2")) != nullptr);
    if (!cell("unit").empty()) CHECK(book.find("coverage_unit", cell("unit")) != nullptr);
    CHECK_FALSE(cell("import_columns").empty());
  }
  REQUIRE(table.finish());
  CHECK(parents.size() == 81);
  CHECK(items.size() == 81);
  CHECK(unnamed == 1);
  for (const auto& [code, parent] : parents) {
    CAPTURE(code, parent);
    CHECK((parent.empty() || parents.contains(parent)));
  }
}

TEST_CASE("a later term takes the place of an earlier one, names and all", "[codes]") {
  CodeBook book;
  Term old_term = term("1", "旧名");
  old_term.aliases = {"别名 A"};
  REQUIRE(book.add({old_term, term("2", "二")}));
  REQUIRE(book.add({term("1", "新名"), term("3", "三", "1")}));
  CHECK(book.named("x", "旧名").empty());
  CHECK(book.named("x", "别名a").empty());
  CHECK(codes_of(book.named("x", "新名")) == Codes{"1"});
  REQUIRE(book.terms("x").size() == 3);
  CHECK(book.terms("x")[0]->name == "新名");
  CHECK(codes_of(book.chain("x", "3")) == Codes{"3", "1"});
}

TEST_CASE("the exact code goes first, a retired term last", "[codes]") {
  CodeBook book;
  Term gone = term("a", "同名");
  gone.valid_to = "2010";
  REQUIRE(book.add({gone, term("b", "同名"), term("同名", "别的")}));
  CHECK(codes_of(book.named("x", " 同名 ")) == Codes{"同名", "b", "a"});
}

TEST_CASE("a term without code or name is refused by name and changes nothing", "[codes]") {
  CodeBook book;
  const Done done = book.add({term("1", "一"), term("2", "")});
  REQUIRE_FALSE(done);
  CHECK(done.error().code == ErrorCode::InvalidArgument);
  CHECK(done.error().problem.params == std::vector<std::string>{"x", "2"});
  CHECK_FALSE(book.has_scheme("x"));
}

TEST_CASE("a loop of parents in an office's own terms ends", "[codes]") {
  CodeBook book;
  REQUIRE(book.add({term("1", "一", "2"), term("2", "二", "1")}));
  CHECK(book.chain("x", "1").size() <= 8);
}

TEST_CASE("moving a book keeps its terms where they are", "[codes]") {
  CodeBook book;
  REQUIRE(book.add({term("1", "Ａ 一")}));
  const Term* before = book.find("x", "1");
  const CodeBook moved = std::move(book);
  CHECK(moved.find("x", "1") == before);
  CHECK(moved.named("x", "a一") == std::vector<const Term*>{before});
}
