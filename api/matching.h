// Joins the register and the matcher: a snapshot of experts, needs and engagements, made anew when
// the register changed, and shared by every request that started before the change.
#pragma once

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

/// One version of what a ranking or a plan sees. Immutable.
struct MatchSnapshot {
  std::int64_t version = 0;  ///< change_version() of the register
  std::vector<Person> experts;
  std::vector<Need> needs;
  std::vector<Engagement> engagements;
  std::vector<Work> works;
  std::unique_ptr<matcher::PoolBuilder> builder;
  std::vector<matcher::NeedView> views;  ///< `views[i]` belongs to `needs[i]`
  std::unique_ptr<matcher::Ranker> ranker;
  std::unordered_map<std::int64_t, std::size_t> need_index;
  std::unordered_map<std::int64_t, std::size_t> expert_index;
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

 private:
  Result<std::shared_ptr<const MatchSnapshot>> snapshot();
  Result<std::shared_ptr<const MatchSnapshot>> load();
  MatchAnswer answer(const Principal& principal, const MatchSnapshot& snapshot,
                     const matcher::NeedView& view, std::size_t top) const;
  ShownCandidate shown(const Principal& principal, const MatchSnapshot& snapshot,
                       const matcher::NeedView& view, const matcher::Ranked& ranked) const;

  Registry& registry_;
  std::mutex mutex_;  // of current_ only: readers keep the snapshot they started with
  std::shared_ptr<const MatchSnapshot> current_;
};

}  // namespace chucai
