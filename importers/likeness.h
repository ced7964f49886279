// When two rows, or a row and a record, are likely one person without a number to prove it.
#pragma once

#include "registry/domain/person.h"

namespace chucai::importers {

/// True when both are known and equal as far as both are precise (1985-03 and 1985-03-07).
bool may_be_equal(Date a, Date b);

/// For two people of one name, one of them without an identity number: the same day of birth, the
/// same unit (in any spelling) with birth dates that may be equal, or the same phone. A shared
/// name alone proves nothing: about 290,000 people are called 张伟.
bool likely_same(const Person& a, const Person& b);

}  // namespace chucai::importers
