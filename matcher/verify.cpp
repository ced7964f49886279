#include "matcher/verify.h"

#include <algorithm>

namespace chucai::matcher {
namespace {

std::string place(std::string_view what, std::uint32_t number) {
  return std::string(what) + ' ' + std::to_string(number);
}

std::string arc(std::uint32_t need, std::uint32_t expert) {
  return place("need", need) + ", " + place("expert", expert);
}

tl::unexpected<Error> broken(std::string reason, std::string where) {
  return fail(ErrorCode::FailedPrecondition, std::move(reason), std::move(where));
}

/// What the seats of a plan add up to.
struct Tally {
  std::vector<std::uint32_t> slots_used;  // per expert
  std::vector<std::uint32_t> filled;      // per need
};

Done check_shapes(const Instance& instance, const Plan& plan) {
  const bool fits = plan.unfilled.size() == instance.needs() &&
                    plan.value.size() == instance.needs() &&
                    plan.price.size() == instance.experts();
  if (!fits) return broken("plan.shape", {});
  return {};
}

Result<Tally> tally(const Instance& instance, const Plan& plan) {
  Tally tally{std::vector<std::uint32_t>(instance.experts(), 0),
              std::vector<std::uint32_t>(instance.needs(), 0)};
  for (std::size_t k = 0; k < plan.seats.size(); ++k) {
    const auto [need, expert] = plan.seats[k];
    if (need >= instance.needs() || expert >= instance.experts()) {
      return broken("plan.seat.unknown", arc(need, expert));
    }
    if (k > 0 && !(plan.seats[k - 1] < plan.seats[k])) {
      return broken("plan.seat.order", arc(need, expert));
    }
    ++tally.slots_used[expert];
    ++tally.filled[need];
  }
  return tally;
}

Done check_counts(const Instance& instance, const Plan& plan, const Tally& tally) {
  for (std::uint32_t expert = 0; expert < instance.experts(); ++expert) {
    if (tally.slots_used[expert] > instance.capacity[expert]) {
      return broken("plan.capacity", place("expert", expert));
    }
    if (plan.price[expert] > 0 && tally.slots_used[expert] < instance.capacity[expert]) {
      return broken("plan.proof.price", place("expert", expert));
    }
  }
  for (std::uint32_t need = 0; need < instance.needs(); ++need) {
    if (std::uint64_t{tally.filled[need]} + plan.unfilled[need] != instance.headcount[need]) {
      return broken("plan.headcount", place("need", need));
    }
    const bool proved = plan.unfilled[need] > 0 ? plan.value[need] == instance.unfilled_cost[need]
                                                : plan.value[need] <= instance.unfilled_cost[need];
    if (!proved) return broken("plan.proof.value", place("need", need));
  }
  return {};
}

/// Checks one need's candidates against `chosen`, its seats sorted by expert; adds up their cost.
Result<std::int64_t> check_row(const Instance& instance, const Plan& plan, std::uint32_t need,
                               std::span<const Seat> chosen) {
  std::int64_t cost = 0;
  std::size_t found = 0;
  for (const Candidate& candidate : instance.row(need)) {
    const std::int64_t reduced = std::int64_t{candidate.cost} + plan.price[candidate.expert] -
                                 std::int64_t{plan.value[need]};
    const bool used =
        std::binary_search(chosen.begin(), chosen.end(), Seat{need, candidate.expert});
    if (used ? reduced > 0 : reduced < 0) {
      return broken(used ? "plan.proof.chosen" : "plan.proof.left_out",
                    arc(need, candidate.expert));
    }
    if (used) {
      cost += candidate.cost;
      ++found;
    }
  }
  if (found != chosen.size()) return broken("plan.seat.no_candidate", place("need", need));
  return cost;
}

}  // namespace

Done verify(const Instance& instance, const Plan& plan) {
  if (auto done = check_shapes(instance, plan); !done) return done;
  const auto counted = tally(instance, plan);
  if (!counted) return tl::make_unexpected(counted.error());
  if (auto done = check_counts(instance, plan, *counted); !done) return done;
  std::int64_t cost = 0;
  std::size_t at = 0;
  for (std::uint32_t need = 0; need < instance.needs(); ++need) {
    const auto chosen = std::span(plan.seats).subspan(at, counted->filled[need]);
    at += chosen.size();
    const auto row_cost = check_row(instance, plan, need, chosen);
    if (!row_cost) return tl::make_unexpected(row_cost.error());
    cost += *row_cost + std::int64_t{plan.unfilled[need]} * instance.unfilled_cost[need];
  }
  if (cost != plan.cost) return broken("plan.cost", {});
  return {};
}

}  // namespace chucai::matcher
