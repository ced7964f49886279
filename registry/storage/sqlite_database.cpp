// SQLite through its C API; the only user of sqlite3.h. One writer (BEGIN IMMEDIATE, so that it
// never has to upgrade a stale read) and a few readers beside it, in WAL mode.
#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include "registry/storage/connection_pool.h"
#include "registry/storage/drivers.h"

namespace chucai {

namespace {

constexpr int kBusyTimeoutMs = 5000;
// SQLite's own 2 MB is less than the inner pages of the indexes of a million people.
constexpr std::string_view kWriterCache = "PRAGMA cache_size = -65536";  // KiB
constexpr std::string_view kReaderCache = "PRAGMA cache_size = -16384";
constexpr std::size_t kReaders = 4;

DbFailure kind_of(int code) {
  switch (code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
      return DbFailure::Unique;
    case SQLITE_CONSTRAINT_FOREIGNKEY:
      return DbFailure::ForeignKey;
    default:
      break;
  }
  switch (code & 0xff) {
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
      return DbFailure::Check;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return DbFailure::Conflict;
    case SQLITE_FULL:
    case SQLITE_READONLY:
      return DbFailure::Full;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
      return DbFailure::Lost;  // at COMMIT: the frames may have reached the disk or not
    case SQLITE_INTERRUPT:
      return DbFailure::Timeout;
    case SQLITE_TOOBIG:
      return DbFailure::TooLarge;
    case SQLITE_ERROR:  // "no such table", syntax
    case SQLITE_SCHEMA:
      return DbFailure::Schema;
    default:
      return DbFailure::Other;
  }
}

/// The first column in "UNIQUE constraint failed: person.number, person.office".
std::string first_column(std::string_view message) {
  const auto colon = message.rfind(": ");
  if (colon == std::string_view::npos) return {};
  message = message.substr(colon + 2);
  message = message.substr(0, message.find(','));
  return std::string(message.substr(message.find('.') + 1));
}

[[noreturn]] void raise(sqlite3* db, int code) {
  const std::string message = db ? sqlite3_errmsg(db) : sqlite3_errstr(code);
  const DbFailure kind = kind_of(code);
  throw DbError(kind, code, "sqlite " + std::to_string(code) + ": " + message,
                kind == DbFailure::Unique ? first_column(message) : std::string());
}

/// The pointer SQLite takes for "no bytes"; a null pointer would bind NULL instead.
const char* bytes_of(std::string_view view) {
  return view.data() ? view.data() : "";
}

class SqliteStatement final : public Statement {
 public:
  SqliteStatement(sqlite3* db, std::string_view sql) : db_(db) {
    const int code = sqlite3_prepare_v3(db, sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &statement_, nullptr);
    if (code != SQLITE_OK) raise(db, code);
  }
  ~SqliteStatement() override { sqlite3_finalize(statement_); }
  SqliteStatement(const SqliteStatement&) = delete;
  SqliteStatement& operator=(const SqliteStatement&) = delete;

  Statement& bind_null(int index) override {
    return check(sqlite3_bind_null(statement_, index + 1));
  }
  Statement& bind(int index, std::int64_t value) override {
    return check(sqlite3_bind_int64(statement_, index + 1, value));
  }
  Statement& bind_text(int index, std::string_view utf8) override {
    return check(sqlite3_bind_text64(statement_, index + 1, bytes_of(utf8), utf8.size(),
                                     SQLITE_TRANSIENT, SQLITE_UTF8));
  }
  Statement& bind_blob(int index, std::string_view bytes) override {
    return check(sqlite3_bind_blob64(statement_, index + 1, bytes_of(bytes), bytes.size(),
                                     SQLITE_TRANSIENT));
  }
  bool step() override {
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) return true;
    finish(code);
    return false;
  }
  std::int64_t run() override {
    while (step()) {
    }
    return sqlite3_changes64(db_);
  }
  void reset() override { sqlite3_reset(statement_); }
  void unbind() { sqlite3_clear_bindings(statement_); }

