#include "matcher/constrained_plan.h"

#include <catch2/catch.hpp>
#include <map>
#include <optional>
#include <random>
#include <set>

#include "matcher/verify.h"
#include "tests/support/market.h"
#include "tests/support/small_market.h"

using namespace chucai;
using namespace chucai::matcher;

namespace {

bool keeps_group(const GroupRule& rule, const std::vector<Seat>& seats, std::uint32_t Seat::*side) {
  const std::set<std::uint32_t> members(rule.members.begin(), rule.members.end());
  const auto count = std::count_if(seats.begin(), seats.end(),
                                   [&](const Seat& seat) { return members.contains(seat.*side); });
  return count >= rule.at_least && static_cast<std::uint64_t>(count) <= rule.at_most;
}

/// Every rule by itself, read as it is written.
bool keeps(const Instance& instance, const Constraints& constraints,
           const std::vector<Seat>& seats) {
  std::map<std::uint32_t, std::uint32_t> by_need;
  std::map<std::uint32_t, std::uint32_t> by_expert;
  for (const Seat& seat : seats) {
    if (++by_need[seat.need] > instance.headcount[seat.need]) return false;
    if (++by_expert[seat.expert] > instance.capacity[seat.expert]) return false;
  }
  for (std::uint32_t need = 0; need < constraints.least_heads.size(); ++need) {
    if (by_need[need] < constraints.least_heads[need]) return false;
  }
  for (const GroupRule& rule : constraints.need_groups) {
    if (!keeps_group(rule, seats, &Seat::need)) return false;
  }
  for (const GroupRule& rule : constraints.expert_groups) {
    if (!keeps_group(rule, seats, &Seat::expert)) return false;
  }
  for (const LoadRule& rule : constraints.loads) {
    std::map<std::uint32_t, std::uint32_t> served;
    for (const Seat& seat : seats) {
      const bool counts =
          std::find(rule.needs.begin(), rule.needs.end(), seat.need) != rule.needs.end();
      if (counts && ++served[seat.expert] > rule.at_most) return false;
    }
  }
  const auto seated = [&](const Seat& seat) {
    return std::find(seats.begin(), seats.end(), seat) != seats.end();
  };
  return std::all_of(constraints.pinned.begin(), constraints.pinned.end(), seated) &&
         std::none_of(constraints.forbidden.begin(), constraints.forbidden.end(), seated);
}

/// Tries every set of candidates; nothing when none keeps the rules.
std::optional<std::int64_t> brute_force(const Instance& instance, const Constraints& constraints) {
  std::vector<Seat> pairs;
  std::vector<std::int64_t> gain;
  std::int64_t all_empty = 0;
  for (std::uint32_t need = 0; need < instance.needs(); ++need) {
    all_empty += std::int64_t{instance.headcount[need]} * instance.unfilled_cost[need];
    for (const Candidate& c : instance.row(need)) {
      pairs.push_back({need, c.expert});
      gain.push_back(std::int64_t{instance.unfilled_cost[need]} - c.cost);
    }
  }
  std::optional<std::int64_t> best;
  for (std::uint32_t chosen = 0; chosen < 1u << pairs.size(); ++chosen) {
    std::int64_t cost = all_empty;
    std::vector<Seat> seats;
    for (std::size_t k = 0; k < pairs.size(); ++k) {
      if ((chosen >> k & 1) == 0) continue;
      seats.push_back(pairs[k]);
      cost -= gain[k];
    }
    if (best && cost >= *best) continue;
    if (keeps(instance, constraints, seats)) best = cost;
  }
  return best;
}

class Maker {
 public:
  explicit Maker(unsigned seed) : random_(seed) {}

  std::uint32_t upto(std::uint32_t limit) {
    return static_cast<std::uint32_t>(random_()) % (limit + 1);
  }

  Instance instance() {
    while (true) {
      Instance made = testing::random_instance(random_, {4, 4, 3, 3, 20, 40});
      if (made.needs() > 0 && made.candidates.size() <= 9) return made;
    }
  }

