// Routes of rankings: experts for a need, for a place and a field, and needs for an expert.
#pragma once

#include "api/http/router.h"
#include "api/matching.h"
#include "registry/service/registry.h"

namespace chucai {

/// GET /needs/{id}/matches[?top=N&why_not=PERSON]
http::Handler need_matches_handler(Registry& registry, Matching& matching);
/// POST /matches {"need"|"expert"|{"region","industry","discipline","text"}, "top"}
http::Handler matches_handler(Registry& registry, Matching& matching);

}  // namespace chucai
