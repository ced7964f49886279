#include "registry/storage/change_feed.h"

#include "registry/storage/row_writer.h"

namespace chucai {
namespace {

constexpr int kNumberedAtOnce = 1024;
constexpr int kAttempts = 30;  // sequencers of several nodes collide; the loser finds less to do

constexpr std::string_view kNote =
    "INSERT INTO change_feed (record_type, record_id, version) VALUES (?, ?, ?)";
// A lower version first: it was committed before the higher one was written, so that of one
// record's versions none overtakes another. All of it stands in the index.
constexpr std::string_view kUnnumbered =
    "SELECT record_type, record_id, version FROM change_feed WHERE seq IS NULL"
    " ORDER BY version, record_type, record_id LIMIT ?";
constexpr std::string_view kAfter =
    "SELECT seq, record_type, record_id, version FROM change_feed WHERE seq > ?"
    " ORDER BY seq LIMIT ?";
constexpr const char* kConflict[] = {
    " ON CONFLICT (record_type, record_id, version) DO UPDATE SET seq = excluded.seq",
    " ON DUPLICATE KEY UPDATE seq = VALUES(seq)",
};

std::int64_t one_integer(Statement& query) {
  const std::int64_t value = query.step() ? query.integer(0) : 0;
  query.reset();
  return value;
}

// The counter row is locked first: whoever holds it numbers alone. The query behind it is a plain
// read, whose view begins with it on MariaDB and so has all that earlier sequencers did; a locking
// one would wait for rows that an import has written and not committed yet.
std::int64_t number_some(Connection& db) {
  std::string lock = "SELECT seq FROM feed_counter WHERE id = 1";
  if (db.dialect() == Dialect::MariaDb) lock += " FOR UPDATE";
  std::int64_t seq = one_integer(db.prepare(lock));
  const std::int64_t before = seq;
  std::vector<std::vector<Cell>> numbered;
  Statement& rows = db.prepare(kUnnumbered);
  rows.bind(0, kNumberedAtOnce);
  while (rows.step()) {
    numbered.push_back({rows.text(0), rows.integer(1), rows.integer(2), ++seq});
  }
  if (seq == before) return 0;
  RowWriter writer(db, "INSERT INTO change_feed (record_type, record_id, version, seq)",
                   kConflict[db.dialect() == Dialect::MariaDb]);
  for (auto& row : numbered) writer.add(std::move(row));
  writer.flush();
  db.prepare("UPDATE feed_counter SET seq = ? WHERE id = 1").bind(0, seq).run();
  return seq - before;
}

}  // namespace

void note_change(Connection& db, std::string_view record_type, std::int64_t record_id,
                 std::int64_t version) {
  db.prepare(kNote).bind_text(0, record_type).bind(1, record_id).bind(2, version).run();
}

void note_new(Connection& db, std::string_view record_type, std::span<const std::int64_t> records) {
  RowWriter writer(db, "INSERT INTO change_feed (record_type, record_id, version)");
  for (const std::int64_t record : records) {
    writer.add({std::string(record_type), record, std::int64_t{1}});
  }
  writer.flush();
}

Result<std::int64_t> number_changes(Database& database) {
  std::int64_t all = 0;
  while (true) {
    std::int64_t some = 0;
    const Done done = database.write(
        [&](Connection& db) -> Done {
          some = number_some(db);
          return {};
        },
        {.attempts = kAttempts});
    if (!done) return tl::make_unexpected(done.error());
    all += some;
    if (some < kNumberedAtOnce) return all;
  }
}

Result<std::int64_t> latest_change(Database& database) {
  std::int64_t last = 0;
  bool waiting = false;
  const auto look = [&](Connection& db) -> Done {
    waiting = has_unnumbered_changes(db);
    last = last_change(db);
    return {};
  };
  Done seen = database.read(look);
  if (seen && waiting) {
    const auto numbered = number_changes(database);
    if (!numbered) return numbered;
    seen = database.read(look);
  }
  if (!seen) return tl::make_unexpected(seen.error());
  return last;
}

std::vector<Change> changes_after(Connection& db, std::int64_t after, int limit) {
  std::vector<Change> changes;
  Statement& rows = db.prepare(kAfter);
  rows.bind(0, after).bind(1, limit);
  while (rows.step()) {
    changes.push_back({rows.integer(0), rows.text(1), rows.integer(2), rows.integer(3)});
  }
  return changes;
}

std::int64_t last_change(Connection& db) {
  return one_integer(db.prepare("SELECT seq FROM feed_counter WHERE id = 1"));
}

bool has_unnumbered_changes(Connection& db) {
  return one_integer(db.prepare("SELECT COUNT(*) FROM (SELECT version FROM change_feed"
                                " WHERE seq IS NULL LIMIT 1) AS waiting")) > 0;
}

}  // namespace chucai
