#include "matcher/graph.h"

#include <algorithm>
#include <array>
#include <boost/graph/compressed_sparse_row_graph.hpp>
#include <deque>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "matcher/parts.h"

namespace chucai::matcher {
namespace {

// The walk: how often it starts again, and the residual left on a node for each of its edges.
constexpr double kRestart = 0.15;
constexpr double kResidual = 1e-4;
constexpr std::uint32_t kTop = 0xffffffff;  // the parent of a top node

enum class EdgeKind : std::uint8_t { Up, Down, Beside, Bridge, Shares, Served };

struct EdgeLabel {
  std::uint32_t weight;
  std::int16_t year;
  EdgeKind kind;
};

using Csr = boost::compressed_sparse_row_graph<boost::directedS, boost::no_property, EdgeLabel,
                                               boost::no_property, std::uint32_t, std::uint32_t>;

struct Edge {
  std::uint32_t from;
  std::uint32_t to;
  EdgeLabel label;
};

}  // namespace

struct TalentGraph::Parts {
  Parts(std::span<const Expert> experts, std::span<const WrittenWork> works, const CodeBook& codes,
        const RegionMap& regions) {
    add_tree(NodeKind::Discipline, codes.terms("discipline"));
    add_tree(NodeKind::Industry, codes.terms("industry"));
    tree_nodes = static_cast<std::uint32_t>(codes_of.size());
    link_parents();
    add_bridges(codes.terms("discipline_industry"));
    add_neighbours(regions);
    first_phrase = static_cast<std::uint32_t>(codes_of.size());
    for (const Expert& expert : experts) {
      for (const std::string& phrase : expert.research) node(NodeKind::Phrase, phrase);
    }
    first_work = static_cast<std::uint32_t>(codes_of.size());
    for (const WrittenWork& work : works) codes_of.push_back(work.title);
    first_expert = static_cast<std::uint32_t>(codes_of.size());
    for (std::uint32_t expert = 0; expert < experts.size(); ++expert) {
      expert_of.emplace(experts[expert].id.value, expert);
      add_evidence(experts[expert], expert);
    }
    for (std::uint32_t work = 0; work < works.size(); ++work) add_authors(works[work], work);
    vertices = first_expert + static_cast<std::uint32_t>(experts.size());
    build();
  }

  std::uint32_t node(NodeKind kind, std::string_view code) {
    const auto next = static_cast<std::uint32_t>(codes_of.size());
    const auto [found, added] = index[slot(kind)].try_emplace(std::string(code), next);
    if (added) codes_of.push_back(found->first);
    return found->second;
  }

  std::optional<std::uint32_t> known(NodeKind kind, std::string_view code) const {
    const auto found = index[slot(kind)].find(std::string(code));
    if (found == index[slot(kind)].end()) return std::nullopt;
    return found->second;
  }

  static std::size_t slot(NodeKind kind) { return static_cast<std::size_t>(kind); }

  void join(std::uint32_t a, std::uint32_t b, EdgeLabel label) {
    edges.push_back({a, b, label});
    edges.push_back({b, a, label});
  }

  /// Every term, and its edges up and down.
  void add_tree(NodeKind kind, std::span<const Term* const> terms) {
    for (const Term* term : terms) {
      const std::uint32_t child = node(kind, term->code);
      if (term->parent.empty()) continue;
      const std::uint32_t parent = node(kind, term->parent);
      edges.push_back({child, parent, {0, 0, EdgeKind::Up}});
      edges.push_back({parent, child, {0, 0, EdgeKind::Down}});
    }
  }

  void add_bridges(std::span<const Term* const> rows) {
    for (const Term* row : rows) {
      const auto discipline = known(NodeKind::Discipline, flag_value(*row, "discipline"));
      const auto industry = known(NodeKind::Industry, flag_value(*row, "industry"));
      if (!discipline || !industry) continue;
      const std::uint32_t weight = row->has("hand") ? kBridge : kBridge / 2;
      join(*discipline, *industry, {weight, 0, EdgeKind::Bridge});
    }
  }

  void add_neighbours(const RegionMap& regions) {
    for (const std::string& a : regions.counties()) {
      for (const std::string& b : regions.counties()) {
        if (regions.hops(a, b) != 1) continue;
        edges.push_back(
            {node(NodeKind::County, a), node(NodeKind::County, b), {0, 0, EdgeKind::Beside}});
      }
    }
  }

