#include "matcher/live_plan.h"

#include <catch2/catch.hpp>
#include <functional>
#include <map>
#include <random>
#include <set>

#include "matcher/verify.h"
#include "tests/matcher/lemon_oracle.h"
#include "tests/support/market.h"
#include "tests/support/small_market.h"

using namespace chucai;
using namespace chucai::matcher;

namespace {

/// Why the plan is refused; empty when it is proved best.
std::string refused(const LivePlan& live) {
  const auto done = verify(live.instance(), live.plan());
  return done ? "" : done.error().problem.reason + " at " + done.error().problem.where;
}

/// The market as the test remembers it, and the plan under test.
struct Twin {
  explicit Twin(Instance instance) : live(instance) {
    capacity = instance.capacity;
    for (std::uint32_t need = 0; need < instance.needs(); ++need) {
      const auto row = instance.row(need);
      needs.push_back(
          {instance.headcount[need], instance.unfilled_cost[need], {row.begin(), row.end()}});
    }
  }

  /// Solves what is remembered anew, with LEMON.
  std::int64_t expected_cost() const {
    auto slots = capacity;
    auto rows = needs;
    std::int64_t cost = 0;
    for (const auto& [need, expert] : pinned) {
      --slots[expert];
      --rows[need].heads;
      for (const Candidate& c : rows[need].candidates) cost += c.expert == expert ? c.cost : 0;
    }
    for (std::uint32_t need = 0; need < rows.size(); ++need) {
      std::erase_if(rows[need].candidates, [&](const Candidate& c) {
        return pinned.contains({need, c.expert}) || forbidden.contains({need, c.expert});
      });
    }
    return cost + testing::LemonSimplex(testing::instance_of(slots, rows)).solve();
  }

  LivePlan live;
  std::vector<std::uint32_t> capacity;
  std::vector<testing::NeedRow> needs;
  std::set<Seat> pinned;
  std::set<Seat> forbidden;
};

/// Makes one change to both, and returns how to take it back; nothing when it was refused.
std::function<void()> change(Twin& twin, std::mt19937& random) {
  const auto upto = [&](std::size_t limit) {
    return static_cast<std::uint32_t>(random() % (limit + 1));
  };
  if (twin.needs.empty() || upto(7) == 0) {
    testing::NeedRow row{upto(3), 1 + upto(40), {}};
    for (std::uint32_t expert = 0; expert < twin.capacity.size(); ++expert) {
      if (upto(1) == 0) row.candidates.push_back({expert, upto(20)});
    }
    const Instance sorted = testing::instance_of(twin.capacity, {row});
    REQUIRE(twin.live.add_need(row.heads, row.unfilled, sorted.row(0)));
    twin.needs.push_back(row);
    const auto need = static_cast<std::uint32_t>(twin.needs.size() - 1);
    return [&twin, need] {
      REQUIRE(twin.live.set_headcount(need, 0));
      twin.needs[need].heads = 0;
    };
  }
  const std::uint32_t need = upto(twin.needs.size() - 1);
  const std::uint32_t expert = upto(twin.capacity.size() - 1);
  const Seat pair{need, expert};
  switch (upto(5)) {
    case 0: {
      const std::uint32_t heads = upto(4);
      if (!twin.live.set_headcount(need, heads)) return {};
      const std::uint32_t old = std::exchange(twin.needs[need].heads, heads);
      return [&twin, need, old] {
        REQUIRE(twin.live.set_headcount(need, old));
        twin.needs[need].heads = old;
      };
    }
    case 1: {
      const std::uint32_t slots = upto(3);
      if (!twin.live.set_capacity(expert, slots)) return {};
      const std::uint32_t old = std::exchange(twin.capacity[expert], slots);
      return [&twin, expert, old] {
        REQUIRE(twin.live.set_capacity(expert, old));
        twin.capacity[expert] = old;
      };
    }
    case 2:
      if (!twin.live.forbid(need, expert)) return {};
      twin.forbidden.insert(pair);
      return [&twin, pair] {
        REQUIRE(twin.live.allow(pair.need, pair.expert));
        twin.forbidden.erase(pair);
      };
    case 3:
      if (!twin.live.allow(need, expert)) return {};
      twin.forbidden.erase(pair);
      return [&twin, pair] {
        REQUIRE(twin.live.forbid(pair.need, pair.expert));
        twin.forbidden.insert(pair);
      };
    case 4:
      if (!twin.live.pin(need, expert)) return {};
      twin.pinned.insert(pair);
      return [&twin, pair] {
        REQUIRE(twin.live.unpin(pair.need, pair.expert));
        twin.pinned.erase(pair);
      };
    default:
      if (!twin.live.unpin(need, expert)) return {};
      twin.pinned.erase(pair);
      return [&twin, pair] {
        REQUIRE(twin.live.pin(pair.need, pair.expert));
        twin.pinned.insert(pair);
      };
  }
}

void check(const Twin& twin) {
  REQUIRE(twin.live.cost() == twin.expected_cost());
  REQUIRE(refused(twin.live) == "");
}

}  // namespace

TEST_CASE("after every change the plan is as good as one solved anew, and proved", "[matcher]") {
  std::mt19937 random(20181124);
  for (int round = 0; round < 400; ++round) {
    Twin twin(testing::random_instance(random, {7, 7, 3, 3, 20, 60}));
    for (int step = 0; step < 25; ++step) {
      change(twin, random);
      check(twin);
    }
  }
}

