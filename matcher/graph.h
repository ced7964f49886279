// The typed graph behind a ranking, on Boost's compressed sparse rows. Nodes: disciplines and
// industries (trees), counties (joined to their neighbours), text terms, experts. From the nodes of
// a need its edges lead to the experts that share them (postings), and between two nodes to the
// path that explains why they are near.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "matcher/pool.h"
#include "registry/domain/code_book.h"
#include "registry/domain/region_map.h"

namespace chucai::matcher {

enum class NodeKind : std::uint8_t { Discipline, Industry, County, Term };

/// One node, valid for the graph that gave it.
struct Node {
  std::uint32_t index = 0;

  auto operator<=>(const Node&) const = default;
};

/// An edge from a node to an expert (index into the pool). `weight`: for trees, the steps up from
/// the expert's own node up to this one; for terms, the impact in units of kImpact.
struct Posting {
  std::uint32_t expert = 0;
  std::uint32_t weight = 0;
};

class TalentGraph {
 public:
  /// One BM25 point is this many units of impact.
  static constexpr std::uint32_t kImpact = 1024;

  /// Builds the trees of `codes` and the postings of `experts`. O(text + codes), about a second for
  /// 100,000 experts.
  TalentGraph(std::span<const Expert> experts, const CodeBook& codes, const RegionMap& regions);
  ~TalentGraph();
  TalentGraph(TalentGraph&&) noexcept;
  TalentGraph& operator=(TalentGraph&&) noexcept;

  /// The node of a code or term; nullopt when there is none.
  std::optional<Node> find(NodeKind kind, std::string_view code) const;
  /// The code or term of a node.
  const std::string& code(Node node) const;
  /// A node of a tree and its ancestors, nearest first.
  std::vector<Node> chain(Node node) const;
  /// The shortest way from `from` to `to` along tree and neighbour edges, both ends included; empty
  /// when there is none of at most `limit` edges.
  std::vector<Node> path(Node from, Node to, std::size_t limit) const;

  /// Appends the postings of a node, by expert. O(postings).
  void append_postings(Node node, std::vector<Posting>& out) const;
  /// The weight of the posting node -> expert, or nullopt. O(log postings).
  std::optional<std::uint32_t> weight(Node node, std::uint32_t expert) const;
  /// What a term is worth to a text of mean length that has it once, in units of kImpact.
  std::uint32_t idf(Node term) const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace chucai::matcher
