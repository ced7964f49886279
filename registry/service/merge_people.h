// Two records of one person become one, and can become two again. Nothing is deleted: the other
// record stays with the status merged, in nobody's scope; its id and its numbers lead to the
// survivor; what referred to it refers to the survivor.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "registry/service/registry.h"

namespace chucai {

struct MergeRequest {
  std::int64_t survivor = 0;
  std::int64_t other = 0;
  /// Fields whose value is taken from the other; else the survivor's stands and its blanks are
  /// filled, roles and extra columns add up, and the more precise of two agreeing dates is kept.
  /// `id_no` brings its type and nationality along, and the other keeps the survivor's number.
  std::vector<std::string> take;
  /// Why they are one person, where the likeness does not say it.
  std::string reason;
};

struct MergeReport {
  std::int64_t merge = 0;
  std::int64_t survivor = 0;
  std::vector<std::string> changed;  ///< fields of the survivor
  std::map<std::string, int> moved;  ///< records that refer to the survivor now, by type
  std::map<std::string, int>
      duplicates;  ///< records that the survivor had already: left where they
                   ///< were and ended with the reason duplicate, by type
};

/// Merges two people in the principal's scope in one transaction: fields, references in the whole
/// register, status log, audit. Errors: NotFound "record.absent"; InvalidArgument
/// "person.merge.self", "person.merge.field" (where: the field), "record.invalid" when the chosen
/// fields contradict each other; FailedPrecondition "person.merge.unlike" when less than a likeness
/// for review speaks for it, or two identity numbers speak against it, and no reason is given:
/// never on a name alone.
Result<MergeReport> merge_people(Registry& registry, const Principal& principal,
                                 const MergeRequest& request);

/// What somebody changed after the merge, and an unmerge therefore left as it is.
struct KeptChange {
  std::string record_type;
  std::int64_t record_id = 0;
  std::string field;  ///< empty: the record is gone
};

struct UnmergeReport {
  std::int64_t survivor = 0;
  std::int64_t other = 0;
  std::map<std::string, int> moved;  ///< records that refer to the other again, by type
  std::vector<KeptChange> kept;
};

/// Takes back the latest merge that the person was part of, as survivor or as the other: both read
/// as before, but for what was changed since, which stays and is reported. Errors: NotFound
/// "person.merge.absent" (none, or the survivor is out of scope); FailedPrecondition
/// "person.merge.later" when the survivor itself was merged into somebody since.
Result<UnmergeReport> unmerge_people(Registry& registry, const Principal& principal,
                                     std::int64_t person);

/// The record with this id, or whom it was merged into, when that is in scope; else null.
std::unique_ptr<Record> load_current(Registry& registry, Connection& db, const Scope& scope,
                                     const RecordType& type, std::int64_t id);
/// The same by natural key.
std::unique_ptr<Record> load_current_by_key(Registry& registry, Connection& db, const Scope& scope,
                                            const RecordType& type, std::string_view key);
/// The same by identity number (RecordType::identity_key).
std::unique_ptr<Record> load_current_by_identity(Registry& registry, Connection& db,
                                                 const Scope& scope, std::string_view identity);

/// Lets references to merged people in `record` lead to their survivors.
void follow_merges(Connection& db, const RecordType& type, Record& record);

}  // namespace chucai
