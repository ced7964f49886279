// Overdue reviews and clawbacks as JSON, for the API and the command line alike.
#pragma once

#include <string>
#include <vector>

#include "registry/service/reviews.h"

namespace chucai {

/// {"items":[{participation, program, round, subject_type, subject, status, region, due,
/// days_over, clawback_percent}], "clawbacks":[{participation ... region, paid_fen, due_fen,
/// recovered_fen, outstanding_fen}]}
std::string reviews_json(const std::vector<OverdueReview>& reviews,
                         const std::vector<Clawback>& clawbacks);

}  // namespace chucai
