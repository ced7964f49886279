// The routes of an expert with a token of one's own, under /api/v1/me.
#pragma once

#include "api/http/router.h"
#include "registry/service/registry.h"

namespace chucai {

/// GET: the expert's own record.
http::Handler own_person_handler(Registry& registry);
/// GET: {"items": [the expert's engagements]}.
http::Handler own_engagements_handler(Registry& registry);
/// POST {"status": "accepted" or "declined", "decline_reason"}: the engagement as it is then.
http::Handler answer_offer_handler(Registry& registry);

}  // namespace chucai
