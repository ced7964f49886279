#include "matcher/rank.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "matcher/query.h"

namespace chucai::matcher {
namespace {

/// Experts of a discipline side by side; those of none last.
std::vector<Expert> by_field(std::vector<Expert> experts, const CodeBook& codes) {
  std::unordered_map<std::string_view, std::size_t> place;
  for (const Term* term : codes.terms("discipline")) place.emplace(term->code, place.size());
  std::vector<std::pair<std::size_t, std::size_t>> order;
  for (std::size_t k = 0; k < experts.size(); ++k) {
    std::size_t first = place.size();
    for (const std::string& code : experts[k].disciplines) {
      const auto found = place.find(code);
      if (found == place.end()) continue;
      first = found->second;
      break;
    }
    order.emplace_back(first, k);
  }
  std::sort(order.begin(), order.end(), [&](const auto& a, const auto& b) {
    if (a.first != b.first) return a.first < b.first;
    const PersonId one = experts[a.second].id;
    const PersonId other = experts[b.second].id;
    return one != other ? one < other : a.second < b.second;
  });
  std::vector<Expert> sorted;
  sorted.reserve(experts.size());
  for (const auto& [first, k] : order) sorted.push_back(std::move(experts[k]));
  return sorted;
}

std::vector<WrittenWork> by_number(std::vector<WrittenWork> works) {
  std::stable_sort(works.begin(), works.end(),
                   [](const WrittenWork& a, const WrittenWork& b) { return a.id < b.id; });
  return works;
}

}  // namespace

bool ranks_before(const Ranked& a, const Ranked& b) {
  return a.score != b.score ? a.score > b.score : a.person < b.person;
}

std::unique_ptr<Ranker::Scratch> Ranker::ScratchPool::take(const Ranker& ranker) {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      auto scratch = std::move(idle_.back());
      idle_.pop_back();
      return scratch;
    }
  }
  return std::make_unique<Scratch>(ranker.texts_, ranker.graph_, ranker.experts_.size());
}

void Ranker::ScratchPool::give_back(std::unique_ptr<Scratch> scratch) {
  scratch->clear();
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(scratch));
}

void Ranker::TopList::offer(const Ranked& ranked) {
  if (full() && !ranks_before(ranked, heap_.front())) return;
  if (full()) {
    std::pop_heap(heap_.begin(), heap_.end(), ranks_before);
    heap_.pop_back();
  }
  heap_.push_back(ranked);
  std::push_heap(heap_.begin(), heap_.end(), ranks_before);
}

std::vector<Ranked> Ranker::TopList::take() {
  std::sort_heap(heap_.begin(), heap_.end(), ranks_before);
  return std::move(heap_);
}

Ranker::Ranker(std::vector<Expert> experts, const CodeBook& codes, const RegionMap& regions,
               std::vector<WrittenWork> works)
    : experts_(by_field(std::move(experts), codes)),
      codes_(&codes),
      regions_(&regions),
      weights_{weights_of(codes, Setting::Short), weights_of(codes, Setting::Long)},
      texts_(experts_, works = by_number(std::move(works))),
      graph_(experts_, works, codes, regions),
      rules_(experts_, regions),
      scratch_(std::make_unique<ScratchPool>()) {
  for (std::uint32_t expert = 0; expert < experts_.size(); ++expert) {
    index_.emplace(experts_[expert].id.value, expert);
  }
  fill_cards(works);
  fill_members();
  fill_outlooks();
  fill_names();
}

Ranker::~Ranker() = default;
Ranker::Ranker(Ranker&&) noexcept = default;
Ranker& Ranker::operator=(Ranker&&) noexcept = default;

std::uint32_t Ranker::region_number(const std::string& region) {
  const auto next = static_cast<std::uint32_t>(places_.size());
  const auto [number, first_seen] = region_numbers_.try_emplace(region, next);
  if (first_seen) {
    places_.push_back({regions_->county_of(region), regions_->unit_of(region), !region.empty()});
  }
  return number->second;
}

void Ranker::fill_members() {
  const std::size_t nodes = graph_.tree_nodes();
  first_member_.assign(nodes + 1, 0);
  also_.resize(nodes);
  for (std::uint32_t expert = 0; expert < cards_.size(); ++expert) {
    const auto own = std::span(fields_).subspan(
        cards_[expert].fields_begin, cards_[expert].fields_end - cards_[expert].fields_begin);
    if (own.empty()) continue;
    ++first_member_[own.front() + 1];
    for (const std::uint32_t further : own.subspan(1)) also_[further].push_back(expert);
  }
  for (std::size_t node = 0; node < nodes; ++node) first_member_[node + 1] += first_member_[node];
}

std::optional<std::uint32_t> Ranker::find(PersonId person) const {
  const auto found = index_.find(person.value);
  if (found == index_.end()) return std::nullopt;
  return found->second;
}

