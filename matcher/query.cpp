// Makes a need ready to be scored: its fields and trades in the trees, its words, its region.
#include "matcher/query.h"

#include <cstddef>
#include <utility>

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

/// A word that more than this share (thousandths) of the experts have is common: it says too little
/// to start a walk from those who have it.
constexpr std::uint64_t kCommon = 10;
constexpr std::uint32_t kFew = 500;  // experts: never common

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

/// Where each code point begins, and the end.
std::vector<std::size_t> code_point_starts(std::string_view text) {
  std::vector<std::size_t> starts;
  for (std::size_t byte = 0; byte < text.size();) {
    starts.push_back(byte);
    next_code_point(text, byte);
  }
  starts.push_back(text.size());
  return starts;
}

}  // namespace

void Ranker::fill_names() {
  for (const Term* term : codes_->terms("discipline")) {
    const std::string name = fold(term->name);
    const std::vector<std::size_t> starts = code_point_starts(name);
    const std::size_t length = starts.size() - 1;
    if (length < kShortestName) continue;
    longest_name_ = std::max(longest_name_, length);
    name_heads_.insert(name.substr(0, starts[kShortestName]));
    discipline_names_[name].push_back(term->code);
  }
}

/// Codes of the disciplines whose names stand in the text, the longest name at each place.
std::vector<std::string> Ranker::disciplines_named_in(std::string_view text) const {
  const std::string folded = fold(text);
  const std::vector<std::size_t> starts = code_point_starts(folded);
  const std::size_t length = starts.size() - 1;
  const auto piece = [&](std::size_t begin, std::size_t size) {
    return folded.substr(starts[begin], starts[begin + size] - starts[begin]);
  };
  std::vector<std::string> codes;
  for (std::size_t begin = 0; begin + kShortestName <= length;) {
    std::size_t taken = 1;
    const bool begins = name_heads_.contains(piece(begin, kShortestName));
    std::size_t size = begins ? std::min(longest_name_, length - begin) : 0;
    for (; size >= kShortestName; --size) {
      const auto found = discipline_names_.find(piece(begin, size));
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
  query.most_trade = *std::max_element(query.near_trade.begin(), query.near_trade.end());
}

void Ranker::place_words(const NeedView& need, Query& query) const {
  std::vector<std::uint32_t> terms;
  for (const std::string& term : query_terms_of(need.text)) {
    const auto number = texts_.find(term);
    if (number && texts_.idf(*number) > 0) terms.push_back(*number);
  }
  std::sort(terms.begin(), terms.end());
  for (std::size_t at = 0; at < terms.size();) {
    const std::uint32_t term = terms[at];
    std::size_t end = at;
    while (end < terms.size() && terms[end] == term) ++end;
    const std::uint32_t times = end - at > 1 ? 2 : 1;
    at = end;
    query.words.push_back({term, times, times * texts_.most(term)});
    query.ideal += std::uint64_t{times} * texts_.idf(term);
  }
  std::stable_sort(query.words.begin(), query.words.end(),
                   [](const Query::Word& a, const Query::Word& b) { return a.most > b.most; });
  query.most_from.assign(query.words.size() + 1, 0);
  for (std::size_t at = query.words.size(); at-- > 0;) {
    query.most_from[at] = query.most_from[at + 1] + query.words[at].most;
  }
  for (const Query::Word& word : query.words) {
    const std::size_t have = texts_.experts_with(word.term).size();
    const bool rare = have <= kFew || std::uint64_t{have} * kWhole <= kCommon * experts_.size();
    if (rare) query.rare_words.push_back(word);
  }
}

Ranker::Outlook Ranker::outlook(const std::string& county, const std::string& unit) const {
  Outlook outlook;
  for (const Place& place : places_) {
    const bool same_unit = !unit.empty() && unit == place.unit;
    const bool same_county = !county.empty() && county == place.county;
    const int hops = regions_->hops(county, place.county);
    int close = hops >= 0   ? std::max(kFarAway, kWhole - kPerHop * hops)
                : same_unit ? kSameUnit
                            : kFarAway;
    if (!place.known) close = kRegionUnknown;
    outlook.closeness.push_back(static_cast<std::uint16_t>(close));
    outlook.home_ties.push_back(static_cast<std::uint16_t>(same_county ? kWhole
                                                           : same_unit ? kHomeUnit
                                                                       : 0));
  }
  return outlook;
}

void Ranker::fill_outlooks() {
  outlooks_.emplace("", outlook("", ""));
  for (const std::string& unit : regions_->units()) outlooks_.emplace(unit, outlook("", unit));
  for (const std::string& county : regions_->counties()) {
    outlooks_.insert_or_assign(county, outlook(county, regions_->unit_of(county)));
  }
}

void Ranker::place_region(const NeedView& need, Query& query) const {
  const std::string county = regions_->county_of(need.region);
  const std::string unit = regions_->unit_of(need.region);
  const auto known = outlooks_.find(county.empty() ? unit : county);
  if (known != outlooks_.end()) {
    query.outlook = &known->second;
  } else {
    query.own_outlook = outlook(county, unit);
  }
  if (need.region.empty()) query.even_closeness = kRegionUnknown;
  if (need.modes == mode::kRemote) query.even_closeness = kWhole;
}

Ranker::Query Ranker::prepare(const NeedView& need, const Weights& weights) const {
  Query query{};
  query.need = &need;
  query.weights = weights;
  query.demand = rules_.compile(need);
  place_fields(need, query);
  place_industry(need, query);
  place_words(need, query);
  place_region(need, query);
  fill_titles(query);
  return query;
}

}  // namespace chucai::matcher
