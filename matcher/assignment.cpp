#include "matcher/assignment.h"

#include <algorithm>
#include <boost/graph/compressed_sparse_row_graph.hpp>
#include <boost/iterator/transform_iterator.hpp>
#include <functional>
#include <limits>
#include <numeric>
#include <span>
#include <utility>

namespace chucai::matcher {
namespace {

constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint32_t kFar = kNone;

/// A row is sorted anew when one scan passed this many candidates that had become too dear.
constexpr std::uint32_t kWastedScans = 24;

/// The market as a Boost graph: vertices are the needs, then the experts; an edge is a candidate.
using Market =
    boost::compressed_sparse_row_graph<boost::directedS, boost::no_property, std::uint32_t,
                                       boost::no_property, std::uint32_t, std::uint32_t>;

/// Walks the candidates as (source, target) pairs without a vector of pairs in between.
class EdgeWalk {
 public:
  using iterator_category = std::forward_iterator_tag;
  using value_type = std::pair<std::uint32_t, std::uint32_t>;
  using difference_type = std::ptrdiff_t;
  using pointer = const value_type*;
  using reference = const value_type&;

  EdgeWalk() = default;
  EdgeWalk(const Instance& instance, std::uint32_t at) : instance_(&instance), at_(at) { look(); }

  reference operator*() const { return edge_; }
  pointer operator->() const { return &edge_; }
  EdgeWalk& operator++() {
    ++at_;
    look();
    return *this;
  }
  EdgeWalk operator++(int) { return std::exchange(*this, EdgeWalk(*this).operator++()); }
  bool operator==(const EdgeWalk& other) const { return at_ == other.at_; }

 private:
  void look() {
    if (at_ == instance_->candidates.size()) return;
    while (instance_->first[edge_.first + 1] <= at_) ++edge_.first;
    edge_.second = instance_->needs() + instance_->candidates[at_].expert;
  }

  const Instance* instance_ = nullptr;
  std::uint32_t at_ = 0;
  value_type edge_{};
};

Market market_of(const Instance& instance) {
  const auto edges = static_cast<std::uint32_t>(instance.candidates.size());
  const auto cost = boost::make_transform_iterator(instance.candidates.begin(),
                                                   [](const Candidate& c) { return c.cost; });
  return {boost::edges_are_sorted,
          EdgeWalk(instance, 0),
          EdgeWalk(instance, edges),
          cost,
          instance.needs() + instance.experts(),
          edges};
}

}  // namespace

// State, for need n and expert e: price(e) >= 0, and 0 while a slot is free; value(n) <= cost of an
// empty seat; cost + price <= value on held seats, >= value on all other candidates. That is
// complementary slackness, so the plan is best for the seats placed so far, after every place().
class Assignment::Engine {
 public:
  explicit Engine(const Instance& instance)
      : needs_(instance.needs()),
        headcount_(instance.headcount),
        unfilled_cost_(instance.unfilled_cost),
        unfilled_(needs_, 0),
        value_(needs_, 0),
        price_(instance.experts(), 0),
        reach_(needs_),
        via_(instance.experts()),
        expert_distance_(instance.experts(), kFar) {
    pack(market_of(instance));
    reserve_seats(instance.capacity);
  }

  Plan solve() {
    for (std::uint32_t need = 0; need < needs_; ++need) {
      for (std::uint32_t seat = 0; seat < headcount_[need]; ++seat) place(need);
    }
    return plan();
  }

 private:
  /// A candidate in its need's row; rows are sorted by `bound`, a lower bound of cost + price that
  /// was exact when the row was last sorted (prices only rise).
  struct Arc {
    std::uint32_t bound;
    std::uint32_t cost;
    std::uint32_t expert;
  };
  /// A slot of an expert in use.
  struct Slot {
    std::uint32_t need;
    std::uint32_t cost;
  };
  /// How the search came to a need: through the expert it would give up.
  struct Reach {
    std::uint32_t distance = kFar;
    std::uint32_t expert = kNone;
  };
  /// How the search came to an expert: from the need that would take a slot.
  struct Via {
    std::uint32_t need;
    std::uint32_t cost;
  };
  /// Where a search ends: `last` takes a free slot of `expert`, or leaves a seat empty (kNone).
  struct End {
    std::int64_t distance;
    std::uint32_t last;
    std::uint32_t expert;
  };

  /// Copies the graph's rows into one array; a candidate that costs no less than an empty seat can
  /// be in no better plan and is left out.
  void pack(const Market& market) {
    row_.reserve(needs_ + 1);
    arcs_.reserve(boost::num_edges(market));
    row_.push_back(0);
    degree_.assign(price_.size(), 0);
    for (std::uint32_t need = 0; need < needs_; ++need) {
      for (auto [edge, end] = boost::out_edges(need, market); edge != end; ++edge) {
        const std::uint32_t cost = market[*edge];
        if (cost >= unfilled_cost_[need]) break;
        const std::uint32_t expert = boost::target(*edge, market) - needs_;
        arcs_.push_back({cost, cost, expert});
        ++degree_[expert];
      }
      row_.push_back(static_cast<std::uint32_t>(arcs_.size()));
    }
  }