  /// The edges that a walk takes: own fields, phrases and fields served.
  void add_evidence(const Expert& expert, std::uint32_t number) {
    const std::uint32_t self = first_expert + number;
    for (const std::string& code : expert.disciplines) {
      if (const auto field = known(NodeKind::Discipline, code)) {
        join(self, *field, {0, 0, EdgeKind::Shares});
      }
    }
    for (const std::string& phrase : expert.research) {
      join(self, node(NodeKind::Phrase, phrase), {0, 0, EdgeKind::Shares});
    }
    for (const PastService& past : expert.past) {
      const bool good = past.outcome == Outcome::Completed || past.outcome == Outcome::Satisfied;
      const auto field = known(NodeKind::Discipline, past.discipline);
      if (!good || !field) continue;
      join(self, *field, {0, static_cast<std::int16_t>(past.year), EdgeKind::Served});
    }
  }

  void add_authors(const WrittenWork& work, std::uint32_t number) {
    for (const PersonId author : work.authors) {
      const auto found = expert_of.find(author.value);
      if (found == expert_of.end()) continue;
      join(first_work + number, first_expert + found->second,
           {0, static_cast<std::int16_t>(work.year), EdgeKind::Shares});
    }
  }

  void link_parents() {
    parent_of.assign(codes_of.size(), kTop);
    children_of.resize(codes_of.size());
    for (const Edge& edge : edges) {
      if (edge.label.kind != EdgeKind::Up) continue;
      parent_of[edge.from] = edge.to;
      children_of[edge.to].push_back(edge.from);
    }
  }

  /// The tree node `at` and its ancestors.
  std::vector<std::uint32_t> ancestors(std::uint32_t at) const {
    std::vector<std::uint32_t> chain;
    for (; at != kTop; at = parent_of[at]) chain.push_back(at);
    return chain;
  }

  static bool is_walked(const EdgeLabel& label) {
    return label.kind == EdgeKind::Shares || label.kind == EdgeKind::Served;
  }

  void build() {
    std::sort(edges.begin(), edges.end(), [](const Edge& a, const Edge& b) {
      return std::tuple(a.from, a.to, a.label.kind) < std::tuple(b.from, b.to, b.label.kind);
    });
    walked.assign(vertices, 0);
    std::vector<std::pair<std::uint32_t, std::uint32_t>> ends;
    std::vector<EdgeLabel> labels;
    ends.reserve(edges.size());
    labels.reserve(edges.size());
    for (const Edge& edge : edges) {
      ends.emplace_back(edge.from, edge.to);
      labels.push_back(edge.label);
      walked[edge.from] += is_walked(edge.label) ? 1 : 0;
    }
    edges = {};
    graph = Csr(boost::edges_are_sorted, ends.begin(), ends.end(), labels.begin(), vertices,
                static_cast<std::uint32_t>(ends.size()));
  }

  /// The edges of a node that lead to nodes from `first` on, as ends are in order.
  auto edges_from(Node node, std::uint32_t first) const {
    auto [begin, end] = boost::out_edges(node.index, graph);
    const auto found = std::partition_point(
        begin, end, [&](const auto& edge) { return boost::target(edge, graph) < first; });
    return std::pair(found, end);
  }

