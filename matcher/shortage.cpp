#include "matcher/shortage.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <numeric>
#include <optional>
#include <queue>
#include <span>
#include <utility>

namespace chucai::matcher {
namespace {

constexpr std::int64_t kFar = std::numeric_limits<std::int64_t>::max();
constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
/// A need that a proved set holds already is searched anew for a smaller set of its own, up to so
/// many needs: where a whole market is saturated, every such search would see all of it.
constexpr std::size_t kSmallSet = 64;

/// Searches the residual market of a plan: need -> candidate it does not hold -> need that holds
/// one of that expert's slots. Distances are reduced costs, which the plan's proof makes >= 0.
class Residual {
 public:
  Residual(const Instance& instance, const Plan& plan)
      : instance_(instance),
        plan_(plan),
        holder_first_(instance.experts() + 1, 0),
        need_distance_(instance.needs(), kFar),
        need_via_(instance.needs(), kNone),
        expert_distance_(instance.experts(), kFar),
        expert_via_(instance.experts(), kNone) {
    for (const Seat& seat : plan.seats) ++holder_first_[seat.expert + 1];
    std::partial_sum(holder_first_.begin(), holder_first_.end(), holder_first_.begin());
    holders_.resize(plan.seats.size());
    std::vector<std::uint32_t> at(holder_first_.begin(), holder_first_.end() - 1);
    for (const Seat& seat : plan.seats) {
      holders_[at[seat.expert]++] = {seat.need, reduced_cost(seat.need, seat.expert)};
    }
  }

  /// Reaches all that `root` competes with, or the cheapest free slot. Stops early, returning the
  /// need, at one for which `known` is true, and at any when more than `most` needs are reached;
  /// returns kNone otherwise.
  template <class Known>
  std::uint32_t run(std::uint32_t root, std::size_t most, Known known) {
    forget();
    reach_need(root, 0, kNone);
    while (!queue_.empty()) {
      const auto [distance, need] = queue_.top();
      queue_.pop();
      if (distance != need_distance_[need]) continue;
      if (distance >= end_distance_) break;
      if (need != root && (known(need) || needs_.size() > most)) return need;
      settle(need);
    }
    return kNone;
  }

  bool found_free_slot() const { return end_ != kNone; }
  std::int64_t chain_cost() const { return end_distance_; }
  const std::vector<std::uint32_t>& needs() const { return needs_; }
  const std::vector<std::uint32_t>& experts() const { return experts_; }
  bool reached(std::uint32_t expert) const { return expert_distance_[expert] != kFar; }

  /// The moves from the root to the free slot, root first.
  std::vector<ChainStep> chain() const {
    std::vector<ChainStep> steps;
    for (std::uint32_t expert = end_; expert != kNone;) {
      const std::uint32_t need = expert_via_[expert];
      steps.push_back({need, expert});
      expert = need_via_[need];
    }
    std::reverse(steps.begin(), steps.end());
    return steps;
  }

 private:
  struct Holder {
    std::uint32_t need;
    std::int64_t reduced;  // <= 0
  };

  std::int64_t reduced(std::uint32_t need, const Candidate& candidate) const {
    return std::int64_t{candidate.cost} + plan_.price[candidate.expert] -
           std::int64_t{plan_.value[need]};
  }

  std::int64_t reduced_cost(std::uint32_t need, std::uint32_t expert) const {
    const auto row = instance_.row(need);
    return reduced(need, *std::find_if(row.begin(), row.end(), [=](const Candidate& candidate) {
                     return candidate.expert == expert;
                   }));
  }

  std::span<const Holder> holders(std::uint32_t expert) const {
    return std::span(holders_).subspan(holder_first_[expert],
                                       holder_first_[expert + 1] - holder_first_[expert]);
  }

  void settle(std::uint32_t need) {
    const std::int64_t distance = need_distance_[need];
    for (const Candidate& candidate : instance_.row(need)) {
      const std::int64_t there = distance + reduced(need, candidate);
      if (there >= expert_distance_[candidate.expert]) continue;
      const auto held = holders(candidate.expert);
      const bool own = std::any_of(held.begin(), held.end(),
                                   [=](const Holder& holder) { return holder.need == need; });
      if (!own) reach_expert(candidate.expert, there, need);
    }
  }

