#include "matcher/assignment.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "matcher/verify.h"
#include "tests/matcher/lemon_oracle.h"
#include "tests/support/market.h"
#include "tests/support/small_market.h"

using namespace chucai;
using namespace chucai::matcher;

namespace {

Plan solve(const Instance& instance) {
  return Assignment(instance).solve();
}

/// Why the plan is refused; empty when it is proved best.
std::string refused(const Instance& instance, const Plan& plan) {
  const auto done = verify(instance, plan);
  return done ? "" : done.error().problem.reason + " at " + done.error().problem.where;
}

/// Tries every choice, candidate by candidate.
std::int64_t brute_force(const Instance& instance, std::uint32_t need, std::size_t k,
                         std::vector<std::uint32_t>& slots, std::uint32_t open) {
  if (need == instance.needs()) return 0;
  const auto next_open = need + 1 < instance.needs() ? instance.headcount[need + 1] : 0;
  const auto row = instance.row(need);
  if (k == row.size()) {
    return std::int64_t{open} * instance.unfilled_cost[need] +
           brute_force(instance, need + 1, 0, slots, next_open);
  }
  std::int64_t best = brute_force(instance, need, k + 1, slots, open);
  if (open > 0 && slots[row[k].expert] > 0) {
    --slots[row[k].expert];
    best = std::min(best, row[k].cost + brute_force(instance, need, k + 1, slots, open - 1));
    ++slots[row[k].expert];
  }
  return best;
}

std::int64_t brute_force(const Instance& instance) {
  auto slots = instance.capacity;
  return brute_force(instance, 0, 0, slots, instance.needs() > 0 ? instance.headcount[0] : 0);
}

struct Expected {
  testing::MarketSpec spec;
  std::int64_t cost;
  std::uint64_t unfilled;
};

std::vector<Expected> expected_optima() {
  std::ifstream in(CHUCAI_SOURCE_DIR "/tests/data/matching/expected.txt");
  std::vector<Expected> rows;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line[0] == '#') continue;
    std::istringstream fields(line);
    Expected row{};
    int mode = 0;
    fields >> row.spec.experts >> row.spec.needs >> row.spec.degree >> row.spec.seed >> mode >>
        row.cost >> row.unfilled;
    REQUIRE(fields);
    row.spec.mode = static_cast<testing::MarketMode>(mode);
    rows.push_back(row);
  }
  return rows;
}

void check_expected(const Expected& row) {
  INFO(row.spec.experts << " x " << row.spec.needs << " seed " << row.spec.seed << " mode "
                        << static_cast<int>(row.spec.mode));
  const Instance instance = testing::make_market(row.spec);
  const Plan plan = solve(instance);
  CHECK(plan.cost == row.cost);
  CHECK(plan.empty_seats() == row.unfilled);
  CHECK(refused(instance, plan) == "");
}

bool is_large(const Expected& row) {
  return row.spec.experts > 10000 || row.spec.needs > 1000;
}

}  // namespace

TEST_CASE("a cheaper plan moves an expert on when that helps both needs", "[matcher]") {
  // Need 0 alone would take expert 0; then need 1 would stay empty.
  const Instance instance =
      testing::instance_of({1, 1}, {{1, 100, {{0, 1}, {1, 5}}}, {1, 100, {{0, 2}}}});
  const Plan plan = solve(instance);
  CHECK(plan.seats == std::vector<Seat>{{0, 1}, {1, 0}});
  CHECK(plan.cost == 7);
  CHECK(plan.price == std::vector<std::uint32_t>{4, 0});
  CHECK(refused(instance, plan) == "");
}

TEST_CASE("an expert takes at most one seat of a need", "[matcher]") {
  const Instance instance = testing::instance_of({5}, {{3, 100, {{0, 1}}}});
  const Plan plan = solve(instance);
  CHECK(plan.seats == std::vector<Seat>{{0, 0}});
  CHECK(plan.unfilled == std::vector<std::uint32_t>{2});
  CHECK(plan.cost == 201);
}

TEST_CASE("an expert without slots is priced at what the first one would save, from either side",
          "[matcher]") {
  // One seat and two slots: seats choose. Three seats: slots choose.
  for (const std::uint32_t heads : {1u, 3u}) {
    const Instance instance =
        testing::instance_of({1, 1, 0}, {{heads, 100, {{0, 10}, {1, 20}, {2, 4}}}});
    const Plan plan = solve(instance);
    CHECK(plan.price[2] == (heads == 1 ? 6 : 96));
    CHECK(refused(instance, plan) == "");
  }
}

TEST_CASE("a seat stays empty when filling it costs more", "[matcher]") {
  const Plan plan = solve(testing::instance_of({1}, {{1, 10, {{0, 11}}}}));
  CHECK(plan.seats.empty());
  CHECK(plan.cost == 10);
}

