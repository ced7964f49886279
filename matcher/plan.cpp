#include "matcher/plan.h"

#include <algorithm>
#include <atomic>
#include <limits>
#include <numeric>
#include <thread>
#include <unordered_map>
#include <utility>

#include "matcher/fairness.h"
#include "matcher/verify.h"

namespace chucai::matcher {
namespace {

constexpr std::size_t kGrowth = 4;
constexpr std::size_t kRowsWorthAThread = 64;
constexpr std::uint64_t kDearest = 4'000'000'000;  // fits 32 bits

/// A need that takes part, and its candidates so far.
struct Row {
  const NeedView* need;
  std::vector<Ranked> ranked;
  std::size_t asked = 0;         // how many were asked for
  std::vector<Ranked> pinned{};  // by a rule, whether ranked or not
  std::vector<std::uint32_t> forbidden{};

  /// True when every eligible expert is listed.
  bool complete() const { return ranked.size() < asked; }
  /// The cost below which everybody is listed.
  std::uint32_t last_cost() const {
    return ranked.empty() ? 0 : static_cast<std::uint32_t>(kTopScore - ranked.back().score);
  }
  /// All who may be seated.
  std::vector<Ranked> candidates() const {
    std::vector<Ranked> all = pinned;
    const auto listed = [](const auto& in, std::uint32_t expert) {
      return std::find(in.begin(), in.end(), expert) != in.end();
    };
    std::vector<std::uint32_t> left_out = forbidden;
    for (const Ranked& one : pinned) left_out.push_back(one.expert);
    for (const Ranked& one : ranked) {
      if (!listed(left_out, one.expert)) all.push_back(one);
    }
    return all;
  }
};

Candidate candidate_of(const Ranked& ranked) {
  return {ranked.expert, static_cast<std::uint32_t>(kTopScore - ranked.score)};
}

/// One more filled seat moves each need at most once, each move costing at most kTopScore.
std::uint32_t unfilled_cost(std::size_t needs) {
  return static_cast<std::uint32_t>(
      std::min<std::uint64_t>(kDearest, (std::uint64_t{needs} + 2) * (kTopScore + 1)));
}

/// The most services that could fit into the days: the shortest ones. `days` is sorted here.
std::uint32_t slots_that_could_fit(std::uint32_t services, std::int64_t days_left,
                                   std::vector<std::int64_t>& days) {
  std::sort(days.begin(), days.end());
  std::uint32_t fit = 0;
  for (const std::int64_t one : days) {
    days_left -= one;
    if (days_left < 0 || fit == services) break;
    ++fit;
  }
  return fit;
}

/// `most[e]`: slots that expert e has not lost yet.
Instance instance_of(const Ranker& ranker, const std::vector<Row>& rows,
                     const std::vector<std::uint32_t>& most) {
  Instance instance;
  std::vector<std::vector<std::int64_t>> days(most.size());
  for (const Row& row : rows) {
    std::vector<Candidate> candidates;
    for (const Ranked& ranked : row.candidates()) {
      candidates.push_back(candidate_of(ranked));
      days[ranked.expert].push_back(row.need->days.value_or(0));
    }
    std::sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
      return std::pair(a.cost, a.expert) < std::pair(b.cost, b.expert);
    });
    instance.add_need(row.need->seats, unfilled_cost(rows.size()), candidates);
  }
  for (std::uint32_t expert = 0; expert < most.size(); ++expert) {
    const auto left = ranker.rules().days_left(expert);
    instance.capacity.push_back(left ? slots_that_could_fit(most[expert], *left, days[expert])
                                     : most[expert]);
  }
  return instance;
}

