// The routes for one person once: the warning at entry, the list of likely duplicates, verdicts,
// merge and unmerge.
#pragma once

#include "api/handlers/records.h"
#include "api/http/router.h"
#include "registry/service/registry.h"

namespace chucai {

/// For create_handler of people: `likely_twins` holds those in scope whom the new person resembles.
/// A likeness warns; it never refuses.
MoreMembers likely_twins(Registry& registry);
/// GET: `band` (review, link), `limit` (1..200), `cursor`; the likeliest first.
http::Handler duplicates_handler(Registry& registry);
/// POST: the two of a pair are two different people. 204.
http::Handler distinct_handler(Registry& registry);
/// POST {"other": id, "take": [field ...], "reason": text}: `other` becomes part of the person.
http::Handler merge_handler(Registry& registry);
/// POST: takes back the latest merge that the person was part of.
http::Handler unmerge_handler(Registry& registry);

}  // namespace chucai
