// Conditions of a list as people write them: `region=420100`, `roles=expert`, `program=CODE`.
#pragma once

#include <string_view>

#include "registry/domain/code_book.h"
#include "registry/storage/record_store.h"

namespace chucai {

/// The condition that field `name` is `text`. Codes of regions, industries and disciplines hold for
/// everything below them; a list holds when it contains the value; `program` on people,
/// organizations and projects holds for those who take part in it.
/// Errors: InvalidArgument "query.parameter".
Result<Filter> make_filter(const CodeBook& codes, const RecordType& type, std::string_view name,
                           std::string_view text);

}  // namespace chucai