/// Takes a slot from each expert whose chosen services exceed the days left. True when any did.
bool trim(const Ranker& ranker, const std::vector<Seat>& seats, const std::vector<Row>& rows,
          std::vector<std::uint32_t>& most) {
  std::vector<std::int64_t> days(most.size(), 0);
  std::vector<std::uint32_t> services(most.size(), 0);
  for (const Seat& seat : seats) {
    days[seat.expert] += rows[seat.need].need->days.value_or(0);
    ++services[seat.expert];
  }
  bool trimmed = false;
  for (std::uint32_t expert = 0; expert < most.size(); ++expert) {
    const auto left = ranker.rules().days_left(expert);
    // Whoever has given more days than a year holds and is chosen for nothing has nothing to lose.
    if (!left || services[expert] == 0 || days[expert] <= *left) continue;
    most[expert] = services[expert] - 1;
    trimmed = true;
  }
  return trimmed;
}

std::int64_t filled_cost(const Instance& instance, std::int64_t cost,
                         const std::vector<std::uint32_t>& unfilled) {
  for (std::uint32_t need = 0; need < instance.needs(); ++need) {
    cost -= std::int64_t{unfilled[need]} * instance.unfilled_cost[need];
  }
  return cost;
}

std::uint64_t sum_of(const std::vector<std::uint32_t>& counts) {
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

void ask(const Ranker& ranker, Row& row, std::size_t candidates) {
  row.asked = candidates;
  row.ranked = ranker.best(*row.need, candidates);
}

/// The first lists of all needs, by as many threads as there are processors: most of a plan's time.
void ask_first(const Ranker& ranker, std::vector<Row>& rows, std::size_t candidates) {
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t at = next++; at < rows.size(); at = next++) {
      ask(ranker, rows[at], std::max<std::size_t>({1, candidates, 2 * rows[at].need->seats}));
    }
  };
  const std::size_t threads =
      rows.size() < kRowsWorthAThread ? 1 : std::max(1u, std::thread::hardware_concurrency());
  std::vector<std::jthread> others;
  for (std::size_t k = 1; k < threads; ++k) others.emplace_back(work);
  work();
}

/// Lengthens the lists whose end the proof does not reach: an expert beyond it costs no less than
/// the last one listed, and could enter the plan only below the need's value. True when any grew.
bool grow(const Ranker& ranker, const Plan& plan, std::vector<Row>& rows) {
  bool grew = false;
  for (std::size_t need = 0; need < rows.size(); ++need) {
    Row& row = rows[need];
    if (row.complete()) continue;
    if (plan.value[need] <= row.last_cost()) continue;
    ask(ranker, row, row.asked * kGrowth);
    grew = true;
  }
  return grew;
}

template <class Price>
void add_seats(const Ranker& ranker, const std::vector<Row>& rows, const std::vector<Seat>& seats,
               const std::vector<Price>& prices, RegistryPlan& plan) {
  for (const Seat& seat : seats) {
    const auto row = plan.instance.row(seat.need);
    const auto found = std::find_if(row.begin(), row.end(), [&](const Candidate& candidate) {
      return candidate.expert == seat.expert;
    });
    plan.seats.push_back({rows[seat.need].need->id, ranker.experts()[seat.expert].id,
                          kTopScore - static_cast<int>(found->cost),
                          static_cast<std::uint32_t>(prices[seat.expert])});
  }
}

NeedShortage competition(const Ranker& ranker, const std::vector<Row>& rows,
                         const CompetingSet& set) {
  NeedShortage shortage;
  for (const std::uint32_t need : set.needs) shortage.competing.push_back(rows[need].need->id);
  for (const std::uint32_t expert : set.experts) {
    shortage.experts.push_back(ranker.experts()[expert].id);
  }
  const std::uint64_t supply = set.slots + set.edges;
  shortage.reason = {"shortage.competition",
                     {},
                     {std::to_string(set.needs.size()), std::to_string(set.seats),
                      std::to_string(supply), std::to_string(set.seats - supply)}};
  return shortage;
}

void add_shortages(const Ranker& ranker, const std::vector<Row>& rows, RegistryPlan& plan) {
  const ShortageReport report = explain_shortages(plan.instance, plan.proof);
  for (const Shortage& cause : report.shortages) {
    NeedShortage shortage;
    if (cause.cause == ShortageCause::Competition) {
      shortage = competition(ranker, rows, report.sets[cause.set]);
    } else if (cause.cause == ShortageCause::PricedOut) {
      shortage.reason = {"shortage.priced_out", {}, {std::to_string(cause.chain_cost)}};
    } else {
      shortage.reason = {"shortage.no_candidate", {}, {}};
    }
    const NeedView& need = *rows[cause.need].need;
    shortage.need = need.id;
    shortage.empty_seats = cause.empty_seats;
    shortage.cause = cause.cause;
    shortage.excluded = ranker.excluded(need);
    plan.shortages.push_back(std::move(shortage));
  }
}

