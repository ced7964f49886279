#include "matcher/plan.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "matcher/verify.h"
#include "registry/domain/messages.h"
#include "tests/support/pool.h"
#include "tests/support/shipped.h"

using namespace chucai;
using namespace chucai::matcher;

namespace {

Ranker ranker_of(std::vector<Expert> experts) {
  return {std::move(experts), testing::shipped_book(), testing::shipped_regions()};
}

Expert plain_expert(std::int64_t id) {
  Expert expert;
  expert.id = PersonId{id};
  expert.services_per_year = 4;
  return expert;
}

NeedView plain_need(std::int64_t id, std::uint32_t seats) {
  NeedView need;
  need.id = NeedId{id};
  need.seats = seats;
  return need;
}

/// Recounts the plan from experts and needs alone.
void check_kept(const Ranker& ranker, const std::vector<NeedView>& needs,
                const RegistryPlan& plan) {
  std::map<std::int64_t, const NeedView*> need_of;
  for (const NeedView& need : needs) need_of[need.id.value] = &need;
  std::map<std::int64_t, std::uint32_t> filled;
  std::map<std::uint32_t, std::uint32_t> services;
  std::map<std::uint32_t, std::int64_t> days;
  std::set<std::pair<std::int64_t, std::int64_t>> pairs;
  std::int64_t cost = 0;
  for (const PlannedSeat& seat : plan.seats) {
    const NeedView& need = *need_of.at(seat.need.value);
    const std::uint32_t expert = ranker.find(seat.person).value();
    const auto standing = ranker.evaluate(need, expert);
    REQUIRE(standing);
    REQUIRE(standing->score == seat.score);
    REQUIRE(pairs.emplace(seat.need.value, seat.person.value).second);
    ++filled[seat.need.value];
    ++services[expert];
    days[expert] += need.days.value_or(0);
    cost += kTopScore - seat.score;
  }
  for (const auto& [expert, count] : services) {
    const Expert& who = ranker.experts()[expert];
    REQUIRE(count + who.services_taken <= who.services_per_year);
    if (who.days_per_year) REQUIRE(days[expert] + who.days_taken <= *who.days_per_year);
  }
  std::uint64_t empty = 0;
  for (const NeedView& need : needs) {
    REQUIRE(filled[need.id.value] <= need.seats);
    empty += need.seats - filled[need.id.value];
  }
  REQUIRE(cost == plan.cost);
  REQUIRE(empty == plan.unfilled);
  REQUIRE(plan.unfilled >= plan.bound_unfilled);
  if (plan.unfilled == plan.bound_unfilled) REQUIRE(plan.cost >= plan.bound_cost);
}

}  // namespace

TEST_CASE("a plan of a register keeps every rule, load and number of days", "[matcher]") {
  for (unsigned seed = 1; seed <= 12; ++seed) {
    testing::PoolMaker maker(seed);
    const Ranker ranker = ranker_of(maker.experts(40 + 10 * (seed % 4)));
    const auto needs = maker.needs(60);
    const auto plan = matcher::plan(ranker, needs, {});
    REQUIRE(plan);
    check_kept(ranker, needs, *plan);
    CHECK(verify(plan->instance, plan->proof));
  }
}

TEST_CASE("short candidate lists grow until the plan is as good as with complete ones",
          "[matcher]") {
  for (unsigned seed = 1; seed <= 12; ++seed) {
    testing::PoolMaker maker(seed);
    std::vector<Expert> experts = maker.experts(60);
    for (Expert& expert : experts) expert.days_per_year.reset();  // a pure flow: one optimum
    const Ranker ranker = ranker_of(std::move(experts));
    const auto needs = maker.needs(50);
    const auto complete = matcher::plan(ranker, needs, {1000});
    const auto lazy = matcher::plan(ranker, needs, {1});
    REQUIRE(complete);
    REQUIRE(lazy);
    CHECK(lazy->cost == complete->cost);
    CHECK(lazy->unfilled == complete->unfilled);
    CHECK(complete->rounds == 1);
    CHECK(complete->bound_cost == complete->cost);
  }
}

TEST_CASE("filling one more seat goes before any saving of points", "[matcher]") {
  // Expert 1 suits need 1 best, but is the only one whom need 2 may have.
  Expert first = plain_expert(1);
  first.services_per_year = 1;
  first.disciplines = {"21040"};
  Expert second = plain_expert(2);
  second.title_grade = 5;
  const Ranker ranker = ranker_of({first, second});
  NeedView one = plain_need(1, 1);
  one.disciplines = {"21040"};
  NeedView two = plain_need(2, 1);
  two.title_floor = 4;
  two.firm = firm::kTitle;
  const auto plan = matcher::plan(ranker, std::vector{one, two}, {});
  REQUIRE(plan);
  CHECK(plan->unfilled == 0);
  CHECK(plan->seats[0].person == PersonId{2});
  CHECK(plan->seats[1].person == PersonId{1});
  CHECK(plan->seats[1].price > 0);
}

