#include "importers/template.h"

#include <catch2/catch.hpp>

#include "importers/plan.h"
#include "importers/sniff.h"
#include "registry/domain/program.h"
#include "registry/service/registry.h"
#include "tests/importers/files.h"
#include "tests/importers/no_records.h"
#include "tests/support/shipped.h"

using namespace chucai;
using namespace chucai::importers;
using namespace chucai::importers::testing;
using chucai::testing::shipped_book;
using chucai::testing::shipped_messages;
using chucai::testing::shipped_regions;

namespace {

/// The plan of the form as it was written.
ImportPlan plan_of_form(const Kind& kind, const std::string& program,
                        const std::vector<ProgramColumn>& added, std::string& transcript) {
  const TemporaryFolder folder;
  const auto path = folder.file("form.xlsx");
  const FormWords words{shipped_book(), shipped_regions(), shipped_messages()};
  REQUIRE(write_template(words, kind, program, added, path));
  auto reader = open_table(path);
  REQUIRE(reader);
  Transcript found;
  REQUIRE((*reader)->read(found));
  transcript = found.text;
  const Understanding understanding{shipped_book(), shipped_regions(), "420000", program,
                                    Date{2018, 6, 30}};
  auto plan = make_plan(**reader, kind, understanding, NoRecords{});
  INFO(found.text);
  REQUIRE(plan);
  return std::move(*plan);
}

}  // namespace

TEST_CASE("the form of every kind has its columns, and its example row is not read",
          "[importers]") {
  for (const Kind& kind : kinds()) {
    INFO(kind.name);
    std::string transcript;
    const ImportPlan plan = plan_of_form(kind, "", {}, transcript);
    CHECK(plan.rows.empty());
    CHECK(plan.unknown_headers.empty());
    REQUIRE(plan.skipped.size() == 1);
    CHECK(plan.skipped[0].is == RowClass::Example);
    CHECK(plan.skipped[0].row == 2);
    REQUIRE(plan.sheets.size() >= 2);
    CHECK(plan.sheets[0].header);
    CHECK_FALSE(plan.sheets[1].header);  // how to fill it in
    for (const Column& column : kind.columns) {
      if (column.presence == Presence::TakenOnly) continue;
      INFO(column.header);
      CHECK(plan.sheets[0].header->of(column) != nullptr);
    }
  }
}

TEST_CASE("the columns that each of the 81 programmes adds stand in its forms", "[importers]") {
  std::size_t forms = 0;
  const auto programs = shipped_programs();
  REQUIRE(programs);
  REQUIRE(programs->size() == 81);
  for (const auto& record : *programs) {
    const auto& program = static_cast<const Program&>(*record);
    const auto sets = column_sets(program.import_columns);
    INFO(program.code << ": " << program.import_columns);
    CHECK_FALSE(sets.empty());
    for (const ColumnSet& set : sets) {
      const auto added = added_columns(*set.kind, program.import_columns);
      REQUIRE(added);
      ++forms;
      for (const ProgramColumn& column : *added) {
        INFO(column.header);
        CHECK_FALSE(column.header.empty());
        CHECK(column.header.find('(') == std::string::npos);
      }
    }
  }
  CHECK(forms > 100);
}

TEST_CASE("a programme's columns are read as it writes them", "[importers]") {
  const auto sets = column_sets("P + R + 引进方式(全职/柔性), 合同期, 来源国家/单位 + F");
  REQUIRE(sets.size() == 3);
  CHECK(sets[0].kind->name == "persons");
  CHECK(sets[0].added.empty());
  CHECK(sets[1].kind->name == "participations");
  CHECK(sets[1].added ==
        std::vector<ProgramColumn>{{"引进方式", {"全职", "柔性"}}, {"合同期"}, {"来源国家/单位"}});
  CHECK(sets[2].kind->name == "funds");
  CHECK(column_sets("S + R(学时, 结业)")[1].added ==
        std::vector<ProgramColumn>{{"学时"}, {"结业"}});
  CHECK(column_sets("R (单位) + 奖励形式")[0].added == std::vector<ProgramColumn>{{"奖励形式"}});
  CHECK(column_sets("L(团队成员)")[0].added.empty());
  CHECK(added_columns(*find_kind("persons"), "T + D").error().problem.reason == "template.kind");
  const auto known = added_columns(*find_kind("persons"), "P(学校, 专业, 毕业年份)");
  REQUIRE(known);
  CHECK(*known == std::vector<ProgramColumn>{{"学校"}, {"毕业年份"}});
}

TEST_CASE("a form offers its lists from a hidden sheet and keeps numbers as text", "[importers]") {
  std::string transcript;
  (void)plan_of_form(*find_kind("persons"), "", {{"引进方式", {"全职", "柔性"}}}, transcript);
  INFO(transcript);
  CHECK(transcript.find("[字典 hidden]") != std::string::npos);
  CHECK(transcript.find("[填写说明]") != std::string::npos);
  CHECK(transcript.find("柔性") != std::string::npos);
}
