// The words behind a ranking: which part of the score comes from where, as keys of messages.csv and
// what fills them.
#include <algorithm>

#include "matcher/rank.h"
#include "matcher/terms.h"
#include "registry/domain/text.h"

namespace chucai::matcher {
namespace {

constexpr std::size_t kPhrasesShown = 5;
constexpr std::size_t kTreePathShown = 6;    // edges: up to the root of a tree and down again
constexpr std::size_t kCountyPathShown = 4;  // edges

Reason reason(std::string key, std::vector<std::string> params = {}) {
  return {std::move(key), {}, std::move(params)};
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
  add_region_reasons(need, expert, reasons);
  add_person_reasons(need, expert, reasons);
  return reasons;
}

void Ranker::add_field_reasons(const NeedView& need, const Expert& expert, const Ranked& ranked,
                               std::vector<Reason>& reasons) const {
  const bool stated = !need.disciplines.empty();
  if (points(ranked, Part::Discipline) > 0) {
    const auto wanted = stated ? need.disciplines : disciplines_named_in(need.text);
    const auto path = nearest_path(graph_, NodeKind::Discipline, wanted, expert.disciplines);
    const std::string key = !stated            ? "match.discipline.in_text"
                            : path.size() == 1 ? "match.discipline.same"
                                               : "match.discipline.near";
    reasons.push_back(reason(key, named_path(graph_, *codes_, "discipline", path)));
  } else if (expert.disciplines.empty()) {
    reasons.push_back(reason("match.discipline.unknown"));
  }
  if (points(ranked, Part::Industry) == 0) return;
  const auto path =
      nearest_path(graph_, NodeKind::Industry, {&need.industry, 1}, {&expert.industry, 1});
  reasons.push_back(reason(path.size() == 1 ? "match.industry.same" : "match.industry.near",
                           named_path(graph_, *codes_, "industry", path)));
}

void Ranker::add_text_reasons(const NeedView& need, const Expert& expert, const Ranked& ranked,
                              std::vector<Reason>& reasons) const {
  if (points(ranked, Part::Text) == 0) return;
  std::vector<std::string> terms;
  for (std::string& term : terms_of(expert.text)) {
    const auto node = graph_.find(NodeKind::Term, term);
    if (node && graph_.idf(*node) > 0) terms.push_back(std::move(term));
  }
  std::sort(terms.begin(), terms.end());
  std::vector<std::string> phrases = shared_phrases(need.text, terms);
  if (phrases.size() > kPhrasesShown) phrases.resize(kPhrasesShown);
  if (!phrases.empty()) reasons.push_back(reason("match.text", {join_list(phrases)}));
}

void Ranker::add_region_reasons(const NeedView& need, const Expert& expert,
                                std::vector<Reason>& reasons) const {
  if (need.modes == mode::kRemote) {
    reasons.push_back(reason("match.region.remote"));
    return;
  }
  const std::string from = regions_->county_of(need.region);
  const std::string to = regions_->county_of(expert.region);
  const int hops = regions_->hops(from, to);
  if (hops < 0) {
    if (expert.region.empty()) reasons.push_back(reason("match.region.unknown"));
    return;
  }
  if (hops == 0) {
    reasons.push_back(reason("match.region.same", {std::string(codes_->shown("region", from))}));
    return;
  }
  const auto start = graph_.find(NodeKind::County, from);
  const auto end = graph_.find(NodeKind::County, to);
  std::vector<Node> path;
  if (start && end) path = graph_.path(*start, *end, kCountyPathShown);
  if (path.empty()) {
    reasons.push_back(reason("match.region.far", {std::to_string(hops)}));
    return;
  }
  reasons.push_back(
      reason("match.region.near",
             {std::to_string(hops), named_path(graph_, *codes_, "region", path).back()}));
}

void Ranker::add_person_reasons(const NeedView& need, const Expert& expert,
                                std::vector<Reason>& reasons) const {
  if (expert.title_grade != 0) {
    const std::string grade = std::to_string(expert.title_grade);
    reasons.push_back(
        reason("match.title.grade", {std::string(codes_->shown("title_grade", grade))}));
  } else {
    reasons.push_back(reason("match.title.unknown"));
  }
  const auto applicant = std::find(need.applicants.begin(), need.applicants.end(), expert.id);
  if (applicant != need.applicants.end()) reasons.push_back(reason("match.record.applied"));
  const auto with = [&](auto wanted) {
    return std::count_if(expert.past.begin(), expert.past.end(), wanted);
  };
  const auto done = with([](const PastService& p) { return p.outcome != Outcome::Terminated; });
  const auto liked = with([](const PastService& p) { return p.outcome == Outcome::Satisfied; });
  if (done > 0) {
    reasons.push_back(reason("match.record.done", {std::to_string(done), std::to_string(liked)}));
  }
  const auto poor = with([](const PastService& p) {
    return p.outcome == Outcome::Dissatisfied || p.outcome == Outcome::Terminated;
  });
  if (poor > 0) reasons.push_back(reason("match.record.poor", {std::to_string(poor)}));
  if (expert.modes == mode::kUnknown) reasons.push_back(reason("match.service.mode_unknown"));
  if (!expert.days_per_year) reasons.push_back(reason("match.service.days_unknown"));
  if (!need.languages.empty() && expert.languages.empty()) {
    reasons.push_back(reason("match.service.language_unknown"));
  }
}

}  // namespace chucai::matcher
