#include "matcher/graph.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/support/shipped.h"

using namespace chucai;
using namespace chucai::matcher;

namespace {

TalentGraph graph_of(const std::vector<Expert>& experts) {
  return {experts, {}, testing::shipped_book(), testing::shipped_regions()};
}

std::vector<std::string> codes_of(const TalentGraph& graph, const std::vector<Node>& nodes) {
  std::vector<std::string> codes;
  for (const Node node : nodes) codes.push_back(graph.code(node));
  return codes;
}

}  // namespace

TEST_CASE("a path climbs to the common ancestor and down again", "[matcher]") {
  const TalentGraph graph = graph_of({});
  const Node a = graph.find(NodeKind::Discipline, "21040").value();
  const Node b = graph.find(NodeKind::Discipline, "21045").value();
  CHECK(codes_of(graph, graph.chain(a)) == std::vector<std::string>{"21040", "210"});
  CHECK(codes_of(graph, graph.path(a, b, 6)) == std::vector<std::string>{"21040", "210", "21045"});
  CHECK(codes_of(graph, graph.path(a, a, 6)) == std::vector<std::string>{"21040"});
  CHECK(graph.path(a, b, 1).empty());
  CHECK(graph.path(a, graph.find(NodeKind::Discipline, "52020").value(), 6).empty());
}

TEST_CASE("the path between two counties is as long as their distance in hops", "[matcher]") {
  const TalentGraph graph = graph_of({});
  const RegionMap& regions = testing::shipped_regions();
  for (const char* to : {"422801", "420106", "429021"}) {
    const auto path = graph.path(graph.find(NodeKind::County, "422825").value(),
                                 graph.find(NodeKind::County, to).value(), 20);
    CHECK(static_cast<int>(path.size()) == regions.hops("422825", to) + 1);
  }
}

TEST_CASE("a walk reaches who shares a phrase, a work or a field, and nobody else", "[matcher]") {
  std::vector<Expert> experts(5);
  for (std::size_t k = 0; k < experts.size(); ++k) {
    experts[k].id = PersonId{static_cast<std::int64_t>(k + 1)};
  }
  experts[0].research = experts[1].research = {"茶树栽培"};
  experts[0].disciplines = experts[2].disciplines = {"21040"};
  experts[4].research = {"光通信"};
  const std::vector<WrittenWork> works = {{7, {PersonId{1}, PersonId{4}}, "茶饼病防治", "", 2017}};
  const TalentGraph graph(experts, works, testing::shipped_book(), testing::shipped_regions());
  Walk walk(graph.nodes());
  const Seed start{graph.expert(0), 1.0};
  graph.walk({&start, 1}, walk);
  const auto reached = [&](std::uint32_t expert) {
    return walk.reached[graph.expert(expert).index];
  };
  CHECK(reached(0) > reached(1));
  CHECK(reached(1) > 0);
  CHECK(reached(2) > 0);
  CHECK(reached(3) > 0);
  CHECK(reached(4) == 0);
  double total = 0;
  for (const std::uint32_t node : walk.touched) total += walk.reached[node] + walk.residual[node];
  CHECK(total == Approx(1.0));
  CHECK(graph.code(graph.strongest_neighbour(1, walk)) == "茶树栽培");
  CHECK(graph.code(graph.strongest_neighbour(3, walk)) == "茶饼病防治");
  CHECK(graph.strongest_neighbour(4, walk) == kNoNode);
}

TEST_CASE("disciplines and industries are bridged both ways", "[matcher]") {
  const TalentGraph graph = graph_of({});
  const Node field = graph.find(NodeKind::Discipline, "24020").value();
  const Node trade = graph.find(NodeKind::Industry, "0412").value();
  const auto joins = [&](Node from, Node to) {
    const auto ends = graph.bridged(from);
    return std::find(ends.begin(), ends.end(), std::pair(to, TalentGraph::kBridge)) != ends.end();
  };
  CHECK(joins(field, trade));
  CHECK(joins(trade, field));
}
