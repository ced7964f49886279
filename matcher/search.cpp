// Finds the best of a ranking without scoring everybody.
//
// Order of work: where a walk starts and whom it reaches; the members of the nearest field, who set
// the bar; whom the walk reached; the ranges of other near fields; whoever has enough of the words.
// Each step asks first what impact of text somebody would need to pass the bar with the most of all
// other parts, and leaves out words that cannot make that up together (MaxScore, Turtle and Flood
// 1995).
#include <functional>
#include <utility>

#include "matcher/query.h"

namespace chucai::matcher {
namespace {

/// A walk starts at so many of the best experts and works by text, in the square of their impact,
/// and with this share at the disciplines that the need states.
constexpr std::size_t kSeeds = 50;
constexpr double kStatedShare = 0.2;

/// An expert or a work and its impact.
struct Found {
  std::uint64_t impact;
  std::uint32_t number;
};

bool has_more(const Found& a, const Found& b) {
  return a.impact != b.impact ? a.impact > b.impact : a.number < b.number;
}

/// Leaves the `most` best in order.
void keep_best(std::vector<Found>& found, std::size_t most) {
  if (found.size() > most) {
    const auto end = found.begin() + static_cast<std::ptrdiff_t>(most);
    std::nth_element(found.begin(), end, found.end(), has_more);
    found.erase(end, found.end());
  }
  std::sort(found.begin(), found.end(), has_more);
}

std::vector<Found> found_in(const Tally& tally) {
  std::vector<Found> found;
  found.reserve(tally.touched().size());
  for (const std::uint32_t number : tally.touched()) found.push_back({tally[number], number});
  return found;
}

/// The impact of the `count`th best.
std::uint64_t bar_of(const Tally& tally, std::size_t count, std::vector<std::uint32_t>& sums) {
  sums.clear();
  for (const std::uint32_t number : tally.touched()) sums.push_back(tally[number]);
  const auto at = sums.begin() + static_cast<std::ptrdiff_t>(count - 1);
  std::nth_element(sums.begin(), at, sums.end(), std::greater<>());
  return *at;
}

/// The experts with the most impact of `words` (most of each in falling order), at most `count`.
/// Postings are added up until nobody unseen can be among them; `exact` looks the rest up. Leaves
/// `tally` empty.
template <class Words, class Exact>
std::vector<Found> most_by_text(const TextIndex& texts, const Words& words, std::size_t count,
                                Tally& tally, Exact exact) {
  std::uint64_t unread_most = 0;
  std::size_t unread = 0;
  for (const auto& word : words) {
    unread_most += word.most;
    unread += texts.experts_with(word.term).size();
  }
  std::vector<std::uint32_t> sums;
  std::uint64_t bar = 0;
  std::size_t at = 0;
  for (; at < words.size() && bar <= unread_most; ++at) {
    const Postings postings = texts.experts_with(words[at].term);
    for (std::size_t k = 0; k < postings.size(); ++k) {
      tally.add(postings.number[k], words[at].times * postings.impact[k]);
    }
    unread_most -= words[at].most;
    unread -= postings.size();
    // A look at the bar costs about as much as the postings of those seen.
    if (tally.touched().size() < count || unread < 2 * tally.touched().size()) continue;
    bar = bar_of(tally, count, sums);
  }
  std::vector<Found> found;
  for (const std::uint32_t number : tally.touched()) {
    if (tally[number] + unread_most < bar) continue;
    found.push_back({at < words.size() ? exact(number) : tally[number], number});
  }
  tally.clear();
  keep_best(found, count);
  return found;
}

}  // namespace

/// Marks the need's words, and walks from the best.
void Ranker::gather(Query& query, Scratch& scratch) const {
  for (const auto& word : query.words) {
    scratch.times[word.term] = static_cast<std::uint8_t>(word.times);
    scratch.used.push_back(word.term);
  }
  for (const auto& word : query.rare_words) scratch.times[word.term] |= Scratch::kRare;
  if (query.limit(Part::Graph) == 0) return;
  graph_.walk(seeds(query, scratch), scratch.walk);
  for (const std::uint32_t node : scratch.walk.touched) {
    if (graph_.kind({node}) != NodeKind::Expert) continue;
    query.best_reach = std::max(query.best_reach, scratch.walk.reached[node]);
  }
}

std::vector<Seed> Ranker::seeds(const Query& query, Scratch& scratch) const {
  std::vector<Seed> seeds;
  double sum = 0;
  const auto add = [&](Node node, std::uint64_t impact) {
    const double mass = static_cast<double>(impact) * static_cast<double>(impact);
    seeds.push_back({node, mass});
    sum += mass;
  };
  const auto rare_impact = [&](std::uint32_t expert) {
    const Postings terms = texts_.terms_of_expert(expert);
    std::uint64_t impact = 0;
    for (std::size_t k = 0; k < terms.size(); ++k) {
      const std::uint8_t times = scratch.times[terms.number[k]];
      if (times > Scratch::kRare) impact += (times - Scratch::kRare) * terms.impact[k];
    }
    return impact;
  };
  for (const Found& one :
       most_by_text(texts_, query.rare_words, kSeeds, scratch.text, rare_impact)) {
    add(graph_.expert(one.number), one.impact);
  }
  for (const auto& word : query.rare_words) {
    const Postings works = texts_.works_with(word.term);
    for (std::size_t k = 0; k < works.size(); ++k) {
      scratch.works.add(works.number[k], word.times * works.impact[k]);
    }
  }
  std::vector<Found> works = found_in(scratch.works);
  keep_best(works, kSeeds);
  for (const Found& one : works) add(graph_.work(one.number), one.impact);
  const double by_field = seeds.empty() ? 1 : query.stated.empty() ? 0 : kStatedShare;
  for (Seed& seed : seeds) seed.mass *= (1 - by_field) / sum;
  for (const Node field : query.stated) {
    seeds.push_back({field, by_field / static_cast<double>(query.stated.size())});
  }
  return seeds;
}

/// The impact below which nobody of a field so near could enter the list, the walk apart; above
/// query.ideal: nobody at all.
std::uint64_t Ranker::least_impact(const Query& query, const TopList& list, int nearness) const {
  const int rest = query.without_evidence() + query.points(Part::Industry, query.most_trade) +
                   query.points(Part::Discipline, nearness);
  std::uint64_t low = 0;
  std::uint64_t high = query.ideal + 1;
  while (low < high) {
    const std::uint64_t middle = (low + high) / 2;
    if (list.closed_to(query.text_points(middle) + rest)) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

void Ranker::offer(const Query& query, Scratch& scratch, std::uint32_t expert, std::uint64_t impact,
                   TopList& list) const {
  if (scratch.seen[expert] != 0) return;
  scratch.seen.add(expert, 1);
  Ranked ranked;
  ranked.person = experts_[expert].id;
  ranked.expert = expert;
  score_evidence(query, scratch, expert, impact, ranked);
  if (list.closed_to(ranked.score + query.without_evidence())) return;
  if (rules_.first_failing(query.demand, expert)) return;
  score_person(query, expert, ranked);
  list.offer(ranked);
}

/// Offers the members of fields whose experts are one range, as far as they have the impact that
/// their field needs.
void Ranker::offer_range(const Query& query, Scratch& scratch, std::span<const Field> fields,
                         TopList& list) const {
  std::uint64_t least = query.ideal;
  for (const Field& field : fields) {
    least = std::min(least, least_impact(query, list, field.nearness));
  }
  const std::uint32_t begin = first_member_[fields.front().node.index];
  const std::uint32_t end = first_member_[fields.back().node.index + 1];
  std::size_t read = 0;
  for (; read < query.words.size() && query.most_from[read] >= least; ++read) {
    const auto& word = query.words[read];
    const Postings postings = texts_.experts_with(word.term).within(begin, end);
    for (std::size_t k = 0; k < postings.size(); ++k) {
      scratch.range[postings.number[k]] += word.times * postings.impact[k];
    }
  }
  const std::uint64_t unread = query.most_from[read];
  for (const Field& field : fields) {
    const std::uint64_t needed = least_impact(query, list, field.nearness);
    const std::uint32_t field_end = first_member_[field.node.index + 1];
    for (std::uint32_t expert = first_member_[field.node.index]; expert < field_end; ++expert) {
      const std::uint64_t known = scratch.range[expert];
      if (known + unread < needed) continue;
      offer(query, scratch, expert, unread == 0 ? known : impact(scratch, expert), list);
    }
    for (const std::uint32_t expert : also_[field.node.index]) {
      offer(query, scratch, expert, impact(scratch, expert), list);
    }
  }
  std::fill(scratch.range.begin() + begin, scratch.range.begin() + end, 0);
}

/// Those whom the walk reached.
void Ranker::offer_walked(const Query& query, Scratch& scratch, TopList& list) const {
  const std::uint32_t first = graph_.expert(0).index;
  for (const std::uint32_t node : scratch.walk.touched) {
    if (node < first || scratch.seen[node - first] != 0) continue;
    Ranked bound;
    score_evidence(query, scratch, node - first, query.ideal, bound);
    if (list.closed_to(bound.score + query.without_evidence())) {
      scratch.seen.add(node - first, 1);
    } else {
      offer(query, scratch, node - first, impact(scratch, node - first), list);
    }
  }
}

/// The members of all other near fields that are still open.
void Ranker::offer_fields(const Query& query, Scratch& scratch, TopList& list) const {
  std::vector<Field> open;
  for (const Field& field : query.fields) {
    if (field.nearness == query.fields.front().nearness) continue;
    if (least_impact(query, list, field.nearness) > query.ideal) break;
    open.push_back(field);
  }
  std::sort(open.begin(), open.end(),
            [](const Field& a, const Field& b) { return a.node < b.node; });
  const std::span<const Field> all(open);
  for (std::size_t begin = 0; begin < all.size();) {
    std::size_t end = begin + 1;
    const auto follows = [&] {
      return first_member_[all[end].node.index] == first_member_[all[end - 1].node.index + 1];
    };
    while (end < all.size() && follows()) ++end;
    offer_range(query, scratch, all.subspan(begin, end - begin), list);
    begin = end;
  }
}

/// Those of no near field, when the list is still open to them, the most impact first.
void Ranker::offer_by_text(const Query& query, Scratch& scratch, TopList& list) const {
  if (!list.full()) {
    const auto all_words = [&](std::uint32_t expert) { return impact(scratch, expert); };
    for (const Found& one :
         most_by_text(texts_, query.words, list.capacity(), scratch.text, all_words)) {
      offer(query, scratch, one.number, one.impact, list);
    }
  }
  const std::uint64_t least = least_impact(query, list, 0);
  if (least > query.ideal) return;
  if (least == 0) {
    for (std::uint32_t expert = 0; expert < experts_.size(); ++expert) {
      offer(query, scratch, expert, impact(scratch, expert), list);
    }
    return;
  }
  std::size_t read = 0;
  for (; read < query.words.size() && query.most_from[read] >= least; ++read) {
    const Postings postings = texts_.experts_with(query.words[read].term);
    for (std::size_t k = 0; k < postings.size(); ++k) {
      scratch.text.add(postings.number[k], query.words[read].times * postings.impact[k]);
    }
  }
  std::vector<Found> found = found_in(scratch.text);
  scratch.text.clear();
  std::erase_if(found, [&](const Found& one) {
    return one.impact + query.most_from[read] < least || scratch.seen[one.number] != 0;
  });
  for (Found& one : found) one.impact = impact(scratch, one.number);
  std::sort(found.begin(), found.end(), has_more);
  for (const Found& one : found) {
    if (one.impact < least) return;
    offer(query, scratch, one.number, one.impact, list);
  }
}

std::vector<Ranked> Ranker::best(Query& query, Scratch& scratch, std::size_t k) const {
  if (k == 0) return {};
  gather(query, scratch);
  TopList list(k);
  for (const Field& field : query.fields) {
    if (field.nearness < query.fields.front().nearness) break;
    offer_range(query, scratch, {&field, 1}, list);
  }
  offer_walked(query, scratch, list);
  offer_fields(query, scratch, list);
  offer_by_text(query, scratch, list);
  std::vector<Ranked> found = list.take();
  for (Ranked& ranked : found) {
    ranked.via = graph_.strongest_neighbour(ranked.expert, scratch.walk);
  }
  return found;
}

}  // namespace chucai::matcher
