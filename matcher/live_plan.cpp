#include "matcher/live_plan.h"

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <numeric>
#include <span>
#include <utility>

#include "matcher/search_queue.h"

namespace chucai::matcher {
namespace {

constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint32_t kFar = kNone;

/// The two sides of the market. What is true of one is true of the other: needs have seats, experts
/// have slots, and a pair that is put together gains what the empty seat would cost, less the cost
/// of the seat.
enum Side : std::size_t { kNeeds = 0, kExperts = 1 };

Side opposite(Side side) {
  return side == kNeeds ? kExperts : kNeeds;
}

}  // namespace

// State: each need and expert has a level >= 0, 0 while it has a free place;
//
//   level + level >= gain   of pairs apart        level + level <= gain   of pairs together
//
// which proves the pairs put together the best. An expert's level is its price, a need's is what
// its value falls short of an empty seat's cost. Two searches keep it so, and each works in both
// directions: place() puts one free place to use, evict() takes one pair away where there are too
// many. Rows are sorted by gain and levels are never negative, so a scan ends early.
class LivePlan::Market {
 public:
  Market(const Instance& instance, const Plan& plan)
      : first_added_(instance.needs()), seen_(instance.experts(), 0) {
    load_needs(instance, plan);
    load_experts(instance, plan);
    for (const Seat& seat : plan.seats) join(seat.need, seat.expert, gain(seat.need, seat.expert));
    changes_.clear();
  }

  Result<Repair> add_need(std::uint32_t heads, std::uint32_t unfilled,
                          std::span<const Candidate> sorted) {
    const std::uint32_t need = size(kNeeds);
    if (auto done = check_need(need, unfilled, sorted, seen_); !done) {
      std::fill(seen_.begin(), seen_.end(), 0);  // the next need has the same number
      return tl::make_unexpected(done.error());
    }
    nodes_[kNeeds].push_back({});
    unfilled_cost_.push_back(unfilled);
    auto& added = added_rows_.emplace_back();
    add_pairs(need, sorted, added);
    node(kNeeds, need).size = static_cast<std::uint32_t>(added.size());
    for (const Pair& pair : row(kNeeds, need)) {
      extra_.push_back({{need, pair.gain}, node(kExperts, pair.other).extra});
      node(kExperts, pair.other).extra = static_cast<std::uint32_t>(extra_.size() - 1);
    }
    tighten(kNeeds, need);
    return resize(kNeeds, need, heads);
  }

  Repair resize(Side side, std::uint32_t place, std::uint32_t capacity) {
    const std::int64_t before = cost();
    set_capacity(side, place, capacity);
    shed(side, place);
    use(side, place);
    return outcome(before);
  }

  Repair forbid(std::uint32_t need, std::uint32_t expert) {
    const std::int64_t before = cost();
    closed_[{need, expert}] = {gain(need, expert), false};
    erase_pair(need, expert);
    if (const std::uint32_t seat = seat_of(need, expert); seat != kNone) {
      part(seat);
      // First as if the seat were not asked for, then with it: one place at a time.
      Node& asking = node(kNeeds, need);
      --asking.capacity;
      use(kExperts, expert);
      ++node(kNeeds, need).capacity;
      use(kNeeds, need);
    }
    return outcome(before);
  }

  Repair allow(std::uint32_t need, std::uint32_t expert) {
    const std::int64_t before = cost();
    open(need, expert);
    admit(need, expert);
    return outcome(before);
  }

  Repair pin(std::uint32_t need, std::uint32_t expert) {
    const std::int64_t before = cost();
    const std::uint32_t gained = gain(need, expert);
    closed_[{need, expert}] = {gained, true};
    erase_pair(need, expert);
    if (const std::uint32_t seat = seat_of(need, expert); seat != kNone) part(seat);
    changes_.push_back({{need, expert}, 1});
    pinned_gain_ += gained;
    for (const auto& [side, place] : {std::pair{kNeeds, need}, std::pair{kExperts, expert}}) {
      --node(side, place).capacity;
      ++node(side, place).pinned;
      shed(side, place);
    }
    return outcome(before);
  }