  /// Nested sets: cuts 0 .. members - 1 in two, and the parts again.
  template <class Add>
  void nested(std::uint32_t begin, std::uint32_t end, Add add) {
    if (begin >= end) return;
    if (upto(2) > 0) {
      std::vector<std::uint32_t> set;
      for (std::uint32_t k = begin; k < end; ++k) set.push_back(k);
      add(std::move(set));
    }
    if (end - begin < 2) return;
    const std::uint32_t cut = begin + 1 + upto(end - begin - 2);
    nested(begin, cut, add);
    nested(cut, end, add);
  }

  std::vector<GroupRule> groups(std::uint32_t members) {
    std::vector<GroupRule> rules;
    nested(0, members, [&](std::vector<std::uint32_t> set) {
      const std::uint32_t least = upto(2) == 0 ? 1 + upto(1) : 0;
      const std::uint32_t most = upto(1) == 0 ? least + upto(2) : kNoQuota;
      rules.push_back({"group " + std::to_string(rules.size()), std::move(set), least, most});
    });
    return rules;
  }

  Constraints constraints(const Instance& instance) {
    Constraints made;
    if (upto(1) == 0) made.need_groups = groups(instance.needs());
    if (upto(1) == 0) made.expert_groups = groups(instance.experts());
    if (upto(1) == 0) {
      nested(0, instance.needs(), [&](std::vector<std::uint32_t> set) {
        made.loads.push_back({"load", std::move(set), upto(2)});
      });
    }
    if (upto(1) == 0) {
      for (const auto heads : instance.headcount) {
        made.least_heads.push_back(upto(3) == 0 ? std::min(heads, 1u) : 0);
      }
    }
    for (std::uint32_t need = 0; need < instance.needs(); ++need) {
      for (const Candidate& c : instance.row(need)) {
        const std::uint32_t fate = upto(11);
        if (fate == 0) made.pinned.push_back({need, c.expert});
        if (fate == 1) made.forbidden.push_back({need, c.expert});
      }
    }
    return made;
  }

 private:
  std::mt19937 random_;
};

std::string refused(const Instance& instance, const Constraints& constraints,
                    const ConstrainedPlan& plan) {
  const auto done = verify(instance, constraints, plan);
  return done ? "" : done.error().problem.reason + " at " + done.error().problem.where;
}

Problem problem_of(const Instance& instance, const Constraints& constraints) {
  const auto plan = solve(instance, constraints);
  REQUIRE_FALSE(plan);
  return plan.error().problem;
}

}  // namespace

TEST_CASE("a plan under constraints costs what trying every choice finds, and is proved",
          "[matcher]") {
  Maker maker(20180301);
  int solved = 0;
  int unmet = 0;
  for (int round = 0; round < 5000; ++round) {
    const Instance instance = maker.instance();
    const Constraints constraints = maker.constraints(instance);
    const auto expected = brute_force(instance, constraints);
    const auto plan = solve(instance, constraints);
    REQUIRE(plan.has_value() == expected.has_value());
    if (!plan) {
      REQUIRE(plan.error().problem.reason == "constraints.unmet");
      ++unmet;
      continue;
    }
    ++solved;
    REQUIRE(plan->cost == *expected);
    REQUIRE(keeps(instance, constraints, plan->seats));
    REQUIRE(refused(instance, constraints, *plan) == "");
  }
  CHECK(solved > 2000);
  CHECK(unmet > 500);
}

TEST_CASE("rules that cross are refused with both names", "[matcher]") {
  const Instance instance = testing::instance_of({1}, {{1, 9, {}}, {1, 9, {}}, {1, 9, {}}});
  Constraints constraints;
  constraints.need_groups = {{"county", {0, 1}, 0, 1}, {"programme", {1, 2}, 0, 1}};
  CHECK(problem_of(instance, constraints).reason == "constraints.crossed");
  CHECK(problem_of(instance, constraints).params ==
        std::vector<std::string>{"county", "programme"});
  constraints.need_groups = {
      {"province", {0, 1, 2}, 0, 3}, {"county", {0, 1}, 0, 1}, {"town", {2}, 0, 1}};
  CHECK(solve(instance, constraints));
  constraints.loads = {{"spring", {0, 1}, 1}, {"long posts", {2, 1}, 1}};
  CHECK(problem_of(instance, constraints).params ==
        std::vector<std::string>{"spring", "long posts"});
}

