// The last day that a date with its precision may mean; the first one stands in date.h.
#pragma once

#include "registry/domain/date.h"

namespace chucai {

/// Days since 1970-01-01 of the last day that the date may mean (2018-06: June 30); the date must
/// be known.
std::int64_t last_day(Date date);

}  // namespace chucai
