// How every list reads the length of its page.
#pragma once

#include "api/http/request.h"

namespace chucai {

/// The query's `limit`: 50 when it is absent, 0, which no list takes, when it is no number.
int page_limit(const http::Request& request);

}  // namespace chucai
