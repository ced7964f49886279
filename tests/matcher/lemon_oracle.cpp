#include "tests/matcher/lemon_oracle.h"

#include <lemon/network_simplex.h>
#include <lemon/static_graph.h>

#include <numeric>
#include <stdexcept>
#include <utility>
#include <vector>

namespace chucai::testing {
namespace {

using Graph = lemon::StaticDigraph;
using Simplex = lemon::NetworkSimplex<Graph, int, std::int64_t>;

struct FlowArc {
  int from;
  int to;
  int capacity;
  std::int64_t cost;
};

/// source -> expert -> need -> sink, and source -> need for its empty seats; sorted by source, as
/// StaticDigraph wants them.
std::vector<FlowArc> arcs_of(const matcher::Instance& instance) {
  const int experts = static_cast<int>(instance.experts());
  const int needs = static_cast<int>(instance.needs());
  const int source = experts + needs;
  std::vector<std::uint32_t> at(instance.experts() + 1, 0);
  for (const auto& candidate : instance.candidates) ++at[candidate.expert + 1];
  std::partial_sum(at.begin(), at.end(), at.begin());
  std::vector<FlowArc> arcs(instance.candidates.size());
  for (std::uint32_t need = 0; need < instance.needs(); ++need) {
    for (const auto& [expert, cost] : instance.row(need)) {
      arcs[at[expert]++] = {static_cast<int>(expert), experts + static_cast<int>(need), 1, cost};
    }
  }
  for (int need = 0; need < needs; ++need) {
    const auto n = static_cast<std::size_t>(need);
    arcs.push_back({experts + need, source + 1, static_cast<int>(instance.headcount[n]), 0});
  }
  for (int expert = 0; expert < experts; ++expert) {
    const auto e = static_cast<std::size_t>(expert);
    arcs.push_back({source, expert, static_cast<int>(instance.capacity[e]), 0});
  }
  for (int need = 0; need < needs; ++need) {
    const auto n = static_cast<std::size_t>(need);
    arcs.push_back({source, experts + need, static_cast<int>(instance.headcount[n]),
                    instance.unfilled_cost[n]});
  }
  return arcs;
}

}  // namespace

struct LemonSimplex::Network {
  explicit Network(const matcher::Instance& instance) {
    const auto arcs = arcs_of(instance);
    std::vector<std::pair<int, int>> ends;
    ends.reserve(arcs.size());
    for (const FlowArc& arc : arcs) ends.emplace_back(arc.from, arc.to);
    const int source = static_cast<int>(instance.experts() + instance.needs());
    graph.build(source + 2, ends.begin(), ends.end());
    Graph::ArcMap<int> capacity(graph);
    Graph::ArcMap<std::int64_t> cost(graph);
    for (std::size_t k = 0; k < arcs.size(); ++k) {
      capacity[graph.arc(static_cast<int>(k))] = arcs[k].capacity;
      cost[graph.arc(static_cast<int>(k))] = arcs[k].cost;
    }
    const int seats =
        std::accumulate(instance.headcount.begin(), instance.headcount.end(), 0,
                        [](int sum, std::uint32_t heads) { return sum + static_cast<int>(heads); });
    simplex = std::make_unique<Simplex>(graph);
    simplex->upperMap(capacity).costMap(cost).stSupply(graph.node(source), graph.node(source + 1),
                                                       seats);
  }

  Graph graph;
  std::unique_ptr<Simplex> simplex;
};

LemonSimplex::LemonSimplex(const matcher::Instance& instance)
    : network_(std::make_unique<Network>(instance)) {}

LemonSimplex::~LemonSimplex() = default;

std::int64_t LemonSimplex::solve() {
  if (network_->simplex->run() != Simplex::OPTIMAL) throw std::runtime_error("LEMON: not optimal");
  return network_->simplex->totalCost<std::int64_t>();
}

}  // namespace chucai::testing
