#include <algorithm>
#include <map>
#include <set>

#include "matcher/verify.h"

namespace chucai::matcher {
namespace {

tl::unexpected<Error> broken(std::string reason, std::string where) {
  return fail(ErrorCode::FailedPrecondition, std::move(reason), std::move(where));
}

std::string place(std::string_view what, std::uint32_t number) {
  return std::string(what) + ' ' + std::to_string(number);
}

/// One rule: what it counts lies within its limits, and its price shows which of them binds.
Done check_rule(const std::string& name, std::uint64_t count, std::uint64_t at_least,
                std::uint64_t at_most, std::int64_t price) {
  if (count < at_least || count > at_most) return broken("plan.rule", name);
  if (price > 0 && count != at_most) return broken("plan.proof.rule", name);
  if (price < 0 && (count != at_least || at_least == 0)) return broken("plan.proof.rule", name);
  return {};
}

/// Counts and prices, from the plan and the constraints alone.
class Check {
 public:
  Check(const Instance& instance, const Constraints& constraints, const ConstrainedPlan& plan)
      : instance_(instance),
        constraints_(constraints),
        plan_(plan),
        seats_(plan.seats.begin(), plan.seats.end()),
        by_need_(instance.needs(), 0),
        by_expert_(instance.experts(), 0) {}

  Done run() {
    if (auto done = check_shapes(); !done) return done;
    for (const Seat& seat : plan_.seats) {
      if (seat.need >= instance_.needs() || seat.expert >= instance_.experts()) {
        return broken("plan.seat.unknown", place("need", seat.need));
      }
      ++by_need_[seat.need];
      ++by_expert_[seat.expert];
    }
    collect_prices();
    if (auto done = check_places(); !done) return done;
    if (auto done = check_groups(); !done) return done;
    if (auto done = check_loads(); !done) return done;
    return check_pairs();
  }

 private:
  Done check_shapes() const {
    const bool fits = plan_.unfilled.size() == instance_.needs() &&
                      plan_.need_price.size() == instance_.needs() &&
                      plan_.expert_price.size() == instance_.experts() &&
                      plan_.need_group_price.size() == constraints_.need_groups.size() &&
                      plan_.expert_group_price.size() == constraints_.expert_groups.size() &&
                      std::is_sorted(plan_.seats.begin(), plan_.seats.end()) &&
                      seats_.size() == plan_.seats.size();
    if (!fits) return broken("plan.shape", {});
    return {};
  }

  /// What all rules over a need, and over an expert, add to the cost of a seat.
  void collect_prices() {
    need_side_ = plan_.need_price;
    for (std::size_t k = 0; k < constraints_.need_groups.size(); ++k) {
      for (const auto need : constraints_.need_groups[k].members) {
        need_side_[need] += plan_.need_group_price[k];
      }
    }
    expert_side_ = plan_.expert_price;
    for (std::size_t k = 0; k < constraints_.expert_groups.size(); ++k) {
      for (const auto expert : constraints_.expert_groups[k].members) {
        expert_side_[expert] += plan_.expert_group_price[k];
      }
    }
    loads_of_need_.resize(instance_.needs());
    for (std::uint32_t rule = 0; rule < constraints_.loads.size(); ++rule) {
      for (const auto need : constraints_.loads[rule].needs) loads_of_need_[need].push_back(rule);
    }
    for (const LoadPrice& load : plan_.load_prices) {
      load_price_[{load.expert, load.rule}] = load.price;
    }
  }

  Done check_places() const {
    for (std::uint32_t need = 0; need < instance_.needs(); ++need) {
      const std::uint32_t least =
          constraints_.least_heads.empty() ? 0 : constraints_.least_heads[need];
      auto done = check_rule(place("need", need), by_need_[need], least, instance_.headcount[need],
                             plan_.need_price[need]);
      if (!done) return done;
      if (by_need_[need] + plan_.unfilled[need] != instance_.headcount[need]) {
        return broken("plan.headcount", place("need", need));
      }
    }
    for (std::uint32_t expert = 0; expert < instance_.experts(); ++expert) {
      auto done = check_rule(place("expert", expert), by_expert_[expert], 0,
                             instance_.capacity[expert], plan_.expert_price[expert]);
      if (!done) return done;
    }
    return {};
  }

