// A party is a field that names a record or a place of a code table, whose kind stands in a field
// beside it: subject and subject_type, from and from_type. A record is named by its opaque id, a
// programme by its code, a region, industry or discipline by its code.
#pragma once

#include "registry/domain/record.h"

namespace chucai {

/// The field that says what kind of party `field` names, or null when it names none.
const Field* party_type_field(const RecordType& type, const Field& field);

/// How parties of a kind ("person", "region") are named.
enum class PartyNaming { Unknown, RecordId, ProgramCode, TermCode };
PartyNaming party_naming(std::string_view party_type);

}  // namespace chucai
