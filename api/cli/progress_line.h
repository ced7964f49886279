// One line of a terminal that says how far a long import has come, with rate and remaining time.
// Ctrl-C cancels the import, which then leaves nothing behind.
#pragma once

#include <chrono>

#include "api/cli/session.h"
#include "registry/domain/import_progress.h"

namespace chucai::cli {

class ProgressLine {
 public:
  /// From here on SIGINT waits until this object is asked or gone.
  explicit ProgressLine(const Session& session);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  /// Takes one report of an ImportWatch. Writes only to a terminal, a few times a second.
  bool show(const ImportProgress& progress);

 private:
  using Clock = std::chrono::steady_clock;
  std::string line(const ImportProgress& progress, Clock::time_point now) const;

  const Session& session_;
  const bool on_terminal_;
  ImportPhase phase_ = ImportPhase::Reading;
  Clock::time_point phase_start_;
  Clock::time_point shown_;
  bool written_ = false;
};

}  // namespace chucai::cli
