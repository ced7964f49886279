// The lifecycle tables are sound, and exit rules are read as they are written.
#include <catch2/catch.hpp>

#include <set>

#include "registry/domain/date.h"
#include "registry/domain/record.h"
#include "registry/domain/rules/exit_rule.h"
#include "registry/domain/rules/transitions.h"
#include "tests/support/shipped.h"

using namespace chucai;
using namespace chucai::testing;

namespace {

std::set<std::string> kinds() {
  std::set<std::string> all = {""};
  for (const Term* term : shipped_book().terms("program_kind")) all.insert(term->code);
  return all;
}

template <class Visit>
void for_each_step(Visit visit) {
  for (const RecordType* type : record_types()) {
    for (const std::string& kind : kinds()) {
      for (std::size_t part = 0; !steps_of(type->name, kind, part).empty(); ++part) {
        for (const Transition& step : steps_of(type->name, kind, part)) visit(*type, kind, step);
      }
    }
  }
}

}  // namespace

TEST_CASE("every step names statuses and fields that exist", "[codes]") {
  int steps = 0;
  for_each_step([&](const RecordType& type, const std::string&, const Transition& step) {
    ++steps;
    const Field* status = type.field("status");
    REQUIRE(status);
    CAPTURE(type.name, step.from, step.to);
    CHECK(shipped_book().find(status->scheme, step.from));
    CHECK(shipped_book().find(status->scheme, step.to));
    CHECK(step.from != step.to);
    for (const std::string_view need : step.needs) CHECK((need.empty() || type.field(need)));
    const std::string_view date = date_field(type.name, step.to);
    CHECK((date.empty() || type.field(date)->type == FieldType::Date));
  });
  CHECK(steps > 100);
}

TEST_CASE("every status of a participation can be reached in some kind of programme", "[codes]") {
  std::set<std::string> reached = {"nominated", "applied", "eligible"};
  for_each_step([&](const RecordType& type, const std::string&, const Transition& step) {
    if (type.name == "participation") reached.emplace(step.to);
  });
  for (const Term* term : shipped_book().terms("participation_status")) {
    INFO(term->code);
    CHECK(reached.contains(term->code));
  }
}

TEST_CASE("the kind of programme decides the lifecycle of a participation", "[codes]") {
  CHECK(find_step("participation", "benefit", "applied", "approved")->who == Actors::Approvers);
  CHECK_FALSE(find_step("participation", "enrolment", "applied", "approved"));
  CHECK(find_step("participation", "enrolment", "publicised", "selected")->who ==
        Actors::Approvers);
  CHECK(find_step("participation", "training", "applied", "selected")->who == Actors::Keepers);
  CHECK_FALSE(find_step("participation", "training", "applied", "screening"));
  CHECK(find_step("participation", "pilot", "applied", "approved"));
  CHECK_FALSE(find_step("participation", "enrolment", "exited", "selected"));
  CHECK_FALSE(find_step("organization", "", "draft", "active"));
}

TEST_CASE("a role makes its own steps and no others", "[codes]") {
  struct Row {
    const char* role;
    bool keeps, handles, reviews;
  };
  for (const Row& row :
       {Row{"province_admin", true, true, true}, Row{"registrar", true, true, false},
        Row{"reviewer", false, false, true}, Row{"requester", false, true, false},
        Row{"liaison_officer", false, true, false}, Row{"analyst", false, false, false},
        Row{"auditor", false, false, false}, Row{"nobody", false, false, false}}) {
    INFO(row.role);
    CHECK(may_step(Actors::Keepers, row.role) == row.keeps);
    CHECK(may_step(Actors::Handlers, row.role) == row.handles);
    CHECK(may_step(Actors::Invited, row.role) == row.handles);
    CHECK(may_step(Actors::Reviewers, row.role) == row.reviews);
    CHECK(may_step(Actors::Approvers, row.role) == row.reviews);
  }
  CHECK(may_step(Actors::Invited, "expert_self"));
  CHECK_FALSE(may_step(Actors::Handlers, "expert_self"));
}

TEST_CASE("an exit rule is read, prose is left alone, a wrong one says where", "[codes]") {
  const auto read = [](std::string_view text) { return parse_exit_rule(shipped_book(), text); };
  const ExitRule rule{{"failed_assessment", "not_arrived"}, 30, 15, 50};
  CHECK(*read("触发：考核不合格、未到岗；告知：30天；申诉：15天；追回：50%") == rule);
  CHECK(*read("trigger: failed_assessment, not_arrived; notice: 30; appeal: 15; clawback: 50") ==
        rule);
  CHECK(*read("追回：全额") == ExitRule{{}, 0, 0, 100});
  CHECK_FALSE(read("")->has_value());
  CHECK_FALSE(read("按省委人才办规定执行")->has_value());
  for (const char* wrong :
       {"告知：三十天", "触发：火灾；告知：30天", "告知：30天；以及其他", "追回：120%"}) {
    INFO(wrong);
    CHECK(read(wrong).error().problem.reason == "program.exit_rule");
  }
}

TEST_CASE("the last day of a date follows from its precision", "[codes]") {
  CHECK(date_of_day(last_day({2018, 0, 0})) == Date{2018, 12, 31});
  CHECK(date_of_day(last_day({2020, 2, 0})) == Date{2020, 2, 29});
  CHECK(date_of_day(last_day({2018, 12, 0})) == Date{2018, 12, 31});
  CHECK(date_of_day(last_day({2018, 5, 7})) == Date{2018, 5, 7});
}
