#include "registry/storage/connection_pool.h"

namespace chucai {

namespace {
constexpr auto kWait = std::chrono::seconds(10);
}

std::unique_ptr<Connection> ConnectionPool::take() {
  {
    std::unique_lock lock(mutex_);
    if (!returned_.wait_for(lock, kWait, [this] { return in_use_ < limit_; })) {
      throw DbError(DbFailure::Timeout, 0, "every connection is in use");
    }
    ++in_use_;
    if (!idle_.empty()) {
      auto connection = std::move(idle_.back());
      idle_.pop_back();
      return connection;
    }
  }
  try {
    return open_();  // without the lock: a server that does not answer must not stop the others
  } catch (...) {
    give_back(nullptr);
    throw;
  }
}

void ConnectionPool::give_back(std::unique_ptr<Connection> connection) noexcept {
  {
    const std::lock_guard lock(mutex_);
    --in_use_;
    if (connection) idle_.push_back(std::move(connection));
  }
  returned_.notify_one();
}

std::unique_ptr<Connection> ConnectionPool::replace() {
  std::vector<std::unique_ptr<Connection>> dead;
  {
    const std::lock_guard lock(mutex_);
    dead.swap(idle_);
  }
  dead.clear();  // without the lock: closing may wait for the network
  return open_();
}

}  // namespace chucai
