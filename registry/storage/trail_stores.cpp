#include "registry/storage/trail_stores.h"

#include "registry/domain/region_map.h"
#include "registry/storage/row_writer.h"

namespace chucai {
namespace {

constexpr std::string_view kSelectTokens =
    "SELECT id, label, role, region, expires_on, revoked_at, person FROM access_token";

AccessToken read_token(Statement& row) {
  return {row.integer(0),
          row.text(1),
          row.text(2),
          row.text(3),
          parse_date(row.text(4)).value_or(Date{}),
          !row.is_null(5),
          row.integer(6)};
}

constexpr std::string_view kBatchColumns =
    "id, kind, file_name, file_digest, office, actor, mode, status, row_count, added, updated,"
    " same, duplicate, review, refused, created_at, finished_at";
constexpr std::string_view kSelectBatches =
    "SELECT id, kind, file_name, import_batch.file_digest, office, actor, mode, status, row_count,"
    " added, updated, same, duplicate, review, refused, created_at, finished_at,"
    " COALESCE(continues, 0), COALESCE(batch_continuation.file_digest, '')"
    " FROM import_batch LEFT JOIN batch_continuation ON batch = id";
constexpr std::string_view kPlanColumns =
    "id, year, status, created_at, created_by, adopted_at, cost, seats, filled,"
    " bound_cost, bound_filled, verified, office";

ImportBatch read_batch(Statement& row) {
  ImportBatch batch;
  batch.id = row.integer(0);
  batch.kind = row.text(1);
  batch.file_name = row.text(2);
  batch.file_digest = row.text(3);
  batch.office = row.text(4);
  batch.actor = row.text(5);
  batch.mode = row.text(6);
  batch.status = row.text(7);
  batch.counts = {row.integer(8),  row.integer(9),  row.integer(10), row.integer(11),
                  row.integer(12), row.integer(13), row.integer(14)};
  batch.created_at = row.integer(15);
  batch.finished_at = row.integer(16);
  batch.continues = row.integer(17);
  batch.continued_digest = row.text(18);
  return batch;
}

Plan read_plan(Statement& row) {
  Plan plan;
  plan.id = row.integer(0);
  plan.year = row.integer(1);
  plan.status = row.text(2);
  plan.created_at = row.integer(3);
  plan.created_by = row.text(4);
  plan.adopted_at = row.integer(5);
  plan.cost = row.integer(6);
  plan.seat_count = row.integer(7);
  plan.filled = row.integer(8);
  plan.bound_cost = row.integer(9);
  plan.bound_filled = row.integer(10);
  plan.verified = row.integer(11) != 0;
  plan.office = row.text(12);
  return plan;
}

}  // namespace

void append_statuses(Connection& db, std::span<const StatusChange> changes,
                     const std::function<std::int64_t()>& new_id) {
  RowWriter writer(
      db, "INSERT INTO status_log (id, record_type, record_id, status, on_date, at, actor)");
  for (const StatusChange& change : changes) {
    const Cell on = change.on ? Cell{to_text(change.on)} : Cell{};
    writer.add({new_id(), change.record_type, change.record_id, change.status, on, change.at,
                change.actor});
  }
  writer.flush();
}

void append_status(Connection& db, std::int64_t id, const StatusChange& change) {
  append_statuses(db, {&change, 1}, [id] { return id; });
}

std::optional<StatusChange> last_status(Connection& db, std::string_view record_type,
                                        std::int64_t record_id, std::string_view status) {
  Statement& select = db.prepare(
      "SELECT on_date, at, actor FROM status_log"
      " WHERE record_type = ? AND record_id = ? AND status = ? ORDER BY id DESC LIMIT 1");
  select.bind_text(0, record_type).bind(1, record_id).bind_text(2, status);
  std::optional<StatusChange> found;
  if (select.step()) {
    found = StatusChange{std::string(record_type), record_id,
                         std::string(status),      parse_date(select.text(0)).value_or(Date{}),
                         select.integer(1),        select.text(2)};
  }
  select.reset();
  return found;
}

void insert_document_file(Connection& db, std::int64_t id, std::int64_t document,
                          const StoredFile& file) {
  db.prepare(
        "INSERT INTO document_file (id, document, digest, byte_count, media_type, at, actor)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)")
      .bind(0, id)
      .bind(1, document)
      .bind_text(2, file.digest)
      .bind(3, file.byte_count)
      .bind_text(4, file.media_type)
      .bind(5, file.at)
      .bind_text(6, file.actor)
      .run();
}

std::optional<StoredFile> newest_document_file(Connection& db, std::int64_t document) {
  Statement& select = db.prepare(
      "SELECT digest, media_type, byte_count, at, actor FROM document_file"
      " WHERE document = ? ORDER BY id DESC LIMIT 1");
  select.bind(0, document);
  std::optional<StoredFile> found;
  if (select.step()) {
    found = StoredFile{select.text(0), select.text(1), select.integer(2), select.integer(3),
                       select.text(4)};
  }
  select.reset();
  return found;
}

void for_each_document_file(
    Connection& db,
    const std::function<void(const std::string& digest, std::int64_t byte_count)>& visit) {
  Statement& files = db.prepare("SELECT DISTINCT digest, byte_count FROM document_file");
  while (files.step()) visit(files.text(0), files.integer(1));
}

void insert_batch(Connection& db, const ImportBatch& batch) {
  const ImportCounts& counts = batch.counts;
  db.prepare("INSERT INTO import_batch (" + std::string(kBatchColumns) +
             ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .bind(0, batch.id)
      .bind_text(1, batch.kind)
      .bind_text(2, batch.file_name)
      .bind_text(3, batch.file_digest)
      .bind_text(4, batch.office)
      .bind_text(5, batch.actor)
      .bind_text(6, batch.mode)
      .bind_text(7, batch.status)
      .bind(8, counts.rows)
      .bind(9, counts.added)
      .bind(10, counts.updated)
      .bind(11, counts.same)
      .bind(12, counts.duplicate)
      .bind(13, counts.review)
      .bind(14, counts.refused)
      .bind(15, batch.created_at)
      .bind(16, batch.finished_at)
      .run();
  if (batch.continued_digest.empty()) return;
  db.prepare("INSERT INTO batch_continuation (batch, continues, file_digest) VALUES (?, ?, ?)")
      .bind(0, batch.id)
      .bind(1, batch.continues)
      .bind_text(2, batch.continued_digest)
      .run();
}

void set_batch_status(Connection& db, std::int64_t batch, std::string_view status) {
  db.prepare("UPDATE import_batch SET status = ? WHERE id = ?")
      .bind_text(0, status)
      .bind(1, batch)
      .run();
}

void finish_batch(Connection& db, std::int64_t batch, std::string_view status, std::int64_t at) {
  set_batch_status(db, batch, status);
  db.prepare("UPDATE import_batch SET finished_at = ? WHERE id = ?")
      .bind(0, at)
      .bind(1, batch)
      .run();
}

void delete_batch(Connection& db, std::int64_t batch) {
  db.prepare("DELETE FROM batch_continuation WHERE batch = ?").bind(0, batch).run();
  db.prepare("DELETE FROM import_batch WHERE id = ?").bind(0, batch).run();
}

void insert_batch_rows(Connection& db, std::span<const BatchRow> rows) {
  RowWriter writer(db,
                   "INSERT INTO import_row (batch, row_no, operation, record_type, record_id,"
                   " version_after, before_image)");
  for (const BatchRow& row : rows) {
    writer.add({row.batch, row.row, row.operation, row.record_type, row.record_id,
                row.version_after, row.before_image});
  }
  writer.flush();
}

void renumber_batch_rows(Connection& db, std::string_view record_type, std::int64_t record_id,
                         std::int64_t version, std::int64_t now) {
  db.prepare(
        "UPDATE import_row SET version_after = ?"
        " WHERE record_type = ? AND record_id = ? AND version_after = ?")
      .bind(0, now)
      .bind_text(1, record_type)
      .bind(2, record_id)
      .bind(3, version)
      .run();
}

std::optional<ImportBatch> load_batch(Connection& db, std::int64_t id) {
  Statement& select = db.prepare(std::string(kSelectBatches) + " WHERE id = ?");
  select.bind(0, id);
  if (!select.step()) return std::nullopt;
  const ImportBatch batch = read_batch(select);
  select.reset();
  return batch;
}

std::vector<ImportBatch> list_batches(Connection& db, const Scope& scope) {
  const CodeRange range = subtree(scope.region);
  Statement& select = db.prepare(std::string(kSelectBatches) +
                                 " WHERE office >= ? AND office < ? ORDER BY id DESC LIMIT 200");
  select.bind_text(0, range.from).bind_text(1, range.below);
  std::vector<ImportBatch> batches;
  while (select.step()) batches.push_back(read_batch(select));
  return batches;
}

std::vector<BatchRow> batch_rows(Connection& db, std::int64_t batch) {
  Statement& select = db.prepare(
      "SELECT row_no, operation, record_type, record_id, version_after, before_image"
      " FROM import_row WHERE batch = ? ORDER BY row_no DESC");
  select.bind(0, batch);
  std::vector<BatchRow> rows;
  while (select.step()) {
    rows.push_back({batch, select.integer(0), select.text(1), select.text(2), select.integer(3),
                    select.integer(4), select.text(5)});
  }
  return rows;
}

std::optional<std::int64_t> batch_with_digest(Connection& db, std::string_view digest,
                                              std::string_view office) {
  Statement& select = db.prepare(
      "SELECT id FROM import_batch WHERE file_digest = ? AND office = ?"
      " AND status = 'committed' ORDER BY id DESC LIMIT 1");
  select.bind_text(0, digest).bind_text(1, office);
  if (!select.step()) return std::nullopt;
  const std::int64_t id = select.integer(0);
  select.reset();
  return id;
}

void insert_plan(Connection& db, const Plan& plan) {
  db.prepare("INSERT INTO plan (" + std::string(kPlanColumns) +
             ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .bind(0, plan.id)
      .bind(1, plan.year)
      .bind_text(2, plan.status)
      .bind(3, plan.created_at)
      .bind_text(4, plan.created_by)
      .bind(5, plan.adopted_at)
      .bind(6, plan.cost)
      .bind(7, plan.seat_count)
      .bind(8, plan.filled)
      .bind(9, plan.bound_cost)
      .bind(10, plan.bound_filled)
      .bind(11, plan.verified ? 1 : 0)
      .bind_text(12, plan.office)
      .run();
  for (const PlanSeat& seat : plan.seats) {
    db.prepare("INSERT INTO plan_seat (plan, need, person, score) VALUES (?, ?, ?, ?)")
        .bind(0, plan.id)
        .bind(1, seat.need)
        .bind(2, seat.person)
        .bind(3, seat.score)
        .run();
  }
  for (const PlanShortage& shortage : plan.shortages) {
    db.prepare(
          "INSERT INTO plan_shortage (plan, need, unfilled, cause, detail) VALUES (?, ?, ?, ?, ?)")
        .bind(0, plan.id)
        .bind(1, shortage.need)
        .bind(2, shortage.unfilled)
        .bind_text(3, shortage.cause)
        .bind_text(4, shortage.detail)
        .run();
  }
}

void set_plan_status(Connection& db, std::int64_t plan, std::string_view status,
                     std::int64_t adopted_at) {
  db.prepare("UPDATE plan SET status = ?, adopted_at = ? WHERE id = ?")
      .bind_text(0, status)
      .bind(1, adopted_at)
      .bind(2, plan)
      .run();
}

void supersede_plans(Connection& db, std::int64_t year, std::int64_t except) {
  db.prepare(
        "UPDATE plan SET status = 'superseded' WHERE year = ? AND status = 'adopted' AND id <> ?")
      .bind(0, year)
      .bind(1, except)
      .run();
}

std::optional<Plan> load_plan(Connection& db, const Scope& scope, std::int64_t id) {
  const CodeRange range = subtree(scope.region);
  Statement& select = db.prepare("SELECT " + std::string(kPlanColumns) +
                                 " FROM plan WHERE id = ? AND office >= ? AND office < ?");
  select.bind(0, id).bind_text(1, range.from).bind_text(2, range.below);
  if (!select.step()) return std::nullopt;
  Plan plan = read_plan(select);
  select.reset();
  Statement& seats =
      db.prepare("SELECT need, person, score FROM plan_seat WHERE plan = ? ORDER BY need, person");
  seats.bind(0, id);
  while (seats.step()) {
    plan.seats.push_back({seats.integer(0), seats.integer(1), seats.integer(2)});
  }
  Statement& shortages = db.prepare(
      "SELECT need, unfilled, cause, detail FROM plan_shortage WHERE plan = ? ORDER BY need");
  shortages.bind(0, id);
  while (shortages.step()) {
    plan.shortages.push_back(
        {shortages.integer(0), shortages.integer(1), shortages.text(2), shortages.text(3)});
  }
  return plan;
}

std::vector<Plan> list_plans(Connection& db, const Scope& scope) {
  const CodeRange range = subtree(scope.region);
  Statement& select =
      db.prepare("SELECT " + std::string(kPlanColumns) +
                 " FROM plan WHERE office >= ? AND office < ? ORDER BY id DESC LIMIT 100");
  select.bind_text(0, range.from).bind_text(1, range.below);
  std::vector<Plan> plans;
  while (select.step()) plans.push_back(read_plan(select));
  return plans;
}

void insert_token(Connection& db, const AccessToken& token, std::string_view digest,
                  std::int64_t created_at) {
  db.prepare(
        "INSERT INTO access_token (id, digest, label, role, region, expires_on, person, created_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
      .bind(0, token.id)
      .bind_blob(1, digest)
      .bind_text(2, token.label)
      .bind_text(3, token.role)
      .bind_text(4, token.region)
      .bind_text(5, to_text(token.expires_on))
      .bind(6, token.person)
      .bind(7, created_at)
      .run();
}

std::optional<AccessToken> token_with_digest(Connection& db, std::string_view digest) {
  Statement& select = db.prepare(std::string(kSelectTokens) + " WHERE digest = ?");
  select.bind_blob(0, digest);
  if (!select.step()) return std::nullopt;
  AccessToken token = read_token(select);
  select.reset();
  return token;
}

std::vector<AccessToken> list_tokens(Connection& db, const Scope& scope) {
  const CodeRange range = subtree(scope.region);
  Statement& select = db.prepare(std::string(kSelectTokens) +
                                 " WHERE region >= ? AND region < ? ORDER BY id DESC LIMIT 200");
  select.bind_text(0, range.from).bind_text(1, range.below);
  std::vector<AccessToken> tokens;
  while (select.step()) tokens.push_back(read_token(select));
  return tokens;
}

bool revoke_token(Connection& db, const Scope& scope, std::int64_t id, std::int64_t at) {
  const CodeRange range = subtree(scope.region);
  return db.prepare(
               "UPDATE access_token SET revoked_at = ?"
               " WHERE id = ? AND region >= ? AND region < ? AND revoked_at IS NULL")
             .bind(0, at)
             .bind(1, id)
             .bind_text(2, range.from)
             .bind_text(3, range.below)
             .run() == 1;
}

std::optional<std::string> load_setting(Connection& db, std::string_view name) {
  Statement& select = db.prepare("SELECT value FROM setting WHERE name = ?");
  select.bind_text(0, name);
  if (!select.step()) return std::nullopt;
  std::string value = select.text(0);
  select.reset();
  return value;
}

void save_setting(Connection& db, std::string_view name, std::string_view value) {
  Statement& update = db.prepare("UPDATE setting SET value = ? WHERE name = ?");
  if (update.bind_text(0, value).bind_text(1, name).run() > 0) return;
  db.prepare("INSERT INTO setting (name, value) VALUES (?, ?)")
      .bind_text(0, name)
      .bind_text(1, value)
      .run();
}

void delete_setting(Connection& db, std::string_view name) {
  db.prepare("DELETE FROM setting WHERE name = ?").bind_text(0, name).run();
}

}  // namespace chucai
