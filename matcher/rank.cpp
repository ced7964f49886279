#include "matcher/rank.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "matcher/terms.h"
#include "registry/domain/text.h"

namespace chucai::matcher {
namespace {

struct PartRow {
  std::string_view code;
  int limit;
};
constexpr std::array<PartRow, kParts> kPartTable = {{{"discipline", 3600},
                                                     {"text", 3000},
                                                     {"industry", 700},
                                                     {"region", 900},
                                                     {"title", 600},
                                                     {"record", 700},
                                                     {"service", 500}}};

constexpr std::size_t at(Part part) {
  return static_cast<std::size_t>(part);
}
constexpr int limit(Part part) {
  return kPartTable[at(part)].limit;
}
/// What an expert can have without sharing a field, an industry or a word with the need.
constexpr int kWithoutEvidence =
    limit(Part::Region) + limit(Part::Title) + limit(Part::Record) + limit(Part::Service);

/// Nearness in a tree in thousandths, by the steps up to the nearest common ancestor: rows from the
/// need, columns from the expert. An expert inside the field asked for is nearer than one who only
/// names the wider field.
constexpr int kSame = 1000;
constexpr std::size_t kTreeSteps = 4;
constexpr int kTreeNearness[kTreeSteps][kTreeSteps] = {
    {1000, 850, 700, 600}, {700, 600, 450, 300}, {400, 350, 250, 150}, {100, 100, 80, 60}};
/// A field only named in the text counts so much of one that the need states.
constexpr int kNamedInText = 800;
/// Shorter names of disciplines are found inside too many other words (力学, 化学).
constexpr std::size_t kShortestName = 3;

/// A text as near as this share of the ideal (an expert's text that has every word of the need that
/// any expert has) earns all points.
constexpr int kTextShare = 400;  // thousandths

constexpr int kGradePoints[] = {150, 600, 500, 350, 200, 100};  // by title grade; 0 unknown

constexpr int kPerHop = 90;
constexpr int kFarAway = 150;  // beyond the last hop that counts, or outside the province
constexpr int kRegionUnknown = 300;
constexpr int kSameUnit = 600;  // same prefecture, county unknown

constexpr int kRecordBase = 250;
constexpr int kPerService = 50;
constexpr int kServicesThatCount = 5;
constexpr int kPerSatisfied = 30;
constexpr int kSameFieldServed = 100;
constexpr int kApplied = 100;
constexpr int kPerDissatisfied = -150;
constexpr int kPerTerminated = -200;

bool better(const Ranked& a, const Ranked& b) {
  return a.score != b.score ? a.score > b.score : a.person < b.person;
}

int nearness(std::size_t need_steps, std::size_t expert_steps) {
  return need_steps < kTreeSteps && expert_steps < kTreeSteps
             ? kTreeNearness[need_steps][expert_steps]
             : 0;
}

}  // namespace

std::string_view part_code(Part part) {
  return kPartTable[at(part)].code;
}

int part_limit(Part part) {
  return limit(part);
}

/// A need made ready for the graph.
struct Ranker::Query {
  struct Field {
    std::vector<Node> chain;  // the discipline and its ancestors, nearest first
    int factor;               // thousandths
  };
  struct Word {
    Node term;
    std::uint32_t times;  // in the need, at most two
  };

  const NeedView* need;
  Rules::Demand demand;
  std::vector<Field> fields;
  std::vector<Node> industry;
  std::vector<int> region_points;  // by region of an expert, as numbered in region_of_
  std::vector<Word> words;
  std::uint64_t ideal = 0;  // impact of a text that has each of the words once

  int text_points(std::uint64_t impact) const {
    if (ideal == 0) return 0;
    const std::uint64_t top = std::max<std::uint64_t>(1, ideal * kTextShare / kSame);
    return static_cast<int>(std::min(impact, top) * static_cast<std::uint64_t>(limit(Part::Text)) /
                            top);
  }
};

/// What the graph says of one expert for a query.
struct Ranker::Evidence {
  int discipline = 0;  // thousandths
  int industry = 0;    // thousandths
  std::uint64_t impact = 0;

