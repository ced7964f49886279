// A file from outside is parsed in a process of its own, which has little memory, little time and
// nothing but the file: what a hostile one could bring down is only that process.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>

#include "importers/table.h"

namespace chucai::importers {

/// Who parses, and with how much.
struct Confinement {
  /// Started as `program read-table FILE MEMORY SECONDS`; its main() calls serve_table.
  std::filesystem::path program = "/proc/self/exe";
  std::uint64_t memory_bytes = 1ULL << 30;  ///< of address space
  std::uint32_t cpu_seconds = 600;
};

/// First argument of a program that is started to parse.
inline constexpr std::string_view kServeTable = "read-table";

/// Like open_table, with a child process in between that lives as long as the reader. Cells cross
/// over a socket, row by row.
/// Errors beside those of open_table: InvalidArgument import.file.crashed naming the sheet;
/// TooLarge import.file.memory, import.file.time; Unavailable import.file.process.
Result<std::unique_ptr<TableReader>> open_confined(const std::filesystem::path& path,
                                                   const Confinement& confinement = {});

/// The child's side: takes the arguments behind kServeTable, limits itself and answers on standard
/// input, which is a socket, until nobody asks any more. Returns the exit code.
int serve_table(int argc, char** argv);

}  // namespace chucai::importers
