#include <algorithm>
#include <charconv>
#include <set>
#include <thread>

#include "registry/storage/crypto.h"
#include "registry/storage/migrations.h"

namespace chucai {

namespace {

// Step n of a version is row n; row 0 says that the version is complete.
constexpr int kWhole = 0;

constexpr const char* kSqliteJournal[] = {
    "CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL, step INTEGER NOT NULL, "
    "checksum TEXT NOT NULL, applied_at INTEGER NOT NULL, PRIMARY KEY (version, step)) STRICT",
};

// The first statement makes every table of the schema compare text as SQLite does. The journal is
// made last: where it stands, all of this does.
constexpr const char* kMariaDbJournal[] = {
    "ALTER DATABASE CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin",
    "CREATE TABLE IF NOT EXISTS schema_lock (id BIGINT PRIMARY KEY, holder CHAR(32) NOT NULL, "
    "until_us BIGINT NOT NULL) ENGINE = InnoDB",
    "INSERT IGNORE INTO schema_lock (id, holder, until_us) VALUES (1, '', 0)",
    "CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL, step BIGINT NOT NULL, "
    "checksum CHAR(64) NOT NULL, applied_at BIGINT NOT NULL, PRIMARY KEY (version, step)) "
    "ENGINE = InnoDB",
};

// Compare and set by the server's clock, the same for all processes.
constexpr const char* kTakeLock =
    "UPDATE schema_lock "
    "SET holder = ?, until_us = CAST(UNIX_TIMESTAMP(NOW(6)) * 1000000 AS SIGNED) + ? "
    "WHERE id = 1 AND (holder = ? OR until_us < UNIX_TIMESTAMP(NOW(6)) * 1000000)";
constexpr const char* kFreeLock =
    "UPDATE schema_lock SET holder = '', until_us = 0 WHERE id = 1 AND holder = ?";

constexpr const char* kHasJournal[] = {
    "SELECT count(*) FROM sqlite_schema WHERE name = 'schema_version'",
    "SELECT count(*) FROM information_schema.tables "
    "WHERE table_schema = DATABASE() AND table_name = 'schema_version'",
};

std::int64_t now_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::int64_t one_integer(Statement& query) {
  const std::int64_t value = query.step() ? query.integer(0) : 0;
  query.reset();
  return value;
}

bool has_journal(Connection& connection) {
  return one_integer(connection.prepare(kHasJournal[connection.dialect() == Dialect::MariaDb])) > 0;
}

std::string_view file_name(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

/// "sqlite" in "../migrations/sqlite/0001_people.sql".
std::string_view folder_name(std::string_view path) {
  const auto end = path.rfind('/');
  if (end == std::string_view::npos) return {};
  const std::string_view folder = path.substr(0, end);
  return file_name(folder);
}

/// The number before the underscore; 0 when there is none.
int version_of(std::string_view path) {
  const std::string_view name = file_name(path);
  int version = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), version);
  return error == std::errc() && end == name.data() + 4 && *end == '_' ? version : 0;
}

/// Empty when the last statement lacks its semicolon.
std::vector<std::string> split_statements(std::string_view text) {
  std::vector<std::string> statements;
  std::string statement;
  while (!text.empty()) {
    const auto end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    line = line.substr(0, line.find_last_not_of(" \t\r") + 1);
    if (line.empty() || line.starts_with("--")) continue;
    const bool last = line.ends_with(';');
    if (last) line.remove_suffix(1);
    statement.append(line).append(last ? "" : "\n");
    if (!last) continue;
    statements.push_back(std::move(statement));
    statement.clear();
  }
  if (!statement.empty()) return {};
  return statements;
}

tl::unexpected<Error> malformed(std::string_view file) {
  return fail(ErrorCode::Internal, "storage.migrations", {}, {std::string(file)});
}

/// One run of apply_migrations on its connection.
class Migrator {
 public:
  Migrator(Connection& connection, std::span<const Migration> migrations,
           std::chrono::milliseconds lease, std::string_view holder)
      : connection_(connection), migrations_(migrations), lease_(lease), holder_(holder) {}

