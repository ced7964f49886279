// A need made ready to be scored, and the working memory of one ranking: shared by rank.cpp, which
// finds candidates, and score.cpp, which scores them.
#pragma once

#include <cstdint>
#include <vector>

#include "matcher/rank.h"

namespace chucai::matcher {

/// Shares are in thousandths.
inline constexpr int kWhole = 1000;

/// A discipline near the need's, and how near.
struct Ranker::Field {
  Node node;
  int nearness;
};

struct Ranker::Query {
  /// A word of the need that some expert or work has.
  struct Word {
    Node term;
    std::uint32_t times;  // in the need, at most two
  };
  const NeedView* need;
  Weights weights;
  Rules::Demand demand;
  std::vector<std::string> disciplines;   // stated, else named in the text
  std::vector<std::uint16_t> near_field;  // nearness of each tree node as a discipline
  std::vector<std::uint16_t> near_trade;  // the same as an industry, or over the bridge to it
  std::vector<Field> fields;              // all with a nearness, the nearest first
  std::vector<Node> stated;               // nodes of stated disciplines: where a walk starts too
  std::vector<int> closeness;             // by region, as numbered in regions_seen_
  std::vector<int> home_ties;             // likewise
  std::vector<Word> words;                // rare ones, summed up for everybody
  std::vector<Word> common;               // looked up for those who could enter the list
  std::uint32_t most_of_common = 0;       // impact that no text's common words exceed
  std::uint64_t ideal = 0;                // impact of a text that has each of the words once
  double best_reach = 0;                  // of an expert by the walk

  int limit(Part part) const { return weights[static_cast<std::size_t>(part)]; }
  int points(Part part, int share) const { return limit(part) * share / kWhole; }
  /// The most of the parts that need neither field, text nor walk.
  int without_evidence() const;
  /// The most of the same, industry and common words.
  int without_rare_evidence() const {
    return without_evidence() + limit(Part::Industry) + text_points(most_of_common);
  }
  /// Half of the ideal earns three quarters of the points: long texts of needs have many words that
  /// no text answers, and yet more always counts more.
  int text_points(std::uint64_t impact) const {
    if (ideal == 0) return 0;
    const std::uint64_t capped = std::min(impact, ideal);
    return static_cast<int>(static_cast<std::uint64_t>(limit(Part::Text)) * 3 * capped /
                            (2 * capped + ideal));
  }
  int graph_points(double reach) const {
    return best_reach > 0 ? static_cast<int>(limit(Part::Graph) * (reach / best_reach)) : 0;
  }
};

/// Working memory as large as the graph, cleared by use.
struct Ranker::Scratch {
  explicit Scratch(const TalentGraph& graph, std::size_t experts)
      : text(experts), seen(experts), works(graph.works()), walk(graph.nodes()) {}

  Tally text;             // impact of the need's rare words, by expert
  bool complete = false;  // of all words
  Tally seen;             // experts that were offered to the list
  Tally works;            // impact by work
  Walk walk;

  void clear() {
    text.clear();
    seen.clear();
    works.clear();
    walk.clear();
    complete = false;
  }
};

/// Earlier services, counted.
struct ServiceRecord {
  int completed = 0;
  int satisfied = 0;
  int dissatisfied = 0;
  int terminated = 0;
  int poor_counties = 0;     ///< services in counties on the poverty list
  int same_field_year = -1;  ///< of the last service in a field of the need; 0 undated
  bool again = false;        ///< the unit that asks was satisfied before
};
ServiceRecord record_of(const NeedView& need, const std::vector<std::string>& disciplines,
                        const Expert& expert, const RegionMap& regions);

/// True when the expert has enrolled, or was shortlisted, for the need.
bool has_applied(const NeedView& need, PersonId person);

}  // namespace chucai::matcher
