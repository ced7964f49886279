// The import of one file from end to end: plan it against the register, refuse what the register's
// rules refuse, apply the rest as one batch, write the failed rows back in the sender's layout.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "importers/plan.h"
#include "registry/domain/import_batch.h"
#include "registry/service/registry.h"

namespace chucai::importers {

struct ImportOptions {
  std::string kind;     ///< KIND of COLUMNS: persons, experts, needs ...
  std::string program;  ///< for rows that name none
  std::string region;   ///< context of place names; empty: the importing office's region
  Mode mode = Mode::Upsert;
  bool dry_run = false;
  bool all_or_nothing = false;
  std::filesystem::path errors;  ///< workbook of failed rows; empty: none
  std::string file_name;         ///< as the sender calls it; empty: the path's own
};

struct ImportReport {
  ImportPlan plan;
  ImportCounts counts;
  std::int64_t batch = 0;  ///< 0: nothing was written (dry run, or nothing to write)
  double seconds = 0;
};

/// Reads the name of a mode. Errors: InvalidArgument "import.mode".
Result<Mode> parse_mode(std::string_view name);

/// Imports the file at `path`. Nothing is written before every row was checked.
/// Errors: InvalidArgument "import.kind", "import.file.*", "import.header.*"; FailedPrecondition
/// "import.not_all" when all or nothing was asked for and a row failed; those of apply_batch.
Result<ImportReport> import_file(Registry& registry, const Principal& principal,
                                 const std::filesystem::path& path, const ImportOptions& options);

}  // namespace chucai::importers
