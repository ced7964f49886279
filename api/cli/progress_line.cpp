#include "api/cli/progress_line.h"

#include <unistd.h>
#include <csignal>

#include <iostream>

namespace chucai::cli {
namespace {

constexpr auto kPause = std::chrono::milliseconds(200);
constexpr const char* kEraseLine = "\r\033[K";

sigset_t interrupt() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  return set;
}

std::string_view reason_of(ImportPhase phase) {
  switch (phase) {
    case ImportPhase::Reading:
      return "cli.import.reading";
    case ImportPhase::Checking:
      return "cli.import.checking";
    case ImportPhase::Staging:
      return "cli.import.staging";
    case ImportPhase::Committing:
      return "cli.import.committing";
  }
  return "";
}

}  // namespace

ProgressLine::ProgressLine(const Session& session)
    : session_(session), on_terminal_(::isatty(STDERR_FILENO) == 1), phase_start_(Clock::now()) {
  const sigset_t set = interrupt();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

ProgressLine::~ProgressLine() {
  if (written_) std::cerr << kEraseLine << std::flush;
  const sigset_t set = interrupt();
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

bool ProgressLine::show(const ImportProgress& progress) {
  const auto now = Clock::now();
  if (progress.phase != phase_) {
    phase_ = progress.phase;
    phase_start_ = now;
  }
  if (on_terminal_ && now - shown_ >= kPause) {
    std::cerr << kEraseLine << line(progress, now) << std::flush;
    shown_ = now;
    written_ = true;
  }
  sigset_t pending;
  sigpending(&pending);
  if (sigismember(&pending, SIGINT) != 1) return true;
  const sigset_t set = interrupt();
  int signal = 0;
  sigwait(&set, &signal);  // taken here, so that the message about the cancelling is still written
  return false;
}

std::string ProgressLine::line(const ImportProgress& progress, Clock::time_point now) const {
  const std::chrono::duration<double> taken = now - phase_start_;
  const double rate = taken.count() > 0 ? static_cast<double>(progress.rows) / taken.count() : 0;
  std::string text = session_.text({std::string(reason_of(progress.phase)), {}, {}}) + ' ' +
                     std::to_string(progress.rows);
  if (progress.of > 0) text += '/' + std::to_string(progress.of);
  text += session_.text({"cli.import.rate", {}, {std::to_string(static_cast<std::int64_t>(rate))}});
  if (progress.of <= progress.rows || rate <= 0) return text;
  const auto left =
      static_cast<std::int64_t>(static_cast<double>(progress.of - progress.rows) / rate);
  return text + session_.text({"cli.import.left", {}, {std::to_string(left)}});
}

}  // namespace chucai::cli