TEST_CASE("floors that cannot be reached are named with what is missing", "[matcher]") {
  const Instance instance = testing::instance_of({1}, {{2, 9, {{0, 1}}}, {1, 9, {{0, 1}}}});
  Constraints constraints;
  constraints.need_groups = {{"poor county", {0}, 2, kNoQuota}};
  const Problem problem = problem_of(instance, constraints);
  CHECK(problem.reason == "constraints.unmet");
  CHECK(problem.params == std::vector<std::string>{"poor county", "1"});
}

TEST_CASE("mistakes in rules are told apart", "[matcher]") {
  const Instance instance = testing::instance_of({1}, {{1, 9, {{0, 1}}}});
  Constraints constraints;
  SECTION("unknown member") {
    constraints.need_groups = {{"county", {1}, 0, 1}};
    CHECK(problem_of(instance, constraints).reason == "constraints.member");
  }
  SECTION("member named twice") {
    constraints.expert_groups = {{"institute", {0, 0}, 0, 1}};
    CHECK(problem_of(instance, constraints).reason == "constraints.member");
  }
  SECTION("floor above the limit") {
    constraints.need_groups = {{"county", {0}, 2, 1}};
    CHECK(problem_of(instance, constraints).reason == "constraints.range");
  }
  SECTION("a need that insists on more than it asks for") {
    constraints.least_heads = {2};
    CHECK(problem_of(instance, constraints).reason == "constraints.range");
  }
  SECTION("a pin that is no candidate") {
    constraints.pinned = {{0, 1}};
    CHECK(problem_of(instance, constraints).reason == "constraints.pair");
  }
  SECTION("pinned and forbidden") {
    constraints.pinned = {{0, 0}};
    constraints.forbidden = {{0, 0}};
    CHECK(problem_of(instance, constraints).reason == "constraints.pair");
  }
}

TEST_CASE("the check of a plan under constraints finds what is broken", "[matcher]") {
  const Instance instance =
      testing::instance_of({2, 2}, {{1, 99, {{0, 1}, {1, 5}}}, {1, 99, {{0, 2}, {1, 9}}}});
  Constraints constraints;
  constraints.expert_groups = {{"institute", {0}, 0, 1}};
  auto plan = solve(instance, constraints).value();
  REQUIRE(refused(instance, constraints, plan) == "");
  CHECK(plan.cost == 7);
  CHECK(plan.expert_group_price[0] > 0);
  SECTION("a rule is broken") {
    plan.seats = {{0, 0}, {1, 0}};
    CHECK(refused(instance, constraints, plan) == "plan.rule at institute");
  }
  SECTION("a dearer plan") {
    plan.seats = {{0, 0}, {1, 1}};
    plan.cost = 10;
    CHECK(refused(instance, constraints, plan).substr(0, 11) == "plan.proof.");
  }
  SECTION("a price without a reason") {
    plan.expert_price[1] = 1;
    CHECK(refused(instance, constraints, plan) == "plan.proof.rule at expert 1");
  }
  SECTION("a wrong cost") {
    plan.cost = 6;
    CHECK(refused(instance, constraints, plan) == "plan.cost at ");
  }
}

TEST_CASE("without constraints the plan costs what the engine for plain markets finds",
          "[matcher]") {
  const Instance instance = testing::make_market({1000, 100, 100, 1, testing::MarketMode::Tight});
  const auto plan = solve(instance, {});
  REQUIRE(plan);
  CHECK(plan->cost == Assignment(instance).solve().cost);
  CHECK(refused(instance, {}, *plan) == "");
}