  Repair unpin(std::uint32_t need, std::uint32_t expert) {
    const std::int64_t before = cost();
    pinned_gain_ -= open(need, expert);
    changes_.push_back({{need, expert}, -1});
    for (const auto& [side, place] : {std::pair{kNeeds, need}, std::pair{kExperts, expert}}) {
      ++node(side, place).capacity;
      --node(side, place).pinned;
    }
    if (const std::uint32_t gained = gain(need, expert);
        gained >= node(kNeeds, need).level + std::uint64_t{node(kExperts, expert).level}) {
      join(need, expert, gained);
      return outcome(before);
    }
    // The need's second place comes after the expert's: one place at a time.
    --node(kNeeds, need).capacity;
    use(kExperts, expert);
    ++node(kNeeds, need).capacity;
    use(kNeeds, need);
    return outcome(before);
  }

  bool listed(std::uint32_t need, std::uint32_t expert) const {
    return need < size(kNeeds) && expert < size(kExperts) && find(need, expert) != nullptr;
  }
  bool closed(std::uint32_t need, std::uint32_t expert, bool pinned) const {
    const auto found = closed_.find({need, expert});
    return found != closed_.end() && found->second.pinned == pinned;
  }
  std::uint32_t pinned(Side side, std::uint32_t place) const { return nodes_[side][place].pinned; }
  std::uint32_t capacity(Side side, std::uint32_t place) const {
    return nodes_[side][place].capacity;
  }
  std::uint32_t size(Side side) const { return static_cast<std::uint32_t>(nodes_[side].size()); }
  std::int64_t cost() const { return all_empty_ - gained_ - pinned_gain_; }

  std::vector<Seat> pinned() const {
    std::vector<Seat> seats;
    for (const auto& [pair, closing] : closed_) {
      if (closing.pinned) seats.push_back({pair.first, pair.second});
    }
    return seats;
  }

  Instance instance() const {
    Instance out;
    for (const Node& expert : nodes_[kExperts]) out.capacity.push_back(expert.capacity);
    std::vector<Candidate> sorted;
    for (std::uint32_t need = 0; need < size(kNeeds); ++need) {
      sorted.clear();
      for (const Pair& pair : row(kNeeds, need)) {
        sorted.push_back({pair.other, unfilled_cost_[need] - pair.gain});
      }
      out.add_need(nodes_[kNeeds][need].capacity, unfilled_cost_[need], sorted);
    }
    return out;
  }

  Plan plan() const {
    Plan plan;
    plan.cost = all_empty_ - gained_;
    for (const auto& [pair, closing] : closed_) {
      if (closing.pinned) plan.cost -= unfilled_cost_[pair.first];
    }
    for (const Node& expert : nodes_[kExperts]) plan.price.push_back(expert.level);
    for (std::uint32_t need = 0; need < size(kNeeds); ++need) {
      const Node& node = nodes_[kNeeds][need];
      plan.value.push_back(unfilled_cost_[need] - node.level);
      plan.unfilled.push_back(node.capacity - node.used);
      for (std::uint32_t k = node.last_seat; k != kNone; k = seats_[k].next[kNeeds]) {
        plan.seats.push_back({need, seats_[k].at[kExperts]});
      }
    }
    std::sort(plan.seats.begin(), plan.seats.end());
    return plan;
  }

 private:
  /// One need or expert.
  struct Node {
    std::uint32_t level = 0;
    std::uint32_t capacity = 0;
    std::uint32_t used = 0;
    std::uint32_t last_seat = kNone;  ///< head of the list of pairs it is in
    std::uint32_t distance = kFar;    ///< in the search at hand, as are the next two
    std::uint32_t via = kNone;        ///< the pair given up, or on the other side who would come
    std::uint32_t via_gain = 0;
    std::uint32_t first = 0;      ///< its row is pairs_[first, first + size)
    std::uint32_t size = 0;       ///< less than at first, where pairs are closed
    std::uint32_t extra = kNone;  ///< list of pairs with needs that came later
    std::uint32_t pinned = 0;
  };
  struct Pair {
    std::uint32_t other;
    std::uint32_t gain;
  };
  struct ExtraPair {
    Pair pair;
    std::uint32_t next;
  };
  /// A pair that is together; it stands in the lists of both.
  struct Together {
    std::array<std::uint32_t, 2> at;
    std::uint32_t gain;
    std::array<std::uint32_t, 2> next;
  };
  /// A pair out of the market.
  struct Closing {
    std::uint32_t gain;
    bool pinned;  // else forbidden
  };
  struct Offer {
    std::uint32_t distance;
    Pair pair;
  };
  /// Where a search ends: `last` comes to a free place of `other`, or stays by itself (kNone).
  struct End {
    std::int64_t distance;
    std::uint32_t last;
    std::uint32_t other;
  };
  struct Change {
    Seat seat;
    int by;
  };

