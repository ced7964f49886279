// The shared texts of a workbook: many small texts by number, in memory while they are few and in
// an unnamed temporary file beyond that.
#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/domain/result.h"

namespace chucai::importers {

class TextArena {
 public:
  /// `limit`: bytes of all texts; `in_memory`: bytes of them that stay in memory.
  explicit TextArena(std::uint64_t limit, std::size_t in_memory = 64 << 20);
  TextArena(TextArena&&) noexcept;
  ~TextArena();

  /// Errors: TooLarge import.file.strings; Unavailable import.file.spill.
  Done append(std::string_view text);
  /// The text at `index`, valid until the next call; nullopt when there is none.
  /// Errors: Unavailable import.file.spill.
  Result<std::optional<std::string_view>> at(std::size_t index);
  std::size_t size() const { return ends_.size(); }

 private:
  struct Block {
    std::uint64_t number = ~std::uint64_t{0};
    std::string bytes;
  };
  struct Closer {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  Done spill();
  std::uint64_t end_of(std::size_t index) const;
  Result<const Block*> block(std::uint64_t number);
  Result<std::optional<std::string_view>> from_file(std::uint64_t begin, std::uint64_t end);

  std::uint64_t limit_;
  std::size_t in_memory_;
  std::uint64_t size_ = 0;
  std::string tail_;                  // the bytes from spilled_ on
  std::uint64_t spilled_ = 0;         // bytes in the file
  std::vector<std::uint64_t> bases_;  // where every kGroup-th text begins
  std::vector<std::uint32_t> ends_;   // of each text, from its group's base
  std::unique_ptr<std::FILE, Closer> file_;
  std::vector<Block> cache_;
  std::string joined_;
};

}  // namespace chucai::importers
