// A fixed number of threads behind a bounded queue: one lane of the server.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace chucai::http {

/// Runs `work` on each job, in order of arrival when there is one thread. `work` must not throw.
/// Job is a movable type.
template <class Job>
class WorkerPool {
 public:
  /// At most `queue_limit` jobs wait for a free thread.
  WorkerPool(std::size_t threads, std::size_t queue_limit, std::function<void(Job)> work)
      : work_(std::move(work)), queue_limit_(queue_limit) {
    for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
  }
  ~WorkerPool() { stop(); }
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  /// Hands over a job; gives it back when the queue is full or the pool has stopped.
  std::optional<Job> submit(Job job) {
    {
      const std::lock_guard lock(mutex_);
      if (stopping_ || queue_.size() >= queue_limit_) return job;
      queue_.push_back(std::move(job));
    }
    ready_.notify_one();
    return std::nullopt;
  }

  /// Jobs that wait for a thread.
  std::size_t waiting() const {
    const std::lock_guard lock(mutex_);
    return queue_.size();
  }

  /// Finishes what is queued and joins the threads. Safe to call twice from one thread.
  void stop() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    ready_.notify_all();
    for (std::thread& thread : threads_) {
      if (thread.joinable()) thread.join();
    }
  }

 private:
  void run() {
    while (std::optional<Job> job = next()) work_(std::move(*job));
  }

  std::optional<Job> next() {
    std::unique_lock lock(mutex_);
    ready_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    if (queue_.empty()) return std::nullopt;
    std::optional<Job> job(std::move(queue_.front()));
    queue_.pop_front();
    return job;
  }

  const std::function<void(Job)> work_;
  const std::size_t queue_limit_;
  mutable std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<Job> queue_;  // guarded by mutex_
  bool stopping_ = false;  // guarded by mutex_
  std::vector<std::thread> threads_;
};

}  // namespace chucai::http