  void reach_expert(std::uint32_t expert, std::int64_t distance, std::uint32_t via) {
    if (expert_distance_[expert] == kFar) experts_.push_back(expert);
    expert_distance_[expert] = distance;
    expert_via_[expert] = via;
    const auto held = holders(expert);
    if (held.size() < instance_.capacity[expert]) {
      if (distance < end_distance_) {
        end_distance_ = distance;
        end_ = expert;
      }
      return;
    }
    for (const Holder& holder : held) {
      const std::int64_t there = distance - holder.reduced;
      if (there < need_distance_[holder.need]) reach_need(holder.need, there, expert);
    }
  }

  void reach_need(std::uint32_t need, std::int64_t distance, std::uint32_t via) {
    if (need_distance_[need] == kFar) needs_.push_back(need);
    need_distance_[need] = distance;
    need_via_[need] = via;
    queue_.emplace(distance, need);
  }

  void forget() {
    for (const std::uint32_t need : needs_) need_distance_[need] = kFar;
    for (const std::uint32_t expert : experts_) expert_distance_[expert] = kFar;
    needs_.clear();
    experts_.clear();
    queue_ = {};
    end_distance_ = kFar;
    end_ = kNone;
  }

  const Instance& instance_;
  const Plan& plan_;
  std::vector<std::uint32_t> holder_first_;
  std::vector<Holder> holders_;

  using Entry = std::pair<std::int64_t, std::uint32_t>;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> queue_;
  std::vector<std::uint32_t> needs_;
  std::vector<std::uint32_t> experts_;
  std::vector<std::int64_t> need_distance_;
  std::vector<std::uint32_t> need_via_;
  std::vector<std::int64_t> expert_distance_;
  std::vector<std::uint32_t> expert_via_;
  std::int64_t end_distance_ = kFar;
  std::uint32_t end_ = kNone;
};

/// The needs and experts of a search that found no free slot, counted.
CompetingSet competing_set(const Instance& instance, const Residual& residual) {
  CompetingSet set;
  set.needs = residual.needs();
  set.experts = residual.experts();
  std::sort(set.needs.begin(), set.needs.end());
  std::sort(set.experts.begin(), set.experts.end());
  for (const std::uint32_t expert : set.experts) set.slots += instance.capacity[expert];
  for (const std::uint32_t need : set.needs) {
    set.seats += instance.headcount[need];
    const auto row = instance.row(need);
    set.edges += static_cast<std::uint64_t>(std::count_if(
        row.begin(), row.end(), [&](const Candidate& c) { return !residual.reached(c.expert); }));
  }
  return set;
}

}  // namespace

ShortageReport explain_shortages(const Instance& instance, const Plan& plan) {
  ShortageReport report;
  Residual residual(instance, plan);
  // Two short needs compete for the same people exactly when each reaches the other. A wide set
  // proves the shortage of all its needs, whether they reach each other or not. `last_set[n]`
  // is the last set that held n; `set_of_root[k]` the set whose search began at k.
  std::vector<std::uint32_t> last_set(instance.needs(), kNone);
  std::vector<std::uint32_t> set_of_root(instance.needs(), kNone);
  for (std::uint32_t need = 0; need < instance.needs(); ++need) {
    if (plan.unfilled[need] == 0) continue;
    Shortage& shortage = report.shortages.emplace_back();
    shortage.need = need;
    shortage.empty_seats = plan.unfilled[need];
    if (instance.row(need).empty()) continue;
    const std::uint32_t shared = last_set[need];
    const std::size_t most = shared == kNone ? instance.needs() : kSmallSet;
    const std::uint32_t met = residual.run(need, most, [&](std::uint32_t other) {
      return shared != kNone && set_of_root[other] == shared;
    });
    if (met == kNone && residual.found_free_slot()) {
      shortage.cause = ShortageCause::PricedOut;
      shortage.chain = residual.chain();
      shortage.chain_cost = residual.chain_cost();
      continue;
    }
    shortage.cause = ShortageCause::Competition;
    if (met != kNone) {
      shortage.set = shared;
      continue;
    }
    shortage.set = static_cast<std::uint32_t>(report.sets.size());
    set_of_root[need] = shortage.set;
    report.sets.push_back(competing_set(instance, residual));
    for (const std::uint32_t member : report.sets.back().needs) last_set[member] = shortage.set;
  }
  return report;
}

}  // namespace chucai::matcher
