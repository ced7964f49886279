#include "matcher/assignment.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <optional>
#include <span>
#include <utility>

#include "matcher/search_queue.h"

namespace chucai::matcher {
namespace {

constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint32_t kFar = kNone;

/// A row is sorted anew when one scan passed this many candidates that had become too dear.
constexpr std::uint32_t kWastedScans = 24;

std::uint64_t total(const std::vector<std::uint32_t>& counts) {
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

/// Slots that are named by enough rows to be used.
std::uint64_t slots_in_reach(const Instance& instance) {
  std::vector<std::uint32_t> named(instance.experts(), 0);
  for (const Candidate& candidate : instance.candidates) ++named[candidate.expert];
  std::uint64_t slots = 0;
  for (std::uint32_t expert = 0; expert < instance.experts(); ++expert) {
    slots += std::min(instance.capacity[expert], named[expert]);
  }
  return slots;
}

/// What an idle slot costs in a transposed instance: no less than any seat can save.
std::uint32_t idle_cost(const Instance& instance) {
  const auto& costs = instance.unfilled_cost;
  return costs.empty() ? 0 : *std::max_element(costs.begin(), costs.end());
}

/// The same market seen from the experts: slots choose seats. A slot in a seat costs less than an
/// idle one by what it saves over the empty seat, so that the optima are the same. Candidates that
/// cost no less than the empty seat can be in no better plan and are left out.
Instance transposed(const Instance& instance) {
  std::vector<std::uint32_t> at(std::size_t{instance.experts()} + 1, 0);
  const auto each_useful = [&](auto visit) {
    for (std::uint32_t need = 0; need < instance.needs(); ++need) {
      for (const Candidate& candidate : instance.row(need)) {
        if (candidate.cost >= instance.unfilled_cost[need]) break;
        visit(need, candidate);
      }
    }
  };
  each_useful([&](std::uint32_t, const Candidate& candidate) { ++at[candidate.expert + 1]; });
  std::partial_sum(at.begin(), at.end(), at.begin());
  const std::uint32_t idle = idle_cost(instance);
  Instance out;
  out.capacity = instance.headcount;
  out.headcount = instance.capacity;
  out.unfilled_cost.assign(instance.experts(), idle);
  out.first = at;
  out.candidates.resize(at.back());
  each_useful([&](std::uint32_t need, const Candidate& candidate) {
    out.candidates[at[candidate.expert]++] = {
        need, candidate.cost + (idle - instance.unfilled_cost[need])};
  });
  for (std::uint32_t expert = 0; expert < instance.experts(); ++expert) {
    const std::span row =
        std::span(out.candidates)
            .subspan(out.first[expert], out.first[expert + 1] - out.first[expert]);
    std::sort(row.begin(), row.end(), [](const Candidate& a, const Candidate& b) {
      return std::pair(a.cost, a.expert) < std::pair(b.cost, b.expert);
    });
  }
  return out;
}

// The search, for bidders with places to fill (needs with seats; experts with slots when the market
// is transposed) among the candidates of their rows.
//
// State, for need n and expert e: price(e) >= 0, and 0 while a slot is free; value(n) <= cost of an
// empty seat; cost + price <= value on held seats, >= value on all other candidates. That is
// complementary slackness, so the plan is best for the seats placed so far, after every place().
//
// Memory is touched as little as can be, for on a loose market touching it is most of the cost: the
// rows stay where the instance has them until one has to be sorted anew, seats of an expert are a
// list through the seats of the needs, and one word an expert says "free" or at what price.
class Search {
 public:
  explicit Search(const Instance& instance)
      : instance_(instance),
        needs_(instance.needs()),
        experts_(instance.experts()),
        standing_(instance.experts(), kFree),
        unfilled_(instance.needs(), 0) {
    for (std::uint32_t expert = 0; expert < instance.experts(); ++expert) {
      if (instance.capacity[expert] == 0) standing_[expert] = 0;
    }
    std::uint32_t seats = 0;
    for (std::uint32_t need = 0; need < instance.needs(); ++need) {
      needs_[need].first_seat = seats;
      seats +=
          std::min(instance.headcount[need], static_cast<std::uint32_t>(instance.row(need).size()));
    }
    seats_.resize(seats);
    dear_.reserve(instance.candidates.size());  // memory is taken as it is touched
  }

  void solve() {
    for (std::uint32_t need = 0; need < instance_.needs(); ++need) {
      look_ahead(need);
      place_free(need);
      while (placed(need) < instance_.headcount[need]) place(need);
    }
  }

  /// No more than this can be filled.
  std::size_t seats() const { return seats_.size(); }
  std::uint32_t value(std::uint32_t need) const { return needs_[need].value; }
  std::uint32_t unfilled(std::uint32_t need) const { return unfilled_[need]; }
  std::uint32_t price(std::uint32_t expert) const {
    return standing_[expert] == kFree ? 0 : standing_[expert];
  }

  /// Calls visit(expert, cost) for each seat that the need has filled.
  template <class Visit>
  void each_seat(std::uint32_t need, Visit visit) const {
    for (const SeatState& seat : seats_of(need)) visit(seat.expert, seat.cost);
  }

 private:
  /// Of an expert with a free slot, where the price is 0; no price comes as high.
  static constexpr std::uint32_t kFree = kNone;
  static constexpr std::size_t kNamesAhead = 4;

  struct NeedState {
    std::uint32_t value = 0;
    std::uint32_t distance = kFar;
    std::uint32_t given = kNone;  ///< the seat it would give up on the path of the search
    std::uint32_t first_seat = 0;
    std::uint32_t seats = 0;           ///< filled
    std::uint32_t sorted_row = kNone;  ///< where its row begins in dear_, once sorted anew
  };
  struct ExpertState {
    std::uint32_t distance = kFar;
    std::uint32_t via = kNone;  ///< the need that would take a slot on the path of the search
    std::uint32_t via_cost = 0;
    std::uint32_t last_seat = kNone;  ///< head of the list of seats that the expert fills
    std::uint32_t used = 0;           ///< length of that list
  };
  struct SeatState {
    std::uint32_t need;
    std::uint32_t expert;
    std::uint32_t cost;
    std::uint32_t next;  ///< in the expert's list
  };
  /// A candidate in a row sorted anew. `bound` is a lower bound of cost + price that was exact when
  /// the row was sorted: prices only rise.
  struct Dear {
    std::uint32_t bound;
    std::uint32_t cost;
    std::uint32_t expert;
  };
  struct Offer {
    std::uint32_t distance;
    std::uint32_t expert;
    std::uint32_t cost;
  };
  /// Where a search ends: `last` takes a free slot of `expert`, or leaves a seat empty (kNone).
  struct End {
    std::int64_t distance;
    std::uint32_t last;
    std::uint32_t expert;
  };

  static std::uint32_t bound(const Candidate& candidate) { return candidate.cost; }
  static std::uint32_t bound(const Dear& candidate) { return candidate.bound; }

  std::uint32_t placed(std::uint32_t need) const { return needs_[need].seats + unfilled_[need]; }

  /// Asks memory for the rows to come, and for what is said of the first names in nearer ones: on a
  /// loose market waiting for these is half of the time.
  void look_ahead(std::uint32_t need) const {
    constexpr std::uint32_t kRows = 12;
    constexpr std::uint32_t kNames = 6;
    if (need + kRows < instance_.needs()) {
      __builtin_prefetch(instance_.row(need + kRows).data());
    }
    if (need + kNames >= instance_.needs()) return;
    const auto row = instance_.row(need + kNames);
    for (const Candidate& candidate : row.first(std::min<std::size_t>(row.size(), kNamesAhead))) {
      __builtin_prefetch(&standing_[candidate.expert]);
      __builtin_prefetch(&experts_[candidate.expert]);
    }
  }

  /// While the cheapest candidates are free, they are the cheapest path.
  void place_free(std::uint32_t need) {
    NeedState& state = needs_[need];
    for (const Candidate& candidate : instance_.row(need)) {
      const bool takes = state.seats < instance_.headcount[need] &&
                         candidate.cost < instance_.unfilled_cost[need] &&
                         standing_[candidate.expert] == kFree;
      if (!takes) return;
      use_slot(candidate.expert);
      fill(need, state.first_seat + state.seats++, candidate.expert, candidate.cost);
      state.value = candidate.cost;
    }
  }

  /// Fills or gives up one more seat of `root`: Dijkstra over needs by reduced distance; experts
  /// are passed through, so that only needs enter the queue.
  void place(std::uint32_t root) {
    const End end = search(root);
    if (end.expert != kNone) use_slot(end.expert);
    augment(end);
    reprice(end.distance);
  }

  End search(std::uint32_t root) {
    End best{std::numeric_limits<std::int64_t>::max(), root, kNone};
    reach(root, 0, kNone);
    while (const auto next = queue_.pop(best.distance)) {
      if (next->distance != needs_[next->node].distance) continue;
      if (needs_[next->node].sorted_row == kNone) {
        settle(next->node, instance_.row(next->node), best);
      } else {
        settle(next->node, std::span<const Dear>(sorted_row(next->node)), best);
      }
    }
    queue_.clear();
    return best;
  }

  /// The need is reached as cheaply as can be: looks at its empty seat and its candidates, up to
  /// the first that cannot beat the best end so far. Used slots are followed only after that, when
  /// the best end is as near as this row can bring it.
  template <class Row>
  void settle(std::uint32_t need, Row row, End& best) {
    const std::int64_t distance = needs_[need].distance;
    const std::int64_t base = distance - needs_[need].value;
    const std::int64_t empty = base + instance_.unfilled_cost[need];
    if (empty < best.distance) best = {empty, need, kNone};
    offers_.clear();
    std::uint32_t wasted = 0;
    for (const auto& candidate : row) {
      if (base + bound(candidate) >= best.distance) break;
      const std::uint32_t standing = standing_[candidate.expert];
      const std::int64_t there = base + candidate.cost + (standing == kFree ? 0 : standing);
      if (there >= best.distance) {
        ++wasted;
        continue;
      }
      if (there <= distance && holds(need, candidate.expert)) continue;
      if (standing != kFree) {
        offers_.push_back({static_cast<std::uint32_t>(there), candidate.expert, candidate.cost});
        continue;
      }
      best = {there, need, candidate.expert};
      note(candidate.expert, static_cast<std::uint32_t>(there), need, candidate.cost);
    }
    for (const Offer& offer : offers_) {
      if (offer.distance < best.distance) follow(need, offer, best.distance);
    }
    if (wasted > kWastedScans) sort_row(need);
  }

  void note(std::uint32_t expert, std::uint32_t distance, std::uint32_t need, std::uint32_t cost) {
    ExpertState& state = experts_[expert];
    if (state.distance == kFar) touched_experts_.push_back(expert);
    state.distance = distance;
    state.via = need;
    state.via_cost = cost;
  }

  /// The need would take a used slot of the expert: on to the needs that hold one.
  void follow(std::uint32_t need, const Offer& offer, std::int64_t limit) {
    if (offer.distance >= experts_[offer.expert].distance) return;
    note(offer.expert, offer.distance, need, offer.cost);
    const std::int64_t base = std::int64_t{offer.distance} - standing_[offer.expert];
    for (std::uint32_t k = experts_[offer.expert].last_seat; k != kNone; k = seats_[k].next) {
      const SeatState& seat = seats_[k];
      const NeedState& holder = needs_[seat.need];
      const std::int64_t there = base + holder.value - seat.cost;
      if (there < limit && there < holder.distance) {
        reach(seat.need, static_cast<std::uint32_t>(there), k);
      }
    }
  }

  void reach(std::uint32_t need, std::uint32_t distance, std::uint32_t given) {
    NeedState& state = needs_[need];
    if (state.distance == kFar) touched_needs_.push_back(need);
    state.distance = distance;
    state.given = given;
    queue_.push(distance, need);
  }

  /// Walks the path back to the root. Each need leaves its old seat before it takes the new one:
  /// the seat arrays are exactly full.
  void augment(const End& end) {
    std::uint32_t need = end.last;
    std::uint32_t taken = end.expert;
    while (true) {
      const std::uint32_t given = needs_[need].given;
      const std::uint32_t left = given == kNone ? kNone : seats_[given].expert;
      if (given != kNone) leave(given);
      if (taken == kNone) {
        ++unfilled_[need];
        if (given != kNone) close_gap(need, given);
      } else {
        NeedState& state = needs_[need];
        const std::uint32_t seat = given == kNone ? state.first_seat + state.seats++ : given;
        fill(need, seat, taken, experts_[taken].via_cost);
      }
      if (left == kNone) return;
      taken = left;
      need = experts_[left].via;
    }
  }

  void fill(std::uint32_t need, std::uint32_t seat, std::uint32_t expert, std::uint32_t cost) {
    ExpertState& state = experts_[expert];
    seats_[seat] = {need, expert, cost, state.last_seat};
    state.last_seat = seat;
    ++state.used;
  }

  void leave(std::uint32_t seat) {
    ExpertState& state = experts_[seats_[seat].expert];
    link_to(seat) = seats_[seat].next;
    --state.used;
  }

  /// What points to the seat in its expert's list.
  std::uint32_t& link_to(std::uint32_t seat) {
    std::uint32_t* link = &experts_[seats_[seat].expert].last_seat;
    while (*link != seat) link = &seats_[*link].next;
    return *link;
  }

  /// The need's last seat moves into the one that has been left for good.
  void close_gap(std::uint32_t need, std::uint32_t gap) {
    NeedState& state = needs_[need];
    const std::uint32_t last = state.first_seat + --state.seats;
    if (last == gap) return;
    link_to(last) = gap;
    seats_[gap] = seats_[last];
  }

  /// A path ends at the expert: one free slot fewer.
  void use_slot(std::uint32_t expert) {
    if (experts_[expert].used + 1 >= instance_.capacity[expert]) standing_[expert] = 0;
  }

  /// Raises prices and values by what the search was short of the end, and forgets the search.
  void reprice(std::int64_t end) {
    for (const std::uint32_t need : touched_needs_) {
      NeedState& state = needs_[need];
      if (state.distance < end) state.value += static_cast<std::uint32_t>(end - state.distance);
      state.distance = kFar;
    }
    for (const std::uint32_t expert : touched_experts_) {
      std::uint32_t& distance = experts_[expert].distance;
      if (distance < end) standing_[expert] += static_cast<std::uint32_t>(end - distance);
      distance = kFar;
    }
    touched_needs_.clear();
    touched_experts_.clear();
  }

  std::span<Dear> sorted_row(std::uint32_t need) {
    return std::span(dear_).subspan(needs_[need].sorted_row, instance_.row(need).size());
  }

  void sort_row(std::uint32_t need) {
    if (needs_[need].sorted_row == kNone) {
      needs_[need].sorted_row = static_cast<std::uint32_t>(dear_.size());
      for (const Candidate& candidate : instance_.row(need)) {
        dear_.push_back({0, candidate.cost, candidate.expert});
      }
    }
    const auto row = sorted_row(need);
    for (Dear& dear : row) {
      const std::uint64_t now = std::uint64_t{dear.cost} + price(dear.expert);
      dear.bound = static_cast<std::uint32_t>(std::min<std::uint64_t>(now, kFar));
    }
    std::sort(row.begin(), row.end(), [](const Dear& a, const Dear& b) {
      return std::pair(a.bound, a.expert) < std::pair(b.bound, b.expert);
    });
  }

  std::span<const SeatState> seats_of(std::uint32_t need) const {
    return std::span(seats_).subspan(needs_[need].first_seat, needs_[need].seats);
  }

  bool holds(std::uint32_t need, std::uint32_t expert) const {
    const auto seats = seats_of(need);
    return std::any_of(seats.begin(), seats.end(),
                       [=](const SeatState& seat) { return seat.expert == expert; });
  }

  const Instance& instance_;
  std::vector<NeedState> needs_;
  std::vector<ExpertState> experts_;
  std::vector<std::uint32_t> standing_;  // apart from all else: most scans end after reading it
  std::vector<std::uint32_t> unfilled_;
  std::vector<SeatState> seats_;
  std::vector<Dear> dear_;

  // One search; empty between searches.
  SearchQueue queue_;
  std::vector<Offer> offers_;
  std::vector<std::uint32_t> touched_needs_;
  std::vector<std::uint32_t> touched_experts_;
};

}  // namespace

// Searches from the scarcer side: while slots are plenty a seat finds a free one at once, and where
// they are not, a slot finds an empty seat at once.
class Assignment::Engine {
 public:
  explicit Engine(const Instance& instance)
      : instance_(instance), slots_choose_(total(instance.headcount) > slots_in_reach(instance)) {
    if (slots_choose_) transposed_ = transposed(instance);
    search_.emplace(slots_choose_ ? transposed_ : instance_);
    plan_.price.resize(instance.experts());
    plan_.value.resize(instance.needs());
    plan_.unfilled.resize(instance.needs());
    plan_.seats.resize(search_->seats());
  }