  /// The number of steps that ran.
  Result<int> run() {
    create_journal();
    if (const Done fits = compare_with_journal(); !fits) return tl::make_unexpected(fits.error());
    for (const Migration& migration : migrations_) {
      if (is_applied(migration.version, kWhole)) continue;
      if (connection_.dialect() == Dialect::Sqlite) {
        apply_at_once(migration);
      } else {
        apply_by_steps(migration);
      }
    }
    return ran_;
  }

 private:
  void create_journal() {
    if (has_journal(connection_)) return;
    if (connection_.dialect() == Dialect::Sqlite) {
      for (const char* sql : kSqliteJournal) connection_.execute(sql);
    } else {
      for (const char* sql : kMariaDbJournal) connection_.execute(sql);
    }
  }

  /// What was applied must be what this binary would apply.
  Done compare_with_journal() {
    Statement& rows = connection_.prepare("SELECT version, checksum FROM schema_version");
    while (rows.step()) {
      const auto version = rows.integer(0);
      const Migration* const known = migration(version);
      if (known && known->checksum == rows.text(1)) continue;
      rows.reset();
      const int newest = migrations_.empty() ? 0 : migrations_.back().version;
      return fail(ErrorCode::FailedPrecondition,
                  version <= newest ? "storage.migration_changed" : "storage.newer_schema",
                  "database", {std::to_string(version), std::to_string(newest)});
    }
    return {};
  }

  /// Null for a version that this binary does not have.
  const Migration* migration(std::int64_t version) const {
    const auto at = std::find_if(migrations_.begin(), migrations_.end(),
                                 [&](const Migration& one) { return one.version == version; });
    return at == migrations_.end() ? nullptr : &*at;
  }

  bool is_applied(int version, int step) {
    Statement& count =
        connection_.prepare("SELECT count(*) FROM schema_version WHERE version = ? AND step = ?");
    return one_integer(count.bind(0, version).bind(1, step)) > 0;
  }

  void journal(const Migration& migration, int step) {
    connection_
        .prepare(
            "INSERT INTO schema_version (version, step, checksum, applied_at) "
            "VALUES (?, ?, ?, ?)")
        .bind(0, migration.version)
        .bind(1, step)
        .bind_text(2, migration.checksum)
        .bind(3, now_us())
        .run();
  }

  void apply_at_once(const Migration& migration) {
    connection_.execute("BEGIN IMMEDIATE");
    if (!is_applied(migration.version, kWhole)) {  // by another process, a moment ago
      int step = kWhole;
      for (const std::string& sql : migration.steps) {
        connection_.execute(sql);
        journal(migration, ++step);
      }
      journal(migration, kWhole);
      ran_ += step;
    }
    connection_.execute("COMMIT");
  }

  void apply_by_steps(const Migration& migration) {
    int step = kWhole;
    for (const std::string& sql : migration.steps) {
      ++step;
      take_lock();
      if (is_applied(migration.version, step)) continue;
      connection_.execute("START TRANSACTION");  // for a step of DML; DDL commits by itself
      connection_.execute(sql);
      journal(migration, step);
      connection_.execute("COMMIT");
      ++ran_;
    }
    take_lock();
    if (!is_applied(migration.version, kWhole)) journal(migration, kWhole);
  }

  /// Takes the lock row or renews it; waits while another process holds it.
  void take_lock() {
    const auto lease_us = std::chrono::microseconds(lease_).count();
    const auto take = [&] {
      return connection_.prepare(kTakeLock)
                 .bind_text(0, holder_)
                 .bind(1, lease_us)
                 .bind_text(2, holder_)
                 .run() == 1;
    };
    while (!take()) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }

  Connection& connection_;
  const std::span<const Migration> migrations_;
  const std::chrono::milliseconds lease_;
  const std::string_view holder_;
  int ran_ = 0;
};

/// Where this fails, the lease runs out.
void free_lock(Database& database, std::string_view holder) {
  (void)database.write([&](Connection& connection) -> Done {
    connection.prepare(kFreeLock).bind_text(0, holder).run();
    return {};
  });
}

}  // namespace

