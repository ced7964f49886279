#include "matcher/rules.h"

#include <catch2/catch.hpp>

#include "registry/domain/messages.h"
#include "tests/support/shipped.h"

using namespace chucai;
using namespace chucai::matcher;

namespace {

/// Passes every rule for willing_need().
Expert willing_expert() {
  Expert expert;
  expert.id = PersonId{7};
  expert.title_grade = 2;
  expert.education = Education::Master;
  expert.region = "420106";
  expert.employer = "武汉大学";
  expert.employer_uscc = "12100000707137123P";
  expert.languages = {"en"};
  expert.modes = mode::kOnSite;
  expert.service_regions = {"422800"};
  expert.days_per_year = 10;
  expert.services_per_year = 2;
  return expert;
}

NeedView demanding_need() {
  NeedView need;
  need.requester = "宣恩县茶叶协会";
  need.region = "422825";
  need.title_floor = 2;
  need.education_floor = Education::Master;
  need.languages = {"en"};
  need.modes = mode::kOnSite;
  need.days = 10;
  need.firm = firm::kAll;
  return need;
}

std::string verdict(const Expert& expert, const NeedView& need) {
  const Rules rules({&expert, 1}, testing::shipped_regions());
  const auto rule = rules.first_failing(rules.compile(need), 0);
  return rule ? std::string(rule_name(*rule)) : "passes";
}

}  // namespace

TEST_CASE("an expert who meets everything passes", "[matcher]") {
  CHECK(verdict(willing_expert(), demanding_need()) == "passes");
}

TEST_CASE("each hard rule excludes by its own name", "[matcher]") {
  Expert expert = willing_expert();
  NeedView need = demanding_need();
  std::string expected;
  SECTION("status") {
    expert.active = false, expected = "rule.status";
  }
  SECTION("exit") {
    expert.exited = true, expected = "rule.exit";
  }
  SECTION("never again") {
    expert.past = {{"", Outcome::Dissatisfied, "宣恩县茶叶协会", "422825", 2015, false}};
    expected = "rule.never";
  }
  SECTION("unhappy elsewhere") {
    expert.past = {{"", Outcome::Terminated, "某医院", "422825", 2015, false}};
    expected = "passes";
  }
  SECTION("there already") {
    expert.standing = {{"宣恩县茶叶协会", 0, -1, false}}, expected = "rule.there";
  }
  SECTION("rotation") {
    need.setting = Setting::Long;
    expert.past = {{"", Outcome::Satisfied, "宣恩县茶叶协会", "422825", 2017, true}};
    expected = "rule.rotation";
  }
  SECTION("again for a few days") {
    expert.past = {{"", Outcome::Satisfied, "宣恩县茶叶协会", "422825", 2017, true}};
    expected = "passes";
  }
  SECTION("programme") {
    need.programme_floor = Education::Doctor, expected = "rule.programme";
  }
  SECTION("one long post") {
    need.setting = Setting::Long;
    expert.standing = {{"某医院", 100, 400, true}}, expected = "rule.post";
  }
  SECTION("a long post in the window") {
    need.first_day = 350, need.last_day = 500;
    expert.standing = {{"某医院", 100, 400, true}}, expected = "rule.post";
  }
  SECTION("a long post that ends before the window") {
    need.first_day = 401, need.last_day = 500;
    expert.standing = {{"某医院", 100, 400, true}}, expected = "passes";
  }
  SECTION("window") {
    need.first_day = 100, need.last_day = 119;
    expert.standing = {{"某医院", 90, 110, false}}, expected = "rule.window";
  }
  SECTION("days enough beside the other service") {
    need.first_day = 100, need.last_day = 119;
    expert.standing = {{"某医院", 90, 109, false}}, expected = "passes";
  }
  SECTION("already") {
    need.closed_to = {PersonId{3}, PersonId{7}}, expected = "rule.already";
  }
  SECTION("conflict by name") {
    need.requester = "武汉大学", expected = "rule.conflict";
  }
  SECTION("conflict by credit code") {
    need.requester_uscc = "12100000707137123P", expected = "rule.conflict";
  }
  SECTION("title") {
    expert.title_grade = 3, expected = "rule.title";
  }
  SECTION("education") {
    expert.education = Education::Bachelor, expected = "rule.education";
  }
  SECTION("language") {
    need.languages = {"en", "ru"}, expected = "rule.language";
  }
  SECTION("language of nobody") {
    need.languages = {"sw"}, expected = "rule.language";
  }
  SECTION("mode") {
    need.modes = mode::kRemote, expected = "rule.mode";
  }
  SECTION("region") {
    need.region = "421023", expected = "rule.region";
  }
  SECTION("region, where the expert can serve from afar") {
    need.region = "421023", need.modes = mode::kAny, expert.modes = mode::kAny;
    expected = "passes";
  }
  SECTION("load") {
    expert.services_taken = 2, expected = "rule.load";
  }
  SECTION("days") {
    expert.days_taken = 1, expected = "rule.days";
  }
  CHECK(verdict(expert, need) == expected);
}

TEST_CASE("wishes exclude only where the need is firm about them", "[matcher]") {
  Expert expert = willing_expert();
  expert.title_grade = 4;
  expert.education = Education::College;
  expert.modes = mode::kRemote;
  expert.service_regions = {"420100"};
  expert.days_per_year = 3;
  NeedView need = demanding_need();
  need.firm = 0;
  CHECK(verdict(expert, need) == "passes");
  expert.days_taken = 3;
  CHECK(verdict(expert, need) == "rule.days");
}

TEST_CASE("what is unknown of an expert never excludes", "[matcher]") {
  Expert expert;
  expert.services_per_year = 1;
  CHECK(verdict(expert, demanding_need()) == "passes");
}

TEST_CASE("a need that asks for nothing excludes nobody", "[matcher]") {
  CHECK(verdict(willing_expert(), NeedView{}) == "passes");
}

TEST_CASE("a higher title, education or wider area than asked for passes", "[matcher]") {
  Expert expert = willing_expert();
  expert.title_grade = 1;
  expert.education = Education::Doctor;
  expert.service_regions = {"420100", "420000"};
  expert.modes = mode::kAny;
  CHECK(verdict(expert, demanding_need()) == "passes");
}

TEST_CASE("every rule has its wording", "[matcher]") {
  const auto messages = Messages::load(embedded_codes());
  REQUIRE(messages);
  for (std::size_t rule = 0; rule < kRules; ++rule) {
    CHECK(messages->knows(rule_name(static_cast<Rule>(rule))));
  }
}