  static Done check_group(const GroupRule& rule, const std::vector<std::uint64_t>& count,
                          std::int64_t price) {
    std::uint64_t sum = 0;
    for (const std::uint32_t member : rule.members) sum += count[member];
    return check_rule(rule.name, sum, rule.at_least, rule.at_most, price);
  }

  Done check_groups() const {
    for (std::size_t k = 0; k < constraints_.need_groups.size(); ++k) {
      auto done = check_group(constraints_.need_groups[k], by_need_, plan_.need_group_price[k]);
      if (!done) return done;
    }
    for (std::size_t k = 0; k < constraints_.expert_groups.size(); ++k) {
      auto done =
          check_group(constraints_.expert_groups[k], by_expert_, plan_.expert_group_price[k]);
      if (!done) return done;
    }
    return {};
  }

  Done check_loads() const {
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint64_t> count;
    for (const Seat& seat : plan_.seats) {
      for (const std::uint32_t rule : loads_of_need_[seat.need]) ++count[{seat.expert, rule}];
    }
    for (const auto& [load, price] : load_price_) count.try_emplace(load, 0);
    for (const auto& [load, served] : count) {
      const auto& [expert, rule] = load;
      if (rule >= constraints_.loads.size()) return broken("plan.shape", {});
      const auto found = load_price_.find(load);
      const std::int64_t price = found == load_price_.end() ? 0 : found->second;
      auto done = check_rule(constraints_.loads[rule].name + ", " + place("expert", expert), served,
                             0, constraints_.loads[rule].at_most, price);
      if (!done) return done;
    }
    return {};
  }

  std::int64_t load_price(const Seat& seat) const {
    std::int64_t sum = 0;
    for (const std::uint32_t rule : loads_of_need_[seat.need]) {
      const auto found = load_price_.find({seat.expert, rule});
      if (found != load_price_.end()) sum += found->second;
    }
    return sum;
  }

  Done check_pairs() const {
    const std::set<Seat> pinned(constraints_.pinned.begin(), constraints_.pinned.end());
    const std::set<Seat> forbidden(constraints_.forbidden.begin(), constraints_.forbidden.end());
    std::int64_t cost = 0;
    std::size_t found = 0;
    for (std::uint32_t need = 0; need < instance_.needs(); ++need) {
      for (const Candidate& candidate : instance_.row(need)) {
        const Seat seat{need, candidate.expert};
        const bool used = seats_.contains(seat);
        if (used) {
          ++found;
          cost += candidate.cost;
        }
        const std::string where = place("need", need) + ", " + place("expert", seat.expert);
        if (used ? forbidden.contains(seat) : pinned.contains(seat)) {
          return broken("plan.rule", where);
        }
        if (pinned.contains(seat) || forbidden.contains(seat)) continue;
        const std::int64_t reduced = std::int64_t{candidate.cost} - instance_.unfilled_cost[need] +
                                     need_side_[need] + expert_side_[seat.expert] +
                                     load_price(seat);
        if (used ? reduced > 0 : reduced < 0) {
          return broken(used ? "plan.proof.chosen" : "plan.proof.left_out", where);
        }
      }
      cost += std::int64_t{plan_.unfilled[need]} * instance_.unfilled_cost[need];
    }
    if (found != plan_.seats.size()) return broken("plan.seat.no_candidate", {});
    if (cost != plan_.cost) return broken("plan.cost", {});
    return {};
  }

  const Instance& instance_;
  const Constraints& constraints_;
  const ConstrainedPlan& plan_;
  const std::set<Seat> seats_;
  std::vector<std::uint64_t> by_need_;
  std::vector<std::uint64_t> by_expert_;
  std::vector<std::int64_t> need_side_;
  std::vector<std::int64_t> expert_side_;
  std::vector<std::vector<std::uint32_t>> loads_of_need_;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::int64_t> load_price_;
};

}  // namespace

Done verify(const Instance& instance, const Constraints& constraints, const ConstrainedPlan& plan) {
  return Check(instance, constraints, plan).run();
}

}  // namespace chucai::matcher