  /// Room for the seats: an expert's slots beyond the number of rows that name it are never used.
  void reserve_seats(const std::vector<std::uint32_t>& capacity) {
    slot_first_.assign(1, 0);
    for (std::size_t expert = 0; expert < capacity.size(); ++expert) {
      slot_first_.push_back(slot_first_.back() + std::min(capacity[expert], degree_[expert]));
    }
    held_first_.assign(1, 0);
    for (std::uint32_t need = 0; need < needs_; ++need) {
      held_first_.push_back(held_first_.back() +
                            std::min(headcount_[need], row_[need + 1] - row_[need]));
    }
    slots_.resize(slot_first_.back());
    slots_used_.assign(capacity.size(), 0);
    held_.resize(held_first_.back());
    held_used_.assign(needs_, 0);
  }

  /// Fills or gives up one more seat of `root`: Dijkstra over needs by reduced distance (distance +
  /// value); experts are passed through, so that only needs enter the queue.
  void place(std::uint32_t root) {
    const End end = search(root);
    augment(end);
    reprice(end.distance);
  }

  End search(std::uint32_t root) {
    End best{std::numeric_limits<std::int64_t>::max(), root, kNone};
    reach(root, 0, kNone);
    while (!queue_.empty()) {
      const std::uint64_t top = queue_.front();
      const auto distance = static_cast<std::uint32_t>(top >> 32);
      const auto need = static_cast<std::uint32_t>(top);
      if (distance >= best.distance) break;
      std::pop_heap(queue_.begin(), queue_.end(), std::greater<>());
      queue_.pop_back();
      if (distance == reach_[need].distance) settle(need, best);
    }
    queue_.clear();
    return best;
  }

  /// The need is reached as cheaply as can be: looks at its empty seat and its candidates, and
  /// stops at the first that cannot beat the best end so far.
  void settle(std::uint32_t need, End& best) {
    const std::int64_t distance = reach_[need].distance;
    const std::int64_t base = distance - value_[need];
    if (base + unfilled_cost_[need] < best.distance) {
      best = {base + unfilled_cost_[need], need, kNone};
    }
    std::uint32_t wasted = 0;
    for (std::uint32_t at = row_[need]; at < row_[need + 1]; ++at) {
      const Arc& arc = arcs_[at];
      if (base + arc.bound >= best.distance) break;
      const std::int64_t there = base + arc.cost + price_[arc.expert];
      if (there >= best.distance) {
        ++wasted;
      } else if (there < expert_distance_[arc.expert] &&
                 (there > distance || !holds(need, arc.expert))) {
        offer(need, arc, static_cast<std::uint32_t>(there), best);
      }
    }
    if (wasted > kWastedScans) sort_row(need);
  }

  /// The need could take a slot of the expert: a free one ends the search, a used one leads to the
  /// needs that hold it.
  void offer(std::uint32_t need, const Arc& arc, std::uint32_t distance, End& best) {
    const std::uint32_t expert = arc.expert;
    if (expert_distance_[expert] == kFar) touched_experts_.push_back(expert);
    expert_distance_[expert] = distance;
    via_[expert] = {need, arc.cost};
    if (slot_first_[expert] + slots_used_[expert] < slot_first_[expert + 1]) {
      best = {distance, need, expert};
      return;
    }
    for (const Slot& slot : used_slots(expert)) {
      const std::int64_t there =
          std::int64_t{distance} + value_[slot.need] - slot.cost - price_[expert];
      if (there < best.distance && there < reach_[slot.need].distance) {
        reach(slot.need, static_cast<std::uint32_t>(there), expert);
      }
    }
  }

  void reach(std::uint32_t need, std::uint32_t distance, std::uint32_t expert) {
    if (reach_[need].distance == kFar) touched_needs_.push_back(need);
    reach_[need] = {distance, expert};
    queue_.push_back(std::uint64_t{distance} << 32 | need);
    std::push_heap(queue_.begin(), queue_.end(), std::greater<>());
  }

  /// Walks the path back to the root. Each need frees its old slot before it takes the new one:
  /// the seat arrays are exactly full.
  void augment(const End& end) {
    std::uint32_t need = end.last;
    std::uint32_t taken = end.expert;
    if (taken == kNone) ++unfilled_[need];
    while (true) {
      const std::uint32_t given = reach_[need].expert;
      if (given != kNone) release(need, given);
      if (taken != kNone) take(need, taken);
      if (given == kNone) return;
      taken = given;
      need = via_[given].need;
    }
  }

