// OLE2 compound files ([MS-CFB]): the container of .xls, .et and of encrypted .xlsx. Streams of the
// root storage only; what embedded objects hold is nobody's roster.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "importers/file.h"
#include "importers/table.h"

namespace chucai::importers {

class CompoundFile {
 public:
  /// Reads header, allocation tables and directory. Memory: 4 bytes a sector of the file.
  /// Errors: import.file.damaged; TooLarge import.file.entries; those of InputFile.
  static Result<CompoundFile> open(const std::filesystem::path& path, const Limits& limits);

  /// Whether the root storage holds a stream or storage of this name, whatever its case.
  bool has(std::string_view name) const;

  /// Where the bytes of one stream lie.
  struct Stream {
    std::string name;
    std::uint64_t size = 0;
    bool in_mini_stream = false;
    std::vector<std::uint32_t> sectors;
  };
  /// Errors: import.file.damaged: no such stream, a chain with a loop or out of the file.
  Result<Stream> stream(std::string_view name) const;
  /// Fills `out` from byte `offset` of the stream; fewer bytes at its end.
  /// Errors: import.file.damaged when the file ends before the stream does.
  Result<std::size_t> read(const Stream& stream, std::uint64_t offset, std::span<char> out) const;

 private:
  struct Entry {
    std::uint32_t start = 0;
    std::uint64_t size = 0;
  };

  CompoundFile(InputFile file, const Limits& limits) : file_(std::move(file)), limits_(limits) {}
  Done read_header();
  Done read_allocation(std::span<const char> header);
  Done read_directory(std::uint32_t start);
  Result<std::vector<std::uint32_t>> chain(std::uint32_t start,
                                           const std::vector<std::uint32_t>& next) const;
  Result<std::string> sector_bytes(const std::vector<std::uint32_t>& sectors) const;
  Done read_sectors(const std::vector<std::uint32_t>& sectors, std::uint64_t offset,
                    std::span<char> out) const;

  InputFile file_;
  Limits limits_;
  std::uint32_t sector_bytes_ = 512;
  std::uint32_t mini_cutoff_ = 4096;
  std::uint32_t mini_start_ = 0;
  std::vector<std::uint32_t> next_;       // sector after each sector
  std::vector<std::uint32_t> mini_next_;  // mini sector after each mini sector
  std::vector<std::uint32_t> mini_stream_;
  std::map<std::string, Entry, std::less<>> entries_;  // by folded name
};

}  // namespace chucai::importers
