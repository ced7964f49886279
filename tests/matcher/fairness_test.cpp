#include "matcher/fairness.h"

#include <catch2/catch.hpp>
#include <random>

#include "matcher/verify.h"
#include "tests/support/market.h"
#include "tests/support/small_market.h"

using namespace chucai;
using namespace chucai::matcher;

namespace {

/// Whether the groups can have so many seats at once.
bool attainable(const Instance& instance, const std::vector<FairGroup>& groups,
                const std::vector<std::uint64_t>& fills) {
  Constraints floors;
  for (std::size_t k = 0; k < groups.size(); ++k) {
    floors.need_groups.push_back(
        {groups[k].name, groups[k].needs, static_cast<std::uint32_t>(fills[k]), kNoQuota});
  }
  return solve(instance, floors).has_value();
}

std::uint64_t seats_of(const Instance& instance, const FairGroup& group) {
  std::uint64_t seats = 0;
  for (const std::uint32_t need : group.needs) seats += instance.headcount[need];
  return seats;
}

/// Fill rates of one tier after the other, each from the worst, in units of 1 / 27720: exact for up
/// to 12 seats.
std::vector<std::vector<std::uint64_t>> rates(const Instance& instance,
                                              const std::vector<FairGroup>& groups,
                                              const std::vector<std::uint64_t>& fills) {
  std::vector<std::vector<std::uint64_t>> sorted(2);
  for (std::size_t k = 0; k < groups.size(); ++k) {
    const std::uint64_t seats = seats_of(instance, groups[k]);
    sorted[groups[k].tier].push_back(seats == 0 ? 27720 : 27720 * fills[k] / seats);
  }
  for (auto& tier : sorted) std::sort(tier.begin(), tier.end());
  return sorted;
}

/// Tries every combination of fills.
std::vector<std::vector<std::uint64_t>> best_rates(const Instance& instance,
                                                   const std::vector<FairGroup>& groups) {
  std::vector<std::uint64_t> fills(groups.size(), 0);
  std::vector<std::vector<std::uint64_t>> best;
  while (true) {
    auto now = rates(instance, groups, fills);
    if (now > best && attainable(instance, groups, fills)) best = std::move(now);
    std::size_t k = 0;
    while (k < groups.size() && fills[k] == seats_of(instance, groups[k])) fills[k++] = 0;
    if (k == groups.size()) return best;
    ++fills[k];
  }
}

std::vector<FairGroup> deal(std::uint32_t needs, std::mt19937& random) {
  std::vector<FairGroup> groups(3);
  for (auto& group : groups) group.tier = random() % 4 == 0 ? 0 : 1;
  for (std::uint32_t need = 0; need < needs; ++need) {
    groups[random() % groups.size()].needs.push_back(need);
  }
  return groups;
}

}  // namespace

TEST_CASE("no combination of fill rates is fairer, tier by tier", "[matcher]") {
  std::mt19937 random(9);
  for (int round = 0; round < 300; ++round) {
    Instance instance = testing::random_instance(random, {4, 6, 2, 2, 20, 60});
    for (auto& unfilled : instance.unfilled_cost) unfilled = 100;  // every candidate counts
    const auto groups = deal(instance.needs(), random);
    const auto fills = fair_fills(instance, groups);
    REQUIRE(fills);
    REQUIRE(attainable(instance, groups, *fills));
    REQUIRE(rates(instance, groups, *fills) == best_rates(instance, groups));
  }
}

TEST_CASE("the fair plan is proved, fills no fewer seats and shows what fairness costs",
          "[matcher]") {
  const Instance instance = testing::make_market({1000, 200, 60, 3, testing::MarketMode::Tight});
  std::vector<FairGroup> counties(10);
  for (std::uint32_t need = 0; need < instance.needs(); ++need) {
    counties[need % 10].needs.push_back(need);
  }
  counties[4].tier = 0;
  for (auto& county : counties) county.tier += &county != &counties[4];
  const auto fair = fair_plan(instance, counties);
  REQUIRE(fair);
  REQUIRE(verify(instance, fair->floors, fair->plan));
  CHECK(fair->plan.cost >= fair->cheapest_cost);
  std::uint64_t cheapest = 0;
  std::uint64_t filled = 0;
  for (const GroupFill& fill : fair->fills) {
    cheapest += fill.cheapest;
    filled += fill.fair;
  }
  CHECK(filled >= cheapest);
  CHECK(fair->fills[4].fair >= fair->fills[4].cheapest);
}

TEST_CASE("a need in two counties is refused", "[matcher]") {
  const Instance instance = testing::instance_of({1}, {{1, 9, {{0, 1}}}});
  const auto fills = fair_fills(instance, {{"east", {0}, 0}, {"west", {0}, 0}});
  REQUIRE_FALSE(fills);
  CHECK(fills.error().problem.reason == "constraints.member");
  CHECK(fills.error().problem.params == std::vector<std::string>{"west", "0"});
}
