// What both databases must keep of staged imports: nobody sees a batch before it is whole, one that
// was cut off goes on, and many rows at once are stored as one at a time would be.
#pragma once

#include "tests/support/contract.h"

namespace chucai::testing {

extern const std::vector<Case<Registry>> kStagedImportCases;

}  // namespace chucai::testing
