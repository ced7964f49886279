// A file read front to back in blocks, or at any place.
#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "registry/domain/result.h"

namespace chucai::importers {

class InputFile {
 public:
  /// Errors: NotFound import.file.absent.
  static Result<InputFile> open(const std::filesystem::path& path);

  /// The next block, empty at the end; valid until the next call.
  /// Errors: Unavailable import.file.unreadable.
  Result<std::string_view> next();
  /// Goes to byte `offset`.
  void seek(long offset);
  /// Fills `out` from byte `offset`; fewer bytes at the end of the file.
  /// Errors: Unavailable import.file.unreadable.
  Result<std::size_t> read_at(std::uint64_t offset, std::span<char> out) const;
  /// Bytes of the file.
  std::uint64_t size() const;

 private:
  struct Closer {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  explicit InputFile(std::FILE* file);
  std::unique_ptr<std::FILE, Closer> file_;
  std::string block_;
};

}  // namespace chucai::importers
