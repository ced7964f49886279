// What the law gives a person: to see everything that is kept, corrections with their history,
// erasure by destroying the key, and a hold that stops it.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "registry/domain/person.h"
#include "registry/service/registry.h"
#include "registry/storage/privacy_stores.h"

namespace chucai {

/// What fields said before one correction.
struct Correction {
  std::int64_t at = 0;  ///< microseconds UTC
  std::string actor;
  std::map<std::string, std::string> before;  ///< by field; empty: the field was blank
};

/// Everything kept of one person.
struct Dossier {
  Person person;  ///< with the number in clear
  std::vector<std::pair<const RecordType*, std::unique_ptr<Record>>> records;  ///< that name it
  std::vector<Correction> corrections;                                         ///< oldest first
  std::vector<AuditLine> trail;                                                ///< oldest first
  std::optional<std::string> hold;                                             ///< its reason
};

/// Reads it all in one transaction, audited first. Errors: PermissionDenied "rights.permission";
/// NotFound "record.absent".
Result<Dossier> read_dossier(Registry& registry, const Principal& principal, std::int64_t person);

/// Sets a hold with its reason, or lifts it with an empty one. Errors: as read_dossier;
/// InvalidArgument "reveal.purpose" for a reason that check_purpose() refuses.
Done hold_person(Registry& registry, const Principal& principal, std::int64_t person,
                 std::string_view reason);

/// Erases a person: the data key and what it sealed are destroyed, every field but those that
/// figures rest on is cleared, with the notes of the person's participations, the history of
/// corrections and what undoing an import would bring back. A tombstone refuses the number and the
/// office's number from then on. Errors: as hold_person; FailedPrecondition "person.held".
Done erase_person(Registry& registry, const Principal& principal, std::int64_t person,
                  std::string_view basis);

/// The parts that writing a record uses, in its transaction. `before` as it is stored.
Done keep_correction(Registry& registry, Connection& db, const Principal& principal,
                     const RecordType& type, const Record& before, const Record& after);
/// Errors: Conflict "person.erased" when a person with this number was erased.
Done check_not_erased(Registry& registry, Connection& db, const RecordType& type,
                      const Record& record);
/// The same for many records of those keys, in few queries.
Done check_none_erased(Registry& registry, Connection& db, const RecordType& type,
                       std::span<const RecordKeys> keys);

}  // namespace chucai
