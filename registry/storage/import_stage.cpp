#include "registry/storage/import_stage.h"

#include "registry/domain/region_map.h"
#include "registry/storage/trail_stores.h"

namespace chucai {

std::string stage_key(Connection& db, std::int64_t batch) {
  Statement& select = db.prepare("SELECT stage_key FROM import_batch WHERE id = ?");
  select.bind(0, batch);
  std::string key = select.step() ? select.blob(0) : std::string();
  select.reset();
  return key;
}

void set_stage_key(Connection& db, std::int64_t batch, std::string_view wrapped) {
  db.prepare("UPDATE import_batch SET stage_key = ? WHERE id = ?")
      .bind_blob(0, wrapped)
      .bind(1, batch)
      .run();
}

void put_chunk(Connection& db, std::int64_t batch, std::int64_t chunk, std::string_view sealed) {
  db.prepare("DELETE FROM import_chunk WHERE batch = ? AND chunk = ?")
      .bind(0, batch)
      .bind(1, chunk)
      .run();
  db.prepare("INSERT INTO import_chunk (batch, chunk, sealed) VALUES (?, ?, ?)")
      .bind(0, batch)
      .bind(1, chunk)
      .bind_blob(2, sealed)
      .run();
}

std::optional<std::string> chunk_of(Connection& db, std::int64_t batch, std::int64_t chunk) {
  Statement& select = db.prepare("SELECT sealed FROM import_chunk WHERE batch = ? AND chunk = ?");
  select.bind(0, batch).bind(1, chunk);
  std::optional<std::string> sealed;
  if (select.step()) sealed = select.blob(0);
  select.reset();
  return sealed;
}

void drop_stage(Connection& db, std::int64_t batch) {
  db.prepare("DELETE FROM import_chunk WHERE batch = ?").bind(0, batch).run();
  db.prepare("UPDATE import_batch SET stage_key = NULL WHERE id = ?").bind(0, batch).run();
}

std::optional<ImportBatch> unfinished_batch(Connection& db, std::string_view digest,
                                            std::string_view kind, std::string_view office) {
  Statement& select = db.prepare(
      "SELECT id FROM import_batch"
      " WHERE file_digest = ? AND kind = ? AND office = ? AND status IN ('staging', 'staged')"
      " ORDER BY id DESC LIMIT 1");
  select.bind_text(0, digest).bind_text(1, kind).bind_text(2, office);
  const std::int64_t id = select.step() ? select.integer(0) : 0;
  select.reset();
  return id == 0 ? std::nullopt : load_batch(db, id);
}

std::vector<std::int64_t> unfinished_batches(Connection& db, const Scope& scope,
                                             std::int64_t before) {
  const CodeRange range = subtree(scope.region);
  Statement& select = db.prepare(
      "SELECT id FROM import_batch"
      " WHERE status IN ('staging', 'staged') AND created_at < ? AND office >= ? AND office < ?"
      " ORDER BY id LIMIT 10000");
  select.bind(0, before).bind_text(1, range.from).bind_text(2, range.below);
  std::vector<std::int64_t> batches;
  while (select.step()) batches.push_back(select.integer(0));
  return batches;
}

}  // namespace chucai
