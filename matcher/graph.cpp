#include "matcher/graph.h"

#include <algorithm>
#include <array>
#include <boost/graph/compressed_sparse_row_graph.hpp>
#include <cmath>
#include <deque>
#include <map>
#include <unordered_map>
#include <utility>

#include "matcher/terms.h"

namespace chucai::matcher {
namespace {

// BM25 (Robertson and Zaragoza 2009) with a mild length norm: research fields are short lists.
constexpr double kSaturation = 1.2;
constexpr double kLengthNorm = 0.5;
/// A single Han character counts this much of a pair.
constexpr double kSingleWeight = 0.3;
/// A term that more than this share of the experts have says nothing and would cost the most.
constexpr double kStopShare = 0.15;
constexpr std::uint32_t kTop = 0xffffffff;  // the parent of a top node
constexpr std::size_t kCountyCode = 6;      // digits; townships and villages are no nodes

enum class EdgeKind : std::uint8_t { Up, Down, Beside, Posting };

struct EdgeLabel {
  EdgeKind kind;
  std::uint32_t weight;
};

using Csr = boost::compressed_sparse_row_graph<boost::directedS, boost::no_property, EdgeLabel,
                                               boost::no_property, std::uint32_t, std::uint32_t>;

struct Edge {
  std::uint32_t from;
  std::uint32_t to;
  EdgeLabel label;
};

/// How often an expert's text has a term.
struct Frequency {
  std::uint32_t term;
  std::uint32_t count;
};

}  // namespace

struct TalentGraph::Parts {
  Parts(std::span<const Expert> experts, const CodeBook& codes, const RegionMap& regions) {
    add_tree(NodeKind::Discipline, codes.terms("discipline"));
    add_tree(NodeKind::Industry, codes.terms("industry"));
    link_parents();
    add_neighbours(regions);
    const auto texts = read_texts(experts);
    first_expert = static_cast<std::uint32_t>(codes_of.size());
    for (std::uint32_t expert = 0; expert < experts.size(); ++expert) {
      add_tree_postings(NodeKind::Discipline, experts[expert].disciplines, expert);
      add_tree_postings(NodeKind::Industry, {&experts[expert].industry, 1}, expert);
    }
    add_term_postings(texts);
    build(first_expert + static_cast<std::uint32_t>(experts.size()));
  }

  std::uint32_t node(NodeKind kind, std::string_view code) {
    const auto next = static_cast<std::uint32_t>(codes_of.size());
    const auto [found, added] = index[slot(kind)].try_emplace(std::string(code), next);
    if (added) codes_of.push_back(found->first);
    return found->second;
  }

  static std::size_t slot(NodeKind kind) { return static_cast<std::size_t>(kind); }

  /// Every term, and its edges up and down.
  void add_tree(NodeKind kind, std::span<const Term* const> terms) {
    for (const Term* term : terms) {
      const std::uint32_t child = node(kind, term->code);
      if (term->parent.empty()) continue;
      const std::uint32_t parent = node(kind, term->parent);
      edges.push_back({child, parent, {EdgeKind::Up, 0}});
      edges.push_back({parent, child, {EdgeKind::Down, 0}});
    }
  }

  void add_neighbours(const RegionMap& regions) {
    for (const std::string& a : regions.counties()) {
      for (const std::string& b : regions.counties()) {
        if (regions.hops(a, b) != 1) continue;
        edges.push_back(
            {node(NodeKind::County, a), node(NodeKind::County, b), {EdgeKind::Beside, 0}});
      }
    }
  }

  /// An expert posts to each own node and to the ancestors, with the fewest steps in between.
  void add_tree_postings(NodeKind kind, std::span<const std::string> own, std::uint32_t expert) {
    std::map<std::uint32_t, std::uint32_t> fewest;
    for (const std::string& code : own) {
      const auto found = index[slot(kind)].find(code);
      if (found == index[slot(kind)].end()) continue;
      std::uint32_t steps = 0;
      for (const std::uint32_t at : ancestors(found->second)) {
        const auto known = fewest.try_emplace(at, steps).first;
        known->second = std::min(known->second, steps++);
      }
    }
    for (const auto& [at, steps] : fewest) {
      edges.push_back({at, first_expert + expert, {EdgeKind::Posting, steps}});
    }
  }

