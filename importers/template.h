// The empty form of a KIND, and of what a programme adds to it: a sheet to fill in whose cells are
// text and whose closed columns offer a list, an example row that no import reads, and a sheet that
// says column by column what to write.
#pragma once

#include <filesystem>
#include <span>
#include <string_view>

#include "importers/program_columns.h"
#include "registry/domain/code_book.h"
#include "registry/domain/messages.h"
#include "registry/domain/region_map.h"

namespace chucai::importers {

/// What forms and reports are written with. Holds references.
struct FormWords {
  const CodeBook& codes;
  const RegionMap& regions;
  const Messages& messages;
};

/// Rows below the example for which lists are offered.
inline constexpr std::uint32_t kFormRows = 10'000;

/// Writes the form: 序号, the columns that an export of the kind has, then `added`. `program`: code
/// offered where the kind has 计划代码; may be empty. Errors: Unavailable export.write.
Done write_template(const FormWords& words, const Kind& kind, std::string_view program,
                    std::span<const ProgramColumn> added, const std::filesystem::path& path);

/// What a programme adds to one kind, without what the kind has anyway. Errors: InvalidArgument
/// "template.kind" naming the kinds that the programme fills in.
Result<std::vector<ProgramColumn>> added_columns(const Kind& kind, std::string_view import_columns);

}  // namespace chucai::importers
