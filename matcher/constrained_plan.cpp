#include "matcher/constrained_plan.h"

#include <lemon/network_simplex.h>
#include <lemon/smart_graph.h>

#include <algorithm>
#include <set>
#include <unordered_map>
#include <utility>

namespace chucai::matcher {
namespace {

using Graph = lemon::SmartDigraph;
using Simplex = lemon::NetworkSimplex<Graph, std::int64_t, std::int64_t>;

constexpr std::uint32_t kNone = Nesting::kNoRule;
constexpr std::int64_t kLargest = std::int64_t{1} << 62;

/// Both sides' rules, nested.
struct Nestings {
  Nesting needs;
  Nesting experts;
  Nesting loads;
};

template <class Rule>
Result<Nesting> nest_rules(const std::vector<Rule>& rules,
                           std::vector<std::uint32_t> Rule::*members, std::uint32_t size) {
  std::vector<std::string> names;
  std::vector<std::vector<std::uint32_t>> sets;
  for (const Rule& rule : rules) {
    names.push_back(rule.name);
    sets.push_back(rule.*members);
  }
  return nest(names, sets, size);
}

Result<Nestings> nest_all(const Instance& instance, const Constraints& constraints) {
  auto needs = nest_rules(constraints.need_groups, &GroupRule::members, instance.needs());
  if (!needs) return tl::make_unexpected(needs.error());
  auto experts = nest_rules(constraints.expert_groups, &GroupRule::members, instance.experts());
  if (!experts) return tl::make_unexpected(experts.error());
  auto loads = nest_rules(constraints.loads, &LoadRule::needs, instance.needs());
  if (!loads) return tl::make_unexpected(loads.error());
  return Nestings{std::move(*needs), std::move(*experts), std::move(*loads)};
}

Done check_ranges(const Instance& instance, const Constraints& constraints) {
  for (const auto* groups : {&constraints.need_groups, &constraints.expert_groups}) {
    for (const GroupRule& rule : *groups) {
      if (rule.at_least > rule.at_most) {
        return fail(ErrorCode::InvalidArgument, "constraints.range", {}, {rule.name});
      }
    }
  }
  const auto& least = constraints.least_heads;
  if (!least.empty() && least.size() != instance.needs()) {
    return fail(ErrorCode::InvalidArgument, "instance.shape");
  }
  for (std::uint32_t need = 0; need < least.size(); ++need) {
    if (least[need] > instance.headcount[need]) {
      return fail(ErrorCode::InvalidArgument, "constraints.range", {},
                  {"need " + std::to_string(need)});
    }
  }
  return {};
}

Done check_pins(const Instance& instance, const std::set<Seat>& pinned,
                const std::set<Seat>& forbidden) {
  for (const Seat& pin : pinned) {
    bool found = pin.need < instance.needs() && !forbidden.contains(pin);
    if (found) {
      const auto row = instance.row(pin.need);
      found = std::any_of(row.begin(), row.end(),
                          [&](const Candidate& c) { return c.expert == pin.expert; });
    }
    if (!found) {
      return fail(ErrorCode::InvalidArgument, "constraints.pair",
                  "need " + std::to_string(pin.need) + ", expert " + std::to_string(pin.expert));
    }
  }
  return {};
}

/// The network. Each rule is an arc whose flow is what the rule counts; a floor is a first part of
/// the arc that earns more than any plan costs, so that all floors are reached if they can be.
class Network {
 public:
  Network(const Instance& instance, const Constraints& constraints, const Nestings& nestings)
      : instance_(instance),
        constraints_(constraints),
        pinned_(constraints.pinned.begin(), constraints.pinned.end()),
        forbidden_(constraints.forbidden.begin(), constraints.forbidden.end()),
        hub_(graph_.addNode()) {
    reward_ = reward();
    add_groups(constraints.expert_groups, nestings.experts, Direction::Out, expert_groups_);
    add_groups(constraints.need_groups, nestings.needs, Direction::In, need_groups_);
    for (std::uint32_t expert = 0; expert < instance.experts(); ++expert) {
      const std::uint32_t group = nestings.experts.innermost[expert];
      experts_.push_back(add_rule(group == kNone ? hub_ : expert_groups_[group].inside,
                                  Direction::Out, 0, instance.capacity[expert], 0));
    }
    for (std::uint32_t need = 0; need < instance.needs(); ++need) {
      const std::uint32_t group = nestings.needs.innermost[need];
      const std::uint32_t least =
          constraints.least_heads.empty() ? 0 : constraints.least_heads[need];
      needs_.push_back(add_rule(group == kNone ? hub_ : need_groups_[group].inside, Direction::In,
                                least, instance.headcount[need],
                                -std::int64_t{instance.unfilled_cost[need]}));
    }
    add_loads(nestings.loads);
    add_pairs(nestings.loads);
  }

