// The two ways in which every reader refuses a file that it began to read.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "registry/domain/result.h"

namespace chucai::importers {

/// import.file.damaged: `part` is what the sender is told, `cause` is for the log.
inline tl::unexpected<Error> damaged(std::string_view part, std::string cause) {
  return fail(ErrorCode::InvalidArgument, "import.file.damaged", {}, {std::string(part)},
              std::move(cause));
}

/// A cap of Limits was reached; `limit` is told.
inline tl::unexpected<Error> too_large(std::string reason, std::uint64_t limit) {
  return fail(ErrorCode::TooLarge, std::move(reason), {}, {std::to_string(limit)});
}

}  // namespace chucai::importers
