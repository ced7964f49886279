// Who suits a need, and why. Hard rules first (rules.h); then a score of 0..10000 that is the sum
// of ten parts (parts.h), whole points each, with a stated reason. What a part is worth depends on
// the kind of need and is data (registry/codes/match_weights.csv).
//
// A need without a discipline is placed by the names of disciplines in its text, else over the
// bridge from its industry. The best are found without scoring everybody: experts lie in the order
// of their disciplines, so that those of a field are one range of every posting; the nearest field
// sets the bar, and a range or a posting is read only as far as somebody in it could pass the bar
// whatever the other parts. The list is exactly that of scan(), which scores everybody.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "matcher/graph.h"
#include "matcher/parts.h"
#include "matcher/pool.h"
#include "matcher/rules.h"
#include "matcher/text_index.h"
#include "registry/domain/result.h"

namespace chucai::matcher {

/// Why a part has its points: a key of messages.csv, the part's code as where, and what fills it
/// (codes' names, numbers, words of the need itself, titles of works; never personal data).
using Reason = Problem;

/// One expert of a ranking. `points[p]` belongs to Part p; they add up to `score`.
struct Ranked {
  PersonId person;
  std::uint32_t expert = 0;  ///< index into the pool
  int score = 0;
  std::array<int, kParts> points{};
  Node via = kNoNode;  ///< the node from which a walk reached the expert most
};

struct Ranking {
  std::vector<Ranked> best;    ///< by score, then person id
  std::uint32_t eligible = 0;  ///< experts that no rule excludes
  RuleCounts excluded{};       ///< by the first rule that fails
};

/// Points that a part of one standing lacks to another's.
struct PartGap {
  Part part;
  int points = 0;
};

/// Why somebody is not among the best.
struct WhyNot {
  PersonId person;
  std::optional<Rule> rule;  ///< the first that excludes; else the score decided
  std::optional<Ranked> standing;
  /// Points short of the last of the list; 0 or less when in the list.
  int gap = 0;
  /// What would close the gap: parts in which the last of the list is ahead, the widest first, as
  /// many as are needed.
  std::vector<PartGap> closing;
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
  /// Keeps the experts in order of their first discipline, then person, so that the order of
  /// loading is irrelevant. `codes` and `regions` must outlive the ranker. O(text).
  Ranker(std::vector<Expert> experts, const CodeBook& codes, const RegionMap& regions,
         std::vector<WrittenWork> works = {});
  ~Ranker();
  Ranker(Ranker&&) noexcept;
  Ranker& operator=(Ranker&&) noexcept;

  const std::vector<Expert>& experts() const { return experts_; }
  const Rules& rules() const { return rules_; }
  /// The most points of each part for a kind of need.
  const Weights& weights(Setting setting) const {
    return weights_[static_cast<std::size_t>(setting)];
  }
  /// Index of a person in experts(); nullopt for one who is no expert.
  std::optional<std::uint32_t> find(PersonId person) const;

  /// The best `k` for a need, with the count of those excluded.
  Ranking rank(const NeedView& need, std::size_t k) const;
  /// The same list without the count: what a plan asks for every need.
  std::vector<Ranked> best(const NeedView& need, std::size_t k) const;
  /// The same list with weights of one's own (they say what a part is worth without the others).
  std::vector<Ranked> best(const NeedView& need, std::size_t k, const Weights& weights) const;
  /// The same list by scoring everybody: the oracle of tests and the bar of benchmarks.
  std::vector<Ranked> scan(const NeedView& need, std::size_t k, const Weights& weights) const;
  /// The same count without the list.
  RuleCounts excluded(const NeedView& need) const;
  /// The expert's standing for the need; nullopt when a rule excludes. Costs a whole ranking.
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
  struct Field;
  struct Query;
  struct Scratch;
  class ScratchPool;
  class TopList;
  /// What of an expert is the same for every need, packed.
  struct Card {
    std::uint32_t fields_begin;  // in fields_: nodes of the expert's disciplines
    std::uint32_t fields_end;
    std::uint32_t industry;  // node; kNoNode.index when unknown
    std::uint32_t region;    // index into places_
    std::uint32_t home;      // the same of the native place
    std::int16_t record;     // share before what concerns the need
    std::int16_t rural;      // share for a village's need
    std::int16_t freshness;  // share
    std::uint8_t title_grade;
    Education education;
    std::uint8_t modes;
    bool speaks;    // some language is known
    bool has_past;  // has served before
    int last_year;  // of a service or a work; 0 unknown
  };

