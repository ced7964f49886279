// Overdue reviews as JSON, for the API and the command line alike.
#pragma once

#include <string>
#include <vector>

#include "registry/service/reviews.h"

namespace chucai {

/// {"items":[{participation, program, round, subject_type, subject, status, region, due,
/// days_over, clawback_percent}]}
std::string reviews_json(const std::vector<OverdueReview>& reviews);

}  // namespace chucai
