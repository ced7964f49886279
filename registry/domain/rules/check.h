// What makes a draft a record: every field normalised, every rule checked, all problems at once.
// Rules that need the register itself (does the programme exist, is the number taken) are checked
// by the use case in the same transaction.
#pragma once

#include <vector>

#include "registry/domain/code_book.h"
#include "registry/domain/record.h"
#include "registry/domain/region_map.h"
#include "registry/domain/result.h"

namespace chucai {

/// What the rules know beside the draft.
struct RuleContext {
  const CodeBook* codes = nullptr;
  const RegionMap* regions = nullptr;
  Date today;  ///< business date
};

/// Normalises `draft` in place, fills what follows for certain (birth and sex from a resident
/// identity number, a first status) and returns every problem; `Problem::where` is a field name.
/// Cost: O(length of the record).
std::vector<Problem> check_draft(const RecordType& type, Record& draft, const RuleContext& context);

}  // namespace chucai
