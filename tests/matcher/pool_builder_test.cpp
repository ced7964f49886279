#include "matcher/pool_builder.h"

#include <catch2/catch.hpp>

#include "tests/support/shipped.h"

using namespace chucai;
using namespace chucai::matcher;

namespace {

PoolBuilder builder() {
  return {testing::shipped_book(), {2018, 3}};
}

Person expert_person(std::int64_t id) {
  Person person;
  person.id = id;
  person.roles = {"talent", "expert"};
  person.status = "active";
  return person;
}

Need open_need(std::int64_t id, std::int64_t headcount) {
  Need need;
  need.id = id;
  need.headcount = headcount;
  need.days = 5;
  need.status = "accepted";
  return need;
}

Engagement engagement(std::int64_t need, std::int64_t person, std::string status, Date start) {
  Engagement engagement;
  engagement.need = NeedId{need};
  engagement.person = PersonId{person};
  engagement.status = std::move(status);
  engagement.start = start;
  return engagement;
}

}  // namespace

TEST_CASE("codes of a person become grades, levels and bits", "[matcher]") {
  Person person = expert_person(1);
  person.employer = "武汉 大学";
  person.title = "副教授";
  person.education = "14";
  person.degree = "2";
  person.discipline = "21040";
  person.research = {"茶叶加工"};
  person.service_modes = {"on_site", "remote"};
  const Expert expert = builder().expert(person);
  CHECK(expert.active);
  CHECK(expert.title_grade == 2);
  CHECK(expert.education == Education::Doctor);
  CHECK(expert.employer == "武汉大学");
  CHECK(expert.modes == mode::kAny);
  CHECK(expert.services_per_year == 3);
  CHECK(expert.text.find("茶叶加工") != std::string::npos);
  CHECK(expert.text.find(testing::shipped_book().shown("discipline", "210")) != std::string::npos);
}

TEST_CASE("a stated grade goes before the one that the title implies", "[matcher]") {
  Person person = expert_person(1);
  person.title = "副教授";
  person.title_grade = "1";
  CHECK(builder().expert(person).title_grade == 1);
}

TEST_CASE("blank fields of a person stay unknown", "[matcher]") {
  const Expert expert = builder().expert(expert_person(1));
  CHECK(expert.title_grade == 0);
  CHECK(expert.education == Education::Unknown);
  CHECK(expert.modes == mode::kUnknown);
  CHECK(expert.disciplines.empty());
  CHECK_FALSE(expert.days_per_year);
}

TEST_CASE("a discipline without a code is found by name", "[matcher]") {
  const std::string name(testing::shipped_book().shown("discipline", "21040"));
  Need need = open_need(1, 1);
  need.discipline_text = name;
  CHECK(builder().need(need).disciplines == std::vector<std::string>{"21040"});
  Person person = expert_person(1);
  person.research = {name};
  CHECK(builder().expert(person).disciplines == std::vector<std::string>{"21040"});
  CHECK(builder().need(Question{"422825", "", name, ""}).disciplines ==
        std::vector<std::string>{"21040"});
}

TEST_CASE("floors and modes of a need are read", "[matcher]") {
  Need need = open_need(1, 2);
  need.title_floor = "2";
  need.education_floor = "4";
  need.service_mode = "remote";
  const NeedView view = builder().need(need);
  CHECK(view.title_floor == 2);
  CHECK(view.education_floor == Education::Doctor);
  CHECK(view.modes == mode::kRemote);
  CHECK(view.seats == 2);
  CHECK(builder().need(open_need(1, 1)).modes == mode::kAny);
}

TEST_CASE("persons without the expert role stay out of the pool", "[matcher]") {
  Person talent = expert_person(2);
  talent.roles = {"talent"};
  const std::vector<Person> persons = {expert_person(1), talent};
  const Pool pool = builder().build(persons, {}, {});
  REQUIRE(pool.experts.size() == 1);
  CHECK(pool.experts[0].id == PersonId{1});
}

TEST_CASE("engagements take seats, services and days, and leave a record", "[matcher]") {
  const std::vector<Person> persons = {expert_person(1), expert_person(2), expert_person(3)};
  std::vector<Need> needs = {open_need(10, 3), open_need(11, 1)};
  needs[0].discipline = "21040";
  std::vector<Engagement> engagements = {
      engagement(10, 1, "on_duty", {2018, 3, 1}), engagement(10, 2, "enrolled", {}),
      engagement(10, 3, "declined", {}), engagement(11, 1, "completed", {2017, 5, 1}),
      engagement(10, 2, "completed", {2018, 6, 1})};
  engagements[0].end = {2018, 3, 4};
  engagements[3].satisfaction = "very_satisfied";
  engagements[4].satisfaction = "dissatisfied";
  const Pool pool = builder().build(persons, needs, engagements);
  CHECK(pool.needs[0].seats == 1);
  CHECK(pool.needs[1].seats == 0);
  CHECK(pool.needs[0].closed_to == std::vector<PersonId>{{1}, {3}, {2}});
  CHECK(pool.needs[0].applicants == std::vector<PersonId>{{2}});
  CHECK(pool.experts[0].services_taken == 1);  // last year's does not count
  CHECK(pool.experts[0].days_taken == 4);
  CHECK(pool.experts[1].days_taken == 5);  // no end: the need's own days
  CHECK(pool.experts[0].past ==
        std::vector<PastService>{{"", Outcome::Satisfied, "", "", 2017, false}});
  CHECK(pool.experts[1].past ==
        std::vector<PastService>{{"21040", Outcome::Dissatisfied, "", "", 2018, false}});
  const auto start = first_day({2018, 3, 1});
  CHECK(pool.experts[0].standing == std::vector<Standing>{{"", start, start + 3, false}});
  CHECK(pool.experts[2].services_taken == 0);
}

TEST_CASE("a need for a long post is firm, by its days or its programme", "[matcher]") {
  Need need = open_need(1, 1);
  CHECK(builder().need(need).setting == Setting::Short);
  CHECK(builder().need(need).firm == 0);
  need.days = 180;
  CHECK(builder().need(need).setting == Setting::Long);
  CHECK(builder().need(need).firm == firm::kAll);
  need.days = 5;
  need.program = "DOCTOR_CORPS";
  CHECK(builder().need(need).setting == Setting::Long);
  CHECK(builder().need(need).programme_floor == Education::Doctor);
}

TEST_CASE("authors of a work are found by their number", "[matcher]") {
  std::vector<Person> persons = {expert_person(1), expert_person(2)};
  persons[1].expert_no = "E2";
  chucai::Work work;
  work.id = 9;
  work.person = PersonId{1};
  work.title = "茶饼病防治";
  work.authors = {"E2", "E7"};
  const Pool pool = builder().build(persons, {}, {}, std::vector{work});
  REQUIRE(pool.works.size() == 1);
  CHECK(pool.works[0].authors == std::vector<PersonId>{{1}, {2}});
}
