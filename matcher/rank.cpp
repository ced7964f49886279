#include "matcher/rank.h"

#include <algorithm>
#include <mutex>
#include <numeric>
#include <utility>

#include "matcher/query.h"
#include "matcher/terms.h"
#include "registry/domain/text.h"

namespace chucai::matcher {
namespace {

/// Nearness in a tree in thousandths, by the steps up to the nearest common ancestor: rows from the
/// need, columns from the expert. An expert inside the field asked for is nearer than one who only
/// names the wider field.
constexpr std::size_t kStepsUp = 3;
constexpr std::size_t kStepsDown = 4;
constexpr int kTreeNearness[kStepsUp][kStepsDown] = {
    {1000, 850, 700, 600}, {700, 500, 400, 300}, {400, 350, 250, 150}};
/// A field only named in the text, or only implied by the need's industry, counts so much of one
/// that the need states.
constexpr int kNamedInText = 800;
constexpr int kImpliedByIndustry = 500;
/// A trade that the expert's field bridges to counts so much of the same industry.
constexpr int kBridgedTrade = 700;
/// Shorter names of disciplines are found inside too many other words (力学, 化学).
constexpr std::size_t kShortestName = 3;

// Closeness of counties.
constexpr int kPerHop = 100;
constexpr int kFarAway = 150;  // beyond the last hop that counts, or outside the province
constexpr int kRegionUnknown = 350;
constexpr int kSameUnit = 650;  // same prefecture, county unknown
constexpr int kHomeUnit = 600;  // of ties to the same county

// A walk starts at so many of the best experts and works by text, in the square of their impact,
// and with this share at the disciplines that the need states.
constexpr std::size_t kSeeds = 50;
constexpr double kStatedShare = 0.2;

/// A word that more than this share (thousandths) of the experts have is common: its postings are
/// long and its impact is small, so it is looked up for the few who could enter the list.
constexpr std::uint64_t kCommon = 30;
constexpr std::uint32_t kFew = 500;  // experts: never common

bool better(const Ranked& a, const Ranked& b) {
  return a.score != b.score ? a.score > b.score : a.person < b.person;
}

int nearness(std::size_t need_steps, std::size_t expert_steps) {
  return expert_steps < kStepsDown ? kTreeNearness[need_steps][expert_steps] : 0;
}

void raise(std::uint16_t& nearness, int to) {
  nearness = std::max(nearness, static_cast<std::uint16_t>(to));
}

/// Raises `near` for all nodes around `node`, nearer ones more.
void spread(const TalentGraph& graph, Node node, int factor, std::vector<std::uint16_t>& near) {
  std::size_t up = 0;
  for (const Node ancestor : graph.chain(node)) {
    if (up == kStepsUp) return;  // the same section says nothing
    for (const auto& [below, down] : graph.subtree(ancestor)) {
      raise(near[below.index], nearness(up, down) * factor / kWhole);
    }
    ++up;
  }
}

/// The `most` numbers with the highest sums, the first of equal ones.
std::vector<std::uint32_t> highest(const Tally& tally, std::size_t most) {
  std::vector<std::uint32_t> numbers = tally.touched();
  const auto above = [&](std::uint32_t a, std::uint32_t b) {
    return tally[a] != tally[b] ? tally[a] > tally[b] : a < b;
  };
  if (numbers.size() > most) {
    const auto end = numbers.begin() + static_cast<std::ptrdiff_t>(most);
    std::nth_element(numbers.begin(), end, numbers.end(), above);
    numbers.erase(end, numbers.end());
  }
  std::sort(numbers.begin(), numbers.end(), above);
  return numbers;
}

std::vector<Expert> by_person(std::vector<Expert> experts) {
  std::stable_sort(experts.begin(), experts.end(),
                   [](const Expert& a, const Expert& b) { return a.id < b.id; });
  return experts;
}

std::vector<WrittenWork> by_number(std::vector<WrittenWork> works) {
  std::stable_sort(works.begin(), works.end(),
                   [](const WrittenWork& a, const WrittenWork& b) { return a.id < b.id; });
  return works;
}

}  // namespace

/// Lends working memory to one ranking at a time, and keeps it for the next.
class Ranker::ScratchPool {
 public:
  std::unique_ptr<Scratch> take(const Ranker& ranker) {
    {
      const std::lock_guard lock(mutex_);
      if (!idle_.empty()) {
        auto scratch = std::move(idle_.back());
        idle_.pop_back();
        return scratch;
      }
    }
    return std::make_unique<Scratch>(ranker.graph_, ranker.experts_.size());
  }

