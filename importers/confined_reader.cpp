#include "importers/confined_reader.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <iterator>
#include <new>
#include <string>
#include <utility>

#include "importers/refusals.h"
#include "importers/sniff.h"
#include "importers/table_wire.h"
#include "importers/xml_parser.h"

namespace chucai::importers {
namespace {

// Sanitizers map terabytes of shadow memory, which no limit of address space would survive.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kMemoryCanBeLimited = false;
#else
constexpr bool kMemoryCanBeLimited = true;
#endif

constexpr rlim_t kMostFileBytes = 1ULL << 30;  // the spilled texts
constexpr rlim_t kMostFiles = 32;

// ---- the asking side

/// A running child and the socket to it.
class Child {
 public:
  Child(pid_t pid, int socket) : pid_(pid), socket_(socket) {}
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() { end(); }

  int socket() const { return socket_; }

  /// Ends the child, whatever it does, and says how it went; one that has ended keeps its status.
  int end() {
    if (pid_ == 0) return status_;
    close(socket_);
    kill(pid_, SIGKILL);
    while (waitpid(pid_, &status_, 0) < 0 && errno == EINTR) {
    }
    pid_ = 0;
    return status_;
  }

 private:
  pid_t pid_;
  int socket_;
  int status_ = 0;
};

tl::unexpected<Error> cannot_start(const char* step) {
  return fail(ErrorCode::Unavailable, "import.file.process", {}, {}, step);
}

Result<std::unique_ptr<Child>> start(const std::filesystem::path& path,
                                     const Confinement& confinement) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    return cannot_start("socketpair");
  }
  std::string arguments[] = {confinement.program.string(), std::string(kServeTable), path.string(),
                             std::to_string(confinement.memory_bytes),
                             std::to_string(confinement.cpu_seconds)};
  char* argv[std::size(arguments) + 1] = {};
  for (std::size_t i = 0; i < std::size(arguments); ++i) argv[i] = arguments[i].data();
  char* no_environment[] = {nullptr};

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDIN_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
  pid_t pid = 0;
  const int failed = posix_spawn(&pid, argv[0], &actions, nullptr, argv, no_environment);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  if (failed == 0) return std::make_unique<Child>(pid, ends[0]);
  close(ends[0]);
  return cannot_start("posix_spawn");
}

class ConfinedReader : public TableReader {
 public:
  ConfinedReader(std::unique_ptr<Child> child, const Confinement& confinement)
      : child_(std::move(child)), confinement_(confinement), wire_(child_->socket()) {}

  Done open() {
    const auto frame = wire_.next();
    if (frame == Frame::Opened) return {};
    return frame == Frame::Failed ? failed() : broken_off();
  }

  Done read(TableSink& sink) override {
    sheet_.clear();
    if (!wire_.put(Frame::Read) || !wire_.flush()) return broken_off();
    for (;;) {
      const auto frame = wire_.next();
      if (frame == Frame::End) return {};
      if (frame == Frame::Failed) return failed();
      const auto done = frame ? take(*frame, sink) : std::nullopt;
      if (!done) return broken_off();
      if (*done) continue;
      child_->end();  // the sink wants no more
      return *done;
    }
  }

 private:
  /// nullopt: not what a child may say.
  std::optional<Done> take(Frame frame, TableSink& sink) {
    if (frame == Frame::Row) {
      if (!wire_.row(limits_, row_)) return std::nullopt;
      return sink.row(row_);
    }
    if (frame == Frame::Merged) {
      const auto range = wire_.merged();
      if (!range) return std::nullopt;
      sink.merged(*range);
      return Done{};
    }
    if (frame != Frame::Sheet) return std::nullopt;
    const auto sheet = wire_.sheet(limits_);
    if (!sheet) return std::nullopt;
    sheet_ = sheet->name;
    if (!wire_.put(sink.sheet(*sheet) ? Frame::Wanted : Frame::Unwanted)) return std::nullopt;
    return wire_.flush() ? std::optional(Done{}) : std::nullopt;
  }

  Done failed() {
    auto error = wire_.error();
    if (!error) return broken_off();
    return tl::make_unexpected(std::move(*error));
  }

  /// The child ended in the middle, or says what it may not say.
  Done broken_off() {
    const int status = child_->end();
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU) {
      return too_large("import.file.time", confinement_.cpu_seconds);
    }
    return fail(ErrorCode::InvalidArgument, "import.file.crashed", {}, {sheet_},
                "child ended with " + std::to_string(status));
  }

  std::unique_ptr<Child> child_;
  Confinement confinement_;
  Wire wire_;
  Limits limits_;
  Row row_;
  std::string sheet_;
};

// ---- the parsing side

/// Speaks what it is given; sheets wait for their answer.
class Speaker : public TableSink {
 public:
  explicit Speaker(Wire& wire) : wire_(wire) {}

  bool sheet(const Sheet& sheet) override {
    heard_ = heard_ && wire_.put(sheet) && wire_.flush();
    return heard_ && wire_.next() == Frame::Wanted;
  }
  Done row(const Row& row) override {
    heard_ = heard_ && wire_.put(row);
    return heard_ ? Done{} : fail(ErrorCode::Unavailable, "import.file.process");
  }
  void merged(const MergedRange& range) override { heard_ = heard_ && wire_.put(range); }

 private:
  Wire& wire_;
  bool heard_ = true;
};

void limit(int resource, rlim_t most, rlim_t grace = 0) {
  const rlimit both = {most, most + grace};
  setrlimit(resource, &both);
}

void confine(std::uint64_t memory_bytes, std::uint64_t cpu_seconds) {
  if (kMemoryCanBeLimited) limit(RLIMIT_AS, memory_bytes);
  limit(RLIMIT_CPU, cpu_seconds, 5);  // SIGXCPU says why, SIGKILL would not
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_FSIZE, kMostFileBytes);
  limit(RLIMIT_NOFILE, kMostFiles);
}

bool answer(Wire& wire, const Done& done) {
  return (done ? wire.put(Frame::End) : wire.put(done.error())) && wire.flush();
}

void serve(Wire& wire, const std::filesystem::path& path) {
  auto reader = open_table(path);
  if (!reader) {
    answer(wire, tl::make_unexpected(reader.error()));
    return;
  }
  if (!wire.put(Frame::Opened) || !wire.flush()) return;
  while (wire.next() == Frame::Read) {
    Speaker speaker(wire);
    if (!answer(wire, (*reader)->read(speaker))) return;
  }
}

}  // namespace

Result<std::unique_ptr<TableReader>> open_confined(const std::filesystem::path& path,
                                                   const Confinement& confinement) {
  auto child = start(path, confinement);
  if (!child) return tl::make_unexpected(child.error());
  auto reader = std::make_unique<ConfinedReader>(std::move(*child), confinement);
  if (auto done = reader->open(); !done) return tl::make_unexpected(done.error());
  return reader;
}

int serve_table(int argc, char** argv) {
  if (argc != 3) return 2;
  const auto memory_bytes = number_in<std::uint64_t>(std::string_view(argv[1]));
  const auto cpu_seconds = number_in<std::uint64_t>(std::string_view(argv[2]));
  if (!memory_bytes || !cpu_seconds) return 2;
  confine(*memory_bytes, *cpu_seconds);
  Wire wire(STDIN_FILENO);
  try {
    serve(wire, argv[0]);
  } catch (const std::bad_alloc&) {
    const Done refused = too_large("import.file.memory", *memory_bytes >> 20);
    return answer(wire, refused) ? 0 : 1;
  }
  return 0;
}

}  // namespace chucai::importers
