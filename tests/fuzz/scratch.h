// The bytes of a run as a file that readers can open by path, in memory.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <string>

#include "importers/table.h"

namespace chucai::importers::testing {

class ScratchFile {
 public:
  ScratchFile() : file_(memfd_create("fuzz", 0)) {}
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;
  ~ScratchFile() { close(file_); }

  std::filesystem::path holding(const std::uint8_t* data, std::size_t size) const {
    const bool written =
        ftruncate(file_, 0) == 0 && pwrite(file_, data, size, 0) == static_cast<ssize_t>(size);
    return written ? "/proc/self/fd/" + std::to_string(file_) : "/dev/null";
  }

 private:
  int file_;
};

/// Breaks off when a reader does not keep the promises of TableSink.
class StrictSink : public TableSink {
 public:
  bool sheet(const Sheet&) override {
    last_ = 0;
    return (++sheets_ & 3) != 0;  // now and then one that nobody wants
  }
  Done row(const Row& row) override {
    if (row.number <= last_) __builtin_trap();
    last_ = row.number;
    std::uint32_t next = 0;
    for (const Cell& cell : row.cells) {
      if (cell.column < next) __builtin_trap();
      next = cell.column;
      if (cell.text.empty() && cell.kind != CellKind::Formula) __builtin_trap();
    }
    return ++rows_ < 100'000 ? Done{} : fail(ErrorCode::TooLarge, "enough");
  }

 private:
  std::size_t sheets_ = 0;
  std::size_t rows_ = 0;
  std::uint32_t last_ = 0;
};

/// Caps that keep a run short.
inline Limits small_limits() {
  Limits limits;
  limits.inflated_bytes = 8 << 20;
  limits.shared_strings = 1 << 20;
  limits.repeated_cells = 10'000;
  return limits;
}

}  // namespace chucai::importers::testing