  bool is_null(int column) override {
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
  }
  std::int64_t integer(int column) override { return sqlite3_column_int64(statement_, column); }
  std::string text(int column) override {
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
    return bytes ? std::string(bytes, size_of(column)) : std::string();
  }
  std::string blob(int column) override {
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));
    return bytes ? std::string(bytes, size_of(column)) : std::string();
  }
  std::string_view view(int column) override {
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));
    return bytes ? std::string_view(bytes, size_of(column)) : std::string_view();
  }

 private:
  std::size_t size_of(int column) {
    return static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
  }
  Statement& check(int code) {
    if (code != SQLITE_OK) raise(db_, code);
    return *this;
  }
  /// The statement is over: reset it, whether well or not (sqlite3_reset keeps the message).
  void finish(int code) {
    sqlite3_reset(statement_);
    if (code != SQLITE_DONE) raise(db_, code);
  }

  sqlite3* db_;
  sqlite3_stmt* statement_ = nullptr;
};

enum class Role { Reader, Writer };

class SqliteConnection final : public Connection {
 public:
  SqliteConnection(const std::string& path, Role role) {
    sqlite3* db = nullptr;
    const int code = sqlite3_open_v2(
        path.c_str(), &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
        nullptr);
    db_.reset(db);  // it exists even when opening failed
    if (code != SQLITE_OK) raise(db, code);
    sqlite3_busy_timeout(db, kBusyTimeoutMs);
    // A misspelt "column" in double quotes must be an error, not a text.
    sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
    if (role == Role::Writer) use_wal();
    execute(role == Role::Writer ? kWriterCache : kReaderCache);
    execute("PRAGMA synchronous = FULL");
    execute("PRAGMA foreign_keys = ON");
    execute("PRAGMA trusted_schema = OFF");
    if (role == Role::Reader) execute("PRAGMA query_only = ON");
  }

  Dialect dialect() const override { return Dialect::Sqlite; }

  Statement& prepare(std::string_view sql) override {
    if (SqliteStatement* kept = statements_.find(sql)) {
      kept->reset();
      kept->unbind();
      return *kept;
    }
    return statements_.keep(sql, std::make_unique<SqliteStatement>(db_.get(), sql));
  }

  void execute(std::string_view sql) override {
    const int code = sqlite3_exec(db_.get(), std::string(sql).c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) raise(db_.get(), code);
  }

  void reset_statements() override { statements_.reset(); }

 private:
  void use_wal() {
    Statement& mode = prepare("PRAGMA journal_mode = WAL");
    if (!mode.step() || mode.text(0) != "wal") {
      throw DbError(DbFailure::Other, 0, "this file system cannot keep SQLite's WAL");
    }
    mode.reset();
  }

  struct Close {
    void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
  };
  std::unique_ptr<sqlite3, Close> db_;  // before the statements, which must go first
  StatementCache<SqliteStatement> statements_;
};

/// SQLite gives its -wal and -shm files the mode of the database file. An existing file is not
/// opened here: closing it would drop the locks that SQLite holds on it in this process.
void create_private_file(const std::string& path) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file >= 0) ::close(file);
}

}  // namespace

std::unique_ptr<Database> open_sqlite(const SqliteAddress& address) {
  // Nobody asks how much memory SQLite has, and counting it takes a lock an allocation. Once,
  // before the first use; later it is refused.
  [[maybe_unused]] static const int uncounted = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  create_private_file(address.path);
  const auto opener = [path = address.path](Role role) {
    return [path, role] { return std::make_unique<SqliteConnection>(path, role); };
  };
  const auto writer = std::make_shared<ConnectionPool>(1, opener(Role::Writer));
  const auto readers = std::make_shared<ConnectionPool>(kReaders, opener(Role::Reader));
  writer->give_back(writer->take());  // proves the file, and puts it into WAL mode
  return std::make_unique<Database>(
      Dialect::Sqlite, Database::Pools{.read = readers, .write = writer, .maintain = writer});
}

}  // namespace chucai