  Plan solve() {
    search_->solve();
    if (slots_choose_) {
      read_slots();
    } else {
      read_seats();
    }
    return std::move(plan_);
  }

 private:
  void read_seats() {
    std::size_t filled = 0;
    for (std::uint32_t expert = 0; expert < instance_.experts(); ++expert) {
      plan_.price[expert] = search_->price(expert);
    }
    for (std::uint32_t need = 0; need < instance_.needs(); ++need) {
      plan_.value[need] = search_->value(need);
      plan_.unfilled[need] = search_->unfilled(need);
      plan_.cost += std::int64_t{plan_.unfilled[need]} * instance_.unfilled_cost[need];
      const std::size_t begin = filled;
      search_->each_seat(need, [&](std::uint32_t expert, std::uint32_t cost) {
        plan_.seats[filled++] = {need, expert};
        plan_.cost += cost;
      });
      const auto own = std::span(plan_.seats).subspan(begin, filled - begin);
      std::sort(own.begin(), own.end());
    }
    plan_.seats.resize(filled);
  }

  /// What slots pay for a need's seats is what its value falls short of an empty seat's cost.
  void read_slots() {
    const std::uint32_t idle = idle_cost(instance_);
    std::size_t filled = 0;
    plan_.unfilled = instance_.headcount;
    for (std::uint32_t need = 0; need < instance_.needs(); ++need) {
      plan_.value[need] = instance_.unfilled_cost[need] - search_->price(need);
      plan_.cost += std::int64_t{instance_.headcount[need]} * instance_.unfilled_cost[need];
    }
    for (std::uint32_t expert = 0; expert < instance_.experts(); ++expert) {
      plan_.price[expert] = idle - slot_value(expert);
      search_->each_seat(expert, [&](std::uint32_t need, std::uint32_t cost) {
        plan_.seats[filled++] = {need, expert};
        --plan_.unfilled[need];
        plan_.cost -= idle - cost;
      });
    }
    plan_.seats.resize(filled);
    std::sort(plan_.seats.begin(), plan_.seats.end());
  }

  /// Of an expert without slots, which no search has valued, what the next slot would be worth.
  std::uint32_t slot_value(std::uint32_t expert) const {
    if (instance_.capacity[expert] > 0) return search_->value(expert);
    std::uint64_t least = transposed_.unfilled_cost[expert];
    for (const Candidate& seat : transposed_.row(expert)) {
      least = std::min(least, std::uint64_t{seat.cost} + search_->price(seat.expert));
    }
    return static_cast<std::uint32_t>(least);
  }

  const Instance& instance_;
  bool slots_choose_;
  Instance transposed_;
  std::optional<Search> search_;
  Plan plan_;
};

std::uint64_t Plan::empty_seats() const {
  return total(unfilled);
}

Assignment::Assignment(const Instance& instance) : engine_(std::make_unique<Engine>(instance)) {}

Assignment::~Assignment() = default;

Plan Assignment::solve() {
  return engine_->solve();
}

}  // namespace chucai::matcher
