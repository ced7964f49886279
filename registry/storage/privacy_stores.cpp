#include "registry/storage/privacy_stores.h"

#include <limits>

#include "registry/domain/region_map.h"
#include "registry/storage/bulk_query.h"

namespace chucai {
namespace {

constexpr std::string_view kSelectExport =
    "SELECT id, kind, program, region, purpose, case_number, office, requested_by, requested_at,"
    " approved_by, approved_at, fetched_at FROM unmasked_export WHERE office >= ? AND office < ?";
constexpr std::string_view kSelectAudit =
    "SELECT id, at, actor, role, action, record_type, record_id, detail FROM audit_event";
// Batches that ended before a time still hold what undoing them would bring back.
constexpr std::string_view kOldImages =
    " FROM import_row WHERE before_image <> '' AND batch IN"
    " (SELECT id FROM import_batch WHERE finished_at < ?)";

UnmaskedExport read_export(Statement& row) {
  return {row.integer(0), row.text(1), row.text(2),     row.text(3),
          row.text(4),    row.text(5), row.text(6),     row.text(7),
          row.integer(8), row.text(9), row.integer(10), row.integer(11)};
}

std::vector<AuditLine> read_audit(Statement& select) {
  std::vector<AuditLine> lines;
  while (select.step()) {
    lines.push_back({select.integer(0), select.integer(1), select.text(2), select.text(3),
                     select.text(4), select.text(5), select.integer(6), select.text(7)});
  }
  return lines;
}

std::int64_t one_integer(Statement& select) {
  const std::int64_t number = select.step() ? select.integer(0) : 0;
  select.reset();
  return number;
}

}  // namespace

bool count_reveal(Connection& db, std::string_view actor, std::int64_t day, std::int64_t limit) {
  Statement& update = db.prepare(
      "UPDATE reveal_quota SET used = used + 1 WHERE actor = ? AND day = ? AND used < ?");
  if (update.bind_text(0, actor).bind(1, day).bind(2, limit).run() > 0) return true;
  Statement& seen = db.prepare("SELECT COUNT(*) FROM reveal_quota WHERE actor = ? AND day = ?");
  if (one_integer(seen.bind_text(0, actor).bind(1, day)) > 0) return false;
  db.prepare("INSERT INTO reveal_quota (actor, day, used) VALUES (?, ?, 1)")
      .bind_text(0, actor)
      .bind(1, day)
      .run();
  return true;
}

void insert_export(Connection& db, const UnmaskedExport& request) {
  db.prepare(
        "INSERT INTO unmasked_export (id, kind, program, region, purpose, case_number, office,"
        " requested_by, requested_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .bind(0, request.id)
      .bind_text(1, request.kind)
      .bind_text(2, request.program)
      .bind_text(3, request.region)
      .bind_text(4, request.purpose)
      .bind_text(5, request.case_number)
      .bind_text(6, request.office)
      .bind_text(7, request.requested_by)
      .bind(8, request.requested_at)
      .run();
}

std::optional<UnmaskedExport> load_export(Connection& db, const Scope& scope, std::int64_t id) {
  const CodeRange range = subtree(scope.region);
  Statement& select = db.prepare(std::string(kSelectExport) + " AND id = ?");
  select.bind_text(0, range.from).bind_text(1, range.below).bind(2, id);
  if (!select.step()) return std::nullopt;
  UnmaskedExport request = read_export(select);
  select.reset();
  return request;
}

std::vector<UnmaskedExport> list_exports(Connection& db, const Scope& scope) {
  const CodeRange range = subtree(scope.region);
  Statement& select = db.prepare(std::string(kSelectExport) + " ORDER BY id DESC LIMIT 100");
  select.bind_text(0, range.from).bind_text(1, range.below);
  std::vector<UnmaskedExport> requests;
  while (select.step()) requests.push_back(read_export(select));
  return requests;
}

bool approve_export(Connection& db, std::int64_t id, std::string_view actor, std::int64_t at) {
  return db.prepare(
               "UPDATE unmasked_export SET approved_by = ?, approved_at = ?"
               " WHERE id = ? AND approved_by IS NULL")
             .bind_text(0, actor)
             .bind(1, at)
             .bind(2, id)
             .run() == 1;
}

bool fetch_export(Connection& db, std::int64_t id, std::int64_t at) {
  return db.prepare("UPDATE unmasked_export SET fetched_at = ? WHERE id = ? AND fetched_at IS NULL")
             .bind(0, at)
             .bind(1, id)
             .run() == 1;
}

void bury(Connection& db, std::string_view identity, std::int64_t at, std::string_view actor,
          std::string_view basis) {
  const Cell mark = Blob{std::string(identity)};
  if (any_buried(db, {&mark, 1})) return;
  db.prepare("INSERT INTO tombstone (identity, erased_at, actor, basis) VALUES (?, ?, ?, ?)")
      .bind_blob(0, identity)
      .bind(1, at)
      .bind_text(2, actor)
      .bind_text(3, basis)
      .run();
}

bool any_buried(Connection& db, std::span<const Cell> identities) {
  return !present_in(db, "tombstone", "identity", identities).empty();
}

void set_hold(Connection& db, std::int64_t person, std::string_view reason, std::string_view actor,
              std::int64_t at) {
  db.prepare("DELETE FROM person_hold WHERE person = ?").bind(0, person).run();
  if (reason.empty()) return;
  db.prepare("INSERT INTO person_hold (person, reason, actor, at) VALUES (?, ?, ?, ?)")
      .bind(0, person)
      .bind_text(1, reason)
      .bind_text(2, actor)
      .bind(3, at)
      .run();
}

std::optional<std::string> hold_on(Connection& db, std::int64_t person) {
  Statement& select = db.prepare("SELECT reason FROM person_hold WHERE person = ?");
  select.bind(0, person);
  if (!select.step()) return std::nullopt;
  std::string reason = select.text(0);
  select.reset();
  return reason;
}

void insert_change(Connection& db, const PersonChange& change) {
  db.prepare(
        "INSERT INTO person_change (id, person, at, actor, before_sealed) VALUES (?, ?, ?, ?, ?)")
      .bind(0, change.id)
      .bind(1, change.person)
      .bind(2, change.at)
      .bind_text(3, change.actor)
      .bind_blob(4, change.before_sealed)
      .run();
}

std::vector<PersonChange> changes_of(Connection& db, std::int64_t person) {
  Statement& select = db.prepare(
      "SELECT id, at, actor, before_sealed FROM person_change WHERE person = ? ORDER BY id");
  select.bind(0, person);
  std::vector<PersonChange> changes;
  while (select.step()) {
    changes.push_back(
        {select.integer(0), person, select.integer(1), select.text(2), select.blob(3)});
  }
  return changes;
}

void delete_changes(Connection& db, std::int64_t person) {
  db.prepare("DELETE FROM person_change WHERE person = ?").bind(0, person).run();
}

std::int64_t drop_before_images(Connection& db, std::string_view record_type,
                                std::int64_t record_id) {
  return db
      .prepare(
          "UPDATE import_row SET before_image = '' WHERE record_type = ? AND record_id = ?"
          " AND before_image <> ''")
      .bind_text(0, record_type)
      .bind(1, record_id)
      .run();
}

void drop_merge_images(Connection& db, std::int64_t person) {
  db.prepare(
        "UPDATE person_merge SET identity = '', survivor_before = '', survivor_after = '',"
        " other_before = '' WHERE survivor = ? OR other = ?")
      .bind(0, person)
      .bind(1, person)
      .run();
  db.prepare(
        "UPDATE person_merge_child SET before_image = '', after_image = '' WHERE merge IN"
        " (SELECT id FROM person_merge WHERE survivor = ? OR other = ?)")
      .bind(0, person)
      .bind(1, person)
      .run();
}

std::int64_t count_before_images(Connection& db, std::int64_t before) {
  return one_integer(db.prepare("SELECT COUNT(*)" + std::string(kOldImages)).bind(0, before));
}

std::int64_t drop_before_images(Connection& db, std::int64_t before) {
  return db
      .prepare(
          "UPDATE import_row SET before_image = '' WHERE before_image <> '' AND batch IN"
          " (SELECT id FROM import_batch WHERE finished_at < ?)")
      .bind(0, before)
      .run();
}

std::vector<std::int64_t> in_status_since(Connection& db, std::string_view record_type,
                                          std::string_view status, std::int64_t before) {
  Statement& select = db.prepare(
      "SELECT record_id FROM status_log l WHERE record_type = ? AND status = ? AND at < ?"
      " AND NOT EXISTS (SELECT 1 FROM status_log n WHERE n.record_type = l.record_type"
      " AND n.record_id = l.record_id AND n.id > l.id) ORDER BY record_id");
  select.bind_text(0, record_type).bind_text(1, status).bind(2, before);
  std::vector<std::int64_t> ids;
  while (select.step()) ids.push_back(select.integer(0));
  return ids;
}

std::vector<AuditLine> audit_of(Connection& db, std::string_view record_type,
                                std::int64_t record_id) {
  Statement& select = db.prepare(std::string(kSelectAudit) +
                                 " WHERE record_type = ? AND record_id = ? ORDER BY id");
  select.bind_text(0, record_type).bind(1, record_id);
  return read_audit(select);
}

std::vector<AuditLine> audit_page(Connection& db, const AuditQuery& query) {
  // Only what is asked for stands in the statement, so that an index can serve it.
  std::string sql = std::string(kSelectAudit) + " WHERE id < ?";
  if (!query.record_type.empty()) sql += " AND record_type = ?";
  if (query.record_id != 0) sql += " AND record_id = ?";
  if (!query.actor.empty()) sql += " AND actor = ?";
  if (!query.action.empty()) sql += " AND action = ?";
  sql += " ORDER BY id DESC LIMIT ?";
  Statement& select = db.prepare(sql);
  int at = 0;
  select.bind(at++, query.before == 0 ? std::numeric_limits<std::int64_t>::max() : query.before);
  if (!query.record_type.empty()) select.bind_text(at++, query.record_type);
  if (query.record_id != 0) select.bind(at++, query.record_id);
  if (!query.actor.empty()) select.bind_text(at++, query.actor);
  if (!query.action.empty()) select.bind_text(at++, query.action);
  select.bind(at, query.limit);
  return read_audit(select);
}

std::vector<StoredKey> stored_keys(Connection& db, std::int64_t after, int limit) {
  Statement& select = db.prepare(
      "SELECT id, data_key FROM person WHERE id > ? AND data_key IS NOT NULL ORDER BY id LIMIT ?");
  select.bind(0, after).bind(1, limit);
  std::vector<StoredKey> keys;
  while (select.step()) keys.push_back({select.integer(0), select.blob(1)});
  return keys;
}

bool replace_key(Connection& db, const StoredKey& key, std::string_view wrapped) {
  return db.prepare("UPDATE person SET data_key = ? WHERE id = ? AND data_key = ?")
             .bind_blob(0, wrapped)
             .bind(1, key.person)
             .bind_blob(2, key.wrapped)
             .run() == 1;
}

}  // namespace chucai
