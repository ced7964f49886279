#include "registry/storage/audit_checkpoints.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <optional>

namespace chucai {
namespace {

constexpr std::string_view kVersion = "1";

std::string signature(std::string_view text, const Vault& vault) {
  return to_hex(hmac_sha256(vault.checkpoint_key(), text));
}

/// "1 TIME CHAIN SEQUENCE EVENT HASH SIGNATURE".
std::string line_of(const ChainPlace& place, std::int64_t at, const Vault& vault) {
  std::string text(kVersion);
  for (const std::int64_t number : {at, place.chain, place.sequence, place.event}) {
    text += ' ' + std::to_string(number);
  }
  text += ' ' + to_hex(place.hash);
  return text + ' ' + signature(text, vault);
}

constexpr std::size_t kFields = 7;

/// True for a line that lost its end in a crash.
bool is_cut_off(std::string_view line) {
  const auto blanks = std::count(line.begin(), line.end(), ' ');
  return blanks + 1 < static_cast<std::ptrdiff_t>(kFields) ||
         line.size() - line.rfind(' ') - 1 < 2 * Mac::kSize;
}

std::optional<ChainPlace> place_of(std::string_view line, const Vault& vault) {
  const std::size_t end = line.rfind(' ');
  std::string_view text = line.substr(0, end);
  if (!same_secret(line.substr(end + 1), signature(text, vault))) return std::nullopt;
  ChainPlace place;
  std::int64_t at = 0;
  text.remove_prefix(kVersion.size());
  for (std::int64_t* number : {&at, &place.chain, &place.sequence, &place.event}) {
    const auto read = std::from_chars(text.data() + 1, text.data() + text.size(), *number);
    text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
  }
  place.hash = from_hex(text.substr(1));
  return place;
}

/// True when the file is empty or its last line is whole.
bool ends_well(int file) {
  struct stat status {};
  if (::fstat(file, &status) != 0 || status.st_size == 0) return true;
  char last = '\n';
  return ::pread(file, &last, 1, status.st_size - 1) != 1 || last == '\n';
}

}  // namespace

CheckpointWriter::CheckpointWriter(std::string path, const Vault& vault,
                                   std::function<std::int64_t()> now_us, Pace pace)
    : path_(std::move(path)), vault_(vault), now_us_(std::move(now_us)), pace_(pace) {}

CheckpointWriter::~CheckpointWriter() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void CheckpointWriter::reached(const ChainPlace& place) {
  const std::lock_guard lock(mutex_);
  if (place.sequence <= reached_.sequence) return;  // two commits told in the other order
  reached_ = place;
  if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
  if (reached_.sequence - written_ >= pace_.events) changed_.notify_one();
}

void CheckpointWriter::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait_for(lock, pace_.time,
                      [&] { return stopping_ || reached_.sequence - written_ >= pace_.events; });
    const ChainPlace place = reached_;
    const bool last = stopping_;
    if (place.sequence > written_) {
      lock.unlock();
      const bool done = write(place);
      lock.lock();
      if (done) written_ = place.sequence;
      if (!done && !last) changed_.wait_for(lock, pace_.time, [&] { return stopping_; });
    }
    if (last) return;
  }
}

bool CheckpointWriter::write(const ChainPlace& place) const {
  const int file = ::open(path_.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return false;
  // One write of a whole line, so that processes do not mix theirs.
  const std::string line = (ends_well(file) ? "" : "\n") + line_of(place, now_us_(), vault_) + "\n";
  const bool done = ::write(file, line.data(), line.size()) == static_cast<ssize_t>(line.size()) &&
                    ::fdatasync(file) == 0;
  ::close(file);
  return done;
}

Result<std::vector<ChainPlace>> read_checkpoints(const std::string& path, const Vault& vault) {
  std::vector<ChainPlace> places;
  if (::access(path.c_str(), F_OK) != 0) return places;
  std::ifstream in(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  if (!in) return fail(ErrorCode::Unavailable, "audit.checkpoints", {}, {path});
  std::string_view rest = text;
  for (std::int64_t number = 1;; ++number) {
    const std::size_t end = rest.find('\n');
    if (end == std::string_view::npos) return places;
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    if (is_cut_off(line)) continue;
    const auto place = place_of(line, vault);
    if (!place) {
      return fail(ErrorCode::FailedPrecondition, "audit.checkpoint", {}, {std::to_string(number)});
    }
    places.push_back(*place);
  }
}

}  // namespace chucai