  void link_parents() {
    parent_of.assign(codes_of.size(), kTop);
    for (const Edge& edge : edges) {
      if (edge.label.kind == EdgeKind::Up) parent_of[edge.from] = edge.to;
    }
  }

  /// The tree node `at` and its ancestors.
  std::vector<std::uint32_t> ancestors(std::uint32_t at) const {
    std::vector<std::uint32_t> chain;
    for (; at != kTop; at = parent_of[at]) chain.push_back(at);
    return chain;
  }

  std::vector<std::vector<Frequency>> read_texts(std::span<const Expert> experts) {
    std::vector<std::vector<Frequency>> texts(experts.size());
    for (std::size_t expert = 0; expert < experts.size(); ++expert) {
      std::vector<std::uint32_t> terms;
      for (const std::string& term : terms_of(experts[expert].text)) {
        terms.push_back(node(NodeKind::Term, term));
      }
      std::sort(terms.begin(), terms.end());
      for (const std::uint32_t term : terms) {
        if (texts[expert].empty() || texts[expert].back().term != term) {
          texts[expert].push_back({term, 0});
        }
        ++texts[expert].back().count;
      }
    }
    return texts;
  }

  void add_term_postings(const std::vector<std::vector<Frequency>>& texts) {
    std::vector<std::uint32_t> document_count(codes_of.size(), 0);
    double length_sum = 0;
    std::vector<double> length(texts.size(), 0);
    for (std::size_t expert = 0; expert < texts.size(); ++expert) {
      for (const auto& [term, count] : texts[expert]) {
        ++document_count[term];
        length[expert] += count;
      }
      length_sum += length[expert];
    }
    const double mean_length = std::max(1.0, length_sum / static_cast<double>(texts.size()));
    const double experts = static_cast<double>(texts.size());
    idf.assign(codes_of.size(), 0);
    for (std::size_t term = 0; term < codes_of.size(); ++term) {
      const double with = document_count[term];
      if (with == 0 || (with > 3 && with > kStopShare * experts)) continue;
      idf[term] = std::log(1 + (experts - with + 0.5) / (with + 0.5)) *
                  (is_single(codes_of[term]) ? kSingleWeight : 1.0);
    }
    for (std::uint32_t expert = 0; expert < texts.size(); ++expert) {
      const double norm =
          kSaturation * (1 - kLengthNorm + kLengthNorm * length[expert] / mean_length);
      for (const auto& [term, count] : texts[expert]) {
        const double impact = idf[term] * count * (kSaturation + 1) / (count + norm);
        const auto weight = static_cast<std::uint32_t>(std::lround(kImpact * impact));
        if (weight > 0) {
          edges.push_back({term, first_expert + expert, {EdgeKind::Posting, weight}});
        }
      }
    }
  }

  void build(std::uint32_t vertices) {
    std::sort(edges.begin(), edges.end(), [](const Edge& a, const Edge& b) {
      return std::pair(a.from, a.to) < std::pair(b.from, b.to);
    });
    std::vector<std::pair<std::uint32_t, std::uint32_t>> ends;
    std::vector<EdgeLabel> labels;
    ends.reserve(edges.size());
    labels.reserve(edges.size());
    for (const Edge& edge : edges) {
      ends.emplace_back(edge.from, edge.to);
      labels.push_back(edge.label);
    }
    edges = {};
    graph = Csr(boost::edges_are_sorted, ends.begin(), ends.end(), labels.begin(), vertices,
                static_cast<std::uint32_t>(ends.size()));
  }

