// Records to and from JSON, for every record type alike: the field table says what there is. Ids
// and references are opaque strings outside, dates have their precision, absent fields are left
// out. What a caller may not see in full is masked here and nowhere else.
#pragma once

#include "api/json/reader.h"
#include "api/json/writer.h"
#include "registry/domain/record.h"

namespace chucai {

/// How phone numbers and addresses are shown. Identity numbers are masked either way.
enum class Contacts { Masked, InFull };

/// Lays a JSON object over `record`, a record of `type`: members present are set, null or blank
/// clears, absent ones stay (RFC 7396, also within `extra`). For a new record pass `type.make()`.
/// The code tables and the rules of the domain are checked later, by the use case.
/// Errors: InvalidArgument json.invalid with every problem and its pointer: json.unknown,
/// .read_only (id, version, ...), .type.*, .date, .id, .required. `record` is then unchanged.
Done read_record(const RecordType& type, const JsonValue& json, Record& record);

/// Writes one object: id, version, created_at, updated_at (RFC 3339, UTC) and office where known,
/// the fields that are set in the order of the table, `extra` when not empty.
void write_record(JsonWriter& json, const RecordType& type, const Record& record,
                  Contacts contacts);

/// Microseconds since 1970 as RFC 3339 in UTC with microseconds.
std::string utc_text(std::int64_t microseconds);

}  // namespace chucai
