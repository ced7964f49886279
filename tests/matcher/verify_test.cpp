#include "matcher/verify.h"

#include <catch2/catch.hpp>
#include <random>

#include "tests/support/small_market.h"

using namespace chucai;
using namespace chucai::matcher;

namespace {

// Both others want expert 0; the cheapest plan gives expert 0 to need 1 and sends need 0 far.
Instance sample() {
  return testing::instance_of(
      {1, 1, 1},
      {{1, 999, {{0, 1}, {1, 5}, {2, 50}}}, {1, 999, {{0, 2}}}, {1, 999, {{0, 80}, {1, 90}}}});
}

std::string refused(const Instance& instance, const Plan& plan) {
  const auto done = verify(instance, plan);
  return done ? "" : done.error().problem.reason + '|' + done.error().problem.where;
}

}  // namespace

TEST_CASE("each broken promise of a plan is named with its place", "[matcher]") {
  const Instance instance = sample();
  Plan plan = Assignment(instance).solve();
  REQUIRE(refused(instance, plan) == "");
  REQUIRE(plan.seats == std::vector<Seat>{{0, 2}, {1, 0}, {2, 1}});

  SECTION("an array is too short") {
    plan.price.pop_back();
    CHECK(refused(instance, plan) == "plan.shape|");
  }
  SECTION("a seat of nobody known") {
    plan.seats[0].expert = 3;
    CHECK(refused(instance, plan) == "plan.seat.unknown|need 0, expert 3");
  }
  SECTION("a seat twice") {
    plan.seats.insert(plan.seats.begin(), plan.seats[0]);
    CHECK(refused(instance, plan) == "plan.seat.order|need 0, expert 2");
  }
  SECTION("an expert in more seats than slots") {
    plan.seats[0].expert = 0;
    CHECK(refused(instance, plan) == "plan.capacity|expert 0");
  }
  SECTION("a seat too few") {
    plan.seats.erase(plan.seats.begin());
    CHECK(refused(instance, plan) == "plan.headcount|need 0");
  }
  SECTION("an expert who is no candidate") {
    plan.seats[1].expert = 1;
    plan.seats[2].expert = 0;
    CHECK(refused(instance, plan) != "");
  }
  SECTION("a price on a free slot") {
    Instance roomier = instance;
    roomier.capacity[0] = 2;
    CHECK(refused(roomier, plan) == "plan.proof.price|expert 0");
  }
  SECTION("a value above the cost of an empty seat") {
    plan.value[1] = 1000;
    CHECK(refused(instance, plan) == "plan.proof.value|need 1");
  }
  SECTION("a value too low for a chosen candidate") {
    plan.value[1] = 1;
    CHECK(refused(instance, plan) == "plan.proof.chosen|need 1, expert 0");
  }
  SECTION("a price too low for a candidate left out") {
    plan.price[0] = 0;
    plan.value[1] = 2;
    CHECK(refused(instance, plan) == "plan.proof.left_out|need 0, expert 0");
  }
  SECTION("a cost that does not add up") {
    ++plan.cost;
    CHECK(refused(instance, plan) == "plan.cost|");
  }
}

TEST_CASE("a feasible plan that is not the cheapest is never accepted, whatever its prices",
          "[matcher]") {
  // Swap one seat for another feasible expert at another cost; no certificate can save it.
  std::mt19937 random(5);
  int planted = 0;
  for (int round = 0; round < 2000; ++round) {
    const Instance instance = testing::random_instance(random, {6, 6, 2, 2, 20, 60});
    Plan plan = Assignment(instance).solve();
    if (plan.seats.empty()) continue;
    Seat& seat = plan.seats[random() % plan.seats.size()];
    const auto row = instance.row(seat.need);
    const Candidate& other = row[random() % row.size()];
    const Seat wanted{seat.need, other.expert};
    if (std::find(plan.seats.begin(), plan.seats.end(), wanted) != plan.seats.end()) continue;
    const auto used = std::count_if(plan.seats.begin(), plan.seats.end(),
                                    [&](const Seat& s) { return s.expert == other.expert; });
    if (used >= instance.capacity[other.expert]) continue;
    for (const Candidate& c : row) {
      if (c.expert == seat.expert) plan.cost -= c.cost;
    }
    plan.cost += other.cost;
    const bool same_cost = plan.cost == Assignment(instance).solve().cost;
    seat = wanted;
    std::sort(plan.seats.begin(), plan.seats.end());
    if (same_cost) continue;
    ++planted;
    CHECK(refused(instance, plan) != "");
  }
  CHECK(planted > 100);
}

TEST_CASE("any change of a plan's numbers is either refused or still proves the same cost",
          "[matcher]") {
  std::mt19937 random(6);
  for (int round = 0; round < 3000; ++round) {
    const Instance instance = testing::random_instance(random, {6, 6, 3, 2, 20, 60});
    const Plan best = Assignment(instance).solve();
    Plan plan = best;
    const std::uint32_t delta = 1 + static_cast<std::uint32_t>(random()) % 5;
    switch (random() % 4) {
      case 0:
        if (!plan.price.empty()) plan.price[random() % plan.price.size()] += delta;
        break;
      case 1:
        if (!plan.value.empty()) plan.value[random() % plan.value.size()] += delta;
        break;
      case 2:
        if (!plan.seats.empty()) plan.seats.pop_back();
        break;
      default:
        plan.cost -= delta;
    }
    if (verify(instance, plan)) CHECK(plan.cost == best.cost);
  }
}
