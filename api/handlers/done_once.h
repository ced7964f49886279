// Idempotency-Key: a request that is sent again with its key is answered as the first time, and
// nothing is done twice.
#pragma once

#include "api/http/router.h"
#include "registry/service/registry.h"

namespace chucai {

/// `handler`, once for each key of each asker within 24 hours; every time when there is no key. A
/// repeated answer carries "Idempotency-Replayed: true". A refusal changed nothing and is not kept,
/// so the key may be used again. What may have been done (an answer that was lost, or too long to
/// keep) is told with 409 "request.unanswered". `registry` must outlive it.
/// Errors: those of begin_request() and of `handler`.
http::Handler done_once(Registry& registry, http::Handler handler);

}  // namespace chucai