  Node& node(Side side, std::uint32_t place) { return nodes_[side][place]; }

  std::span<const Pair> row(Side side, std::uint32_t place) const {
    const Node& node = nodes_[side][place];
    if (side == kNeeds && place >= first_added_) {
      return std::span(added_rows_[place - first_added_]).first(node.size);
    }
    return std::span(pairs_[side]).subspan(node.first, node.size);
  }
  std::span<Pair> row(Side side, std::uint32_t place) {
    const auto pairs = std::as_const(*this).row(side, place);
    return {const_cast<Pair*>(pairs.data()), pairs.size()};
  }

  static bool before(const Pair& a, const Pair& b) {
    return std::pair(b.gain, a.other) < std::pair(a.gain, b.other);
  }

  // Building.

  void load_needs(const Instance& instance, const Plan& plan) {
    unfilled_cost_ = instance.unfilled_cost;
    nodes_[kNeeds].resize(instance.needs());
    pairs_[kNeeds].reserve(instance.candidates.size());
    for (std::uint32_t need = 0; need < instance.needs(); ++need) {
      Node& node = nodes_[kNeeds][need];
      node.first = static_cast<std::uint32_t>(pairs_[kNeeds].size());
      add_pairs(need, instance.row(need), pairs_[kNeeds]);
      node.size = static_cast<std::uint32_t>(pairs_[kNeeds].size()) - node.first;
      node.level = unfilled_cost_[need] - plan.value[need];
      set_capacity(kNeeds, need, instance.headcount[need]);
    }
  }

  /// Candidates that cost no less than the empty seat gain nothing and are left out.
  void add_pairs(std::uint32_t need, std::span<const Candidate> sorted, std::vector<Pair>& pairs) {
    for (const Candidate& candidate : sorted) {
      if (candidate.cost >= unfilled_cost_[need]) break;
      pairs.push_back({candidate.expert, unfilled_cost_[need] - candidate.cost});
    }
  }

  void load_experts(const Instance& instance, const Plan& plan) {
    auto& experts = nodes_[kExperts];
    experts.resize(instance.experts());
    for (const Pair& pair : pairs_[kNeeds]) ++experts[pair.other].size;
    std::uint32_t first = 0;
    for (std::uint32_t expert = 0; expert < instance.experts(); ++expert) {
      experts[expert].first = first;
      first += std::exchange(experts[expert].size, 0);
      experts[expert].level = plan.price[expert];
      experts[expert].capacity = instance.capacity[expert];
    }
    pairs_[kExperts].resize(first);
    for (std::uint32_t need = 0; need < instance.needs(); ++need) {
      for (const Pair& pair : row(kNeeds, need)) {
        Node& expert = experts[pair.other];
        pairs_[kExperts][expert.first + expert.size++] = {need, pair.gain};
      }
    }
    for (std::uint32_t expert = 0; expert < instance.experts(); ++expert) {
      const auto pairs = row(kExperts, expert);
      std::sort(pairs.begin(), pairs.end(), before);
    }
  }

  // Changing one place.

  void set_capacity(Side side, std::uint32_t place, std::uint32_t capacity) {
    Node& node = nodes_[side][place];
    if (side == kNeeds) {
      all_empty_ += (std::int64_t{capacity} - node.capacity) * unfilled_cost_[place];
    }
    node.capacity = capacity;
  }

