#include "matcher/shortage.h"

#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <set>

#include "tests/support/market.h"
#include "tests/support/small_market.h"

using namespace chucai;
using namespace chucai::matcher;

namespace {

ShortageReport explain(const Instance& instance) {
  return explain_shortages(instance, Assignment(instance).solve());
}

/// Counts anew, from the instance alone, what the needs of a set can have at most.
std::uint64_t supply_of(const Instance& instance, const CompetingSet& set) {
  std::map<std::uint32_t, std::uint32_t> wanted;
  for (const std::uint32_t need : set.needs) {
    for (const Candidate& candidate : instance.row(need)) ++wanted[candidate.expert];
  }
  std::uint64_t supply = 0;
  for (const auto& [expert, edges] : wanted) supply += std::min(edges, instance.capacity[expert]);
  return supply;
}

void check_set(const Instance& instance, const CompetingSet& set) {
  std::uint64_t seats = 0;
  for (const std::uint32_t need : set.needs) seats += instance.headcount[need];
  std::uint64_t slots = 0;
  for (const std::uint32_t expert : set.experts) slots += instance.capacity[expert];
  const std::set<std::uint32_t> inside(set.experts.begin(), set.experts.end());
  std::uint64_t edges = 0;
  for (const std::uint32_t need : set.needs) {
    for (const Candidate& c : instance.row(need)) edges += inside.contains(c.expert) ? 0 : 1;
  }
  REQUIRE(set.seats == seats);
  REQUIRE(set.slots == slots);
  REQUIRE(set.edges == edges);
  REQUIRE(seats > slots + edges);
  REQUIRE(seats > supply_of(instance, set));
}

std::uint32_t cost_of(const Instance& instance, std::uint32_t need, std::uint32_t expert) {
  for (const Candidate& c : instance.row(need)) {
    if (c.expert == expert) return c.cost;
  }
  FAIL("need " << need << " has no candidate " << expert);
  return 0;
}

/// Carries the chain out and prices it from the instance alone.
void check_chain(const Instance& instance, const Plan& plan, const Shortage& shortage) {
  std::set<Seat> seats(plan.seats.begin(), plan.seats.end());
  std::int64_t cost = -std::int64_t{instance.unfilled_cost[shortage.need]};
  REQUIRE(shortage.chain.front().need == shortage.need);
  for (std::size_t k = 0; k < shortage.chain.size(); ++k) {
    const auto [need, expert] = shortage.chain[k];
    if (k > 0) {
      const std::uint32_t given = shortage.chain[k - 1].expert;
      REQUIRE(seats.erase({need, given}) == 1);
      cost -= cost_of(instance, need, given);
    }
    REQUIRE(seats.insert({need, expert}).second);
    cost += cost_of(instance, need, expert);
  }
  std::map<std::uint32_t, std::uint32_t> used;
  for (const Seat& seat : seats) REQUIRE(++used[seat.expert] <= instance.capacity[seat.expert]);
  REQUIRE(cost == shortage.chain_cost);
  REQUIRE(cost >= 0);
}

}  // namespace

TEST_CASE("a need with nobody eligible is said to have no candidate", "[matcher]") {
  const auto report = explain(testing::instance_of({1}, {{2, 100, {}}}));
  REQUIRE(report.shortages.size() == 1);
  CHECK(report.shortages[0].cause == ShortageCause::NoCandidate);
  CHECK(report.shortages[0].empty_seats == 2);
}

TEST_CASE("three needs that want the same two people are named together", "[matcher]") {
  const auto report = explain(testing::instance_of({1, 1, 9}, {{1, 100, {{0, 1}, {1, 1}}},
                                                               {1, 100, {{0, 1}, {1, 1}}},
                                                               {1, 100, {{0, 1}, {1, 2}}},
                                                               {1, 100, {{2, 1}}}}));
  REQUIRE(report.sets.size() == 1);
  CHECK(report.sets[0].needs == std::vector<std::uint32_t>{0, 1, 2});
  CHECK(report.sets[0].experts == std::vector<std::uint32_t>{0, 1});
  CHECK(report.sets[0].seats == 3);
  CHECK(report.sets[0].slots == 2);
  CHECK(report.sets[0].edges == 0);
}

TEST_CASE("a free slot of an expert who serves the need already does not count", "[matcher]") {
  const auto report = explain(testing::instance_of({5}, {{2, 100, {{0, 1}}}}));
  REQUIRE(report.sets.size() == 1);
  CHECK(report.shortages[0].cause == ShortageCause::Competition);
  CHECK(report.sets[0].experts.empty());
  CHECK(report.sets[0].edges == 1);
}

TEST_CASE("a seat that a dear chain could fill is priced out, with the chain", "[matcher]") {
  // Need 1 could have expert 0 if need 0 took expert 1 at 500 instead.
  const Instance instance =
      testing::instance_of({1, 1}, {{1, 1000, {{0, 1}, {1, 500}}}, {1, 50, {{0, 1}}}});
  const auto report = explain(instance);
  REQUIRE(report.shortages.size() == 1);
  CHECK(report.shortages[0].need == 1);
  CHECK(report.shortages[0].cause == ShortageCause::PricedOut);
  CHECK(report.shortages[0].chain == std::vector<ChainStep>{{1, 0}, {0, 1}});
  CHECK(report.shortages[0].chain_cost == 450);
}

TEST_CASE("every empty seat has a cause that a recount proves", "[matcher]") {
  std::mt19937 random(22);
  std::map<ShortageCause, int> seen;
  const testing::SmallSpec specs[] = {{8, 8, 4, 2, 20, 30}, {20, 30, 4, 2, 10, 200}};
  for (int round = 0; round < 2000; ++round) {
    const Instance instance = testing::random_instance(random, specs[round % 2]);
    const Plan plan = Assignment(instance).solve();
    const ShortageReport report = explain_shortages(instance, plan);
    std::vector<std::uint32_t> empty(instance.needs(), 0);
    for (const CompetingSet& set : report.sets) check_set(instance, set);
    for (const Shortage& shortage : report.shortages) {
      empty[shortage.need] = shortage.empty_seats;
      ++seen[shortage.cause];
      if (shortage.cause == ShortageCause::NoCandidate) {
        REQUIRE(instance.row(shortage.need).empty());
      } else if (shortage.cause == ShortageCause::PricedOut) {
        check_chain(instance, plan, shortage);
      } else {
        const auto& needs = report.sets[shortage.set].needs;
        REQUIRE(std::binary_search(needs.begin(), needs.end(), shortage.need));
      }
    }
    REQUIRE(empty == plan.unfilled);
  }
  CHECK(seen[ShortageCause::NoCandidate] > 50);
  CHECK(seen[ShortageCause::Competition] > 50);
  CHECK(seen[ShortageCause::PricedOut] > 50);
}

TEST_CASE("the shortages of a province are all proved by competition", "[matcher]") {
  const Instance instance = testing::make_market({10000, 1000, 100, 1, testing::MarketMode::Tight});
  const Plan plan = Assignment(instance).solve();
  const ShortageReport report = explain_shortages(instance, plan);
  CHECK_FALSE(report.shortages.empty());
  for (const Shortage& shortage : report.shortages) {
    CHECK(shortage.cause == ShortageCause::Competition);
  }
  for (const CompetingSet& set : report.sets) check_set(instance, set);
}
