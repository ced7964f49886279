// The SQL port: the few operations that SQLite and MariaDB share, and the one place where a
// transaction begins, is retried and ends. Stores are written against this header only.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "registry/domain/result.h"

namespace chucai {

/// What went wrong in a database, the same on both.
enum class DbFailure {
  Unique,  ///< a UNIQUE or PRIMARY KEY constraint refused the row
  ForeignKey,
  Check,           ///< CHECK, NOT NULL, type or length
  Conflict,        ///< deadlock, certification failure, busy: run the whole transaction again
  NotReady,        ///< the cluster node is not primary
  Lost,            ///< connection or file lost; nothing was committed
  UnknownOutcome,  ///< lost while COMMIT was under way: it may have happened
  Timeout,
  TooLarge,
  Full,    ///< disk full, over quota or read-only
  Schema,  ///< no such table or column, statement out of date
  Other,
};

/// Thrown by statements and connections, caught by Database only. A body may throw one of kind
/// Conflict itself when a version check finds that its whole transaction must run again.
class DbError : public std::runtime_error {
 public:
  /// `key`: what a Unique failure ran into, see Database::write. `what` holds no bound value.
  DbError(DbFailure failure, int native_code, const std::string& what, std::string key = {})
      : std::runtime_error(what), kind(failure), code(native_code), unique_key(std::move(key)) {}
  DbFailure kind;
  int code;  ///< as SQLite (extended) or MariaDB numbers it
  std::string unique_key;
};

enum class Dialect { Sqlite, MariaDb };

/// A prepared statement of one connection. Parameters and columns count from 0. Values stay bound
/// until Connection::prepare hands the statement out again; a parameter never bound is NULL.
class Statement {
 public:
  virtual ~Statement() = default;
  virtual Statement& bind_null(int index) = 0;
  virtual Statement& bind(int index, std::int64_t value) = 0;
  virtual Statement& bind_text(int index, std::string_view utf8) = 0;
  virtual Statement& bind_blob(int index, std::string_view bytes) = 0;
  /// Moves to the next row of a query; false behind the last one (the statement is then reset).
  virtual bool step() = 0;
  /// Runs a statement that returns no rows; the number of rows it matched (an upsert of MariaDB
  /// counts an updated row twice). Resets afterwards.
  virtual std::int64_t run() = 0;
  /// Ends a query early so that the statement can be bound again.
  virtual void reset() = 0;
  virtual bool is_null(int column) = 0;
  /// Columns of the current row; a NULL is 0 or empty. Text is UTF-8.
  virtual std::int64_t integer(int column) = 0;
  virtual std::string text(int column) = 0;
  virtual std::string blob(int column) = 0;
  /// Text or blob of the current row without a copy; valid until the next step() or reset().
  virtual std::string_view view(int column) = 0;
};

/// One connection, used by one thread at a time inside Database::read or Database::write.
class Connection {
 public:
  virtual ~Connection() = default;
  virtual Dialect dialect() const = 0;
  /// The statement for `sql`, prepared once per connection, reset and with nothing bound. Owned by
  /// the connection and valid until the transaction ends.
  virtual Statement& prepare(std::string_view sql) = 0;
  /// Runs one statement without parameters (DDL, START TRANSACTION, COMMIT as text).
  virtual void execute(std::string_view sql) = 0;
  /// Ends every query still open, and forgets statements when too many are kept. Called by Database
  /// at the end of each transaction, so that a reader never keeps an old view of the data.
  virtual void reset_statements() = 0;

  /// Runs `action` when the transaction under way has committed, and never when it has not.
  /// Another transaction may have committed in between. It must not throw.
  void after_commit(std::function<void()> action) { after_commit_.push_back(std::move(action)); }
  /// What after_commit() was given since the last call; Database runs or drops it.
  std::vector<std::function<void()>> take_after_commit() {
    return std::exchange(after_commit_, {});
  }

 private:
  std::vector<std::function<void()>> after_commit_;
};

/// How long a write keeps trying against other writers.
struct WriteOptions {
  int attempts = 5;                                               ///< runs of the body in all
  std::chrono::milliseconds patience = std::chrono::seconds(10);  ///< no new attempt after this
};

class ConnectionPool;

/// A database with its connections: SQLite has one writer and N readers, MariaDB N of a kind.
/// Threads: all functions may be called from any thread. A body must not call the Database again:
/// it would wait for its own connection.
class Database {
 public:
  using Body = std::function<Done(Connection&)>;

  /// Where connections come from. Shared, because two uses may draw from one pool.
  struct Pools {
    std::shared_ptr<ConnectionPool> read;
    std::shared_ptr<ConnectionPool> write;
    std::shared_ptr<ConnectionPool> maintain;
  };

  Database(Dialect dialect, Pools pools) : dialect_(dialect), pools_(std::move(pools)) {}
  Dialect dialect() const { return dialect_; }

  /// Runs `body` once in a read transaction (one consistent view); writing in it fails.
  /// Errors: those of `body`; those of the database, as for write().
  Done read(const Body& body);

  /// Runs `body` in a write transaction and commits when it succeeds; rolls back on an Error or
  /// an exception (which goes on to the caller). Conflicts run the whole body again, with jitter:
  /// it must have no effect outside the database that a second run does not overwrite.
  /// Errors: those of `body`; Conflict "storage.unique" (`where`: on SQLite the first column of the
  /// key, on MariaDB the key's name, which is that column unless named otherwise, or PRIMARY) or
  /// "storage.busy"; FailedPrecondition "storage.reference"; InvalidArgument "storage.check";
  /// TooLarge "storage.too_large"; Unavailable "storage.lost", "storage.not_ready",
  /// "storage.timeout", "storage.full", or "storage.unknown_outcome" when the connection was lost
  /// during COMMIT; Internal "storage.schema", "storage.failed".
  Done write(const Body& body, WriteOptions options = {});

  /// Runs `body` on a writing connection outside any transaction and without the usual time
  /// limit: migrations and PRAGMAs only. The connection is closed afterwards, so that nothing set
  /// on it or left open reaches the next user.
  Done outside_transaction(const Body& body);

 private:
  Dialect dialect_;
  Pools pools_;
};

/// Where a database lies: `sqlite:PATH` or `mysql://USER:PASSWORD@HOST:PORT/SCHEMA`
/// (`?socket=/path` instead of host and port). User, password and option values are
/// percent-decoded. Options: `socket`, `timeout` (seconds of silence after which the server counts
/// as lost, 30) and `connections` (at most, 8). A new SQLite file gets mode 0600. A MariaDB that
/// does not sync at commit is refused (FailedPrecondition "storage.not_durable").
/// Errors: InvalidArgument "storage.url"; Unavailable "storage.open" with the cause for the log.
Result<std::unique_ptr<Database>> open_database(std::string_view url);

/// Brings the schema up to the newest migration (registry/migrations), one journalled step at a
/// time; safe to call again after a crash and from several processes. Returns the number of steps
/// that ran. Errors: FailedPrecondition "storage.newer_schema" when the database is newer than this
/// binary, "storage.migration_changed" when a released migration differs from what was applied;
/// those of Database::write.
Result<int> migrate(Database& database);

/// The same up to migration `version` and no further: for data of that schema.
Result<int> migrate_to(Database& database, int version);

/// The newest migration that this binary knows; 0: none.
int newest_schema();
/// The newest migration that the database has in full together with all before it that this binary
/// knows; 0: none.
Result<int> current_schema(Database& database);
/// True when a migration was begun and cut off: what stands there is of no schema.
Result<bool> is_half_migrated(Database& database);

}  // namespace chucai