  void give_back(std::unique_ptr<Scratch> scratch) {
    scratch->clear();
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(scratch));
  }

  /// Working memory for one scope.
  class Loan {
   public:
    explicit Loan(const Ranker& ranker) : pool_(*ranker.scratch_), scratch_(pool_.take(ranker)) {}
    ~Loan() { pool_.give_back(std::move(scratch_)); }
    Loan(const Loan&) = delete;
    Loan& operator=(const Loan&) = delete;
    Scratch& operator*() { return *scratch_; }

   private:
    ScratchPool& pool_;
    std::unique_ptr<Scratch> scratch_;
  };

 private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<Scratch>> idle_;
};

/// The best so far, at most k.
class Ranker::TopList {
 public:
  explicit TopList(std::size_t k) : k_(k) {}

  /// True when nobody with a score up to `bound` can enter any more.
  bool closed_to(int bound) const { return heap_.size() == k_ && bound < heap_.front().score; }

  void offer(const Ranked& ranked) {
    const bool full = heap_.size() == k_;
    if (full && !better(ranked, heap_.front())) return;
    if (full) {
      std::pop_heap(heap_.begin(), heap_.end(), better);
      heap_.pop_back();
    }
    heap_.push_back(ranked);
    std::push_heap(heap_.begin(), heap_.end(), better);
  }

  /// Best first.
  std::vector<Ranked> take() {
    std::sort_heap(heap_.begin(), heap_.end(), better);
    return std::move(heap_);
  }

 private:
  std::size_t k_;
  std::vector<Ranked> heap_;  // the worst of the best in front
};

