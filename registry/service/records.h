// The use cases that every record type shares: create, read, change, list. Each change is one
// transaction: rules, row, status log, audit event.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "registry/service/one_person.h"
#include "registry/service/registry.h"

namespace chucai {

/// A page of records and the place where the next one starts (0: this was the last).
struct RecordPage {
  std::vector<std::unique_ptr<Record>> records;
  std::int64_t next_after = 0;
};

/// Checks and stores a new record; `draft` comes back as it was stored. Errors: InvalidArgument
/// "record.invalid" with every field problem; Conflict "record.exists", "person.id_no.duplicate"
/// (in scope) or "person.id_no.registered" (elsewhere in the province, nothing more is said);
/// PermissionDenied "record.out_of_scope" when its region is not the principal's.
Done create_record(Registry& registry, const Principal& principal, const RecordType& type,
                   Record& draft);

/// The record with this opaque id or office number. Errors: NotFound "record.absent".
Result<std::unique_ptr<Record>> find_record(Registry& registry, const Principal& principal,
                                            const RecordType& type, std::string_view id_or_number);

/// Replaces a record that was read at `changed.version`. Errors: as create_record; Stale
/// "record.version" when it was changed since; those of make_step (lifecycle.h).
Done change_record(Registry& registry, const Principal& principal, const RecordType& type,
                   Record& changed);

/// How many entries a page of any list may have. Errors: InvalidArgument "page.limit" (1..200).
Done check_page_limit(int limit);

/// A page in order of id. Errors: those of check_page_limit.
Result<RecordPage> list_records(Registry& registry, const Principal& principal,
                                const RecordType& type, const PageRequest& request);

/// True when the principal may write a record that lies where this one does; what has no region of
/// its own (a programme) lies with the office that keeps it.
bool may_write(const Principal& principal, const RecordType& type, const Record& record);

/// The parts of a change that a caller with its own transaction (an import) uses. `before` is null
/// for a new record. Rules are the caller's; uniqueness and references are checked here.
Done write_record(Registry& registry, Connection& db, const Principal& principal,
                  const RecordType& type, const Record* before, Record& record);
/// The same for many new records of one type, in few statements. A record that has an id keeps it.
Done write_new_records(Registry& registry, Connection& db, const Principal& principal,
                       const RecordType& type, std::span<Record* const> records);

/// New records of one type as they will be written: id, version and times given, numbers sealed.
/// The records themselves stay the caller's.
struct NewRecords {
  std::vector<const Record*> records;
  PreparedRecords prepared;
  std::vector<Meeting> meetings;  ///< of people; else empty
};
/// True when what the register says decides nothing about a record of the type, so that many can be
/// prepared while others are written.
bool stands_alone(const RecordType& type);
/// The first half of write_new_records for a type that stands alone, on any thread. `wrap_key`: of
/// the transaction that will write them. Errors: FailedPrecondition "person.status.merged"; those
/// of RecordStore::prepare.
Result<NewRecords> prepare_new_records(Registry& registry, const RecordType& type,
                                       std::span<Record* const> records, std::string_view wrap_key);
/// The second half.
Done write_prepared(Registry& registry, Connection& db, const Principal& principal,
                    const RecordType& type, NewRecords fresh);

}  // namespace chucai