  Result<ConstrainedPlan> solve() {
    if (reward_ > kLargest / (floor_units_ + 1) || reward_ > kLargest / graph_.nodeNum()) {
      return fail(ErrorCode::InvalidArgument, "instance.overflow");
    }
    Graph::ArcMap<std::int64_t> upper(graph_);
    Graph::ArcMap<std::int64_t> cost(graph_);
    for (std::size_t k = 0; k < arcs_.size(); ++k) {
      upper[graph_.arcFromId(static_cast<int>(k))] = arcs_[k].upper;
      cost[graph_.arcFromId(static_cast<int>(k))] = arcs_[k].cost;
    }
    Simplex simplex(graph_);
    simplex.upperMap(upper).costMap(cost);
    simplex.run();  // always has a solution: no flow at all
    if (auto done = check_floors(simplex); !done) return tl::make_unexpected(done.error());
    return read(simplex);
  }

 private:
  enum class Direction { Out, In };  // from the hub to the experts, from the needs to the hub

  struct ArcData {
    std::int64_t upper;
    std::int64_t cost;
  };
  /// An arc for one rule; `inside` is its end away from the hub.
  struct Rule {
    Graph::Node inside = lemon::INVALID;
    Graph::Node outside = lemon::INVALID;
    Direction direction = Direction::Out;
    std::int64_t cost = 0;
    std::int64_t at_least = 0;
    Graph::Arc floor = lemon::INVALID;  // the part that reaches at_least
    Graph::Arc rest = lemon::INVALID;
  };
  struct PairArc {
    Seat seat;
    std::uint32_t cost;
    Graph::Arc arc;
  };

  /// More than any two plans differ by.
  std::int64_t reward() const {
    std::int64_t sum = 1;
    for (std::uint32_t need = 0; need < instance_.needs(); ++need) {
      const auto row = instance_.row(need);
      const std::int64_t dearest = row.empty() ? 0 : row.back().cost;
      const std::int64_t change = dearest + instance_.unfilled_cost[need];
      if (sum > kLargest - instance_.headcount[need] * change) return kLargest;
      sum += instance_.headcount[need] * change;
    }
    return sum;
  }

  Graph::Arc add_arc(Graph::Node from, Graph::Node to, std::int64_t upper, std::int64_t cost) {
    arcs_.push_back({upper, cost});
    return graph_.addArc(from, to);
  }

  Rule add_rule(Graph::Node outside, Direction direction, std::uint32_t at_least,
                std::uint32_t at_most, std::int64_t cost) {
    Rule rule{graph_.addNode(), outside, direction, cost, at_least};
    const auto [from, to] = ends(rule);
    if (at_least > 0) rule.floor = add_arc(from, to, at_least, cost - reward_);
    rule.rest = add_arc(from, to, at_most - at_least, cost);
    floor_units_ += at_least;
    return rule;
  }

  static std::pair<Graph::Node, Graph::Node> ends(const Rule& rule) {
    return rule.direction == Direction::Out ? std::pair(rule.outside, rule.inside)
                                            : std::pair(rule.inside, rule.outside);
  }

