// The SQL port: ten operations that SQLite and MariaDB share, and the one place where a
// transaction begins, is retried and ends. Stores are written against this header only.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "registry/domain/result.h"

namespace chucai {

/// What went wrong in a database, the same on both.
enum class DbFailure {
  Unique,  ///< a UNIQUE or PRIMARY KEY constraint refused the row
  ForeignKey,
  Check,     ///< CHECK, NOT NULL, type or length
  Conflict,  ///< deadlock, certification failure, busy: run the whole transaction again
  NotReady,  ///< the cluster node is not primary
  Lost,      ///< connection lost; during COMMIT the outcome is unknown
  Timeout,
  TooLarge,
  Full,    ///< disk or quota
  Schema,  ///< no such table or column, statement out of date
  Other,
};

/// Thrown by statements and connections, caught by Database::read and Database::write only.
class DbError : public std::runtime_error {
 public:
  DbError(DbFailure kind, int native_code, const std::string& what)
      : std::runtime_error(what), kind(kind), native_code(native_code) {}
  DbFailure kind;
  int native_code;
};

enum class Dialect { Sqlite, MariaDb };

/// A prepared statement of one connection. Parameters and columns count from 0.
class Statement {
 public:
  virtual ~Statement() = default;
  virtual Statement& bind_null(int index) = 0;
  virtual Statement& bind(int index, std::int64_t value) = 0;
  virtual Statement& bind_text(int index, std::string_view utf8) = 0;
  virtual Statement& bind_blob(int index, std::string_view bytes) = 0;
  /// Moves to the next row of a query; false behind the last one (the statement is then reset).
  virtual bool step() = 0;
  /// Runs a statement that returns no rows; the number of rows it matched. Resets afterwards.
  virtual std::int64_t run() = 0;
  /// Ends a query early so that the statement can be bound again.
  virtual void reset() = 0;
  virtual bool is_null(int column) = 0;
  /// Columns of the current row; a NULL is 0 or empty.
  virtual std::int64_t integer(int column) = 0;
  virtual std::string text(int column) = 0;
  virtual std::string blob(int column) = 0;
};

/// One connection, used by one thread at a time inside Database::read or Database::write.
class Connection {
 public:
  virtual ~Connection() = default;
  virtual Dialect dialect() const = 0;
  /// The statement for `sql`, prepared once per connection and reset; owned by the connection.
  virtual Statement& prepare(std::string_view sql) = 0;
  /// Runs one statement without parameters (DDL, START TRANSACTION, COMMIT as text).
  virtual void execute(std::string_view sql) = 0;
};

/// Whether the body of a transaction may run again after DbFailure::Conflict.
struct WriteOptions {
  int attempts = 5;
};

/// A database with its pool: SQLite has one writer and N readers, MariaDB N connections.
/// Threads: read and write may be called from any thread.
class Database {
 public:
  virtual ~Database() = default;
  virtual Dialect dialect() const = 0;

  /// Runs `body` in a read transaction (one consistent view). Errors: Unavailable "storage.*".
  Done read(const std::function<Done(Connection&)>& body);
  /// Runs `body` in a write transaction and commits when it succeeds; rolls back on an Error or
  /// an exception. Conflicts run the whole body again (it must have no effect outside the
  /// database), with jitter. Errors: those of `body`; Conflict "storage.unique" or
  /// "storage.busy"; Unavailable "storage.lost", "storage.not_ready", "storage.full"; Unavailable
  /// "storage.unknown_outcome" when the connection was lost during COMMIT.
  Done write(const std::function<Done(Connection&)>& body, WriteOptions options = {});

  /// Runs `body` on a writer connection outside any transaction: migrations and PRAGMAs only.
  Done outside_transaction(const std::function<Done(Connection&)>& body);

 protected:
  /// RAII lease of a pooled connection; a connection that was lost is dropped, not returned.
  struct Lease {
    Connection* connection = nullptr;
    std::function<void(bool broken)> give_back;
  };
  virtual Lease lease_reader() = 0;
  virtual Lease lease_writer() = 0;
};

/// Where a database lies: `sqlite:PATH` or `mysql://USER:PASSWORD@HOST:PORT/SCHEMA`
/// (`?socket=/path` instead of host and port).
/// Errors: InvalidArgument "storage.url"; Unavailable "storage.open" with the cause for the log.
Result<std::unique_ptr<Database>> open_database(std::string_view url);

/// Brings the schema up to the newest migration (registry/migrations), one journalled step at a
/// time; safe to call again after a crash and from several processes. Returns the number of steps
/// that ran. Errors: FailedPrecondition "storage.newer_schema" when the database is newer than this
/// binary, "storage.migration_changed" when a released migration differs from what was applied.
Result<int> migrate(Database& database);

/// The newest migration that this binary knows, and the one the database stands at (0: empty).
int newest_schema();
Result<int> current_schema(Database& database);

}  // namespace chucai