  /// The edges of a node that lead to experts: its last ones, as experts are numbered last.
  auto postings(Node node) const {
    auto [begin, end] = boost::out_edges(node.index, graph);
    const auto first = std::partition_point(
        begin, end, [&](const auto& edge) { return boost::target(edge, graph) < first_expert; });
    return std::pair(first, end);
  }

  std::array<std::unordered_map<std::string, std::uint32_t>, 4> index;  // by NodeKind
  std::vector<std::string> codes_of;                                    // of each node
  std::vector<std::uint32_t> parent_of;                                 // of each tree node
  std::vector<double> idf;  // of each node; 0 where it is no term
  std::vector<Edge> edges;  // until build()
  std::uint32_t first_expert = 0;
  Csr graph;
};

TalentGraph::TalentGraph(std::span<const Expert> experts, const CodeBook& codes,
                         const RegionMap& regions)
    : parts_(std::make_unique<Parts>(experts, codes, regions)) {}

TalentGraph::~TalentGraph() = default;
TalentGraph::TalentGraph(TalentGraph&&) noexcept = default;
TalentGraph& TalentGraph::operator=(TalentGraph&&) noexcept = default;

std::optional<Node> TalentGraph::find(NodeKind kind, std::string_view code) const {
  const auto& index = parts_->index[Parts::slot(kind)];
  const auto found = index.find(std::string(code));
  if (found == index.end()) return std::nullopt;
  return Node{found->second};
}

const std::string& TalentGraph::code(Node node) const {
  return parts_->codes_of[node.index];
}

std::vector<Node> TalentGraph::chain(Node node) const {
  std::vector<Node> chain;
  for (const std::uint32_t at : parts_->ancestors(node.index)) chain.push_back({at});
  return chain;
}

std::vector<Node> TalentGraph::path(Node from, Node to, std::size_t limit) const {
  // Breadth first from the end, so that the steps come out in order. The graph has every edge of
  // trees and neighbours in both directions.
  struct Step {
    std::uint32_t next;
    std::size_t distance;
  };
  std::unordered_map<std::uint32_t, Step> seen{{to.index, {to.index, 0}}};
  std::deque<std::uint32_t> queue{to.index};
  while (!queue.empty() && !seen.contains(from.index)) {
    const std::uint32_t at = queue.front();
    queue.pop_front();
    const std::size_t distance = seen.at(at).distance + 1;
    if (distance > limit) break;
    for (auto [edge, end] = boost::out_edges(at, parts_->graph); edge != end; ++edge) {
      const std::uint32_t other = boost::target(*edge, parts_->graph);
      if (other >= parts_->first_expert) break;
      if (seen.try_emplace(other, Step{at, distance}).second) queue.push_back(other);
    }
  }
  std::vector<Node> steps;
  if (!seen.contains(from.index)) return steps;
  for (std::uint32_t at = from.index; at != to.index; at = seen.at(at).next) steps.push_back({at});
  steps.push_back(to);
  return steps;
}

void TalentGraph::append_postings(Node node, std::vector<Posting>& out) const {
  for (auto [edge, end] = parts_->postings(node); edge != end; ++edge) {
    out.push_back(
        {boost::target(*edge, parts_->graph) - parts_->first_expert, parts_->graph[*edge].weight});
  }
}

std::optional<std::uint32_t> TalentGraph::weight(Node node, std::uint32_t expert) const {
  const std::uint32_t target = parts_->first_expert + expert;
  const auto [begin, end] = parts_->postings(node);
  const auto found = std::partition_point(
      begin, end, [&](const auto& edge) { return boost::target(edge, parts_->graph) < target; });
  if (found == end || boost::target(*found, parts_->graph) != target) return std::nullopt;
  return parts_->graph[*found].weight;
}

std::uint32_t TalentGraph::idf(Node term) const {
  return static_cast<std::uint32_t>(std::lround(kImpact * parts_->idf[term.index]));
}

}  // namespace chucai::matcher