  void shed(Side side, std::uint32_t place) {
    while (node(side, place).used > node(side, place).capacity) evict(side, place);
  }

  /// A level of 0 says that no free place is worth using.
  void use(Side side, std::uint32_t place) {
    if (node(side, place).used < node(side, place).capacity) tighten(side, place);
    while (node(side, place).used < node(side, place).capacity && node(side, place).level > 0) {
      place_one(side, place);
    }
  }

  /// Sets the level as low as the pairs apart allow: searches from there stay short, and a need
  /// that has just come gets its first level.
  void tighten(Side side, std::uint32_t place) {
    Node& tight = node(side, place);
    std::uint32_t level = 0;
    const auto raise = [&](const Pair& pair) {
      const std::uint32_t other = node(opposite(side), pair.other).level;
      if (pair.gain > other + std::uint64_t{level} && !together(side, place, pair.other)) {
        level = pair.gain - other;
      }
    };
    for (const Pair& pair : row(side, place)) {
      if (pair.gain <= level) break;
      raise(pair);
    }
    for (std::uint32_t k = tight.extra; k != kNone; k = extra_[k].next) raise(extra_[k].pair);
    tight.level = level;
  }

  /// A pair is back in the market and may gain more than the levels say. Then it is put together
  /// as if both had a place more, which are taken back one after the other.
  void admit(std::uint32_t need, std::uint32_t expert) {
    const std::uint32_t gained = gain(need, expert);
    if (gained <= node(kNeeds, need).level + std::uint64_t{node(kExperts, expert).level}) return;
    join(need, expert, gained);
    ++node(kNeeds, need).capacity;
    shed(kExperts, expert);
    --node(kNeeds, need).capacity;
    shed(kNeeds, need);
  }

  // The two searches, from `side`.

  void place_one(Side side, std::uint32_t root) {
    End best{std::numeric_limits<std::int64_t>::max(), root, kNone};
    reach(side, root, 0, kNone);
    const End end = run(side, best);
    augment(side, end, kNone);
    relevel(side, end.distance);
  }

  /// `root` has a pair too many: those it is with look for other places.
  void evict(Side root_side, std::uint32_t root) {
    const Side side = opposite(root_side);
    End best{std::numeric_limits<std::int64_t>::max(), kNone, kNone};
    note(root_side, root, 0, kNone, 0);
    follow(side, root, 0, best.distance);
    const End end = run(side, best);
    augment(side, end, root);
    relevel(side, end.distance);
  }

  End run(Side side, End best) {
    while (const auto next = queue_.pop(best.distance)) {
      if (next->distance == node(side, next->node).distance) settle(side, next->node, best);
    }
    queue_.clear();
    return best;
  }

  /// Reached as cheaply as can be: may stay by itself, or come to somebody on the other side. Used
  /// places are followed last, when the best end is as near as this row can bring it.
  void settle(Side side, std::uint32_t place, End& best) {
    const Node& here = node(side, place);
    const std::int64_t base = std::int64_t{here.distance} + here.level;
    if (base < best.distance) best = {base, place, kNone};
    offers_.clear();
    for (const Pair& pair : row(side, place)) {
      if (base - pair.gain >= best.distance) break;
      look(side, place, pair, best);
    }
    for (std::uint32_t k = here.extra; k != kNone; k = extra_[k].next) {
      look(side, place, extra_[k].pair, best);
    }
    for (const Offer& offer : offers_) {
      if (offer.distance >= best.distance) continue;
      if (offer.distance >= node(opposite(side), offer.pair.other).distance) continue;
      note(opposite(side), offer.pair.other, offer.distance, place, offer.pair.gain);
      follow(side, offer.pair.other, offer.distance, best.distance);
    }
  }

  void look(Side side, std::uint32_t place, const Pair& pair, End& best) {
    const Node& here = node(side, place);
    const Node& other = node(opposite(side), pair.other);
    const std::int64_t there = std::int64_t{here.distance} + here.level + other.level - pair.gain;
    if (there >= best.distance || there >= other.distance) return;
    if (there <= here.distance && together(side, place, pair.other)) return;
    if (other.used >= other.capacity) {
      offers_.push_back({static_cast<std::uint32_t>(there), pair});
      return;
    }
    best = {there, place, pair.other};
    note(opposite(side), pair.other, static_cast<std::uint32_t>(there), place, pair.gain);
  }

