#include "matcher/fairness.h"

#include <algorithm>
#include <limits>
#include <queue>

namespace chucai::matcher {
namespace {

constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

Result<std::vector<std::uint32_t>> group_of_needs(const Instance& instance,
                                                  const std::vector<FairGroup>& groups) {
  std::vector<std::uint32_t> group_of(instance.needs(), kNone);
  for (std::uint32_t group = 0; group < groups.size(); ++group) {
    for (const std::uint32_t need : groups[group].needs) {
      if (need >= instance.needs() || group_of[need] != kNone) {
        return fail(ErrorCode::InvalidArgument, "constraints.member", {},
                    {groups[group].name, std::to_string(need)});
      }
      group_of[need] = group;
    }
  }
  return group_of;
}

/// Who has whom, by breadth-first augmenting paths. A path from a group raises its fill by one and
/// leaves every other group's fill as it is, though seats may move between needs of one group.
class Filling {
 public:
  Filling(const Instance& instance, const std::vector<FairGroup>& groups,
          std::vector<std::uint32_t> group_of)
      : instance_(instance),
        groups_(groups),
        group_of_(std::move(group_of)),
        filled_(instance.needs(), 0),
        holders_(instance.experts()),
        came_(instance.needs()),
        need_seen_(instance.needs(), 0),
        taker_(instance.experts(), kNone),
        expert_seen_(instance.experts(), 0),
        group_seen_(groups.size(), 0) {}

  bool raise(std::uint32_t group) {
    ++search_;
    queue_.clear();
    queue_group(group, {kNone, kNone});
    for (std::size_t next = 0; next < queue_.size(); ++next) {
      if (const std::uint32_t expert = settle(queue_[next]); expert != kNone) {
        augment(expert);
        return true;
      }
    }
    return false;
  }

 private:
  /// How a search came to a need: `giver` would give up `expert`; the need itself, or another one
  /// of its group, whose loss this need makes good. kNone where the search began.
  struct Came {
    std::uint32_t expert;
    std::uint32_t giver;
  };

  /// All needs of the group that could take a seat more.
  void queue_group(std::uint32_t group, Came came) {
    if (std::exchange(group_seen_[group], search_) == search_) return;
    for (const std::uint32_t need : groups_[group].needs) {
      if (filled_[need] < instance_.headcount[need]) queue_need(need, came);
    }
  }

  void queue_need(std::uint32_t need, Came came) {
    if (std::exchange(need_seen_[need], search_) == search_) return;
    came_[need] = came;
    queue_.push_back(need);
  }

  /// Looks at the need's candidates; the first with a free slot ends the search.
  std::uint32_t settle(std::uint32_t need) {
    for (const Candidate& candidate : instance_.row(need)) {
      if (candidate.cost >= instance_.unfilled_cost[need]) break;
      const std::uint32_t expert = candidate.expert;
      const auto& holders = holders_[expert];
      if (expert_seen_[expert] == search_ ||
          std::find(holders.begin(), holders.end(), need) != holders.end()) {
        continue;
      }
      expert_seen_[expert] = search_;
      taker_[expert] = need;
      if (holders.size() < instance_.capacity[expert]) return expert;
      for (const std::uint32_t holder : holders) {
        queue_need(holder, {expert, holder});
        if (group_of_[holder] != kNone) queue_group(group_of_[holder], {expert, holder});
      }
    }
    return kNone;
  }

  void augment(std::uint32_t expert) {
    while (expert != kNone) {
      const std::uint32_t need = taker_[expert];
      holders_[expert].push_back(need);
      ++filled_[need];
      const auto [given, giver] = came_[need];
      if (given != kNone) {
        auto& holders = holders_[given];
        holders.erase(std::find(holders.begin(), holders.end(), giver));
        --filled_[giver];
      }
      expert = given;
    }
  }

  const Instance& instance_;
  const std::vector<FairGroup>& groups_;
  const std::vector<std::uint32_t> group_of_;
  std::vector<std::uint32_t> filled_;                // by need
  std::vector<std::vector<std::uint32_t>> holders_;  // needs, by expert

  // One search; `seen` holds the number of the last search that came there.
  std::uint32_t search_ = 0;
  std::vector<std::uint32_t> queue_;
  std::vector<Came> came_;
  std::vector<std::uint32_t> need_seen_;
  std::vector<std::uint32_t> taker_;
  std::vector<std::uint32_t> expert_seen_;
  std::vector<std::uint32_t> group_seen_;
};

/// A group that may still be raised.
struct Standing {
  std::uint32_t group;
  std::uint32_t tier;
  std::uint64_t filled;
  std::uint64_t seats;
};

/// Whether `a` is served after `b`: earlier tiers first, then lower fill rates; of equal ones the
/// group that a seat lifts higher.
bool served_after(const Standing& a, const Standing& b) {
  if (a.tier != b.tier) return a.tier > b.tier;
  const std::uint64_t left = a.filled * b.seats;
  const std::uint64_t right = b.filled * a.seats;
  if (left != right) return left > right;
  return std::pair(a.seats, a.group) > std::pair(b.seats, b.group);
}

std::uint64_t seats_of(const Instance& instance, const FairGroup& group) {
  std::uint64_t seats = 0;
  for (const std::uint32_t need : group.needs) seats += instance.headcount[need];
  return seats;
}

}  // namespace

Result<std::vector<std::uint64_t>> fair_fills(const Instance& instance,
                                              const std::vector<FairGroup>& groups) {
  auto group_of = group_of_needs(instance, groups);
  if (!group_of) return tl::make_unexpected(group_of.error());
  Filling filling(instance, groups, std::move(*group_of));
  std::vector<std::uint64_t> fills(groups.size(), 0);
  std::priority_queue<Standing, std::vector<Standing>, decltype(&served_after)> queue(served_after);
  for (std::uint32_t group = 0; group < groups.size(); ++group) {
    queue.push({group, groups[group].tier, 0, seats_of(instance, groups[group])});
  }
  while (!queue.empty()) {
    Standing worst = queue.top();
    queue.pop();
    // One that cannot be raised now never can be: others only take more.
    if (worst.filled == worst.seats || !filling.raise(worst.group)) continue;
    fills[worst.group] = ++worst.filled;
    queue.push(worst);
  }
  return fills;
}

Result<FairPlan> fair_plan(const Instance& instance, const std::vector<FairGroup>& groups) {
  const auto fills = fair_fills(instance, groups);
  if (!fills) return tl::make_unexpected(fills.error());
  FairPlan fair;
  for (std::size_t k = 0; k < groups.size(); ++k) {
    const auto floor = static_cast<std::uint32_t>((*fills)[k]);
    fair.floors.need_groups.push_back({groups[k].name, groups[k].needs, floor, kNoQuota});
  }
  auto plan = solve(instance, fair.floors);
  if (!plan) return tl::make_unexpected(plan.error());
  fair.plan = std::move(*plan);
  const Plan cheapest = Assignment(instance).solve();
  fair.cheapest_cost = cheapest.cost;
  for (const FairGroup& group : groups) {
    GroupFill fill;
    for (const std::uint32_t need : group.needs) {
      fill.seats += instance.headcount[need];
      fill.cheapest += instance.headcount[need] - cheapest.unfilled[need];
      fill.fair += instance.headcount[need] - fair.plan.unfilled[need];
    }
    fair.fills.push_back(fill);
  }
  return fair;
}

}  // namespace chucai::matcher