  /// Raises prices and values by what the search was short of the end, and forgets the search.
  void reprice(std::int64_t end) {
    for (const std::uint32_t need : touched_needs_) {
      std::uint32_t& distance = reach_[need].distance;
      if (distance < end) value_[need] += static_cast<std::uint32_t>(end - distance);
      distance = kFar;
    }
    for (const std::uint32_t expert : touched_experts_) {
      std::uint32_t& distance = expert_distance_[expert];
      if (distance < end) price_[expert] += static_cast<std::uint32_t>(end - distance);
      distance = kFar;
    }
    touched_needs_.clear();
    touched_experts_.clear();
  }

  void sort_row(std::uint32_t need) {
    const std::span row = std::span(arcs_).subspan(row_[need], row_[need + 1] - row_[need]);
    for (Arc& arc : row) {
      const std::uint64_t now = std::uint64_t{arc.cost} + price_[arc.expert];
      arc.bound = static_cast<std::uint32_t>(std::min<std::uint64_t>(now, kFar));
    }
    std::sort(row.begin(), row.end(), [](const Arc& a, const Arc& b) {
      return std::pair(a.bound, a.expert) < std::pair(b.bound, b.expert);
    });
  }

  void take(std::uint32_t need, std::uint32_t expert) {
    slots_[slot_first_[expert] + slots_used_[expert]++] = {need, via_[expert].cost};
    held_[held_first_[need] + held_used_[need]++] = expert;
  }

  void release(std::uint32_t need, std::uint32_t expert) {
    slot_of(need, expert) = used_slots(expert).back();
    --slots_used_[expert];
    const auto held = held_by(need);
    std::find(held.begin(), held.end(), expert)[0] = held.back();
    --held_used_[need];
  }

  std::span<Slot> used_slots(std::uint32_t expert) {
    return std::span(slots_).subspan(slot_first_[expert], slots_used_[expert]);
  }

  Slot& slot_of(std::uint32_t need, std::uint32_t expert) {
    const auto slots = used_slots(expert);
    return *std::find_if(slots.begin(), slots.end(), [=](const Slot& s) { return s.need == need; });
  }

  std::span<std::uint32_t> held_by(std::uint32_t need) {
    return std::span(held_).subspan(held_first_[need], held_used_[need]);
  }

  bool holds(std::uint32_t need, std::uint32_t expert) {
    const auto held = held_by(need);
    return std::find(held.begin(), held.end(), expert) != held.end();
  }

  Plan plan() {
    Plan plan{{}, 0, unfilled_, price_, value_};
    plan.seats.reserve(held_.size());
    for (std::uint32_t need = 0; need < needs_; ++need) {
      const auto held = held_by(need);
      std::sort(held.begin(), held.end());
      for (const std::uint32_t expert : held) {
        plan.seats.push_back({need, expert});
        plan.cost += slot_of(need, expert).cost;
      }
      plan.cost += std::int64_t{unfilled_[need]} * unfilled_cost_[need];
    }
    return plan;
  }

  std::uint32_t needs_;
  std::vector<std::uint32_t> headcount_;
  std::vector<std::uint32_t> unfilled_cost_;
  std::vector<std::uint32_t> unfilled_;
  std::vector<std::uint32_t> value_;
  std::vector<std::uint32_t> price_;  // apart from all else: most scans end after reading it

  std::vector<std::uint32_t> row_;  // arcs_ of need n: [row_[n], row_[n + 1])
  std::vector<Arc> arcs_;
  std::vector<std::uint32_t> degree_;  // rows that name the expert

  std::vector<std::uint32_t> slot_first_;  // slots_ of expert e, slots_used_[e] in use
  std::vector<std::uint32_t> slots_used_;
  std::vector<Slot> slots_;
  std::vector<std::uint32_t> held_first_;  // held_ (experts) of need n, held_used_[n] in use
  std::vector<std::uint32_t> held_used_;
  std::vector<std::uint32_t> held_;

  // One search; empty between searches.
  std::vector<std::uint64_t> queue_;  // min-heap of distance << 32 | need
  std::vector<Reach> reach_;
  std::vector<Via> via_;
  std::vector<std::uint32_t> expert_distance_;
  std::vector<std::uint32_t> touched_needs_;
  std::vector<std::uint32_t> touched_experts_;
};

std::uint64_t Plan::empty_seats() const {
  return std::accumulate(unfilled.begin(), unfilled.end(), std::uint64_t{0});
}

Assignment::Assignment(const Instance& instance) : engine_(std::make_unique<Engine>(instance)) {}

Assignment::~Assignment() = default;

Plan Assignment::solve() {
  return engine_->solve();
}

}  // namespace chucai::matcher
