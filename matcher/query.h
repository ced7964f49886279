// A need made ready to be scored, and the working memory of one ranking: shared by query.cpp, which
// prepares, search.cpp, which finds candidates, and score.cpp, which scores them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "matcher/rank.h"

namespace chucai::matcher {

/// Shares are in thousandths.
inline constexpr int kWhole = 1000;

/// Title grades (0 unknown) and levels of education.
inline constexpr std::size_t kGrades = 6;
inline constexpr std::size_t kEducations = 6;

/// A discipline near the need's, and how near.
struct Ranker::Field {
  Node node;
  int nearness;
};

struct Ranker::Query {
  /// A word of the need that some expert or work has.
  struct Word {
    std::uint32_t term;
    std::uint32_t times;  // in the need, at most two
    std::uint32_t most;   // impact on any expert, times counted
  };
  const NeedView* need;
  Weights weights;
  Rules::Demand demand;
  std::vector<std::string> disciplines;   // stated, else named in the text
  std::vector<std::uint16_t> near_field;  // nearness of each tree node as a discipline
  std::vector<std::uint16_t> near_trade;  // the same as an industry, or over the bridge to it
  int most_trade = 0;                     // the highest of these
  std::vector<Field> fields;              // all with a nearness, the nearest first, then by node
  std::vector<Node> stated;               // nodes of stated disciplines: where a walk starts too
  const Outlook* outlook = nullptr;       // nullptr: own_outlook
  Outlook own_outlook;                    // of a region outside the province
  int even_closeness = 0;                 // of all places, when not 0
  std::vector<Word> words;                // the one with the most impact first
  std::vector<std::uint64_t> most_from;   // impact of all words from this one on, at most
  std::vector<Word> rare_words;           // those that few have: they find where a walk starts
  int title_share[kGrades][kEducations] = {};
  std::uint64_t ideal = 0;  // impact of a text that has each of the words once
  double best_reach = 0;    // of an expert by the walk

  int limit(Part part) const { return weights[static_cast<std::size_t>(part)]; }
  int points(Part part, int share) const { return limit(part) * share / kWhole; }
  /// The most of the parts that need neither field, text, industry nor walk.
  int without_evidence() const;
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

/// Sums by number that remember which are not zero, so that clearing costs only what was used.
class Tally {
 public:
  explicit Tally(std::size_t size) : sums_(size, 0) {}

  void add(std::uint32_t at, std::uint32_t amount) {
    if (sums_[at] == 0) touched_.push_back(at);
    sums_[at] += amount;
  }
  std::uint32_t operator[](std::uint32_t at) const { return sums_[at]; }
  /// Numbers with a sum, in the order in which they came.
  const std::vector<std::uint32_t>& touched() const { return touched_; }
  void clear() {
    for (const std::uint32_t at : touched_) sums_[at] = 0;
    touched_.clear();
  }

 private:
  std::vector<std::uint32_t> sums_;
  std::vector<std::uint32_t> touched_;
};

/// Working memory as large as the pool, cleared by use.
struct Ranker::Scratch {
  Scratch(const TextIndex& texts, const TalentGraph& graph, std::size_t experts)
      : times(texts.terms(), 0),
        text(experts),
        seen(experts),
        works(graph.works()),
        walk(graph.nodes()),
        range(experts, 0) {}

  static constexpr std::uint8_t kRare = 4;
  std::vector<std::uint8_t> times;  // of the need's words, by term; kRare more for a rare one
  std::vector<std::uint32_t> used;  // terms with a time
  Tally text;                       // impact of some words, by expert; empty between two searches
  Tally seen;                       // experts that were offered to the list
  Tally works;                      // impact by work
  Walk walk;
  std::vector<std::uint32_t> range;  // impact within one range of experts; 0 between two ranges

  void clear() {
    for (const std::uint32_t term : used) times[term] = 0;
    used.clear();
    text.clear();
    seen.clear();
    works.clear();
    walk.clear();
  }
};

/// Lends working memory to one ranking at a time, and keeps it for the next.
class Ranker::ScratchPool {
 public:
  std::unique_ptr<Scratch> take(const Ranker& ranker);
  void give_back(std::unique_ptr<Scratch> scratch);

  /// Working memory for one scope.
  class Loan {
   public:
    explicit Loan(const Ranker& ranker) : pool_(*ranker.scratch_), scratch_(pool_.take(ranker)) {}
    ~Loan() { pool_.give_back(std::move(scratch_)); }
    Loan(const Loan&) = delete;
    Loan& operator=(const Loan&) = delete;
    Scratch& operator*() { return *scratch_; }

   private:
    ScratchPool& pool_;
    std::unique_ptr<Scratch> scratch_;
  };

 private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<Scratch>> idle_;
};

/// The best so far, at most k.
class Ranker::TopList {
 public:
  explicit TopList(std::size_t k) : k_(k) {}

  std::size_t capacity() const { return k_; }
  bool full() const { return heap_.size() == k_; }
  /// True when nobody with a score up to `bound` can enter any more.
  bool closed_to(int bound) const { return full() && bound < heap_.front().score; }
  void offer(const Ranked& ranked);
  /// Best first.
  std::vector<Ranked> take();

 private:
  std::size_t k_;
  std::vector<Ranked> heap_;  // the worst of the best in front
};

/// By score, then person.
bool ranks_before(const Ranked& a, const Ranked& b);

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
