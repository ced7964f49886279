// Changing the master key while the register is in use.
#pragma once

#include "registry/service/registry.h"

namespace chucai {

/// Gives the register a new master key and wraps every data key anew under it, `batch` people a
/// transaction; goes on where one that was killed stopped. Meanwhile both keys open what they
/// wrapped, and processes that run beside read the key file again when they meet the new key. At
/// the end the old key leaves the file. Blind index, audit trail and tokens do not change. Returns
/// the number of data keys wrapped anew by this call. The key file must be copied to where it is
/// kept again. Errors: PermissionDenied "rights.permission"; "key.*"; those of the database.
Result<std::int64_t> rotate_keys(Registry& registry, const Principal& principal, int batch = 500);

}  // namespace chucai
