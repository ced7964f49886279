// Reviews that are due (到期评估): participations past their term that nobody ended or extended,
// and exits whose notice or appeal ran out without a decision, by the exit rule of their programme.
#pragma once

#include <string>
#include <vector>

#include "registry/domain/participation.h"
#include "registry/service/registry.h"

namespace chucai {

/// One participation that waits for a decision.
struct OverdueReview {
  Participation participation;
  Date due;  ///< last day on which it could be decided in time
  std::int64_t days_over = 0;
  int clawback_percent = 0;  ///< what the rule takes back on exit
};

/// Those in scope that are overdue on the business date, the longest overdue first. Cost: the
/// participations in post or on their way out, one status log look-up for each of the latter.
Result<std::vector<OverdueReview>> overdue_reviews(Registry& registry, const Principal& principal);

}  // namespace chucai