/// What is left of the services of the year, by expert.
std::vector<std::uint32_t> services_left(const Ranker& ranker) {
  std::vector<std::uint32_t> most;
  for (std::uint32_t expert = 0; expert < ranker.experts().size(); ++expert) {
    most.push_back(ranker.rules().services_left(expert));
  }
  return most;
}

Error internal(Error error) {
  error.code = ErrorCode::Internal;
  return error;
}

/// The plan without rules: rounds until lists are long enough and days fit.
Done solve_free(const Ranker& ranker, std::vector<Row>& rows, RegistryPlan& result) {
  std::vector<std::uint32_t> most = services_left(ranker);
  bool relaxed = true;  // no slot taken away yet
  while (true) {
    ++result.rounds;
    result.instance = instance_of(ranker, rows, most);
    result.proof = Assignment(result.instance).solve();
    if (grow(ranker, result.proof, rows)) continue;
    if (std::exchange(relaxed, false)) {
      result.bound_cost = filled_cost(result.instance, result.proof.cost, result.proof.unfilled);
      result.bound_unfilled = result.proof.empty_seats();
    }
    if (!trim(ranker, result.proof.seats, rows, most)) break;
  }
  if (auto proved = verify(result.instance, result.proof); !proved) {
    return tl::make_unexpected(internal(std::move(proved.error())));
  }
  result.cost = filled_cost(result.instance, result.proof.cost, result.proof.unfilled);
  result.unfilled = result.proof.empty_seats();
  return {};
}

/// Rules of the office over the numbers of an instance.
class Ruled {
 public:
  Ruled(const Ranker& ranker, std::vector<Row>& rows, const PlanRules& rules)
      : ranker_(ranker), rows_(rows), rules_(rules) {
    for (std::uint32_t row = 0; row < rows.size(); ++row) {
      row_of_.emplace(rows[row].need->id.value, row);
    }
  }

  /// Replaces the free plan in `result` by the one under the rules.
  Done solve(RegistryPlan& result) {
    if (auto done = place_pairs(); !done) return done;
    RuledPlan ruled;
    ruled.free_cost = result.cost;
    ruled.free_unfilled = result.unfilled;
    const Plan free = std::exchange(result.proof, {});
    const std::vector<std::uint32_t> seats = result.instance.headcount;
    std::vector<std::uint32_t> most = services_left(ranker_);
    bool relaxed = true;
    while (true) {
      ++result.rounds;
      result.instance = instance_of(ranker_, rows_, most);
      auto constraints = constraints_of(result.instance);
      if (!constraints) return tl::make_unexpected(constraints.error());
      auto plan = matcher::solve(result.instance, *constraints);
      if (!plan) return tl::make_unexpected(plan.error());
      ruled.constraints = std::move(*constraints);
      ruled.proof = std::move(*plan);
      if (grow_lists(result.instance, ruled)) continue;
      result.cost = filled_cost(result.instance, ruled.proof.cost, ruled.proof.unfilled);
      result.unfilled = sum_of(ruled.proof.unfilled);
      if (std::exchange(relaxed, false)) {
        result.bound_cost = result.cost;
        result.bound_unfilled = result.unfilled;
      }
      if (!trim(ranker_, ruled.proof.seats, rows_, most)) break;
    }
    if (auto proved = verify(result.instance, ruled.constraints, ruled.proof); !proved) {
      return tl::make_unexpected(internal(std::move(proved.error())));
    }
    add_fills(seats, free.unfilled, ruled);
    result.ruled = std::move(ruled);
    return {};
  }

