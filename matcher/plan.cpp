#include "matcher/plan.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <utility>

#include "matcher/verify.h"

namespace chucai::matcher {
namespace {

constexpr std::size_t kGrowth = 4;
constexpr std::uint64_t kDearest = 4'000'000'000;  // fits 32 bits

/// A need that takes part, and its candidates so far.
struct Row {
  const NeedView* need;
  std::vector<Ranked> ranked;
  std::size_t asked = 0;  // how many were asked for

  /// True when every eligible expert is listed.
  bool complete() const { return ranked.size() < asked; }
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
    for (const Ranked& ranked : row.ranked) {
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
bool trim(const Ranker& ranker, const Plan& plan, const std::vector<Row>& rows,
          std::vector<std::uint32_t>& most) {
  std::vector<std::int64_t> days(most.size(), 0);
  std::vector<std::uint32_t> services(most.size(), 0);
  for (const Seat& seat : plan.seats) {
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

std::int64_t filled_cost(const Instance& instance, const Plan& plan) {
  std::int64_t cost = plan.cost;
  for (std::uint32_t need = 0; need < instance.needs(); ++need) {
    cost -= std::int64_t{plan.unfilled[need]} * instance.unfilled_cost[need];
  }
  return cost;
}

void ask(const Ranker& ranker, Row& row, std::size_t candidates) {
  row.asked = candidates;
  row.ranked = ranker.best(*row.need, candidates);
}

/// Lengthens the lists whose end the proof does not reach: an expert beyond it costs no less than
/// the last one listed, and could enter the plan only below the need's value. True when any grew.
bool grow(const Ranker& ranker, const Plan& plan, std::vector<Row>& rows) {
  bool grew = false;
  for (std::size_t need = 0; need < rows.size(); ++need) {
    Row& row = rows[need];
    if (row.complete()) continue;
    const std::uint32_t last = row.ranked.empty() ? 0 : candidate_of(row.ranked.back()).cost;
    if (plan.value[need] <= last) continue;
    ask(ranker, row, row.asked * kGrowth);
    grew = true;
  }
  return grew;
}

void add_seats(const Ranker& ranker, const std::vector<Row>& rows, RegistryPlan& plan) {
  for (const Seat& seat : plan.proof.seats) {
    const auto row = plan.instance.row(seat.need);
    const auto found = std::find_if(row.begin(), row.end(), [&](const Candidate& candidate) {
      return candidate.expert == seat.expert;
    });
    plan.seats.push_back({rows[seat.need].need->id, ranker.experts()[seat.expert].id,
                          kTopScore - static_cast<int>(found->cost),
                          plan.proof.price[seat.expert]});
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
  for (Row& row : rows) {
    ask(ranker, row, std::max<std::size_t>({1, options.first_candidates, row.need->seats}));
  }
  std::vector<std::uint32_t> most;
  for (std::uint32_t expert = 0; expert < ranker.experts().size(); ++expert) {
    most.push_back(ranker.rules().services_left(expert));
  }
  RegistryPlan result;
  bool relaxed = true;  // no slot taken away yet
  while (true) {
    ++result.rounds;
    result.instance = instance_of(ranker, rows, most);
    result.proof = Assignment(result.instance).solve();
    if (grow(ranker, result.proof, rows)) continue;
    if (std::exchange(relaxed, false)) {
      result.bound_cost = filled_cost(result.instance, result.proof);
      result.bound_unfilled = result.proof.empty_seats();
    }
    if (!trim(ranker, result.proof, rows, most)) break;
  }
  if (auto proved = verify(result.instance, result.proof); !proved) {
    Error error = std::move(proved.error());
    error.code = ErrorCode::Internal;
    return tl::make_unexpected(std::move(error));
  }
  result.cost = filled_cost(result.instance, result.proof);
  result.unfilled = result.proof.empty_seats();
  add_seats(ranker, rows, result);
  add_shortages(ranker, rows, result);
  return result;
}

}  // namespace chucai::matcher
