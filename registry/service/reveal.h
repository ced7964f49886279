// Opening what every view masks: one field of one person, for a purpose and a case, audited in the
// transaction that reads it.
#pragma once

#include <string>

#include "registry/service/registry.h"

namespace chucai {

struct RevealRequest {
  std::int64_t person = 0;
  std::string field = "id_no";  ///< a Contact or Secret field of the person
  std::string purpose;          ///< at most 200 characters, without anybody's number
  std::string case_number;  ///< of the file that asks for it; the local operator may leave it out
};

/// What one actor may open in a day (Beijing time); the local operator is not counted.
inline constexpr std::int64_t kRevealsPerDay = 50;

/// The field in clear, empty when the person has none. Errors: PermissionDenied
/// "reveal.permission", "reveal.quota"; InvalidArgument "reveal.purpose", "reveal.case",
/// "reveal.field"; NotFound "record.absent" out of scope.
Result<std::string> reveal_field(Registry& registry, const Principal& principal,
                                 const RevealRequest& request);

/// A purpose that may stand in the audit trail. Errors: InvalidArgument "reveal.purpose" when it is
/// blank, too long, or holds a number of eleven digits or more.
Done check_purpose(std::string_view purpose);
/// A case number likewise, at most 64 characters; the local operator may leave it out.
/// Errors: InvalidArgument "reveal.case".
Done check_case(const Principal& principal, std::string_view case_number);

}  // namespace chucai
