// Signed checkpoints of the audit trail, in a file outside the database: how far each chain had
// come. Whoever can write to the database alone cannot take back what a checkpoint has seen.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "registry/storage/audit_store.h"

namespace chucai {

/// Appends a line to the file every 1,000 events, after 60 s and at the end, each synced to disk.
/// Several processes may append to one file. Threads: any.
class CheckpointWriter {
 public:
  struct Pace {
    std::int64_t events = 1'000;
    std::chrono::milliseconds time = std::chrono::seconds(60);
  };

  /// `vault` must outlive the writer; `now_us` may be called from another thread.
  CheckpointWriter(std::string path, const Vault& vault, std::function<std::int64_t()> now_us)
      : CheckpointWriter(std::move(path), vault, std::move(now_us), Pace{}) {}
  CheckpointWriter(std::string path, const Vault& vault, std::function<std::int64_t()> now_us,
                   Pace pace);
  /// Writes what is outstanding.
  ~CheckpointWriter();
  CheckpointWriter(const CheckpointWriter&) = delete;
  CheckpointWriter& operator=(const CheckpointWriter&) = delete;

  /// A commit has brought the chain of this process to `place`. Never waits for the disk. A file
  /// that cannot be written is tried again at the next turn: the events themselves are safe.
  void reached(const ChainPlace& place);

 private:
  void run();
  bool write(const ChainPlace& place) const;

  const std::string path_;
  const Vault& vault_;
  const std::function<std::int64_t()> now_us_;
  const Pace pace_;
  std::mutex mutex_;
  std::condition_variable changed_;
  ChainPlace reached_;
  std::int64_t written_ = 0;  ///< sequence of the last line
  bool stopping_ = false;
  std::thread thread_;  // started with the first event: most commands only read
};

/// The checkpoints in `path`; none when there is no such file. A line without its end was cut off
/// by a crash and is left out. Errors: FailedPrecondition "audit.checkpoint" with the number of
/// a line that this register did not write; Unavailable "audit.checkpoints" when unreadable.
Result<std::vector<ChainPlace>> read_checkpoints(const std::string& path, const Vault& vault);

}  // namespace chucai
