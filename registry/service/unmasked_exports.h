// Exports with numbers in clear, for users of the service: one asks, another approves, the first
// fetches it once within a day.
#pragma once

#include <vector>

#include "registry/service/registry.h"
#include "registry/storage/privacy_stores.h"

namespace chucai {

/// Rows that one such export may have.
inline constexpr std::int64_t kUnmaskedRows = 5'000;

/// Keeps the request; id, office, who and when are set here. Returns its id. Errors:
/// PermissionDenied "export.permission"; InvalidArgument "reveal.purpose", "reveal.case".
Result<std::int64_t> request_export(Registry& registry, const Principal& principal,
                                    UnmaskedExport request);

/// Errors: PermissionDenied "export.permission", "export.own"; NotFound "export.absent";
/// Conflict "export.approved".
Done approve_export(Registry& registry, const Principal& principal, std::int64_t id);

/// The request, marked as fetched: what follows is the file. Errors: NotFound "export.absent" for
/// anybody but who asked; FailedPrecondition "export.unapproved", "export.expired" (a day after the
/// approval); Conflict "export.fetched".
Result<UnmaskedExport> fetch_export(Registry& registry, const Principal& principal,
                                    std::int64_t id);

/// Those of offices in scope, newest first.
Result<std::vector<UnmaskedExport>> list_exports(Registry& registry, const Principal& principal);

}  // namespace chucai
