// The archive of a backup: one file, the same for both databases, read and written as a stream.
// A line "chucai backup 1", then frames: kind (1 byte), length (4 bytes, little end first),
// content, SHA-256 of the digest before, kind and content. Each digest stands on all before it, so
// damage is found at its frame; a file without its last frame was cut off.
#pragma once

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

#include "registry/domain/result.h"

namespace chucai {

/// What a frame holds.
enum class FrameKind : char {
  Manifest = 'M',  ///< "name=value" lines: schema, time, whose key
  Table = 'T',     ///< name, then "column kind" lines; its rows follow
  Rows = 'R',      ///< packed rows of the table before
  File = 'F',      ///< path in the data folder; its bytes follow
  Bytes = 'D',
  End = 'E',  ///< "name=value" lines with totals
};

struct Frame {
  FrameKind kind = FrameKind::End;
  std::string content;
};

namespace detail {
struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using OwnedFile = std::unique_ptr<std::FILE, CloseFile>;
}  // namespace detail

/// Writes beside `path` (mode 0600); finish() puts the file in its place when all is on the disk.
class ArchiveWriter {
 public:
  /// Errors: InvalidArgument "backup.write" naming the file.
  static Result<ArchiveWriter> create(const std::string& path);
  /// Removes what was not finished.
  ~ArchiveWriter();
  ArchiveWriter(ArchiveWriter&&) = default;
  ArchiveWriter& operator=(ArchiveWriter&&) = delete;

  /// Appends a frame of at most 64 MiB. Errors: as create().
  Done add(FrameKind kind, std::string_view content);
  Done finish();

 private:
  ArchiveWriter(std::string path, detail::OwnedFile file);
  Done failed() const;

  std::string path_;
  detail::OwnedFile file_;
  std::string digest_;
};

/// Reads frames in order.
class ArchiveReader {
 public:
  /// Errors: InvalidArgument "backup.read" when there is no such file, "backup.format".
  static Result<ArchiveReader> open(const std::string& path);
  /// The next frame; End is the last. Errors: InvalidArgument "backup.damaged" with the byte where
  /// the bad frame begins, "backup.cut_off".
  Result<Frame> next();

 private:
  explicit ArchiveReader(detail::OwnedFile file) : file_(std::move(file)) {}

  detail::OwnedFile file_;
  std::string digest_;
};

}  // namespace chucai