  /// Outer groups first: larger ones are outer.
  void add_groups(const std::vector<GroupRule>& groups, const Nesting& nesting, Direction direction,
                  std::vector<Rule>& rules) {
    rules.resize(groups.size());
    std::vector<bool> added(groups.size(), false);
    const auto add = [&](auto self, std::uint32_t group) -> void {
      if (added[group]) return;
      const std::uint32_t parent = nesting.parent[group];
      if (parent != kNone) self(self, parent);
      rules[group] = add_rule(parent == kNone ? hub_ : rules[parent].inside, direction,
                              groups[group].at_least, groups[group].at_most, 0);
      added[group] = true;
    };
    for (std::uint32_t group = 0; group < groups.size(); ++group) add(add, group);
  }

  static std::uint64_t load_key(std::uint32_t expert, std::uint32_t rule) {
    return std::uint64_t{expert} << 32 | rule;
  }

  /// A load counts only where the expert is a candidate of more of its needs than it allows.
  void add_loads(const Nesting& nesting) {
    if (constraints_.loads.empty()) return;
    std::unordered_map<std::uint64_t, std::uint32_t> candidates;
    for (std::uint32_t need = 0; need < instance_.needs(); ++need) {
      for (const Candidate& candidate : instance_.row(need)) {
        for (auto rule = nesting.innermost[need]; rule != kNone; rule = nesting.parent[rule]) {
          ++candidates[load_key(candidate.expert, rule)];
        }
      }
    }
    std::vector<std::uint64_t> binding;
    for (const auto& [key, count] : candidates) {
      if (count > constraints_.loads[static_cast<std::uint32_t>(key)].at_most) {
        binding.push_back(key);
      }
    }
    std::sort(binding.begin(), binding.end());
    for (const std::uint64_t key : binding) loads_.emplace(key, Rule{});
    for (const std::uint64_t key : binding) add_load(nesting, key);
  }

  void add_load(const Nesting& nesting, std::uint64_t key) {
    Rule& load = loads_.at(key);
    if (load.rest != lemon::INVALID) return;
    const auto expert = static_cast<std::uint32_t>(key >> 32);
    const auto rule = static_cast<std::uint32_t>(key);
    const std::uint32_t outer = binding_load(nesting, expert, nesting.parent[rule]);
    if (outer != kNone) add_load(nesting, load_key(expert, outer));
    load =
        add_rule(load_node(expert, outer), Direction::Out, 0, constraints_.loads[rule].at_most, 0);
  }

  /// The rule itself, or the nearest outer one that binds the expert.
  std::uint32_t binding_load(const Nesting& nesting, std::uint32_t expert,
                             std::uint32_t rule) const {
    while (rule != kNone && !loads_.contains(load_key(expert, rule))) rule = nesting.parent[rule];
    return rule;
  }

  Graph::Node load_node(std::uint32_t expert, std::uint32_t rule) const {
    return rule == kNone ? experts_[expert].inside : loads_.at(load_key(expert, rule)).inside;
  }

  void add_pairs(const Nesting& loads) {
    for (std::uint32_t need = 0; need < instance_.needs(); ++need) {
      for (const Candidate& candidate : instance_.row(need)) {
        const Seat seat{need, candidate.expert};
        if (forbidden_.contains(seat)) continue;
        const std::uint32_t load = binding_load(loads, seat.expert, loads.innermost[need]);
        const bool pinned = pinned_.contains(seat);
        floor_units_ += pinned;
        pairs_.push_back({seat, candidate.cost,
                          add_arc(load_node(seat.expert, load), needs_[need].inside, 1,
                                  std::int64_t{candidate.cost} - (pinned ? reward_ : 0))});
      }
    }
  }

  /// Names every floor that is not reached.
  Done check_floors(const Simplex& simplex) const {
    std::string names;
    std::int64_t missing = 0;
    const auto check = [&](const std::string& name, std::int64_t shortfall) {
      if (shortfall == 0) return;
      names += (names.empty() ? "" : ", ") + name;
      missing += shortfall;
    };
    const auto check_rule = [&](const std::string& name, const Rule& rule) {
      if (rule.at_least > 0) check(name, rule.at_least - simplex.flow(rule.floor));
    };
    for (std::size_t k = 0; k < need_groups_.size(); ++k) {
      check_rule(constraints_.need_groups[k].name, need_groups_[k]);
    }
    for (std::size_t k = 0; k < expert_groups_.size(); ++k) {
      check_rule(constraints_.expert_groups[k].name, expert_groups_[k]);
    }
    for (std::size_t k = 0; k < needs_.size(); ++k) {
      check_rule("need " + std::to_string(k), needs_[k]);
    }
    for (const PairArc& pair : pairs_) {
      if (!pinned_.contains(pair.seat)) continue;
      check("need " + std::to_string(pair.seat.need) + " with expert " +
                std::to_string(pair.seat.expert),
            1 - simplex.flow(pair.arc));
    }
    if (missing == 0) return {};
    return fail(ErrorCode::FailedPrecondition, "constraints.unmet", {},
                {names, std::to_string(missing)});
  }