  void note(Side side, std::uint32_t place, std::uint32_t distance, std::uint32_t via,
            std::uint32_t gain) {
    Node& node = nodes_[side][place];
    if (node.distance == kFar) touched_[side].push_back(place);
    node.distance = distance;
    node.via = via;
    node.via_gain = gain;
  }

  /// On to those on `side` who are together with `other` and might give that up.
  void follow(Side side, std::uint32_t other, std::uint32_t distance, std::int64_t limit) {
    const Node& there = node(opposite(side), other);
    const std::int64_t base = std::int64_t{distance} - there.level;
    for (std::uint32_t k = there.last_seat; k != kNone; k = seats_[k].next[opposite(side)]) {
      const Node& holder = node(side, seats_[k].at[side]);
      const std::int64_t next = base + seats_[k].gain - holder.level;
      if (next < limit && next < holder.distance) {
        reach(side, seats_[k].at[side], static_cast<std::uint32_t>(next), k);
      }
    }
  }

  void reach(Side side, std::uint32_t place, std::uint32_t distance, std::uint32_t given) {
    note(side, place, distance, given, 0);
    queue_.push(distance, place);
  }

  /// Walks the path back, to a root on `side` (root kNone) or to `root` on the other side.
  void augment(Side side, const End& end, std::uint32_t root) {
    std::uint32_t place = end.last;
    std::uint32_t taken = end.other;
    while (true) {
      const std::uint32_t given = node(side, place).via;
      const std::uint32_t left = given == kNone ? kNone : seats_[given].at[opposite(side)];
      if (given != kNone) part(given);
      if (taken != kNone) {
        const std::uint32_t gained = node(opposite(side), taken).via_gain;
        side == kNeeds ? join(place, taken, gained) : join(taken, place, gained);
      }
      if (left == root) return;
      taken = left;
      place = node(opposite(side), left).via;
    }
  }

  /// Moves levels by what the search was short of the end, and forgets the search.
  void relevel(Side side, std::int64_t end) {
    for (const std::uint32_t place : touched_[side]) {
      Node& node = nodes_[side][place];
      if (node.distance < end) node.level -= static_cast<std::uint32_t>(end - node.distance);
      node.distance = kFar;
    }
    for (const std::uint32_t place : touched_[opposite(side)]) {
      Node& node = nodes_[opposite(side)][place];
      if (node.distance < end) node.level += static_cast<std::uint32_t>(end - node.distance);
      node.distance = kFar;
    }
    touched_[kNeeds].clear();
    touched_[kExperts].clear();
  }

  // Pairs together.

  void join(std::uint32_t need, std::uint32_t expert, std::uint32_t gained) {
    if (spare_ == kNone) {
      seats_.push_back({});
      seats_.back().next[kNeeds] = kNone;
      spare_ = static_cast<std::uint32_t>(seats_.size() - 1);
    }
    const std::uint32_t seat = spare_;
    Together& together = seats_[seat];
    spare_ = together.next[kNeeds];
    together = {
        {need, expert}, gained, {node(kNeeds, need).last_seat, node(kExperts, expert).last_seat}};
    for (const Side side : {kNeeds, kExperts}) {
      Node& node = nodes_[side][together.at[side]];
      node.last_seat = seat;
      ++node.used;
    }
    gained_ += gained;
    changes_.push_back({{need, expert}, 1});
  }

  void part(std::uint32_t seat) {
    Together& together = seats_[seat];
    for (const Side side : {kNeeds, kExperts}) {
      Node& node = nodes_[side][together.at[side]];
      std::uint32_t* link = &node.last_seat;
      while (*link != seat) link = &seats_[*link].next[side];
      *link = together.next[side];
      --node.used;
    }
    gained_ -= together.gain;
    changes_.push_back({{together.at[kNeeds], together.at[kExperts]}, -1});
    together.next[kNeeds] = std::exchange(spare_, seat);
  }

