// Status changes of stored records: the step is in the lifecycle, the role may make it, what it
// needs is filled, and nobody approves what they brought themselves. Every status goes to the log
// with its business date.
#pragma once

#include <span>

#include "registry/service/registry.h"

namespace chucai {

/// Checks the step from `before` to `record` and fills its date field (selected_on, exit_on ...)
/// with the business date where it is blank; no change of status is always right.
/// Errors: FailedPrecondition "record.transition", ".needs" (InvalidArgument, a problem for each
/// field), ".notice"; PermissionDenied "record.transition.role", ".own".
Done make_step(Registry& registry, Connection& db, const Principal& principal,
               const RecordType& type, const Record& before, Record& record);

/// True when the step is an approval of what the local operator brought; the audit trail says so.
bool approved_locally(Registry& registry, Connection& db, const Principal& principal,
                      const RecordType& type, const Record& before, const Record& record);

/// Appends the status of a record that was just written, when it is new or changed. `before` is
/// null for a new record.
void log_status(Registry& registry, Connection& db, const Principal& principal,
                const RecordType& type, const Record* before, const Record& record);
/// The same for many new records.
void log_new_statuses(Registry& registry, Connection& db, const Principal& principal,
                      const RecordType& type, std::span<const Record* const> records);

}  // namespace chucai