Result<std::vector<Migration>> read_migrations(std::span<const EmbeddedFile> files,
                                               Dialect dialect) {
  const std::string_view folder = dialect == Dialect::Sqlite ? "sqlite" : "mariadb";
  std::vector<Migration> migrations;
  for (const EmbeddedFile& file : files) {
    if (folder_name(file.name) != folder) continue;
    Migration migration{version_of(file.name), to_hex(sha256(file.text)),
                        split_statements(file.text)};
    if (migration.version == 0 || migration.steps.empty()) return malformed(file.name);
    migrations.push_back(std::move(migration));
  }
  std::sort(migrations.begin(), migrations.end(),
            [](const Migration& a, const Migration& b) { return a.version < b.version; });
  const auto same_version = [](const Migration& a, const Migration& b) {
    return a.version == b.version;
  };
  if (std::adjacent_find(migrations.begin(), migrations.end(), same_version) != migrations.end()) {
    return malformed(folder);
  }
  return migrations;
}

Result<int> apply_migrations(Database& database, std::span<const EmbeddedFile> files,
                             std::chrono::milliseconds lease) {
  const auto migrations = read_migrations(files, database.dialect());
  if (!migrations) return tl::make_unexpected(migrations.error());
  const std::string holder = to_hex(random_bytes(16));
  int ran = 0;
  const auto run_once = [&] {
    return database.outside_transaction([&](Connection& connection) -> Done {
      const auto result = Migrator(connection, *migrations, lease, holder).run();
      if (!result) return tl::make_unexpected(result.error());
      ran = *result;
      return {};
    });
  };
  Done done = run_once();
  // Another process was at the same step: what it has done is found in the journal.
  for (int i = 0; i < 3 && !done && done.error().code == ErrorCode::Conflict; ++i)
    done = run_once();
  if (database.dialect() == Dialect::MariaDb) free_lock(database, holder);
  if (!done) return tl::make_unexpected(done.error());
  return ran;
}

Result<int> migrate(Database& database) {
  return apply_migrations(database, embedded_migrations());
}

Result<int> migrate_to(Database& database, int version) {
  std::vector<EmbeddedFile> files;
  for (const EmbeddedFile& file : embedded_migrations()) {
    if (version_of(file.name) <= version) files.push_back(file);
  }
  return apply_migrations(database, files);
}

int newest_schema() {
  int newest = 0;
  for (const EmbeddedFile& file : embedded_migrations()) {
    newest = std::max(newest, version_of(file.name));
  }
  return newest;
}

Result<bool> is_half_migrated(Database& database) {
  bool is_half = false;
  const Done read = database.read([&](Connection& connection) -> Done {
    if (!has_journal(connection)) return {};
    Statement& steps = connection.prepare(
        "SELECT COUNT(*) FROM schema_version s WHERE NOT EXISTS"
        " (SELECT 1 FROM schema_version w WHERE w.version = s.version AND w.step = ?)");
    is_half = one_integer(steps.bind(0, kWhole)) > 0;
    return {};
  });
  if (!read) return tl::make_unexpected(read.error());
  return is_half;
}

Result<int> current_schema(Database& database) {
  const auto known = read_migrations(embedded_migrations(), database.dialect());
  if (!known) return tl::make_unexpected(known.error());
  std::set<std::int64_t> applied;
  const Done done = database.read([&](Connection& connection) -> Done {
    if (!has_journal(connection)) return {};
    Statement& rows = connection.prepare("SELECT version FROM schema_version WHERE step = ?");
    rows.bind(0, kWhole);
    while (rows.step()) applied.insert(rows.integer(0));
    return {};
  });
  if (!done) return tl::make_unexpected(done.error());
  int version = 0;
  for (const Migration& migration : *known) {
    if (!applied.contains(migration.version)) return version;
    version = migration.version;
  }
  return applied.empty() ? version : static_cast<int>(*applied.rbegin());
}

}  // namespace chucai
