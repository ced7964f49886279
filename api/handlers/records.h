// The routes that every record type shares: list, read, create, change. One set of handlers walks
// the field table of whichever type its route names.
#pragma once

#include <functional>

#include "api/http/router.h"
#include "api/json/writer.h"
#include "registry/service/registry.h"

namespace chucai {

/// GET collection: `limit` (1..200), `cursor`, and any field of the type as an exact filter (a
/// region holds for its subtree). Answers {"items": [...], "next_cursor": id or null}.
http::Handler list_handler(Registry& registry, const RecordType& type);
/// GET one by opaque id or office number, with its version as ETag.
http::Handler get_handler(Registry& registry, const RecordType& type);
/// Writes members of its own into the answer about a record that was created.
using MoreMembers = std::function<Done(JsonWriter&, const http::Request&, const Record&)>;
/// POST: 201 with Location and the record as it was stored, `more` behind its own members. With
/// Content-Type application/x-ndjson a record a line, each for itself: 200 with a line for each,
/// {"line", "status", "id" or "problem"}.
http::Handler create_handler(Registry& registry, const RecordType& type, MoreMembers more = {});
/// PATCH (merge patch) of the version that If-Match names.
http::Handler change_handler(Registry& registry, const RecordType& type);

}  // namespace chucai
