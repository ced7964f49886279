#include "registry/storage/database.h"

#include <algorithm>
#include <random>
#include <thread>

#include "registry/storage/connection_pool.h"
#include "registry/storage/drivers.h"

namespace chucai {

namespace {

using Clock = std::chrono::steady_clock;

enum class AfterUse { Keep, Close };

/// A pooled connection for one scope.
class Lease {
 public:
  explicit Lease(ConnectionPool& pool, AfterUse after_use = AfterUse::Keep)
      : pool_(pool), after_use_(after_use), connection_(pool.take()) {}
  ~Lease() {
    if (after_use_ == AfterUse::Close) close();
    pool_.give_back(std::move(connection_));
  }
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;

  Connection& operator*() const { return *connection_; }
  Connection* operator->() const { return connection_.get(); }
  /// Closes the connection, which also rolls back what it has open.
  void close() { connection_.reset(); }
  void replace() {
    close();
    connection_ = pool_.replace();
  }

 private:
  ConnectionPool& pool_;
  const AfterUse after_use_;
  std::unique_ptr<Connection> connection_;
};

/// One transaction; rolls back in its destructor unless committed.
class Transaction {
 public:
  Transaction(ConnectionPool& pool, std::string_view begin) : lease_(pool) {
    try {
      lease_->execute(begin);
    } catch (const DbError& error) {
      if (error.kind != DbFailure::Lost) throw;
      lease_.replace();  // it had died while idle: nothing is lost, begin again
      lease_->execute(begin);
    }
  }
  ~Transaction() {
    if (open_) roll_back();
  }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  Connection& connection() const { return *lease_; }

  void commit() {
    try {
      lease_->reset_statements();
      lease_->execute("COMMIT");
      open_ = false;
    } catch (const DbError& error) {
      if (error.kind != DbFailure::Lost) throw;
      throw DbError(DbFailure::UnknownOutcome, error.code, error.what());
    }
    for (const auto& action : lease_->take_after_commit()) action();
  }

 private:
  void roll_back() noexcept {
    lease_->take_after_commit();
    try {
      lease_->reset_statements();
      lease_->execute("ROLLBACK");
    } catch (const DbError&) {
      lease_.close();  // lost, or rolled back already (SQLite does so when the disk is full)
    }
  }

  Lease lease_;
  bool open_ = true;
};

/// A wait of 0 to 2, 4, 8 ... 64 ms, random so that those who collided part.
void wait_before_retry(int attempt) {
  std::random_device random;
  const int most_us = 1000 << std::min(attempt, 6);
  std::this_thread::sleep_for(
      std::chrono::microseconds(std::uniform_int_distribution<int>(0, most_us)(random)));
}

struct Report {
  ErrorCode code;
  const char* reason;
};

Report report_of(DbFailure kind) {
  switch (kind) {
    case DbFailure::Unique:
      return {ErrorCode::Conflict, "storage.unique"};
    case DbFailure::ForeignKey:
      return {ErrorCode::FailedPrecondition, "storage.reference"};
    case DbFailure::Check:
      return {ErrorCode::InvalidArgument, "storage.check"};
    case DbFailure::Conflict:
      return {ErrorCode::Conflict, "storage.busy"};
    case DbFailure::NotReady:
      return {ErrorCode::Unavailable, "storage.not_ready"};
    case DbFailure::Lost:
      return {ErrorCode::Unavailable, "storage.lost"};
    case DbFailure::UnknownOutcome:
      return {ErrorCode::Unavailable, "storage.unknown_outcome"};
    case DbFailure::Timeout:
      return {ErrorCode::Unavailable, "storage.timeout"};
    case DbFailure::TooLarge:
      return {ErrorCode::TooLarge, "storage.too_large"};
    case DbFailure::Full:
      return {ErrorCode::Unavailable, "storage.full"};
    case DbFailure::Schema:
      return {ErrorCode::Internal, "storage.schema"};
    case DbFailure::Other:
      break;
  }
  return {ErrorCode::Internal, "storage.failed"};
}

tl::unexpected<Error> failure(const DbError& error) {
  const Report report = report_of(error.kind);
  return fail(report.code, report.reason, error.unique_key, {}, error.what());
}

}  // namespace

Done Database::read(const Body& body) {
  try {
    const Transaction transaction(*pools_.read,
                                  dialect_ == Dialect::Sqlite
                                      ? "BEGIN"
                                      : "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY");
    return body(transaction.connection());
  } catch (const DbError& error) {
    return failure(error);
  }
}

Done Database::write(const Body& body, WriteOptions options) {
  const std::string_view begin =
      dialect_ == Dialect::Sqlite ? "BEGIN IMMEDIATE" : "START TRANSACTION";
  const auto deadline = Clock::now() + options.patience;
  for (int attempt = 1;; ++attempt) {
    try {
      Transaction transaction(*pools_.write, begin);
      Done done = body(transaction.connection());
      if (done) transaction.commit();
      return done;
    } catch (const DbError& error) {
      const bool again = error.kind == DbFailure::Conflict && attempt < options.attempts &&
                         Clock::now() < deadline;
      if (!again) return failure(error);
    }
    wait_before_retry(attempt);
  }
}

Done Database::outside_transaction(const Body& body) {
  try {
    const Lease lease(*pools_.maintain, AfterUse::Close);
    return body(*lease);
  } catch (const DbError& error) {
    return failure(error);
  }
}

}  // namespace chucai
