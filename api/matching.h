// Joins the register and the matcher: a snapshot of experts, needs and engagements that follows the
// change feed, and is shared by every request that started before the next change.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "matcher/plan.h"
#include "matcher/pool_builder.h"
#include "matcher/rank.h"
#include "registry/domain/engagement.h"
#include "registry/domain/plan.h"
#include "registry/domain/work.h"
#include "registry/service/registry.h"

namespace chucai {

/// What answers show of an expert or a need.
struct MatchFace {
  std::int64_t id = 0;
  std::string number;  ///< 专家编号, 需求编号
  std::string name;
  std::string scope;    ///< region that decides who sees it
  bool open = false;    ///< of a need: plans serve it
  std::string program;  ///< of a need: code of the programme that it serves
};

/// One version of what a ranking or a plan sees. Immutable.
struct MatchSnapshot {
  std::int64_t version = 0;      ///< number of the last change in it
  std::int64_t window_year = 0;  ///< of the latest window of an open need; 0: there is none
  std::vector<MatchFace> experts;
  std::vector<MatchFace> needs;
  std::unique_ptr<matcher::PoolBuilder> builder;
  std::vector<matcher::NeedView> views;  ///< `views[i]` belongs to `needs[i]`
  std::unique_ptr<matcher::Ranker> ranker;
  std::unordered_map<std::int64_t, std::size_t> need_index;
  std::unordered_map<std::int64_t, std::size_t> expert_index;
};

/// The records behind a snapshot, in order of id, kept so that only what changed is read again.
struct MatchRecords {
  std::int64_t version = 0;
  std::vector<Person> experts;
  std::vector<Need> needs;
  std::vector<Engagement> engagements;
  std::vector<Work> works;
};

/// A candidate with the words for its place: reasons in the reader's language.
struct ShownCandidate {
  std::string person;  ///< opaque id
  std::string number;  ///< 专家编号
  std::string name;    ///< as the field policy shows it to the asker
  matcher::Ranked ranked;
  std::vector<matcher::Reason> reasons;
};

/// The answer to "who could help".
struct MatchAnswer {
  std::string need;    ///< opaque id; empty for a question of the moment
  std::string number;  ///< 需求编号
  std::vector<ShownCandidate> candidates;
  matcher::RuleCounts excluded{};
  std::size_t eligible = 0;
  std::optional<matcher::WhyNot> why_not;
  std::string why_not_person;  ///< opaque id
  std::vector<ShownCandidate> closest;
};

/// A need that suits an expert.
struct ShownNeed {
  std::string need;
  std::string number;
  std::string name;
  ShownCandidate match;
};

/// What a plan is asked for; empty: the best one without further rules.
struct PlanRequest {
  std::int64_t year = 0;  ///< 0: the year of the latest need window
  std::string fair;       ///< "county" or "unit": served alike, poor counties first
  std::string rules;      ///< CSV, see api/plan_rules.h
};

/// A plan, and what rules made of it.
struct AnsweredPlan {
  Plan plan;
  std::optional<matcher::RuledPlan> ruled;
};

/// Changes to try on a plan. Needs and people as id or number.
struct PlanChanges {
  std::vector<std::string> withdraw;  ///< experts who drop out
  std::vector<std::string> cancel;    ///< needs that fall away
  std::vector<std::string> pin;       ///< NEED=PERSON
  std::vector<std::string> forbid;    ///< NEED=PERSON

  bool empty() const { return withdraw.empty() && cancel.empty() && pin.empty() && forbid.empty(); }
};

/// What the changes would do. Nothing is kept.
struct WhatIf {
  std::int64_t filled_before = 0;
  std::int64_t filled_after = 0;
  std::int64_t cost_before = 0;  ///< of filled seats
  std::int64_t cost_after = 0;
  std::vector<PlanSeat> taken;  ///< filled after and not before
  std::vector<PlanSeat> left;   ///< filled before and not after
  /// Experts whose days a year the changed plan would exceed: it is best but for these.
  std::int64_t over_days = 0;
};

/// A plan in one sentence: year, seats asked for, filled, empty, and whether it is proved best or
/// how far it may be from what no plan can beat.
Problem plan_words(const Plan& plan);
/// The cause of a shortage as a message of its parameters (PlanShortage::detail, one a line).
Problem shortage_words(const PlanShortage& shortage);

class Matching {
 public:
  /// `registry` must outlive it.
  explicit Matching(Registry& registry) : registry_(registry) {}

  /// The best `top` experts for a stored need (id or number), and why `why_not` (id or number;
  /// empty: nobody) is not among them. Errors: NotFound "record.absent", "match.person.no_expert".
  Result<MatchAnswer> for_need(const Principal& principal, std::string_view need, std::size_t top,
                               std::string_view why_not);
  /// The same for a question of the moment. Errors: InvalidArgument "match.question" when it is
  /// empty, "field.code.unknown".
  Result<MatchAnswer> for_question(const Principal& principal, const matcher::Question& question,
                                   std::size_t top);
  /// The open needs that suit an expert (id or number), best first.
  Result<std::vector<ShownNeed>> for_expert(const Principal& principal, std::string_view expert,
                                            std::size_t top);
  /// Plans all open needs in scope; `year` 0: the year of the latest need window. The plan is
  /// verified, but not kept. Errors: Internal "plan.unverified".
  Result<Plan> plan(const Principal& principal, std::int64_t year);
  /// The same under the rules of the request. Errors: also InvalidArgument "plan.rules",
  /// "plan.fair", "constraints.*"; FailedPrecondition "constraints.unmet".
  Result<AnsweredPlan> plan(const Principal& principal, const PlanRequest& request);
  /// Repairs the plan for the changes, proved, and says who would move. Errors: NotFound
  /// "plan.absent", "record.absent"; InvalidArgument "plan.changes"; FailedPrecondition
  /// "plan.changed" when the register would not give the kept plan any more; "live.*".
  Result<WhatIf> what_if(const Principal& principal, std::int64_t plan, const PlanChanges& changes);
  /// Number of the last change that answers know of; 0: nothing was asked yet.
  std::int64_t version() const { return version_; }

 private:
  Result<std::shared_ptr<const MatchSnapshot>> snapshot();
  Done follow();
  std::shared_ptr<const MatchSnapshot> build() const;
  std::vector<std::size_t> open_needs(const Principal& principal,
                                      const MatchSnapshot& snapshot) const;
  MatchAnswer answer(const Principal& principal, const MatchSnapshot& snapshot,
                     const matcher::NeedView& view, std::size_t top) const;
  ShownCandidate shown(const Principal& principal, const MatchSnapshot& snapshot,
                       const matcher::NeedView& view, const matcher::Ranked& ranked) const;

  Registry& registry_;
  std::mutex mutex_;  // of what is below: readers keep the snapshot they started with
  MatchRecords records_;
  std::shared_ptr<const MatchSnapshot> current_;
  std::atomic<std::int64_t> version_ = 0;  // of current_, for who must not wait for the mutex
};

}  // namespace chucai
