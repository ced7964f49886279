// The typed graph behind a ranking, on Boost's compressed sparse rows. Nodes: disciplines and
// industries (trees, with a bridge between them), counties (joined to their neighbours), research
// terms as phrases, works, experts. Edges carry a kind, a weight and a year. Between two nodes they
// lead to the path that explains why they are near, and along a walk from the best matches to
// people that share no word with the need but a work, a phrase or a field with those who do. The
// words of texts, most of all edges, stand packed in text_index.h.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "matcher/pool.h"
#include "registry/domain/code_book.h"
#include "registry/domain/region_map.h"

namespace chucai::matcher {

enum class NodeKind : std::uint8_t { Discipline, Industry, County, Phrase, Work, Expert };

/// One node, valid for the graph that gave it.
struct Node {
  std::uint32_t index = 0;

  auto operator<=>(const Node&) const = default;
};
inline constexpr Node kNoNode{0xffffffff};

/// Where a walk starts, with its share of all starts.
struct Seed {
  Node node;
  double mass = 0;
};

/// What a walk found: `reached[n]` belongs to node n, 0 for most.
struct Walk {
  explicit Walk(std::size_t nodes) : reached(nodes, 0), residual(nodes, 0) {}

  std::vector<double> reached;
  std::vector<double> residual;
  std::vector<std::uint32_t> touched;  ///< nodes with a reach or a residual
  std::vector<std::uint32_t> queue;

  void clear();
};

class TalentGraph {
 public:
  /// Weight of a bridge between a discipline and an industry that was checked by hand.
  static constexpr std::uint32_t kBridge = 1000;

  /// Builds the trees of `codes` and the edges of `experts` and of their works. A work counts for
  /// those of its authors that are experts. O(edges log edges).
  TalentGraph(std::span<const Expert> experts, std::span<const WrittenWork> works,
              const CodeBook& codes, const RegionMap& regions);
  ~TalentGraph();
  TalentGraph(TalentGraph&&) noexcept;
  TalentGraph& operator=(TalentGraph&&) noexcept;

  std::size_t nodes() const;
  std::size_t works() const;
  /// Nodes of trees come first: every discipline and industry is below this.
  std::size_t tree_nodes() const;

  /// The node of a code or phrase; nullopt when there is none.
  std::optional<Node> find(NodeKind kind, std::string_view code) const;
  /// The nodes of an expert (index into the pool) and of a work.
  Node expert(std::uint32_t expert) const;
  Node work(std::uint32_t work) const;
  NodeKind kind(Node node) const;
  /// The code, phrase or title of a node; empty for an expert.
  const std::string& code(Node node) const;
  /// A node of a tree and its ancestors, nearest first.
  std::vector<Node> chain(Node node) const;
  /// A node of a tree and all below it, with the steps down.
  std::vector<std::pair<Node, std::uint32_t>> subtree(Node node) const;
  /// The other ends of the bridges of a discipline or an industry, with their weights.
  std::vector<std::pair<Node, std::uint32_t>> bridged(Node node) const;
  /// The shortest way from `from` to `to` along tree and neighbour edges, both ends included; empty
  /// when there is none of at most `limit` edges.
  std::vector<Node> path(Node from, Node to, std::size_t limit) const;

  /// Personalised PageRank from `seeds` (masses that add up to 1) over works, phrases, fields and
  /// services, by forward push (Andersen, Chung, Lang 2006): whatever residual is left on a node
  /// stays below a threshold for each of its edges, which bounds both the error and the cost.
  void walk(std::span<const Seed> seeds, Walk& walk) const;
  /// The neighbour from which an expert was reached most; kNoNode when by none.
  Node strongest_neighbour(std::uint32_t expert, const Walk& walk) const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace chucai::matcher
