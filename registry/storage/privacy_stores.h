// Small stores of what protects people: reveals counted, exports in clear, tombstones, holds,
// history of corrections, and the rewrapping of data keys.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "registry/domain/principal.h"
#include "registry/storage/database.h"
#include "registry/storage/row_writer.h"

namespace chucai {

/// Counts one reveal of the day; false when the actor had `limit` already.
bool count_reveal(Connection& db, std::string_view actor, std::int64_t day, std::int64_t limit);

/// An export in clear that somebody asked for.
struct UnmaskedExport {
  std::int64_t id = 0;
  std::string kind;
  std::string program;
  std::string region;
  std::string purpose;
  std::string case_number;
  std::string office;  ///< region of who asked
  std::string requested_by;
  std::int64_t requested_at = 0;  ///< microseconds UTC
  std::string approved_by;        ///< empty: nobody yet
  std::int64_t approved_at = 0;
  std::int64_t fetched_at = 0;  ///< 0: not yet; it can be fetched once
};
void insert_export(Connection& db, const UnmaskedExport& request);
/// Null when it is absent or its office is out of scope.
std::optional<UnmaskedExport> load_export(Connection& db, const Scope& scope, std::int64_t id);
/// Newest first, at most 100.
std::vector<UnmaskedExport> list_exports(Connection& db, const Scope& scope);
/// False when somebody approved it before.
bool approve_export(Connection& db, std::int64_t id, std::string_view actor, std::int64_t at);
/// False when it was fetched before.
bool fetch_export(Connection& db, std::int64_t id, std::int64_t at);

/// Marks a blind index as that of somebody who was erased; a second mark changes nothing.
void bury(Connection& db, std::string_view identity, std::int64_t at, std::string_view actor,
          std::string_view basis);
/// True when one of the blind indexes (Blob cells) is marked.
bool any_buried(Connection& db, std::span<const Cell> identities);

/// Sets or replaces the hold on a person; an empty reason lifts it.
void set_hold(Connection& db, std::int64_t person, std::string_view reason, std::string_view actor,
              std::int64_t at);
/// The reason of the hold; nullopt: none.
std::optional<std::string> hold_on(Connection& db, std::int64_t person);

/// What fields said before a correction.
struct PersonChange {
  std::int64_t id = 0;
  std::int64_t person = 0;
  std::int64_t at = 0;
  std::string actor;
  std::string before_sealed;
};
void insert_change(Connection& db, const PersonChange& change);
/// Oldest first.
std::vector<PersonChange> changes_of(Connection& db, std::int64_t person);
void delete_changes(Connection& db, std::int64_t person);

/// Drops what undoing an import would bring back of a record; the number of images that went.
std::int64_t drop_before_images(Connection& db, std::string_view record_type,
                                std::int64_t record_id);
/// The same for the merges that the person was part of: they cannot be taken back any more.
void drop_merge_images(Connection& db, std::int64_t person);
/// The same for every batch finished before `before` (microseconds UTC): counted, or dropped.
std::int64_t count_before_images(Connection& db, std::int64_t before);
std::int64_t drop_before_images(Connection& db, std::int64_t before);

/// Ids of records whose newest status is `status` and was reached before `before` (microseconds
/// UTC), in order.
std::vector<std::int64_t> in_status_since(Connection& db, std::string_view record_type,
                                          std::string_view status, std::int64_t before);

/// A line of the audit trail, or of a record's history in it.
struct AuditLine {
  std::int64_t id = 0;
  std::int64_t at = 0;
  std::string actor;
  std::string role;
  std::string action;
  std::string record_type;
  std::int64_t record_id = 0;
  std::string detail;
};
/// Oldest first.
std::vector<AuditLine> audit_of(Connection& db, std::string_view record_type,
                                std::int64_t record_id);

/// What of the trail to show; empty parts match everything.
struct AuditQuery {
  std::string actor;
  std::string action;
  std::string record_type;
  std::int64_t record_id = 0;
  std::int64_t before = 0;  ///< only events with a smaller id; 0: from the newest on
  int limit = 0;
};
/// Newest first.
std::vector<AuditLine> audit_page(Connection& db, const AuditQuery& query);

/// The data key of a person, as it is stored.
struct StoredKey {
  std::int64_t person = 0;
  std::string wrapped;
};
/// At most `limit` of those with an id above `after`, in order.
std::vector<StoredKey> stored_keys(Connection& db, std::int64_t after, int limit);
/// False when somebody changed the key meanwhile.
bool replace_key(Connection& db, const StoredKey& key, std::string_view wrapped);

}  // namespace chucai
