#include "registry/storage/archive.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <filesystem>

#include "registry/storage/crypto.h"
#include "registry/storage/durable_file.h"

namespace chucai {
namespace {

constexpr std::string_view kMagic = "chucai backup 1\n";
constexpr std::size_t kLargestFrame = std::size_t{64} << 20;
constexpr std::size_t kDigestLength = 32;
constexpr std::size_t kHeadLength = 5;

std::string partial_of(const std::string& path) {
  return path + ".partial";
}

std::string head_of(FrameKind kind, std::size_t length) {
  std::string head(1, static_cast<char>(kind));
  for (unsigned shift = 0; shift < 32; shift += 8) {
    head += static_cast<char>(length >> shift & 0xFF);
  }
  return head;
}

std::size_t length_in(std::string_view head) {
  std::size_t length = 0;
  for (std::size_t i = kHeadLength; i-- > 1;) {
    length = length << 8 | static_cast<unsigned char>(head[i]);
  }
  return length;
}

std::string chained(const std::string& before, std::string_view head, std::string_view content) {
  std::string bytes = before;
  bytes.append(head).append(content);
  return sha256(bytes);
}

// True when all of `count` bytes were there.
bool read_bytes(std::FILE* file, std::size_t count, std::string& bytes) {
  bytes.resize(count);
  return std::fread(bytes.data(), 1, count, file) == count;
}

}  // namespace

ArchiveWriter::ArchiveWriter(std::string path, detail::OwnedFile file)
    : path_(std::move(path)), file_(std::move(file)) {}

Result<ArchiveWriter> ArchiveWriter::create(const std::string& path) {
  const int handle =
      ::open(partial_of(path).c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  detail::OwnedFile file(handle < 0 ? nullptr : ::fdopen(handle, "wb"));
  if (!file) return fail(ErrorCode::InvalidArgument, "backup.write", path);
  ArchiveWriter writer(path, std::move(file));
  if (std::fwrite(kMagic.data(), 1, kMagic.size(), writer.file_.get()) != kMagic.size()) {
    return tl::make_unexpected(writer.failed().error());
  }
  return writer;
}

ArchiveWriter::~ArchiveWriter() {
  if (!file_) return;
  file_.reset();
  ::unlink(partial_of(path_).c_str());
}

Done ArchiveWriter::failed() const {
  return fail(ErrorCode::InvalidArgument, "backup.write", path_);
}

Done ArchiveWriter::add(FrameKind kind, std::string_view content) {
  const std::string head = head_of(kind, content.size());
  digest_ = chained(digest_, head, content);
  for (const std::string_view part : {std::string_view(head), content, std::string_view(digest_)}) {
    if (std::fwrite(part.data(), 1, part.size(), file_.get()) != part.size()) return failed();
  }
  return {};
}

Done ArchiveWriter::finish() {
  if (std::fflush(file_.get()) != 0 || ::fsync(::fileno(file_.get())) != 0) return failed();
  if (std::rename(partial_of(path_).c_str(), path_.c_str()) != 0) return failed();
  file_.reset();
  if (!sync_folder(std::filesystem::absolute(path_).parent_path())) return failed();
  return {};
}

Result<ArchiveReader> ArchiveReader::open(const std::string& path) {
  detail::OwnedFile file(std::fopen(path.c_str(), "rbe"));
  if (!file) return fail(ErrorCode::InvalidArgument, "backup.read", path);
  std::string magic;
  if (!read_bytes(file.get(), kMagic.size(), magic) || magic != kMagic) {
    return fail(ErrorCode::InvalidArgument, "backup.format", path);
  }
  return ArchiveReader(std::move(file));
}

Result<Frame> ArchiveReader::next() {
  const std::string at = std::to_string(std::ftell(file_.get()));
  const auto damaged = [&] {
    return fail(ErrorCode::InvalidArgument, "backup.damaged", "file", {at});
  };
  const auto cut_off = [&] {
    return fail(ErrorCode::InvalidArgument, "backup.cut_off", "file", {at});
  };
  std::string head;
  if (!read_bytes(file_.get(), kHeadLength, head)) return cut_off();
  const std::size_t length = length_in(head);
  if (length > kLargestFrame) return damaged();
  Frame frame;
  frame.kind = static_cast<FrameKind>(head.front());
  std::string digest;
  if (!read_bytes(file_.get(), length, frame.content)) return cut_off();
  if (!read_bytes(file_.get(), kDigestLength, digest)) return cut_off();
  digest_ = chained(digest_, head, frame.content);
  if (digest != digest_) return damaged();
  return frame;
}

}  // namespace chucai
