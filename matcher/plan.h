// The best plan for all open needs of a register: ranks candidates, builds the bare instance,
// solves it, proves it, and says in the register's terms who goes where and why seats stay empty.
//
//   auto plan = matcher::plan(ranker, needs, {});
//   plan->seats[0].need, .person, .score; plan->shortages[0].competing ...
//
// Cost of a seat = 10000 - score. An empty seat costs more than any chain of changes could save, so
// that filling seats comes before cost. Candidate lists start short and grow where the proof asks
// for more: the result is the best over all eligible experts, not over the short lists.
//
// Days do not fit a flow: an expert with 10 days can serve 7 + 3 but not 7 + 7. So slots start as
// the most services whose days could fit, and an expert whose chosen services do not fit loses a
// slot before the next round. The first round is a bound that no plan can beat; where the last one
// meets it (`bound_*`), the plan is best outright, and otherwise the gap is known.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "matcher/assignment.h"
#include "matcher/constrained_plan.h"
#include "matcher/instance.h"
#include "matcher/plan_rules.h"
#include "matcher/rank.h"
#include "matcher/shortage.h"

namespace chucai::matcher {

struct PlanOptions {
  std::uint32_t first_candidates = 16;  ///< of each need, before the lists grow
  PlanRules rules{};
};

/// One filled seat.
struct PlannedSeat {
  NeedId need;
  PersonId person;
  int score = 0;
  /// Points that one more service of this expert would save the plan; 0: not contended.
  std::uint32_t price = 0;
};

/// A need with empty seats, and why. See Shortage for the causes.
struct NeedShortage {
  NeedId need;
  std::uint32_t empty_seats = 0;
  ShortageCause cause = ShortageCause::NoCandidate;
  /// The cause in words: `shortage.no_candidate` {}, `shortage.competition` {needs, seats, people
  /// and services that can be had, seats that stay empty}, `shortage.priced_out` {points},
  /// `shortage.rule` {names of the rules that bind}.
  Reason reason;
  /// Why nobody else is eligible: experts by the first rule that excludes them.
  RuleCounts excluded{};
  std::vector<NeedId> competing;  ///< all needs of the set, this one among them
  std::vector<PersonId> experts;  ///< whom they compete for
};

/// What rules made of the plan: it beside the cheapest one without them.
struct RuledPlan {
  Constraints constraints;  ///< in the numbers of `instance`
  ConstrainedPlan proof;    ///< verify(instance, constraints, proof) holds
  std::int64_t free_cost = 0;
  std::uint64_t free_unfilled = 0;
  /// Seats of each group served alike, and of each quota over needs, in the order given.
  struct Fill {
    std::string name;
    std::uint64_t seats = 0;  ///< asked for
    std::uint64_t free = 0;   ///< filled without rules
    std::uint64_t filled = 0;
  };
  std::vector<Fill> fills;
};

struct RegistryPlan {
  std::vector<PlannedSeat> seats;  ///< by need as given, then person
  std::vector<NeedShortage> shortages;
  std::int64_t cost = 0;             ///< sum of 10000 - score over filled seats
  std::uint64_t unfilled = 0;        ///< seats left empty
  std::int64_t bound_cost = 0;       ///< of the relaxed plan, at bound_unfilled
  std::uint64_t bound_unfilled = 0;  ///< no plan leaves fewer seats empty
  std::uint32_t rounds = 0;          ///< solutions until lists were long enough and days fitted
  Instance instance;                 ///< what was solved, expert numbers as in the pool
  std::vector<NeedId> rows;          ///< by need of the instance
  /// By need of the instance: true when every eligible expert is listed.
  std::vector<bool> complete;
  Plan proof;  ///< its plan with prices; verify(instance, proof) holds. Empty under rules
  std::optional<RuledPlan> ruled;  ///< under rules
};

/// Plans `needs` (those with seats 0 stay out) with the ranker's experts. Engagements in force must
/// be in the pool already: they take seats and services, and are never moved. Same input, same
/// plan. An expert's slots are the services left this year, and no more than surely fit the days
/// left. Errors: Internal `plan.*` when the solution fails its own proof; those of solve() under
/// constraints; InvalidArgument `constraints.pair` for a pair that is not in the plan or that a
/// hard rule excludes.
Result<RegistryPlan> plan(const Ranker& ranker, std::span<const NeedView> needs,
                          const PlanOptions& options);

}  // namespace chucai::matcher
