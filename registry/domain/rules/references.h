// Where one record refers to another: found from the field tables, so that a new record type needs
// no line of code to be re-pointed when two people become one.
#pragma once

#include <cstdint>
#include <vector>

#include "registry/domain/record.h"

namespace chucai {

/// A field that may name a record: a Ref of its type, or a party written as two fields, `subject`
/// holding the outside id where `subject_type` says what it is.
struct Reference {
  const RecordType* type = nullptr;  ///< the type that refers
  const Field* field = nullptr;
  const Field* party_type = nullptr;  ///< null for a Ref
};

/// Every field of every type that may name a record of the type called `target`.
std::vector<Reference> references_to(std::string_view target);

/// The value with which the field names the record `id`.
Value reference_value(const Reference& reference, std::int64_t id);

}  // namespace chucai