TEST_CASE("changes taken back in turn lead back to the same costs", "[matcher]") {
  std::mt19937 random(3);
  for (int round = 0; round < 200; ++round) {
    Twin twin(testing::random_instance(random, {7, 7, 3, 3, 20, 60}));
    std::vector<std::pair<std::int64_t, std::function<void()>>> made;
    for (int step = 0; step < 15; ++step) {
      const std::int64_t before = twin.live.cost();
      if (auto back = change(twin, random)) made.emplace_back(before, std::move(back));
    }
    for (; !made.empty(); made.pop_back()) {
      made.back().second();
      REQUIRE(twin.live.cost() == made.back().first);
      REQUIRE(refused(twin.live) == "");
    }
  }
}

TEST_CASE("an outcome names who came, who left and what it cost", "[matcher]") {
  // Need 0 has expert 0 at 1, or expert 1 at 5; need 1 is content with expert 0 only.
  LivePlan live(testing::instance_of({1, 1}, {{1, 100, {{0, 1}, {1, 5}}}, {0, 100, {{0, 2}}}}));
  CHECK(live.plan().seats == std::vector<Seat>{{0, 0}});
  const auto asked = live.set_headcount(1, 1);
  REQUIRE(asked);
  CHECK(asked->cost_change == 6);
  CHECK(asked->taken == std::vector<Seat>{{0, 1}, {1, 0}});
  CHECK(asked->left == std::vector<Seat>{{0, 0}});
  const auto withdrawn = live.set_capacity(0, 0);
  REQUIRE(withdrawn);
  CHECK(withdrawn->cost_change == 98);
  CHECK(withdrawn->taken.empty());
  CHECK(withdrawn->left == std::vector<Seat>{{1, 0}});
}

TEST_CASE("a pinned pair stays whatever else changes, and is in the cost", "[matcher]") {
  LivePlan live(testing::instance_of({1, 1}, {{1, 100, {{0, 1}, {1, 5}}}, {1, 100, {{0, 2}}}}));
  const std::int64_t free_cost = live.cost();
  const auto pinned = live.pin(0, 0);
  REQUIRE(pinned);
  CHECK(pinned->taken == std::vector<Seat>{{0, 0}});
  CHECK(pinned->left == std::vector<Seat>{{0, 1}, {1, 0}});
  CHECK(live.cost() == free_cost + pinned->cost_change);
  CHECK(live.cost() == 101);
  CHECK(live.pinned() == std::vector<Seat>{{0, 0}});
  CHECK(live.set_capacity(0, 0).error().problem.reason == "live.pinned");
  CHECK(live.set_headcount(0, 0).error().problem.reason == "live.pinned");
  CHECK(live.forbid(0, 0).error().problem.reason == "live.pinned");
  CHECK(live.pin(1, 0).error().problem.reason == "live.full");
  CHECK(live.pin(1, 1).error().problem.reason == "live.pair");
  REQUIRE(live.unpin(0, 0));
  CHECK(live.cost() == free_cost);
}

TEST_CASE("a new need that breaks the promises of an instance is refused and changes nothing",
          "[matcher]") {
  LivePlan live(testing::instance_of({1, 1}, {{1, 100, {{0, 1}}}}));
  const auto reason = [&](std::vector<Candidate> row, std::uint32_t unfilled) {
    return live.add_need(1, unfilled, row).error().problem.reason;
  };
  CHECK(reason({{2, 1}}, 100) == "instance.expert");
  CHECK(reason({{0, 1}, {0, 2}}, 100) == "instance.duplicate");
  CHECK(reason({{0, 2}, {1, 1}}, 100) == "instance.order");
  CHECK(reason({{0, 2}}, kDearestEmptySeat + 1) == "instance.unfilled_cost");
  CHECK(live.needs() == 1);
  REQUIRE(live.add_need(1, 100, std::vector<Candidate>{{0, 2}, {1, 3}}));
  CHECK(live.cost() == 4);
}

TEST_CASE("a branch changes by itself until it is adopted", "[matcher]") {
  LivePlan live(testing::instance_of({1}, {{1, 100, {{0, 1}}}}));
  LivePlan branch = live;
  REQUIRE(branch.forbid(0, 0));
  CHECK(branch.cost() == 100);
  CHECK(live.cost() == 1);
  live = std::move(branch);
  CHECK(live.cost() == 100);
}

TEST_CASE("a province stays proved through withdrawals, returns, new needs and cancellations",
          "[matcher]") {
  const Instance instance = testing::make_market({10000, 1000, 100, 2, testing::MarketMode::Tight});
  LivePlan live(instance);
  const std::int64_t before = live.cost();
  std::mt19937 random(5);
  std::vector<std::uint32_t> withdrawn;
  std::vector<std::uint32_t> cancelled;
  for (int step = 0; step < 60; ++step) {
    const auto seats = live.plan().seats;
    const Seat& seat = seats[random() % seats.size()];
    REQUIRE(live.set_capacity(seat.expert, 0));
    withdrawn.push_back(seat.expert);
    const auto need = static_cast<std::uint32_t>(random() % instance.needs());
    REQUIRE(live.set_headcount(need, 0));
    cancelled.push_back(need);
  }
  REQUIRE(refused(live) == "");
  CHECK(live.plan().cost == Assignment(live.instance()).solve().cost);
  for (const std::uint32_t expert : withdrawn) {
    REQUIRE(live.set_capacity(expert, instance.capacity[expert]));
  }
  for (const std::uint32_t need : cancelled) {
    REQUIRE(live.set_headcount(need, instance.headcount[need]));
  }
  CHECK(live.cost() == before);
  CHECK(refused(live) == "");
}