Ranker::Ranker(std::vector<Expert> experts, const CodeBook& codes, const RegionMap& regions,
               std::vector<WrittenWork> works)
    : experts_(by_person(std::move(experts))),
      codes_(&codes),
      regions_(&regions),
      weights_{weights_of(codes, Setting::Short), weights_of(codes, Setting::Long)},
      graph_(experts_, works = by_number(std::move(works)), codes, regions),
      rules_(experts_, regions),
      scratch_(std::make_unique<ScratchPool>()) {
  for (std::uint32_t expert = 0; expert < experts_.size(); ++expert) {
    index_.emplace(experts_[expert].id.value, expert);
  }
  fill_cards(works);
  for (const Term* term : codes.terms("discipline")) {
    const std::string name = fold(term->name);
    const std::size_t length = code_points(name);
    if (length < kShortestName) continue;
    longest_name_ = std::max(longest_name_, length);
    discipline_names_[name].push_back(term->code);
  }
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

void Ranker::fill_cards(std::span<const WrittenWork> works) {
  std::unordered_map<std::string, std::uint32_t> homes;  // written -> number
  for (const Expert& expert : experts_) {
    Card card{};
    card.fields_begin = static_cast<std::uint32_t>(fields_.size());
    for (const std::string& code : expert.disciplines) {
      if (const auto node = graph_.find(NodeKind::Discipline, code)) fields_.push_back(node->index);
    }
    card.fields_end = static_cast<std::uint32_t>(fields_.size());
    card.industry = graph_.find(NodeKind::Industry, expert.industry).value_or(kNoNode).index;
    card.region = region_number(expert.region);
    const auto [home, first_seen] = homes.try_emplace(expert.native_place, 0);
    if (first_seen) home->second = region_number(regions_->resolve(home->first, "").code);
    card.home = home->second;
    for (const PastService& past : expert.past) {
      card.last_year = std::max(card.last_year, past.year);
    }
    cards_.push_back(card);
  }
  for (const WrittenWork& work : works) {
    for (const PersonId author : work.authors) {
      const auto expert = find(author);
      if (expert) cards_[*expert].last_year = std::max(cards_[*expert].last_year, work.year);
    }
  }
}

std::optional<std::uint32_t> Ranker::find(PersonId person) const {
  const auto found = index_.find(person.value);
  if (found == index_.end()) return std::nullopt;
  return found->second;
}

void Ranker::place_fields(const NeedView& need, Query& query) const {
  const bool stated = !need.disciplines.empty();
  query.disciplines = stated ? need.disciplines : disciplines_named_in(need.text);
  query.near_field.assign(graph_.tree_nodes(), 0);
  for (const std::string& code : query.disciplines) {
    const auto node = graph_.find(NodeKind::Discipline, code);
    if (!node) continue;
    if (stated) query.stated.push_back(*node);
    spread(graph_, *node, stated ? kWhole : kNamedInText, query.near_field);
  }
  const auto industry = graph_.find(NodeKind::Industry, need.industry);
  if (query.disciplines.empty() && industry) {
    for (const auto& [field, weight] : graph_.bridged(*industry)) {
      const int factor = kImpliedByIndustry * static_cast<int>(weight) / kWhole;
      spread(graph_, field, factor, query.near_field);
    }
  }
  for (std::uint32_t node = 0; node < query.near_field.size(); ++node) {
    if (query.near_field[node] > 0) query.fields.push_back({{node}, query.near_field[node]});
  }
  std::stable_sort(query.fields.begin(), query.fields.end(),
                   [](const Field& a, const Field& b) { return a.nearness > b.nearness; });
}

void Ranker::place_industry(const NeedView& need, Query& query) const {
  query.near_trade.assign(graph_.tree_nodes(), 0);
  const auto industry = graph_.find(NodeKind::Industry, need.industry);
  if (!industry) return;
  spread(graph_, *industry, kWhole, query.near_trade);
  for (const auto& [field, weight] : graph_.bridged(*industry)) {
    raise(query.near_trade[field.index], kBridgedTrade * static_cast<int>(weight) / kWhole);
  }
}

void Ranker::place_words(const NeedView& need, Query& query) const {
  std::vector<Node> terms;
  for (const std::string& term : query_terms_of(need.text)) {
    const auto node = graph_.find(NodeKind::Term, term);
    if (node && graph_.idf(*node) > 0) terms.push_back(*node);
  }
  std::sort(terms.begin(), terms.end());
  for (const Node term : terms) {
    if (!query.words.empty() && query.words.back().term == term) {
      query.words.back().times = 2;
    } else {
      query.words.push_back({term, 1});
    }
  }
  std::vector<Query::Word> rare;
  for (const Query::Word& word : query.words) {
    query.ideal += std::uint64_t{word.times} * graph_.idf(word.term);
    const std::uint32_t have = graph_.experts_with(word.term);
    if (have <= kFew || std::uint64_t{have} * kWhole <= kCommon * experts_.size()) {
      rare.push_back(word);
      continue;
    }
    query.common.push_back(word);
    query.most_of_common += word.times * graph_.most(word.term);
  }
  query.words = std::move(rare);
}

Ranker::Query Ranker::prepare(const NeedView& need, const Weights& weights) const {
  Query query{};
  query.need = &need;
  query.weights = weights;
  query.demand = rules_.compile(need);
  place_fields(need, query);
  place_industry(need, query);
  place_words(need, query);
  const std::string county = regions_->county_of(need.region);
  const std::string unit = regions_->unit_of(need.region);
  for (const Place& place : places_) {
    const bool same_unit = !unit.empty() && unit == place.unit;
    const bool same_county = !county.empty() && county == place.county;
    query.home_ties.push_back(same_county ? kWhole : same_unit ? kHomeUnit : 0);
    const int hops = regions_->hops(county, place.county);
    int close = hops >= 0   ? std::max(kFarAway, kWhole - kPerHop * hops)
                : same_unit ? kSameUnit
                            : kFarAway;
    if (need.region.empty() || !place.known) close = kRegionUnknown;
    query.closeness.push_back(need.modes == mode::kRemote ? kWhole : close);
  }
  return query;
}

/// Codes of the disciplines whose names stand in the text, the longest name at each place.
std::vector<std::string> Ranker::disciplines_named_in(std::string_view text) const {
  const std::string folded = fold(text);
  std::vector<std::size_t> starts;
  for (std::size_t byte = 0; byte < folded.size();) {
    starts.push_back(byte);
    next_code_point(folded, byte);
  }
  starts.push_back(folded.size());
  const std::size_t length = starts.size() - 1;
  std::vector<std::string> codes;
  for (std::size_t begin = 0; begin < length;) {
    std::size_t taken = 1;
    for (std::size_t size = std::min(longest_name_, length - begin); size >= kShortestName;
         --size) {
      const auto found = discipline_names_.find(
          folded.substr(starts[begin], starts[begin + size] - starts[begin]));
      if (found == discipline_names_.end()) continue;
      codes.insert(codes.end(), found->second.begin(), found->second.end());
      taken = size;
      break;
    }
    begin += taken;
  }
  std::sort(codes.begin(), codes.end());
  codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
  return codes;
}

/// Adds what the common words say of everybody.
void Ranker::complete_text(const Query& query, Scratch& scratch) const {
  if (std::exchange(scratch.complete, true)) return;
  for (const auto& [term, times] : query.common) graph_.add_experts(term, times, scratch.text);
}

/// Sums up what the rare words say of everybody, and walks from the best.
void Ranker::gather(Query& query, Scratch& scratch) const {
  for (const auto& [term, times] : query.words) graph_.add_experts(term, times, scratch.text);
  if (query.limit(Part::Graph) == 0) return;
  if (graph_.works() > 0) {
    for (const auto& [term, times] : query.words) graph_.add_works(term, times, scratch.works);
  }
  graph_.walk(seeds(query, scratch), scratch.walk);
  for (const std::uint32_t node : scratch.walk.touched) {
    if (graph_.kind({node}) != NodeKind::Expert) continue;
    query.best_reach = std::max(query.best_reach, scratch.walk.reached[node]);
  }
}

std::vector<Seed> Ranker::seeds(const Query& query, const Scratch& scratch) const {
  std::vector<Seed> seeds;
  double sum = 0;
  const auto add = [&](Node node, double impact) {
    seeds.push_back({node, impact * impact});
    sum += impact * impact;
  };
  for (const std::uint32_t expert : highest(scratch.text, kSeeds)) {
    add(graph_.expert(expert), scratch.text[expert]);
  }
  for (const std::uint32_t work : highest(scratch.works, kSeeds)) {
    add(graph_.work(work), scratch.works[work]);
  }
  const double by_field = seeds.empty() ? 1 : query.stated.empty() ? 0 : kStatedShare;
  for (Seed& seed : seeds) seed.mass *= (1 - by_field) / sum;
  for (const Node field : query.stated) {
    seeds.push_back({field, by_field / static_cast<double>(query.stated.size())});
  }
  return seeds;
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

std::vector<Ranked> Ranker::best(Query& query, Scratch& scratch, std::size_t k) const {
  if (k == 0) return {};
  gather(query, scratch);
  TopList list(k);
  offer_nearest(query, scratch, list);
  offer_touched(query, scratch, list);
  offer_fields(query, scratch, list);
  offer_rest(query, scratch, list);
  std::vector<Ranked> found = list.take();
  for (Ranked& ranked : found) {
    ranked.via = graph_.strongest_neighbour(ranked.expert, scratch.walk);
  }
  return found;
}

/// The impact below which nobody whom the walk left out could enter the list. Members of the
/// nearest field were offered already, so the others have the next nearness at most.
std::uint64_t Ranker::least_impact(const Query& query, const TopList& list) const {
  int field = 0;
  for (const auto& [node, near] : query.fields) {
    if (near < query.fields.front().nearness) field = std::max(field, near);
  }
  const int rest = query.without_evidence() + query.limit(Part::Industry) +
                   query.points(Part::Discipline, field);
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

/// Those whom a rare word or the walk reached, by what they share with the need at most.
void Ranker::offer_touched(const Query& query, Scratch& scratch, TopList& list) const {
  struct Candidate {
    int points;
    std::uint32_t expert;
  };
  std::vector<Candidate> candidates;
  const auto add = [&](std::uint32_t expert) {
    if (scratch.seen[expert] != 0) return;
    scratch.seen.add(expert, 1);
    Ranked ranked;
    const std::uint64_t most = scratch.text[expert] + query.most_of_common;
    score_evidence(query, scratch, expert, most, ranked);
    candidates.push_back({ranked.score, expert});
  };
  for (const std::uint32_t node : scratch.walk.touched) {
    if (graph_.kind({node}) == NodeKind::Expert) add(node - graph_.expert(0).index);
  }
  // The others have what their words give, and at most the best field and industry.
  const std::uint64_t least = least_impact(query, list);
  for (const std::uint32_t expert : scratch.text.touched()) {
    if (scratch.text[expert] + query.most_of_common >= least) add(expert);
  }
  const int rest = query.without_evidence();
  const auto weaker = [](const Candidate& a, const Candidate& b) { return a.points < b.points; };
  std::make_heap(candidates.begin(), candidates.end(), weaker);
  for (auto end = candidates.end(); end != candidates.begin(); --end) {
    if (list.closed_to(candidates.front().points + rest)) break;
    const std::uint32_t expert = candidates.front().expert;
    std::pop_heap(candidates.begin(), end, weaker);
    if (rules_.first_failing(query.demand, expert)) continue;
    list.offer(score(query, scratch, expert));
  }
}

/// All members of the nearest disciplines: they set the bar, which spares most others a look.
void Ranker::offer_nearest(const Query& query, Scratch& scratch, TopList& list) const {
  const int rest = query.without_evidence();
  for (const auto& [node, near] : query.fields) {
    if (near < query.fields.front().nearness) return;
    for (const std::uint32_t expert : graph_.members(node)) {
      if (scratch.seen[expert] != 0) continue;
      scratch.seen.add(expert, 1);
      Ranked bound;
      const std::uint64_t most = scratch.text[expert] + query.most_of_common;
      score_evidence(query, scratch, expert, most, bound);
      if (list.closed_to(bound.score + rest)) continue;
      if (rules_.first_failing(query.demand, expert)) continue;
      list.offer(score(query, scratch, expert));
    }
  }
}

/// Members of near disciplines who share no rare word, the nearest first.
void Ranker::offer_fields(const Query& query, Scratch& scratch, TopList& list) const {
  const int rest = query.without_rare_evidence();
  for (const auto& [node, near] : query.fields) {
    if (list.closed_to(query.points(Part::Discipline, near) + rest)) return;
    for (const std::uint32_t expert : graph_.members(node)) {
      if (scratch.seen[expert] != 0) continue;
      scratch.seen.add(expert, 1);
      if (rules_.first_failing(query.demand, expert)) continue;
      list.offer(score(query, scratch, expert));
    }
  }
}

/// Everybody else, when the list is still open to them.
void Ranker::offer_rest(const Query& query, Scratch& scratch, TopList& list) const {
  if (list.closed_to(query.without_rare_evidence())) return;
  complete_text(query, scratch);
  for (std::uint32_t expert = 0; expert < experts_.size(); ++expert) {
    if (scratch.seen[expert] != 0 || rules_.first_failing(query.demand, expert)) continue;
    list.offer(score(query, scratch, expert));
  }
}

std::vector<Ranked> Ranker::scan(const NeedView& need, std::size_t k,
                                 const Weights& weights) const {
  Query query = prepare(need, weights);
  ScratchPool::Loan scratch(*this);
  gather(query, *scratch);
  complete_text(query, *scratch);
  TopList list(k);
  for (std::uint32_t expert = 0; k > 0 && expert < experts_.size(); ++expert) {
    if (!rules_.first_failing(query.demand, expert)) list.offer(score(query, *scratch, expert));
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
  Ranked ranked = score(query, *scratch, expert);
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
    const Ranked standing = score(query, *scratch, *expert);
    answer.standing = standing;
    answer.gap = list.empty() ? 0 : list.back().score - standing.score;
    if (answer.gap > 0) answer.closing = closing(standing, list.back());
    ahead = static_cast<std::size_t>(std::lower_bound(list.begin(), list.end(), standing, better) -
                                     list.begin());
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
