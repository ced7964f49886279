// Rankings and plans as JSON, the same for the command line and HTTP.
#pragma once

#include <string>

#include "api/matching.h"
#include "registry/domain/messages.h"

namespace chucai {

/// {need, number, candidates[{person, number, name, score, parts[{code, points, reasons[]}],
/// reasons[]}], eligible, excluded_by{rule: count}, why_not?{person, rule, gap, message?,
/// closing[{code, points}], closest[]}}. Points add up to the score; a part's reasons are those of
/// the list that speak of it.
std::string match_json(const MatchAnswer& answer, const Messages& messages, Language language);
/// {expert, needs[{need, number, name, score, parts, reasons}]}
std::string suited_json(std::string_view expert, const std::vector<ShownNeed>& needs,
                        const Messages& messages, Language language);
/// {id, year, status, cost, seats, filled, unfilled, verified, optimal, bound_cost, bound_unfilled,
/// seat_list[], shortages[]}; what no plan can beat stands in the bounds.
std::string plan_json(const Plan& plan, const Messages& messages, Language language);
/// The same with `rules`: cost and seats without them, and the seats of each group.
std::string plan_json(const Plan& plan, const matcher::RuledPlan& ruled, const Messages& messages,
                      Language language);
/// What changes would do to a plan.
std::string what_if_json(const WhatIf& what);
/// A solved bare instance: {cost, unfilled, seconds, build_seconds, verified}.
struct SolvedInstance {
  std::int64_t cost = 0;
  std::int64_t unfilled = 0;
  double seconds = 0;        ///< of one CPU, solving alone
  double build_seconds = 0;  ///< the same, laying the instance out
  bool verified = false;     ///< the independent check agrees
};
std::string solved_json(const SolvedInstance& solved);
/// {"items": [headers of plans]}
std::string plans_json(const std::vector<Plan>& plans);

}  // namespace chucai