  struct Place {
    std::string county;
    std::string unit;
    bool known;
  };

  /// What one region is to each of places_, in thousandths.
  struct Outlook {
    std::vector<std::uint16_t> closeness;
    std::vector<std::uint16_t> home_ties;
  };

  // Construction.
  void fill_cards(std::span<const WrittenWork> works);
  void fill_members();
  void fill_outlooks();
  void fill_names();
  std::uint32_t region_number(const std::string& region);
  Outlook outlook(const std::string& county, const std::string& unit) const;

  // Preparing a need (matcher/query.cpp).
  Query prepare(const NeedView& need, const Weights& weights) const;
  void place_fields(const NeedView& need, Query& query) const;
  void place_industry(const NeedView& need, Query& query) const;
  void place_words(const NeedView& need, Query& query) const;
  void place_region(const NeedView& need, Query& query) const;
  static void fill_titles(Query& query);
  std::vector<std::string> disciplines_named_in(std::string_view text) const;

  // Finding the best (matcher/search.cpp).
  void gather(Query& query, Scratch& scratch) const;
  std::vector<Seed> seeds(const Query& query, Scratch& scratch) const;
  std::vector<Ranked> best(Query& query, Scratch& scratch, std::size_t k) const;
  void offer(const Query& query, Scratch& scratch, std::uint32_t expert, std::uint64_t impact,
             TopList& list) const;
  void offer_walked(const Query& query, Scratch& scratch, TopList& list) const;
  void offer_range(const Query& query, Scratch& scratch, std::span<const Field> fields,
                   TopList& list) const;
  void offer_fields(const Query& query, Scratch& scratch, TopList& list) const;
  void offer_by_text(const Query& query, Scratch& scratch, TopList& list) const;
  std::uint64_t least_impact(const Query& query, const TopList& list, int nearness) const;

  // Scoring (matcher/score.cpp).
  std::uint64_t impact(const Scratch& scratch, std::uint32_t expert) const;
  void score_evidence(const Query& query, const Scratch& scratch, std::uint32_t expert,
                      std::uint64_t impact, Ranked& ranked) const;
  void score_person(const Query& query, std::uint32_t expert, Ranked& ranked) const;
  Ranked score(const Query& query, const Scratch& scratch, std::uint32_t expert,
               std::uint64_t impact) const;
  int record_share(const Query& query, std::uint32_t expert) const;
  int region_fit(const Query& query, std::uint32_t expert) const;
  int service_fit(const Query& query, std::uint32_t expert) const;

  void add_field_reasons(const NeedView& need, const Expert& expert, const Ranked& ranked,
                         std::vector<Reason>& reasons) const;
  void add_industry_reasons(const NeedView& need, const Expert& expert, const Ranked& ranked,
                            std::vector<Reason>& reasons) const;
  void add_text_reasons(const NeedView& need, const Expert& expert, const Ranked& ranked,
                        std::vector<Reason>& reasons) const;
  void add_graph_reasons(const Ranked& ranked, std::vector<Reason>& reasons) const;
  void add_region_reasons(const NeedView& need, const Expert& expert,
                          std::vector<Reason>& reasons) const;
  void add_record_reasons(const NeedView& need, const Expert& expert,
                          std::vector<Reason>& reasons) const;
  void add_person_reasons(const NeedView& need, const Ranked& ranked,
                          std::vector<Reason>& reasons) const;

  std::vector<Expert> experts_;  // by first discipline, then person
  const CodeBook* codes_;
  const RegionMap* regions_;
  std::array<Weights, kSettings> weights_;
  TextIndex texts_;
  TalentGraph graph_;
  Rules rules_;
  std::unordered_map<std::int64_t, std::uint32_t> index_;
  std::vector<Card> cards_;                       // of each expert
  std::vector<std::uint32_t> fields_;             // see Card
  std::vector<std::uint32_t> first_member_;       // by discipline: begin in experts_
  std::vector<std::vector<std::uint32_t>> also_;  // by discipline: whose further one it is
  std::vector<Place> places_;                     // each region and native place once
  std::unordered_map<std::string, std::uint32_t> region_numbers_;
  std::unordered_map<std::string, Outlook> outlooks_;  // by county, else unit; "" elsewhere
  std::unordered_map<std::string, std::vector<std::string>> discipline_names_;  // folded -> codes
  std::unordered_set<std::string> name_heads_;  // their first kShortestName code points
  std::size_t longest_name_ = 0;                // code points
  std::unique_ptr<ScratchPool> scratch_;
};

}  // namespace chucai::matcher