  bool together(Side side, std::uint32_t place, std::uint32_t other) const {
    for (std::uint32_t k = nodes_[side][place].last_seat; k != kNone; k = seats_[k].next[side]) {
      if (seats_[k].at[opposite(side)] == other) return true;
    }
    return false;
  }

  std::uint32_t seat_of(std::uint32_t need, std::uint32_t expert) const {
    std::uint32_t k = nodes_[kNeeds][need].last_seat;
    while (k != kNone && seats_[k].at[kExperts] != expert) k = seats_[k].next[kNeeds];
    return k;
  }

  // Pairs in rows.

  const Pair* find(std::uint32_t need, std::uint32_t expert) const {
    const auto pairs = row(kNeeds, need);
    const auto found = std::find_if(pairs.begin(), pairs.end(),
                                    [=](const Pair& pair) { return pair.other == expert; });
    return found == pairs.end() ? nullptr : &*found;
  }

  std::uint32_t gain(std::uint32_t need, std::uint32_t expert) const {
    return find(need, expert)->gain;
  }

  void erase_pair(std::uint32_t need, std::uint32_t expert) {
    erase_from_row(kNeeds, need, expert);
    erase_from_row(kExperts, expert, need);
  }

  void erase_from_row(Side side, std::uint32_t place, std::uint32_t other) {
    const auto pairs = row(side, place);
    const auto kept = std::remove_if(pairs.begin(), pairs.end(),
                                     [=](const Pair& pair) { return pair.other == other; });
    if (kept != pairs.end()) {
      --node(side, place).size;
      return;
    }
    std::uint32_t* link = &node(side, place).extra;
    while (extra_[*link].pair.other != other) link = &extra_[*link].next;
    *link = extra_[*link].next;
  }

  /// Puts a closed pair back into the rows and returns its gain.
  std::uint32_t open(std::uint32_t need, std::uint32_t expert) {
    const auto closing = closed_.extract({need, expert}).mapped();
    insert_in_row(kNeeds, need, {expert, closing.gain});
    if (need < first_added_) {
      insert_in_row(kExperts, expert, {need, closing.gain});
    } else {
      extra_.push_back({{need, closing.gain}, node(kExperts, expert).extra});
      node(kExperts, expert).extra = static_cast<std::uint32_t>(extra_.size() - 1);
    }
    return closing.gain;
  }

  /// There is room: the pair has been in the row before.
  void insert_in_row(Side side, std::uint32_t place, const Pair& pair) {
    ++node(side, place).size;
    const auto pairs = row(side, place);
    const auto at = std::lower_bound(pairs.begin(), pairs.end() - 1, pair, before);
    std::move_backward(at, pairs.end() - 1, pairs.end());
    *at = pair;
  }

  /// Nets the changes since the last outcome.
  Repair outcome(std::int64_t before_cost) {
    std::sort(changes_.begin(), changes_.end(),
              [](const Change& a, const Change& b) { return a.seat < b.seat; });
    Repair out;
    out.cost_change = cost() - before_cost;
    for (std::size_t k = 0; k < changes_.size();) {
      const Seat seat = changes_[k].seat;
      int by = 0;
      for (; k < changes_.size() && changes_[k].seat == seat; ++k) by += changes_[k].by;
      if (by > 0) out.taken.push_back(seat);
      if (by < 0) out.left.push_back(seat);
    }
    changes_.clear();
    return out;
  }

  std::array<std::vector<Node>, 2> nodes_;
  std::array<std::vector<Pair>, 2> pairs_;
  std::vector<ExtraPair> extra_;
  std::vector<std::uint32_t> unfilled_cost_;
  std::vector<Together> seats_;
  std::uint32_t spare_ = kNone;  // list of seats_ not in use, through next[kNeeds]
  std::map<std::pair<std::uint32_t, std::uint32_t>, Closing> closed_;
  std::uint32_t first_added_;  // needs from here on came later
  std::vector<std::vector<Pair>> added_rows_;
  std::vector<std::uint32_t> seen_;  // for check_row