  int points(const Query& query) const {
    return discipline * limit(Part::Discipline) / kSame + industry * limit(Part::Industry) / kSame +
           query.text_points(impact);
  }
};

Ranker::Ranker(std::vector<Expert> experts, const CodeBook& codes, const RegionMap& regions)
    : experts_(std::move(experts)),
      codes_(&codes),
      regions_(&regions),
      graph_(experts_, codes, regions),
      rules_(experts_, regions) {
  for (std::uint32_t expert = 0; expert < experts_.size(); ++expert) {
    index_.emplace(experts_[expert].id.value, expert);
  }
  std::unordered_map<std::string, std::uint32_t> numbers;
  for (const Expert& expert : experts_) {
    const auto next = static_cast<std::uint32_t>(regions_seen_.size());
    const auto [number, first_seen] = numbers.try_emplace(expert.region, next);
    if (first_seen) regions_seen_.push_back(expert.region);
    region_of_.push_back(number->second);
  }
  for (const Term* term : codes.terms("discipline")) {
    const std::string name = fold(term->name);
    const std::size_t length = code_points(name);
    if (length < kShortestName) continue;
    longest_name_ = std::max(longest_name_, length);
    discipline_names_[name].push_back(term->code);
  }
}

std::optional<std::uint32_t> Ranker::find(PersonId person) const {
  const auto found = index_.find(person.value);
  if (found == index_.end()) return std::nullopt;
  return found->second;
}

Ranker::Query Ranker::prepare(const NeedView& need) const {
  Query query{&need, rules_.compile(need), {}, {}, {}, {}, 0};
  const bool stated = !need.disciplines.empty();
  for (const std::string& code : stated ? need.disciplines : disciplines_named_in(need.text)) {
    const auto node = graph_.find(NodeKind::Discipline, code);
    if (node) query.fields.push_back({graph_.chain(*node), stated ? kSame : kNamedInText});
  }
  if (const auto node = graph_.find(NodeKind::Industry, need.industry)) {
    query.industry = graph_.chain(*node);
  }
  for (const std::string& region : regions_seen_) {
    query.region_points.push_back(region_points(need, region));
  }
  std::vector<Node> terms;
  for (const std::string& term : terms_of(need.text)) {
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
  for (const auto& [term, times] : query.words) {
    query.ideal += std::uint64_t{times} * graph_.idf(term);
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

/// Evidence for every expert of the pool, accumulated over postings.
std::vector<Ranker::Evidence> Ranker::gather(const Query& query) const {
  std::vector<Evidence> found(experts_.size());
  std::vector<Posting> postings;
  const auto each_posting = [&](Node node, auto&& use) {
    postings.clear();
    graph_.append_postings(node, postings);
    for (const Posting& posting : postings) use(found[posting.expert], posting.weight);
  };
  for (const auto& [chain, factor] : query.fields) {
    for (std::size_t steps = 0; steps < chain.size(); ++steps) {
      each_posting(chain[steps], [&](Evidence& evidence, std::uint32_t expert_steps) {
        evidence.discipline =
            std::max(evidence.discipline, nearness(steps, expert_steps) * factor / kSame);
      });
    }
  }
  for (std::size_t steps = 0; steps < query.industry.size(); ++steps) {
    each_posting(query.industry[steps], [&](Evidence& evidence, std::uint32_t expert_steps) {
      evidence.industry = std::max(evidence.industry, nearness(steps, expert_steps));
    });
  }
  for (const auto& [term, times] : query.words) {
    each_posting(term, [times = times](Evidence& evidence, std::uint32_t impact) {
      evidence.impact += std::uint64_t{times} * impact;
    });
  }
  return found;
}

/// The same for one expert, looked up.
Ranker::Evidence Ranker::evidence(const Query& query, std::uint32_t expert) const {
  Evidence evidence;
  const auto tree = [&](const std::vector<Node>& chain) {
    int nearest = 0;
    for (std::size_t steps = 0; steps < chain.size(); ++steps) {
      if (const auto expert_steps = graph_.weight(chain[steps], expert)) {
        nearest = std::max(nearest, nearness(steps, *expert_steps));
      }
    }
    return nearest;
  };
  for (const auto& [chain, factor] : query.fields) {
    evidence.discipline = std::max(evidence.discipline, tree(chain) * factor / kSame);
  }
  evidence.industry = tree(query.industry);
  for (const auto& [term, times] : query.words) {
    evidence.impact += std::uint64_t{times} * graph_.weight(term, expert).value_or(0);
  }
  return evidence;
}

int Ranker::region_points(const NeedView& need, const std::string& region) const {
  constexpr int kAll = limit(Part::Region);
  if (need.modes == mode::kRemote) return kAll;
  if (need.region.empty() || region.empty()) return kRegionUnknown;
  const int hops = regions_->hops(regions_->county_of(need.region), regions_->county_of(region));
  if (hops >= 0) return std::max(kFarAway, kAll - kPerHop * hops);
  const std::string unit = regions_->unit_of(need.region);
  return !unit.empty() && unit == regions_->unit_of(region) ? kSameUnit : kFarAway;
}

namespace {

bool applied(const NeedView& need, PersonId person) {
  return std::find(need.applicants.begin(), need.applicants.end(), person) != need.applicants.end();
}

/// Earlier services, counted.
struct Record {
  int completed = 0;
  int satisfied = 0;
  int dissatisfied = 0;
  int terminated = 0;
  bool same_field = false;
};

Record record_of(const NeedView& need, const Expert& expert) {
  Record record;
  for (const PastService& past : expert.past) {
    record.completed += past.outcome != Outcome::Terminated ? 1 : 0;
    record.satisfied += past.outcome == Outcome::Satisfied ? 1 : 0;
    record.dissatisfied += past.outcome == Outcome::Dissatisfied ? 1 : 0;
    record.terminated += past.outcome == Outcome::Terminated ? 1 : 0;
    record.same_field |= past.outcome != Outcome::Terminated && !past.discipline.empty() &&
                         std::find(need.disciplines.begin(), need.disciplines.end(),
                                   past.discipline) != need.disciplines.end();
  }
  return record;
}

int record_points(const NeedView& need, const Expert& expert) {
  const Record record = record_of(need, expert);
  const int points = kRecordBase + kPerService * std::min(record.completed, kServicesThatCount) +
                     kPerSatisfied * std::min(record.satisfied, kServicesThatCount) +
                     kPerDissatisfied * record.dissatisfied + kPerTerminated * record.terminated +
                     (record.same_field ? kSameFieldServed : 0) +
                     (applied(need, expert.id) ? kApplied : 0);
  return std::clamp(points, 0, limit(Part::Record));
}

/// Known to fit earns all of each share; unknown half, or nothing of a language asked for.
int service_points(const NeedView& need, const Expert& expert) {
  constexpr int kModeShare = 200;
  constexpr int kDaysShare = 200;
  constexpr int kLanguageShare = limit(Part::Service) - kModeShare - kDaysShare;
  int points = expert.modes != mode::kUnknown ? kModeShare : kModeShare / 2;
  points += expert.days_per_year ? kDaysShare : kDaysShare / 2;
  points += need.languages.empty() || !expert.languages.empty() ? kLanguageShare : 0;
  return points;
}

}  // namespace

Ranked Ranker::score(const Query& query, std::uint32_t expert, const Evidence& evidence) const {
  const NeedView& need = *query.need;
  const Expert& who = experts_[expert];
  Ranked ranked{who.id, expert, 0, {}};
  auto& points = ranked.points;
  points[at(Part::Discipline)] = evidence.discipline * limit(Part::Discipline) / kSame;
  points[at(Part::Text)] = query.text_points(evidence.impact);
  points[at(Part::Industry)] = evidence.industry * limit(Part::Industry) / kSame;
  points[at(Part::Region)] = query.region_points[region_of_[expert]];
  points[at(Part::Title)] =
      kGradePoints[who.title_grade < std::size(kGradePoints) ? who.title_grade : 0];
  points[at(Part::Record)] = record_points(need, who);
  points[at(Part::Service)] = service_points(need, who);
  for (const int part : points) ranked.score += part;
  return ranked;
}

std::vector<Ranked> Ranker::best(const NeedView& need, std::size_t k) const {
  return best(prepare(need), k);
}

std::vector<std::uint32_t> Ranker::strongest_first(const std::vector<int>& points) {
  std::vector<std::uint32_t> begin(kTopScore + 2, 0);  // counting sort: where each score begins
  for (const int score : points) ++begin[static_cast<std::size_t>(kTopScore - score) + 1];
  std::partial_sum(begin.begin(), begin.end(), begin.begin());
  std::vector<std::uint32_t> order(points.size());
  for (std::uint32_t expert = 0; expert < points.size(); ++expert) {
    order[begin[static_cast<std::size_t>(kTopScore - points[expert])]++] = expert;
  }
  return order;
}

std::vector<Ranked> Ranker::best(const Query& query, std::size_t k) const {
  if (k == 0) return {};
  const std::vector<Evidence> found = gather(query);
  std::vector<int> points(found.size());
  for (std::size_t expert = 0; expert < found.size(); ++expert) {
    points[expert] = found[expert].points(query);
  }
  std::vector<Ranked> heap;  // the worst of the best in front
  for (const std::uint32_t expert : strongest_first(points)) {
    const bool full = heap.size() == k;
    if (full && points[expert] + kWithoutEvidence < heap.front().score) break;
    if (rules_.first_failing(query.demand, expert)) continue;
    const Ranked ranked = score(query, expert, found[expert]);
    if (full && !better(ranked, heap.front())) continue;
    if (full) {
      std::pop_heap(heap.begin(), heap.end(), better);
      heap.pop_back();
    }
    heap.push_back(ranked);
    std::push_heap(heap.begin(), heap.end(), better);
  }
  std::sort_heap(heap.begin(), heap.end(), better);
  return heap;
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
  const Query query = prepare(need);
  if (rules_.first_failing(query.demand, expert)) return std::nullopt;
  return score(query, expert, evidence(query, expert));
}

Result<WhyNot> Ranker::why_not(const NeedView& need, PersonId person, std::size_t k,
                               std::size_t compared) const {
  const auto expert = find(person);
  if (!expert) return fail(ErrorCode::NotFound, "match.person.no_expert", "person");
  const Query query = prepare(need);
  WhyNot answer;
  answer.person = person;
  answer.rule = rules_.first_failing(query.demand, *expert);
  const std::vector<Ranked> list = best(query, k);
  std::size_t ahead = list.size();
  if (!answer.rule) {
    const Ranked standing = score(query, *expert, evidence(query, *expert));
    answer.standing = standing;
    answer.gap = list.empty() ? 0 : list.back().score - standing.score;
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