  /// Names of the rules that bind over the need, all that bind anywhere when none of its own does.
  std::string binding(std::uint32_t need, const RuledPlan& ruled) const {
    std::string own;
    std::string all;
    const auto add = [](std::string& names, const std::string& name) {
      names += names.empty() ? name : "、" + name;
    };
    for (std::size_t k = 0; k < ruled.constraints.need_groups.size(); ++k) {
      if (ruled.proof.need_group_price[k] == 0) continue;
      const GroupRule& rule = ruled.constraints.need_groups[k];
      add(all, rule.name);
      const bool over =
          std::find(rule.members.begin(), rule.members.end(), need) != rule.members.end();
      if (over && ruled.proof.need_group_price[k] > 0) add(own, rule.name);
    }
    for (std::size_t k = 0; k < ruled.constraints.expert_groups.size(); ++k) {
      if (ruled.proof.expert_group_price[k] == 0) continue;
      add(all, ruled.constraints.expert_groups[k].name);
    }
    return own.empty() ? all : own;
  }

 private:
  Result<Seat> seat_of(const PlanPair& pair) const {
    const auto row = row_of_.find(pair.need.value);
    const auto expert = ranker_.find(pair.person);
    if (row == row_of_.end() || !expert) {
      return fail(ErrorCode::InvalidArgument, "constraints.pair");
    }
    return Seat{row->second, *expert};
  }

  Done place_pairs() {
    for (const PlanPair& pair : rules_.forbidden) {
      const auto seat = seat_of(pair);
      if (!seat) return tl::make_unexpected(seat.error());
      rows_[seat->need].forbidden.push_back(seat->expert);
    }
    for (const PlanPair& pair : rules_.pinned) {
      const auto seat = seat_of(pair);
      if (!seat) return tl::make_unexpected(seat.error());
      const auto standing = ranker_.evaluate(*rows_[seat->need].need, seat->expert);
      const auto& forbidden = rows_[seat->need].forbidden;
      const bool refused =
          std::find(forbidden.begin(), forbidden.end(), seat->expert) != forbidden.end();
      if (!standing || refused) return fail(ErrorCode::InvalidArgument, "constraints.pair");
      rows_[seat->need].pinned.push_back(*standing);
      pinned_.push_back(*seat);
    }
    return {};
  }

  std::vector<std::uint32_t> rows_of(const std::vector<NeedId>& needs) const {
    std::vector<std::uint32_t> numbers;
    for (const NeedId need : needs) {
      const auto found = row_of_.find(need.value);
      if (found != row_of_.end()) numbers.push_back(found->second);
    }
    return numbers;
  }

  Result<Constraints> constraints_of(const Instance& instance) const {
    Constraints constraints;
    constraints.pinned = pinned_;
    for (const NeedQuota& quota : rules_.need_quotas) {
      constraints.need_groups.push_back(
          {quota.name, rows_of(quota.needs), quota.at_least, quota.at_most});
    }
    for (const ExpertQuota& quota : rules_.expert_quotas) {
      GroupRule rule{quota.name, {}, quota.at_least, quota.at_most};
      for (const PersonId person : quota.experts) {
        if (const auto expert = ranker_.find(person)) rule.members.push_back(*expert);
      }
      constraints.expert_groups.push_back(std::move(rule));
    }
    std::vector<FairGroup> groups;
    for (const ServedAlike& group : rules_.served_alike) {
      groups.push_back({group.name, rows_of(group.needs), group.tier});
    }
    const auto fills = fair_fills(instance, groups);
    if (!fills) return tl::make_unexpected(fills.error());
    for (std::size_t k = 0; k < groups.size(); ++k) {
      constraints.need_groups.push_back(
          {groups[k].name, groups[k].needs, static_cast<std::uint32_t>((*fills)[k]), kNoQuota});
    }
    return constraints;
  }

