// The words behind a ranking: which part of the score comes from where, as keys of messages.csv and
// what fills them.
#include <algorithm>

#include "matcher/query.h"
#include "matcher/rank.h"
#include "matcher/terms.h"
#include "registry/domain/text.h"

namespace chucai::matcher {
namespace {

constexpr std::size_t kPhrasesShown = 5;
constexpr std::size_t kTreePathShown = 6;    // edges: up to the root of a tree and down again
constexpr std::size_t kCountyPathShown = 4;  // edges

Reason reason(Part part, std::string key, std::vector<std::string> params = {}) {
  return {std::move(key), std::string(part_code(part)), std::move(params)};
}

int points(const Ranked& ranked, Part part) {
  return ranked.points[static_cast<std::size_t>(part)];
}

/// The two ends and the steps of a path, as names.
std::vector<std::string> named_path(const TalentGraph& graph, const CodeBook& codes,
                                    std::string_view scheme, const std::vector<Node>& path) {
  std::string steps;
  for (const Node node : path) {
    if (!steps.empty()) steps += " → ";
    steps += codes.shown(scheme, graph.code(node));
  }
  return {std::string(codes.shown(scheme, graph.code(path.front()))),
          std::string(codes.shown(scheme, graph.code(path.back()))), steps};
}

/// The shortest path between any of `from` and any of `to`; empty when none are joined.
std::vector<Node> nearest_path(const TalentGraph& graph, NodeKind kind,
                               std::span<const std::string> from, std::span<const std::string> to) {
  std::vector<Node> nearest;
  for (const std::string& a : from) {
    for (const std::string& b : to) {
      const auto start = graph.find(kind, a);
      const auto end = graph.find(kind, b);
      if (!start || !end) continue;
      std::vector<Node> path = graph.path(*start, *end, kTreePathShown);
      if (!path.empty() && (nearest.empty() || path.size() < nearest.size())) {
        nearest = std::move(path);
      }
    }
  }
  return nearest;
}

}  // namespace

std::vector<Reason> Ranker::reasons(const NeedView& need, const Ranked& ranked) const {
  const Expert& expert = experts_[ranked.expert];
  std::vector<Reason> reasons;
  add_field_reasons(need, expert, ranked, reasons);
  add_text_reasons(need, expert, ranked, reasons);
  add_graph_reasons(ranked, reasons);
  add_industry_reasons(need, expert, ranked, reasons);
  add_region_reasons(need, expert, reasons);
  add_record_reasons(need, expert, reasons);
  add_person_reasons(need, ranked, reasons);
  return reasons;
}

void Ranker::add_field_reasons(const NeedView& need, const Expert& expert, const Ranked& ranked,
                               std::vector<Reason>& reasons) const {
  if (expert.disciplines.empty()) {
    reasons.push_back(reason(Part::Discipline, "match.discipline.unknown"));
    return;
  }
  if (points(ranked, Part::Discipline) == 0) return;
  const bool stated = !need.disciplines.empty();
  const auto wanted = stated ? need.disciplines : disciplines_named_in(need.text);
  const auto path = nearest_path(graph_, NodeKind::Discipline, wanted, expert.disciplines);
  if (path.empty()) {
    reasons.push_back(reason(Part::Discipline, "match.discipline.of_industry",
                             {std::string(codes_->shown("industry", need.industry)),
                              std::string(codes_->shown("discipline", expert.disciplines[0]))}));
    return;
  }
  const std::string key = !stated            ? "match.discipline.in_text"
                          : path.size() == 1 ? "match.discipline.same"
                                             : "match.discipline.near";
  reasons.push_back(reason(Part::Discipline, key, named_path(graph_, *codes_, "discipline", path)));
}

void Ranker::add_industry_reasons(const NeedView& need, const Expert& expert, const Ranked& ranked,
                                  std::vector<Reason>& reasons) const {
  if (points(ranked, Part::Industry) == 0) return;
  const auto industry = graph_.find(NodeKind::Industry, need.industry);
  const auto path =
      nearest_path(graph_, NodeKind::Industry, {&need.industry, 1}, {&expert.industry, 1});
  if (path.size() == 1) {
    reasons.push_back(reason(Part::Industry, "match.industry.same",
                             named_path(graph_, *codes_, "industry", path)));
    return;
  }
  for (const auto& [field, weight] : graph_.bridged(*industry)) {
    const std::string& code = graph_.code(field);
    const auto& own = expert.disciplines;
    if (std::find(own.begin(), own.end(), code) == own.end()) continue;
    reasons.push_back(reason(Part::Industry, "match.industry.bridge",
                             {std::string(codes_->shown("industry", need.industry)),
                              std::string(codes_->shown("discipline", code))}));
    return;
  }
  if (path.empty()) return;
  reasons.push_back(
      reason(Part::Industry, "match.industry.near", named_path(graph_, *codes_, "industry", path)));
}

void Ranker::add_text_reasons(const NeedView& need, const Expert& expert, const Ranked& ranked,
                              std::vector<Reason>& reasons) const {
  if (points(ranked, Part::Text) == 0) return;
  std::vector<std::string> terms;
  for (std::string& term : terms_of(expert.text)) {
    const auto number = texts_.find(term);
    if (number && texts_.idf(*number) > 0) terms.push_back(std::move(term));
  }
  std::sort(terms.begin(), terms.end());
  std::vector<std::string> phrases = shared_phrases(need.text, terms);
  if (phrases.size() > kPhrasesShown) phrases.resize(kPhrasesShown);
  reasons.push_back(phrases.empty() ? reason(Part::Text, "match.text.works")
                                    : reason(Part::Text, "match.text", {join_list(phrases)}));
}

/// The last step of the walk: what the expert shares with those who match, never who they are.
void Ranker::add_graph_reasons(const Ranked& ranked, std::vector<Reason>& reasons) const {
  if (points(ranked, Part::Graph) == 0 || ranked.via == kNoNode) return;
  const std::string& code = graph_.code(ranked.via);
  switch (graph_.kind(ranked.via)) {
    case NodeKind::Work:
      reasons.push_back(reason(Part::Graph, "match.graph.work", {code}));
      return;
    case NodeKind::Phrase:
      reasons.push_back(reason(Part::Graph, "match.graph.phrase", {code}));
      return;
    case NodeKind::Discipline:
      reasons.push_back(reason(Part::Graph, "match.graph.field",
                               {std::string(codes_->shown("discipline", code))}));
      return;
    case NodeKind::Industry:
    case NodeKind::County:
    case NodeKind::Expert:
      return;
  }
}

void Ranker::add_region_reasons(const NeedView& need, const Expert& expert,
                                std::vector<Reason>& reasons) const {
  if (need.modes == mode::kRemote) {
    reasons.push_back(reason(Part::Region, "match.region.remote"));
    return;
  }
  const std::string from = regions_->county_of(need.region);
  const std::string to = regions_->county_of(expert.region);
  const int hops = regions_->hops(from, to);
  if (hops < 0) {
    if (expert.region.empty()) reasons.push_back(reason(Part::Region, "match.region.unknown"));
    return;
  }
  if (hops == 0) {
    reasons.push_back(
        reason(Part::Region, "match.region.same", {std::string(codes_->shown("region", from))}));
    return;
  }
  const auto start = graph_.find(NodeKind::County, from);
  const auto end = graph_.find(NodeKind::County, to);
  std::vector<Node> path;
  if (start && end) path = graph_.path(*start, *end, kCountyPathShown);
  if (path.empty()) {
    reasons.push_back(reason(Part::Region, "match.region.far", {std::to_string(hops)}));
    return;
  }
  reasons.push_back(
      reason(Part::Region, "match.region.near",
             {std::to_string(hops), named_path(graph_, *codes_, "region", path).back()}));
}

void Ranker::add_record_reasons(const NeedView& need, const Expert& expert,
                                std::vector<Reason>& reasons) const {
  const auto wanted = need.disciplines.empty() ? disciplines_named_in(need.text) : need.disciplines;
  const ServiceRecord record = record_of(need, wanted, expert, *regions_);
  const auto say = [&](std::string key, std::vector<std::string> params = {}) {
    reasons.push_back(reason(Part::Record, std::move(key), std::move(params)));
  };
  if (has_applied(need, expert.id)) say("match.record.applied");
  if (record.again) say("match.record.again");
  if (record.same_field_year > 0) {
    say("match.record.field", {std::to_string(record.same_field_year)});
  }
  if (record.completed > 0) {
    say("match.record.done", {std::to_string(record.completed), std::to_string(record.satisfied)});
  }
  const int poor = record.dissatisfied + record.terminated;
  if (poor > 0) say("match.record.poor", {std::to_string(poor)});
}

void Ranker::add_person_reasons(const NeedView& need, const Ranked& ranked,
                                std::vector<Reason>& reasons) const {
  const Expert& expert = experts_[ranked.expert];
  const auto grade = [&](std::uint8_t value) {
    return std::string(codes_->shown("title_grade", std::to_string(value)));
  };
  if (expert.title_grade == 0) {
    reasons.push_back(reason(Part::Title, "match.title.unknown"));
  } else if (need.title_floor != 0 && expert.title_grade > need.title_floor) {
    reasons.push_back(reason(Part::Title, "match.title.below",
                             {grade(expert.title_grade), grade(need.title_floor)}));
  } else {
    reasons.push_back(reason(Part::Title, "match.title.grade", {grade(expert.title_grade)}));
  }
  const std::uint8_t asked = need.modes == mode::kUnknown ? mode::kAny : need.modes;
  if (expert.modes == mode::kUnknown) {
    reasons.push_back(reason(Part::Service, "match.service.mode_unknown"));
  } else if ((expert.modes & asked) == 0) {
    reasons.push_back(reason(Part::Service, "match.service.mode_other"));
  }
  const auto left = rules_.days_left(ranked.expert);
  if (!left) {
    reasons.push_back(reason(Part::Service, "match.service.days_unknown"));
  } else if (*left < need.days.value_or(0)) {
    reasons.push_back(reason(Part::Service, "match.service.days_short",
                             {std::to_string(*left), std::to_string(*need.days)}));
  }
  if (!need.languages.empty() && expert.languages.empty()) {
    reasons.push_back(reason(Part::Service, "match.service.language_unknown"));
  }
}

}  // namespace chucai::matcher
