// A roster of invented people of any length, for what has to be long: 25 columns, every identity
// number valid and its own, nobody alike.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace chucai::testing {

/// The header row, then the cells of row `n` (from 0), all as an office writes them.
const std::vector<std::string>& roster_header();
std::vector<std::string> roster_row(std::int64_t n);

/// Writes header and `rows` rows as CSV, or as a workbook when the name ends in .xlsx.
void write_roster(const std::filesystem::path& path, std::int64_t rows);

}  // namespace chucai::testing
