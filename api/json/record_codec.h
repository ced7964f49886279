// Records to and from JSON, for every record type alike: the field table says what there is. Ids
// and references are opaque strings outside, dates have their precision, absent fields are left
// out. What a caller may not see in full is masked or left out, as the field policy says.
#pragma once

#include "api/json/reader.h"
#include "api/json/writer.h"
#include "registry/domain/field_policy.h"
#include "registry/domain/record.h"
#include "registry/domain/rules/check.h"
#include "registry/service/records.h"

namespace chucai {

/// Lays a JSON object over `record`, a record of `type`: members present are set, null or blank
/// clears, absent ones stay (RFC 7396, also within `extra`). For a new record pass `type.make()`.
/// What the rules of the domain say, required fields among them, is the use case's to check; only
/// when something cannot be read at all are they asked here, so that one answer has every problem.
/// Errors: InvalidArgument json.invalid with every problem and its pointer: json.unknown,
/// .read_only (id, version, ...), .type.*, .date, .id, and the rules' own. `record` then holds what
/// could be read and is of no further use.
Done read_record(const RecordType& type, const JsonValue& json, const RuleContext& rules,
                 Record& record);

/// Writes one object: id, version, created_at, updated_at (RFC 3339, UTC) and office where known,
/// the fields that are set and that the viewer may see, in the order of the table, `extra` when not
/// empty.
void write_record(JsonWriter& json, const RecordType& type, const Record& record,
                  const Viewer& viewer);
/// The members of that object, for callers that add some of their own.
void write_members(JsonWriter& json, const RecordType& type, const Record& record,
                   const Viewer& viewer);

/// {"items": [record ...], "next_cursor": text or null}
std::string records_json(const RecordType& type, const RecordPage& page, const Viewer& viewer);
/// The member "next_cursor" of a page: null when nothing follows.
void write_next_cursor(JsonWriter& json, std::string_view cursor);

/// Microseconds since 1970 as RFC 3339 in UTC with microseconds.
std::string utc_text(std::int64_t microseconds);

}  // namespace chucai
