// A file read front to back in blocks.
#pragma once

#include <cstdio>
#include <filesystem>
#include <memory>
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

 private:
  struct Closer {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  explicit InputFile(std::FILE* file);
  std::unique_ptr<std::FILE, Closer> file_;
  std::string block_;
};

}  // namespace chucai::importers