std::vector<Ranked> Ranker::best(const NeedView& need, std::size_t k) const {
  return best(need, k, weights(need.setting));
}

std::vector<Ranked> Ranker::best(const NeedView& need, std::size_t k,
                                 const Weights& weights) const {
  Query query = prepare(need, weights);
  ScratchPool::Loan scratch(*this);
  return best(query, *scratch, k);
}

std::vector<Ranked> Ranker::scan(const NeedView& need, std::size_t k,
                                 const Weights& weights) const {
  Query query = prepare(need, weights);
  ScratchPool::Loan scratch(*this);
  gather(query, *scratch);
  TopList list(k);
  for (std::uint32_t expert = 0; k > 0 && expert < experts_.size(); ++expert) {
    if (rules_.first_failing(query.demand, expert)) continue;
    list.offer(score(query, *scratch, expert, impact(*scratch, expert)));
  }
  return list.take();
}

RuleCounts Ranker::excluded(const NeedView& need) const {
  const Rules::Demand demand = rules_.compile(need);
  RuleCounts counts{};
  for (std::uint32_t expert = 0; expert < experts_.size(); ++expert) {
    const auto rule = rules_.first_failing(demand, expert);
    if (rule) ++counts[static_cast<std::size_t>(*rule)];
  }
  return counts;
}

Ranking Ranker::rank(const NeedView& need, std::size_t k) const {
  const RuleCounts counts = excluded(need);
  const auto out = std::accumulate(counts.begin(), counts.end(), std::uint32_t{0});
  return {best(need, k), static_cast<std::uint32_t>(experts_.size()) - out, counts};
}

std::optional<Ranked> Ranker::evaluate(const NeedView& need, std::uint32_t expert) const {
  Query query = prepare(need, weights(need.setting));
  if (rules_.first_failing(query.demand, expert)) return std::nullopt;
  ScratchPool::Loan scratch(*this);
  gather(query, *scratch);
  Ranked ranked = score(query, *scratch, expert, impact(*scratch, expert));
  ranked.via = graph_.strongest_neighbour(expert, (*scratch).walk);
  return ranked;
}

namespace {

/// The parts in which `ahead` has more, the widest first, until they add up to the gap.
std::vector<PartGap> closing(const Ranked& standing, const Ranked& ahead) {
  std::vector<PartGap> gaps;
  for (std::size_t part = 0; part < kParts; ++part) {
    const int points = ahead.points[part] - standing.points[part];
    if (points > 0) gaps.push_back({static_cast<Part>(part), points});
  }
  std::stable_sort(gaps.begin(), gaps.end(),
                   [](const PartGap& a, const PartGap& b) { return a.points > b.points; });
  int left = ahead.score - standing.score;
  std::size_t needed = 0;
  for (; needed < gaps.size() && left > 0; ++needed) left -= gaps[needed].points;
  gaps.resize(needed);
  return gaps;
}

}  // namespace

Result<WhyNot> Ranker::why_not(const NeedView& need, PersonId person, std::size_t k,
                               std::size_t compared) const {
  const auto expert = find(person);
  if (!expert) return fail(ErrorCode::NotFound, "match.person.no_expert", "person");
  Query query = prepare(need, weights(need.setting));
  ScratchPool::Loan scratch(*this);
  const std::vector<Ranked> list = best(query, *scratch, k);
  WhyNot answer;
  answer.person = person;
  answer.rule = rules_.first_failing(query.demand, *expert);
  std::size_t ahead = list.size();
  if (!answer.rule) {
    const Ranked standing = score(query, *scratch, *expert, impact(*scratch, *expert));
    answer.standing = standing;
    answer.gap = list.empty() ? 0 : list.back().score - standing.score;
    if (answer.gap > 0) answer.closing = closing(standing, list.back());
    ahead = static_cast<std::size_t>(
        std::lower_bound(list.begin(), list.end(), standing, ranks_before) - list.begin());
  }
  for (; ahead > 0 && answer.closest.size() < compared; --ahead) {
    answer.closest.push_back(list[ahead - 1]);
  }
  return answer;
}

std::vector<SuitedNeed> Ranker::needs_for(std::uint32_t expert, std::span<const NeedView> needs,
                                          std::size_t k) const {
  std::vector<SuitedNeed> suited;
  for (std::size_t need = 0; need < needs.size(); ++need) {
    if (const auto match = evaluate(needs[need], expert)) suited.push_back({need, *match});
  }
  std::stable_sort(suited.begin(), suited.end(), [](const SuitedNeed& a, const SuitedNeed& b) {
    return a.match.score > b.match.score;
  });
  if (suited.size() > k) suited.resize(k);
  return suited;
}

}  // namespace chucai::matcher