TEST_CASE("days that add up but do not fit together are not overbooked", "[matcher]") {
  Expert expert = plain_expert(1);
  expert.days_per_year = 10;
  const Ranker ranker = ranker_of({expert});
  std::vector<NeedView> needs = {plain_need(1, 1), plain_need(2, 1), plain_need(3, 1)};
  for (NeedView& need : needs) need.days = 7;
  needs[2].days = 2;
  const auto plan = matcher::plan(ranker, needs, {});
  REQUIRE(plan);
  check_kept(ranker, needs, *plan);
  CHECK(plan->bound_unfilled == 1);
}

TEST_CASE(
    "an expert who has given more days than the year holds does not keep the plan from ending",
    "[matcher]") {
  Expert spent = plain_expert(1);
  spent.days_per_year = 10;
  spent.days_taken = 15;
  const Ranker ranker = ranker_of({spent, plain_expert(2)});
  NeedView need = plain_need(1, 1);
  need.days = 5;
  const auto made = plan(ranker, std::vector<NeedView>{need}, {});
  REQUIRE(made);
  REQUIRE(made->seats.size() == 1);
  CHECK(made->seats[0].person == PersonId{2});
}

TEST_CASE("each empty seat says in words why, with the needs it competes with", "[matcher]") {
  Expert expert = plain_expert(1);
  expert.services_per_year = 2;
  Expert junior = plain_expert(2);
  junior.title_grade = 4;
  const Ranker ranker = ranker_of({expert, junior});
  std::vector<NeedView> needs;
  for (std::int64_t id = 1; id <= 3; ++id) {
    needs.push_back(plain_need(id, 1));
    needs.back().title_floor = 1;
    needs.back().firm = firm::kTitle;
  }
  needs.push_back(plain_need(4, 2));
  needs.back().closed_to = {PersonId{1}, PersonId{2}};
  const auto plan = matcher::plan(ranker, needs, {});
  REQUIRE(plan);
  REQUIRE(plan->shortages.size() == 2);
  const NeedShortage& contended = plan->shortages[0];
  CHECK(contended.cause == ShortageCause::Competition);
  CHECK(contended.competing == std::vector<NeedId>{{1}, {2}, {3}});
  CHECK(contended.experts == std::vector<PersonId>{{1}});
  CHECK(contended.reason.params == std::vector<std::string>{"3", "3", "2", "1"});
  CHECK(contended.excluded[static_cast<std::size_t>(Rule::Title)] == 1);
  const NeedShortage& nobody = plan->shortages[1];
  CHECK(nobody.cause == ShortageCause::NoCandidate);
  CHECK(nobody.need == NeedId{4});
  CHECK(nobody.empty_seats == 2);
  CHECK(nobody.excluded[static_cast<std::size_t>(Rule::Already)] == 2);
  const auto messages = Messages::load(embedded_codes());
  REQUIRE(messages);
  for (const NeedShortage& shortage : plan->shortages) {
    CHECK(messages->knows(shortage.reason.reason));
  }
}

TEST_CASE("a need without open seats stays out of the plan", "[matcher]") {
  const Ranker ranker = ranker_of({plain_expert(1)});
  const auto plan = matcher::plan(ranker, std::vector{plain_need(1, 0)}, {});
  REQUIRE(plan);
  CHECK(plan->seats.empty());
  CHECK(plan->shortages.empty());
}

namespace {

/// Quotas by region that nest, a limit for one employer, one pair fixed and one ruled out.
PlanRules some_rules(const Ranker& ranker, const std::vector<NeedView>& needs,
                     const RegistryPlan& free) {
  PlanRules rules;
  NeedQuota province{"province", {}, 0, static_cast<std::uint32_t>(free.seats.size() * 3 / 4)};
  NeedQuota county{"county", {}, 0, 3};
  for (const NeedView& need : needs) {
    province.needs.push_back(need.id);
    if (need.region == "422825") county.needs.push_back(need.id);
  }
  ExpertQuota employer{"employer", {}, 0, 4};
  for (const Expert& expert : ranker.experts()) {
    if (expert.employer == "某医院") employer.experts.push_back(expert.id);
  }
  rules.need_quotas = {province, county};
  rules.expert_quotas = {employer};
  rules.pinned = {{free.seats.front().need, free.seats.front().person}};
  rules.forbidden = {{free.seats.back().need, free.seats.back().person}};
  return rules;
}

std::uint64_t filled_by(const RegistryPlan& plan, const std::vector<NeedId>& needs) {
  return static_cast<std::uint64_t>(
      std::count_if(plan.seats.begin(), plan.seats.end(), [&](const PlannedSeat& seat) {
        return std::find(needs.begin(), needs.end(), seat.need) != needs.end();
      }));
}

}  // namespace

