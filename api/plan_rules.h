// What an office asks of a plan, as a small CSV file, read against one snapshot of the register:
//
//   rule,what,who,at_least,at_most
//   region,421000,,,200                 seats of needs in a region: at least, at most
//   program,RURAL_REVIVAL,,5,           of needs of a programme
//   employer,华中农业大学,,,30           of experts of an institution
//   home,420100,,,100                   of experts from a region
//   pin,N000006,E000160                 this expert serves this need
//   forbid,N000006,E000161              that one does not
#pragma once

#include <string_view>

#include "api/matching.h"
#include "matcher/plan_rules.h"

namespace chucai {

/// Adds the rules of the file to `rules`. Errors: InvalidArgument "plan.rules" with the line.
Done read_plan_rules(const MatchSnapshot& snapshot, const RegionMap& regions, std::string_view csv,
                     matcher::PlanRules& rules);

/// Groups the needs at `open` by county or by prefecture, poor counties first. Errors:
/// InvalidArgument "plan.fair" for another word than `county` and `unit`.
Done serve_alike(const MatchSnapshot& snapshot, const RegionMap& regions,
                 const std::vector<std::size_t>& open, std::string_view by,
                 matcher::PlanRules& rules);

}  // namespace chucai