  std::array<std::unordered_map<std::string, std::uint32_t>, 4> index;  // by NodeKind
  std::vector<std::string> codes_of;                                    // of each node but experts
  std::vector<std::uint32_t> parent_of;                                 // of each tree node
  std::vector<std::vector<std::uint32_t>> children_of;                  // of each tree node
  std::unordered_map<std::int64_t, std::uint32_t> expert_of;
  std::vector<std::uint32_t> walked;  // edges that a walk takes, of each node
  std::vector<Edge> edges;            // until build()
  // Nodes in this order: trees, counties, phrases, works, experts.
  std::uint32_t tree_nodes = 0;
  std::uint32_t first_phrase = 0;
  std::uint32_t first_work = 0;
  std::uint32_t first_expert = 0;
  std::uint32_t vertices = 0;
  Csr graph;
};

void Walk::clear() {
  for (const std::uint32_t node : touched) reached[node] = residual[node] = 0;
  touched.clear();
  queue.clear();
}

TalentGraph::TalentGraph(std::span<const Expert> experts, std::span<const WrittenWork> works,
                         const CodeBook& codes, const RegionMap& regions)
    : parts_(std::make_unique<Parts>(experts, works, codes, regions)) {}

TalentGraph::~TalentGraph() = default;
TalentGraph::TalentGraph(TalentGraph&&) noexcept = default;
TalentGraph& TalentGraph::operator=(TalentGraph&&) noexcept = default;

std::size_t TalentGraph::nodes() const {
  return parts_->vertices;
}

std::size_t TalentGraph::works() const {
  return parts_->first_expert - parts_->first_work;
}

std::size_t TalentGraph::tree_nodes() const {
  return parts_->tree_nodes;
}

std::optional<Node> TalentGraph::find(NodeKind kind, std::string_view code) const {
  const auto found = parts_->known(kind, code);
  if (!found) return std::nullopt;
  return Node{*found};
}

Node TalentGraph::expert(std::uint32_t expert) const {
  return {parts_->first_expert + expert};
}

Node TalentGraph::work(std::uint32_t work) const {
  return {parts_->first_work + work};
}

NodeKind TalentGraph::kind(Node node) const {
  if (node.index >= parts_->first_expert) return NodeKind::Expert;
  if (node.index >= parts_->first_work) return NodeKind::Work;
  if (node.index >= parts_->first_phrase) return NodeKind::Phrase;
  if (node.index >= parts_->tree_nodes) return NodeKind::County;
  const auto& disciplines = parts_->index[Parts::slot(NodeKind::Discipline)];
  return node.index < disciplines.size() ? NodeKind::Discipline : NodeKind::Industry;
}

const std::string& TalentGraph::code(Node node) const {
  static const std::string kNone;
  return node.index < parts_->codes_of.size() ? parts_->codes_of[node.index] : kNone;
}

std::vector<Node> TalentGraph::chain(Node node) const {
  std::vector<Node> chain;
  for (const std::uint32_t at : parts_->ancestors(node.index)) chain.push_back({at});
  return chain;
}

std::vector<std::pair<Node, std::uint32_t>> TalentGraph::subtree(Node node) const {
  std::vector<std::pair<Node, std::uint32_t>> below = {{node, 0}};
  for (std::size_t at = 0; at < below.size(); ++at) {
    const auto [parent, steps] = below[at];
    for (const std::uint32_t child : parts_->children_of[parent.index]) {
      below.push_back({{child}, steps + 1});
    }
  }
  return below;
}

std::vector<std::pair<Node, std::uint32_t>> TalentGraph::bridged(Node node) const {
  std::vector<std::pair<Node, std::uint32_t>> ends;
  for (auto [edge, end] = boost::out_edges(node.index, parts_->graph); edge != end; ++edge) {
    const std::uint32_t other = boost::target(*edge, parts_->graph);
    if (other >= parts_->tree_nodes) break;
    const EdgeLabel& label = parts_->graph[*edge];
    if (label.kind == EdgeKind::Bridge) ends.push_back({{other}, label.weight});
  }
  return ends;
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
      if (other >= parts_->first_phrase) break;
      if (parts_->graph[*edge].kind == EdgeKind::Bridge) continue;
      if (seen.try_emplace(other, Step{at, distance}).second) queue.push_back(other);
    }
  }
  std::vector<Node> steps;
  if (!seen.contains(from.index)) return steps;
  for (std::uint32_t at = from.index; at != to.index; at = seen.at(at).next) steps.push_back({at});
  steps.push_back(to);
  return steps;
}

void TalentGraph::walk(std::span<const Seed> seeds, Walk& walk) const {
  const Parts& p = *parts_;
  const auto give = [&](std::uint32_t node, double mass) {
    if (walk.residual[node] == 0 && walk.reached[node] == 0) walk.touched.push_back(node);
    const double threshold = kResidual * std::max(1u, p.walked[node]);
    const bool waits = walk.residual[node] >= threshold;
    walk.residual[node] += mass;
    if (!waits && walk.residual[node] >= threshold) walk.queue.push_back(node);
  };
  for (const Seed& seed : seeds) give(seed.node.index, seed.mass);
  for (std::size_t next = 0; next < walk.queue.size(); ++next) {
    const std::uint32_t node = walk.queue[next];
    const double mass = std::exchange(walk.residual[node], 0);
    const std::uint32_t degree = p.walked[node];
    walk.reached[node] += degree == 0 ? mass : kRestart * mass;
    if (degree == 0) continue;
    const double share = (1 - kRestart) * mass / degree;
    const std::uint32_t first = node < p.first_phrase ? p.first_expert : 0;
    for (auto [edge, end] = p.edges_from({node}, first); edge != end; ++edge) {
      if (Parts::is_walked(p.graph[*edge])) give(boost::target(*edge, p.graph), share);
    }
  }
}

Node TalentGraph::strongest_neighbour(std::uint32_t expert, const Walk& walk) const {
  Node strongest = kNoNode;
  double most = 0;
  const std::uint32_t self = parts_->first_expert + expert;
  for (auto [edge, end] = boost::out_edges(self, parts_->graph); edge != end; ++edge) {
    const std::uint32_t other = boost::target(*edge, parts_->graph);
    const double sent = walk.reached[other] / std::max(1u, parts_->walked[other]);
    if (sent <= most) continue;
    most = sent;
    strongest = {other};
  }
  return strongest;
}

}  // namespace chucai::matcher