  std::int64_t all_empty_ = 0;  // what it would cost to leave every seat empty
  std::int64_t gained_ = 0;
  std::int64_t pinned_gain_ = 0;

  std::vector<Change> changes_;
  // One search; empty between searches.
  SearchQueue queue_;
  std::vector<Offer> offers_;
  std::array<std::vector<std::uint32_t>, 2> touched_;
};

namespace {

tl::unexpected<Error> refuse(ErrorCode code, std::string reason, std::uint32_t need,
                             std::uint32_t expert) {
  return fail(code, std::move(reason),
              "need " + std::to_string(need) + ", expert " + std::to_string(expert));
}

}  // namespace

LivePlan::LivePlan(const Instance& instance)
    : market_(std::make_unique<Market>(instance, Assignment(instance).solve())) {}
LivePlan::~LivePlan() = default;
LivePlan::LivePlan(const LivePlan& other) : market_(std::make_unique<Market>(*other.market_)) {}
LivePlan& LivePlan::operator=(const LivePlan& other) {
  if (this != &other) *market_ = *other.market_;
  return *this;
}
LivePlan::LivePlan(LivePlan&& other) noexcept = default;
LivePlan& LivePlan::operator=(LivePlan&& other) noexcept = default;

Result<Repair> LivePlan::add_need(std::uint32_t heads, std::uint32_t unfilled,
                                  std::span<const Candidate> sorted) {
  return market_->add_need(heads, unfilled, sorted);
}

Result<Repair> LivePlan::set_headcount(std::uint32_t need, std::uint32_t heads) {
  const std::uint32_t pinned = market_->pinned(kNeeds, need);
  if (heads < pinned) {
    return fail(ErrorCode::FailedPrecondition, "live.pinned", "need " + std::to_string(need));
  }
  return market_->resize(kNeeds, need, heads - pinned);
}

Result<Repair> LivePlan::set_capacity(std::uint32_t expert, std::uint32_t slots) {
  const std::uint32_t pinned = market_->pinned(kExperts, expert);
  if (slots < pinned) {
    return fail(ErrorCode::FailedPrecondition, "live.pinned", "expert " + std::to_string(expert));
  }
  return market_->resize(kExperts, expert, slots - pinned);
}

Result<Repair> LivePlan::forbid(std::uint32_t need, std::uint32_t expert) {
  if (market_->closed(need, expert, true)) {
    return refuse(ErrorCode::FailedPrecondition, "live.pinned", need, expert);
  }
  if (!market_->listed(need, expert)) {
    return refuse(ErrorCode::NotFound, "live.pair", need, expert);
  }
  return market_->forbid(need, expert);
}

Result<Repair> LivePlan::allow(std::uint32_t need, std::uint32_t expert) {
  if (!market_->closed(need, expert, false)) {
    return refuse(ErrorCode::NotFound, "live.pair", need, expert);
  }
  return market_->allow(need, expert);
}

Result<Repair> LivePlan::pin(std::uint32_t need, std::uint32_t expert) {
  if (!market_->listed(need, expert)) {
    return refuse(ErrorCode::NotFound, "live.pair", need, expert);
  }
  if (market_->capacity(kNeeds, need) == 0 || market_->capacity(kExperts, expert) == 0) {
    return refuse(ErrorCode::FailedPrecondition, "live.full", need, expert);
  }
  return market_->pin(need, expert);
}

Result<Repair> LivePlan::unpin(std::uint32_t need, std::uint32_t expert) {
  if (!market_->closed(need, expert, true)) {
    return refuse(ErrorCode::NotFound, "live.pair", need, expert);
  }
  return market_->unpin(need, expert);
}

std::uint32_t LivePlan::needs() const {
  return market_->size(kNeeds);
}
std::uint32_t LivePlan::experts() const {
  return market_->size(kExperts);
}
std::int64_t LivePlan::cost() const {
  return market_->cost();
}
std::vector<Seat> LivePlan::pinned() const {
  return market_->pinned();
}
Instance LivePlan::instance() const {
  return market_->instance();
}
Plan LivePlan::plan() const {
  return market_->plan();
}

}  // namespace chucai::matcher
