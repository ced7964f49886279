// A zip file as office programs use it: parts found by name whatever its case and slashes, read as
// capped streams.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "importers/table.h"

struct zip;

namespace chucai::importers {

class ZipPackage {
 public:
  /// Errors: import.file.damaged; TooLarge import.file.entries.
  static Result<ZipPackage> open(const std::filesystem::path& path, const Limits& limits);

  bool has(std::string_view part) const;
  /// True when any part needs a password.
  bool encrypted() const { return encrypted_; }

  /// Pushes the part's bytes in blocks. Errors: import.file.damaged naming the part (absent,
  /// truncated, wrong checksum); TooLarge import.file.bomb; the first one of `take`.
  Done read(std::string_view part, const std::function<Done(std::string_view)>& take);

 private:
  struct Closer {
    void operator()(zip* archive) const;
  };
  ZipPackage(zip* archive, const Limits& limits);
  Done index();
  Done within_limits(std::string_view part, std::uint64_t inflated, std::uint64_t packed) const;

  struct Entry {
    std::uint64_t index = 0;
    std::uint64_t inflated = 0;  // the most that a reading of it came to
  };

  std::unique_ptr<zip, Closer> archive_;
  Limits limits_;
  bool encrypted_ = false;
  std::uint64_t inflated_ = 0;  // of all parts so far; a part read twice counts once
  std::unordered_map<std::string, Entry> entries_;  // by normalised name
};

}  // namespace chucai::importers
