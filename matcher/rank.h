// Who suits a need, and why. Hard rules first (rules.h); then a score of 0..10000 that is the sum
// of seven parts, each with a stated reason:
//
//   discipline 3600   distance in the discipline tree of GB/T 13745
//   text       3000   BM25 of the need's words against research terms and field names
//   region      900   counties between the two on the neighbour graph; all of it for remote needs
//   industry    700   distance in the industry tree of GB/T 4754
//   record      700   earlier services: how many, how they were judged, whether in this field
//   title       600   the higher the grade the better, above the floor
//   service     500   mode, days and language known to fit
//
// A need without a discipline code is placed by the names of disciplines in its text.
// The best are found through the graph's postings: experts are scored in the order of what they
// share with the need, until what is left could not enter the list whatever its other parts.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "matcher/graph.h"
#include "matcher/pool.h"
#include "matcher/rules.h"
#include "registry/domain/result.h"

namespace chucai::matcher {

enum class Part : std::uint8_t { Discipline, Text, Industry, Region, Title, Record, Service };
inline constexpr std::size_t kParts = 7;
inline constexpr int kTopScore = 10000;

/// "discipline", "text" ...: the code of a part outside, and the tail of its wording's key.
std::string_view part_code(Part part);
/// The most points that a part can give; they add up to kTopScore.
int part_limit(Part part);

/// Why a part has its points: a key of messages.csv and what fills it (codes' names, numbers, words
/// of the need itself; never personal data).
using Reason = Problem;

/// One expert of a ranking. `points[p]` belongs to Part p; they add up to `score`.
struct Ranked {
  PersonId person;
  std::uint32_t expert = 0;  ///< index into the pool
  int score = 0;
  std::array<int, kParts> points{};
};

struct Ranking {
  std::vector<Ranked> best;    ///< by score, then person id
  std::uint32_t eligible = 0;  ///< experts that no rule excludes
  RuleCounts excluded{};       ///< by the first rule that fails
};

/// Why somebody is not among the best.
struct WhyNot {
  PersonId person;
  std::optional<Rule> rule;  ///< the first that excludes; else the score decided
  std::optional<Ranked> standing;
  /// Points short of the last of the list; 0 or less when in the list.
  int gap = 0;
  /// Those just ahead, nearest first: whom to compare with.
  std::vector<Ranked> closest;
};

/// A need that suits an expert.
struct SuitedNeed {
  std::size_t need = 0;  ///< index into the needs given
  Ranked match;
};

/// Ranks one pool of experts. Read-only once built; any number of threads may ask.
class Ranker {
 public:
  /// `codes` and `regions` must outlive the ranker. Cost: see TalentGraph.
  Ranker(std::vector<Expert> experts, const CodeBook& codes, const RegionMap& regions);

  const std::vector<Expert>& experts() const { return experts_; }
  const Rules& rules() const { return rules_; }
  /// Index of a person in the pool; nullopt for one who is no expert.
  std::optional<std::uint32_t> find(PersonId person) const;

  /// The best `k` for a need, with the count of those excluded.
  Ranking rank(const NeedView& need, std::size_t k) const;
  /// The same list without the count: what a plan asks for every need.
  std::vector<Ranked> best(const NeedView& need, std::size_t k) const;
  /// The same count without the list.
  RuleCounts excluded(const NeedView& need) const;
  /// The expert's standing for the need; nullopt when a rule excludes.
  std::optional<Ranked> evaluate(const NeedView& need, std::uint32_t expert) const;
  /// The reasons of a standing, for each part that has something to say (matcher/reasons.cpp).
  std::vector<Reason> reasons(const NeedView& need, const Ranked& ranked) const;
  /// Why `person` is not among the best `k`, with up to `compared` of those just ahead.
  /// Errors: NotFound `match.person.no_expert`.
  Result<WhyNot> why_not(const NeedView& need, PersonId person, std::size_t k,
                         std::size_t compared) const;
  /// The best `k` of `needs` for an expert, by score, then order.
  std::vector<SuitedNeed> needs_for(std::uint32_t expert, std::span<const NeedView> needs,
                                    std::size_t k) const;

 private:
  struct Query;
  struct Evidence;

  Query prepare(const NeedView& need) const;
  std::vector<std::string> disciplines_named_in(std::string_view text) const;
  std::vector<Evidence> gather(const Query& query) const;
  Evidence evidence(const Query& query, std::uint32_t expert) const;
  Ranked score(const Query& query, std::uint32_t expert, const Evidence& evidence) const;
  std::vector<Ranked> best(const Query& query, std::size_t k) const;
  /// Indices of `points` (0..kTopScore), the highest first, equal ones by index. O(points).
  static std::vector<std::uint32_t> strongest_first(const std::vector<int>& points);
  int region_points(const NeedView& need, const std::string& region) const;
  void add_field_reasons(const NeedView& need, const Expert& expert, const Ranked& ranked,
                         std::vector<Reason>& reasons) const;
  void add_text_reasons(const NeedView& need, const Expert& expert, const Ranked& ranked,
                        std::vector<Reason>& reasons) const;
  void add_region_reasons(const NeedView& need, const Expert& expert,
                          std::vector<Reason>& reasons) const;
  void add_person_reasons(const NeedView& need, const Expert& expert,
                          std::vector<Reason>& reasons) const;

  std::vector<Expert> experts_;
  const CodeBook* codes_;
  const RegionMap* regions_;
  TalentGraph graph_;
  Rules rules_;
  std::unordered_map<std::int64_t, std::uint32_t> index_;
  std::vector<std::string> regions_seen_;  // each region of an expert once
  std::vector<std::uint32_t> region_of_;   // of each expert, place in regions_seen_
  std::unordered_map<std::string, std::vector<std::string>> discipline_names_;  // folded -> codes
  std::size_t longest_name_ = 0;                                                // code points
};

}  // namespace chucai::matcher