  /// Minus the reduced cost of the rule's arc. Nothing to be said of a rule without a floor that
  /// counts nothing.
  std::int64_t price(const Simplex& simplex, const Rule& rule) const {
    const auto [from, to] = ends(rule);
    const std::int64_t price = simplex.potential(to) - simplex.potential(from) - rule.cost;
    return rule.at_least == 0 && simplex.flow(rule.rest) == 0 ? std::max<std::int64_t>(price, 0)
                                                              : price;
  }

  ConstrainedPlan read(const Simplex& simplex) const {
    ConstrainedPlan plan;
    plan.unfilled = instance_.headcount;
    for (const PairArc& pair : pairs_) {
      if (simplex.flow(pair.arc) == 0) continue;
      plan.seats.push_back(pair.seat);
      plan.cost += pair.cost;
      --plan.unfilled[pair.seat.need];
    }
    std::sort(plan.seats.begin(), plan.seats.end());
    for (std::uint32_t need = 0; need < instance_.needs(); ++need) {
      plan.cost += std::int64_t{plan.unfilled[need]} * instance_.unfilled_cost[need];
      plan.need_price.push_back(price(simplex, needs_[need]));
    }
    for (const Rule& rule : experts_) plan.expert_price.push_back(price(simplex, rule));
    for (const Rule& rule : need_groups_) plan.need_group_price.push_back(price(simplex, rule));
    for (const Rule& rule : expert_groups_) {
      plan.expert_group_price.push_back(price(simplex, rule));
    }
    for (const auto& [key, rule] : loads_) {
      const std::int64_t load = price(simplex, rule);
      if (load == 0) continue;
      plan.load_prices.push_back(
          {static_cast<std::uint32_t>(key >> 32), static_cast<std::uint32_t>(key), load});
    }
    std::sort(plan.load_prices.begin(), plan.load_prices.end(),
              [](const LoadPrice& a, const LoadPrice& b) {
                return std::pair(a.expert, a.rule) < std::pair(b.expert, b.rule);
              });
    return plan;
  }

  const Instance& instance_;
  const Constraints& constraints_;
  const std::set<Seat> pinned_;
  const std::set<Seat> forbidden_;
  std::int64_t reward_ = 0;
  std::int64_t floor_units_ = 0;

  Graph graph_;
  Graph::Node hub_;
  std::vector<ArcData> arcs_;  // by arc id
  std::vector<Rule> expert_groups_;
  std::vector<Rule> need_groups_;
  std::vector<Rule> experts_;
  std::vector<Rule> needs_;
  std::unordered_map<std::uint64_t, Rule> loads_;
  std::vector<PairArc> pairs_;
};

}  // namespace

Result<ConstrainedPlan> solve(const Instance& instance, const Constraints& constraints) {
  if (auto done = check_ranges(instance, constraints); !done) {
    return tl::make_unexpected(done.error());
  }
  const auto nestings = nest_all(instance, constraints);
  if (!nestings) return tl::make_unexpected(nestings.error());
  const std::set<Seat> pinned(constraints.pinned.begin(), constraints.pinned.end());
  const std::set<Seat> forbidden(constraints.forbidden.begin(), constraints.forbidden.end());
  if (auto done = check_pins(instance, pinned, forbidden); !done) {
    return tl::make_unexpected(done.error());
  }
  return Network(instance, constraints, *nestings).solve();
}

}  // namespace chucai::matcher