TEST_CASE("rules of the office hold in the plan, and short lists change nothing", "[matcher]") {
  for (unsigned seed = 31; seed <= 38; ++seed) {
    testing::PoolMaker maker(seed);
    const Ranker ranker = ranker_of(maker.experts(40));
    const auto needs = maker.needs(50);
    const auto free = matcher::plan(ranker, needs, {});
    REQUIRE(free);
    REQUIRE(free->seats.size() > 8);
    const PlanRules rules = some_rules(ranker, needs, *free);
    const auto plan = matcher::plan(ranker, needs, {1, rules});
    REQUIRE(plan);
    check_kept(ranker, needs, *plan);
    REQUIRE(plan->ruled);
    CHECK(verify(plan->instance, plan->ruled->constraints, plan->ruled->proof));
    for (const NeedQuota& quota : rules.need_quotas) {
      CHECK(filled_by(*plan, quota.needs) <= quota.at_most);
    }
    const auto seated = [&](const PlanPair& pair) {
      return std::any_of(plan->seats.begin(), plan->seats.end(), [&](const PlannedSeat& seat) {
        return seat.need == pair.need && seat.person == pair.person;
      });
    };
    CHECK(seated(rules.pinned[0]));
    CHECK_FALSE(seated(rules.forbidden[0]));
    const auto complete = matcher::plan(ranker, needs, {1000, rules});
    REQUIRE(complete);
    CHECK(plan->bound_cost == complete->bound_cost);
    CHECK(plan->bound_unfilled == complete->bound_unfilled);
    for (const NeedShortage& shortage : plan->shortages)
      CHECK_FALSE(shortage.reason.reason.empty());
  }
}

TEST_CASE("counties served alike get the leximin fills that complete lists give", "[matcher]") {
  testing::PoolMaker maker(41);
  const Ranker ranker = ranker_of(maker.experts(12));
  const auto needs = maker.needs(60);
  std::map<std::string, ServedAlike> by_region;
  for (const NeedView& need : needs) by_region[need.region].needs.push_back(need.id);
  PlanRules rules;
  for (auto& [region, group] : by_region) {
    group.name = region;
    rules.served_alike.push_back(group);
  }
  const auto plan = matcher::plan(ranker, needs, {1, rules});
  const auto complete = matcher::plan(ranker, needs, {1000, rules});
  REQUIRE(plan);
  REQUIRE(complete);
  REQUIRE(plan->ruled->fills.size() == rules.served_alike.size());
  CHECK(plan->bound_unfilled == complete->bound_unfilled);
  CHECK(plan->bound_cost == complete->bound_cost);
  CHECK(plan->unfilled >= plan->ruled->free_unfilled);
}

TEST_CASE("rules that cannot be kept are refused by name", "[matcher]") {
  const Ranker ranker = ranker_of({plain_expert(1), plain_expert(2)});
  const std::vector<NeedView> needs = {plain_need(1, 1), plain_need(2, 1)};
  PlanRules rules;
  SECTION("a floor above what there is") {
    rules.need_quotas = {{"all", {NeedId{1}, NeedId{2}}, 3, kNoQuota}};
    const auto plan = matcher::plan(ranker, needs, {16, rules});
    REQUIRE_FALSE(plan);
    CHECK(plan.error().problem.reason == "constraints.unmet");
  }
  SECTION("a pair whose person is not known") {
    rules.pinned = {{NeedId{1}, PersonId{9}}};
    const auto plan = matcher::plan(ranker, needs, {16, rules});
    REQUIRE_FALSE(plan);
    CHECK(plan.error().problem.reason == "constraints.pair");
  }
  SECTION("quotas that cross") {
    std::vector<NeedView> three = needs;
    three.push_back(plain_need(3, 1));
    rules.need_quotas = {{"one", {NeedId{1}, NeedId{2}}, 0, 1},
                         {"two", {NeedId{2}, NeedId{3}}, 0, 1}};
    const auto plan = matcher::plan(ranker, three, {16, rules});
    REQUIRE_FALSE(plan);
    CHECK(plan.error().problem.reason == "constraints.crossed");
  }
}