  /// Lengthens the lists beyond whose end somebody could have a reduced cost below 0 (see
  /// verify()): prices of experts not listed are 0 or more, floors over experts apart.
  bool grow_lists(const Instance& instance, const RuledPlan& ruled) {
    std::vector<std::int64_t> side = ruled.proof.need_price;
    for (std::size_t k = 0; k < ruled.constraints.need_groups.size(); ++k) {
      for (const std::uint32_t need : ruled.constraints.need_groups[k].members) {
        side[need] += ruled.proof.need_group_price[k];
      }
    }
    std::int64_t least = 0;
    for (const std::int64_t price : ruled.proof.expert_group_price) {
      least += std::min<std::int64_t>(0, price);
    }
    bool grew = false;
    for (std::size_t need = 0; need < rows_.size(); ++need) {
      Row& row = rows_[need];
      const std::int64_t reduced =
          std::int64_t{row.last_cost()} - instance.unfilled_cost[need] + side[need] + least;
      if (row.complete() || reduced >= 0) continue;
      ask(ranker_, row, row.asked * kGrowth);
      grew = true;
    }
    return grew;
  }

  void add_fills(const std::vector<std::uint32_t>& seats, const std::vector<std::uint32_t>& free,
                 RuledPlan& ruled) const {
    for (const GroupRule& group : ruled.constraints.need_groups) {
      RuledPlan::Fill fill{group.name};
      for (const std::uint32_t need : group.members) {
        fill.seats += seats[need];
        fill.free += seats[need] - free[need];
        fill.filled += seats[need] - ruled.proof.unfilled[need];
      }
      ruled.fills.push_back(std::move(fill));
    }
  }

  const Ranker& ranker_;
  std::vector<Row>& rows_;
  const PlanRules& rules_;
  std::unordered_map<std::int64_t, std::uint32_t> row_of_;
  std::vector<Seat> pinned_;
};

/// Shortages under rules: what was short without them has its cause, the rest has the rules.
void add_ruled_shortages(const Ranker& ranker, const std::vector<Row>& rows, const Ruled& rules,
                         RegistryPlan& plan) {
  std::unordered_map<std::int64_t, NeedShortage> free;
  for (NeedShortage& shortage : plan.shortages) free.emplace(shortage.need.value, shortage);
  plan.shortages.clear();
  for (std::uint32_t need = 0; need < rows.size(); ++need) {
    const std::uint32_t empty = plan.ruled->proof.unfilled[need];
    if (empty == 0) continue;
    const NeedId id = rows[need].need->id;
    const auto known = free.find(id.value);
    NeedShortage shortage;
    if (known != free.end()) {
      shortage = known->second;
    } else {
      shortage.cause = ShortageCause::Rule;
      shortage.reason = {"shortage.rule", {}, {rules.binding(need, *plan.ruled)}};
      shortage.excluded = ranker.excluded(*rows[need].need);
    }
    shortage.need = id;
    shortage.empty_seats = empty;
    plan.shortages.push_back(std::move(shortage));
  }
}

}  // namespace

Result<RegistryPlan> plan(const Ranker& ranker, std::span<const NeedView> asked,
                          const PlanOptions& options) {
  // A ranking may show somebody with too few days; a plan promises them.
  std::vector<NeedView> needs(asked.begin(), asked.end());
  for (NeedView& need : needs) need.firm |= firm::kDays;
  std::vector<Row> rows;
  for (const NeedView& need : needs) {
    if (need.seats > 0) rows.push_back({&need, {}, 0});
  }
  ask_first(ranker, rows, options.first_candidates);
  RegistryPlan result;
  if (auto done = solve_free(ranker, rows, result); !done) {
    return tl::make_unexpected(done.error());
  }
  add_shortages(ranker, rows, result);
  if (options.rules.empty()) {
    add_seats(ranker, rows, result.proof.seats, result.proof.price, result);
  } else {
    Ruled rules(ranker, rows, options.rules);
    if (auto done = rules.solve(result); !done) return tl::make_unexpected(done.error());
    add_seats(ranker, rows, result.ruled->proof.seats, result.ruled->proof.expert_price, result);
    add_ruled_shortages(ranker, rows, rules, result);
  }
  for (const Row& row : rows) {
    result.rows.push_back(row.need->id);
    result.complete.push_back(row.complete());
  }
  return result;
}

}  // namespace chucai::matcher
