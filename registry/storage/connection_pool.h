// Connections kept open between transactions, and the statements each of them keeps prepared. What
// both database drivers share.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "registry/storage/database.h"

namespace chucai {

/// At most `limit` connections, opened when first needed. Threads: any.
class ConnectionPool {
 public:
  using Opener = std::function<std::unique_ptr<Connection>()>;  ///< throws DbError

  ConnectionPool(std::size_t limit, Opener open) : limit_(limit), open_(std::move(open)) {}

  /// The connection used last, else a new one; waits while all are in use.
  /// Throws DbError: Timeout after 10 s of waiting; that of the opener.
  std::unique_ptr<Connection> take();
  /// Every connection taken must come back; null says that it was closed.
  void give_back(std::unique_ptr<Connection> connection) noexcept;
  /// A new connection in the place of one taken and found dead. What lies idle is closed, for it
  /// died of the same cause. Throws DbError: that of the opener; the place is kept.
  std::unique_ptr<Connection> replace();

 private:
  const std::size_t limit_;
  const Opener open_;
  std::mutex mutex_;
  std::condition_variable returned_;
  std::vector<std::unique_ptr<Connection>> idle_;
  std::size_t in_use_ = 0;
};

/// Prepared statements of one connection by their SQL text. S is the driver's statement class.
template <class S>
class StatementCache {
 public:
  /// The statement for `sql`, or null.
  S* find(std::string_view sql) {
    const auto found = statements_.find(sql);
    return found == statements_.end() ? nullptr : found->second.get();
  }
  S& keep(std::string_view sql, std::unique_ptr<S> statement) {
    return *(statements_[std::string(sql)] = std::move(statement));
  }
  /// Resets all, and drops all when there are more than a healthy program has (filters make SQL).
  void reset() {
    if (statements_.size() > kMost) return statements_.clear();
    for (const auto& [sql, statement] : statements_) statement->reset();
  }

 private:
  static constexpr std::size_t kMost = 256;
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };
  std::unordered_map<std::string, std::unique_ptr<S>, Hash, std::equal_to<>> statements_;
};

}  // namespace chucai