TEST_CASE("an instance without needs or without experts has an empty plan", "[matcher]") {
  CHECK(solve(Instance{}).cost == 0);
  CHECK(solve(testing::instance_of({}, {{2, 10, {}}})).cost == 20);
  CHECK(solve(testing::instance_of({1, 2}, {})).seats.empty());
}

TEST_CASE("capacities above a byte are served", "[matcher]") {
  std::vector<testing::NeedRow> needs(1000, {1, 100, {{0, 1}}});
  const Instance instance = testing::instance_of({700}, needs);
  const Plan plan = solve(instance);
  CHECK(plan.seats.size() == 700);
  CHECK(plan.cost == 700 + 300 * 100);
  CHECK(refused(instance, plan) == "");
}

TEST_CASE("costs up to 32 bits are served", "[matcher]") {
  const std::uint32_t top = kDearestEmptySeat;
  const Instance instance = testing::instance_of(
      {1, 1}, {{1, top, {{0, 1}, {1, top - 1}}}, {1, top, {{0, top - 1}}}, {1, top, {{1, 0}}}});
  const Plan plan = solve(instance);
  CHECK(plan.cost == brute_force(instance));
  CHECK(refused(instance, plan) == "");
}

TEST_CASE("the plan costs what trying every choice finds", "[matcher]") {
  std::mt19937 random(20180301);
  for (int round = 0; round < 1500; ++round) {
    const Instance instance = testing::random_instance(random, {4, 4, 3, 2, 6, 12});
    const Plan plan = solve(instance);
    REQUIRE(plan.cost == brute_force(instance));
    REQUIRE(refused(instance, plan) == "");
  }
}

TEST_CASE("the plan costs what LEMON's network simplex finds", "[matcher]") {
  std::mt19937 random(2018);
  const testing::SmallSpec specs[] = {{},
                                      {30, 30, 6, 4, 10, 40},
                                      {12, 60, 5, 9, 1000, 20000},
                                      {60, 12, 9, 1, 3, 4},
                                      {5, 40, 3, 40, 50, 100}};
  for (const testing::SmallSpec& spec : specs) {
    for (int round = 0; round < 500; ++round) {
      const Instance instance = testing::random_instance(random, spec);
      const Plan plan = solve(instance);
      REQUIRE(plan.cost == testing::LemonSimplex(instance).solve());
      REQUIRE(refused(instance, plan) == "");
    }
  }
}

TEST_CASE("the same instance gives the same plan, and renaming experts the same cost",
          "[matcher]") {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    const Instance instance = testing::random_instance(random, {20, 20, 4, 3, 5, 30});
    const Plan plan = solve(instance);
    CHECK(solve(instance).seats == plan.seats);
    Instance mirrored;
    mirrored.capacity.assign(instance.capacity.rbegin(), instance.capacity.rend());
    for (std::uint32_t need = instance.needs(); need-- > 0;) {
      std::vector<Candidate> row(instance.row(need).begin(), instance.row(need).end());
      for (Candidate& c : row) c.expert = instance.experts() - 1 - c.expert;
      std::sort(row.begin(), row.end(), [](const auto& a, const auto& b) {
        return std::pair(a.cost, a.expert) < std::pair(b.cost, b.expert);
      });
      mirrored.add_need(instance.headcount[need], instance.unfilled_cost[need], row);
    }
    CHECK(solve(mirrored).cost == plan.cost);
  }
}

TEST_CASE("one more slot never makes the plan dearer, and saves no more than the price",
          "[matcher]") {
  std::mt19937 random(11);
  for (int round = 0; round < 200; ++round) {
    Instance instance = testing::random_instance(random, {8, 8, 3, 2, 20, 60});
    const Plan plan = solve(instance);
    for (std::uint32_t expert = 0; expert < instance.experts(); ++expert) {
      ++instance.capacity[expert];
      const std::int64_t saved = plan.cost - solve(instance).cost;
      CHECK(saved >= 0);
      CHECK(saved <= plan.price[expert]);
      --instance.capacity[expert];
    }
  }
}

TEST_CASE("every published optimum up to 10,000 experts is reached and proved", "[matcher]") {
  std::size_t checked = 0;
  for (const Expected& row : expected_optima()) {
    if (is_large(row)) continue;
    check_expected(row);
    ++checked;
  }
  CHECK(checked == 12);
}

TEST_CASE("every published optimum of 100,000 experts and of a surge is reached and proved",
          "[matcher][.slow]") {
  for (const Expected& row : expected_optima()) {
    if (is_large(row)) check_expected(row);
  }
}
