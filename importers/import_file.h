// One import from file to batch: understand all rows, then commit what may be taken.
#pragma once

#include <filesystem>
#include <string>

#include "importers/confined_reader.h"
#include "importers/plan.h"
#include "registry/domain/import_batch.h"
#include "registry/domain/import_progress.h"
#include "registry/service/registry.h"

namespace chucai::importers {

struct ImportRequest {
  std::filesystem::path file;
  std::string kind;       ///< name of a Kind
  std::string program;    ///< for rows that name none
  std::string file_name;  ///< as the sender calls the file; empty: the path's own
  Mode mode = Mode::Upsert;
  std::string key;  ///< columns that tell rows apart (parse_key); empty: the kind's own
  std::vector<std::string> maps;  ///< corrections `列名=字段`, remembered for the office at commit
  bool dry_run = false;
  bool all_or_nothing = false;   ///< a refused or doubtful row keeps the others out too
  std::filesystem::path errors;  ///< workbook of the failed rows; empty: none
  ImportWatch watch = {};        ///< hears how far it has come, and may cancel
  /// Of the process that parses the file; nullopt: this one parses, which only files of one's own
  /// deserve.
  std::optional<Confinement> confinement = {};
};

struct ImportOutcome {
  ImportPlan plan;  ///< rows that were committed have given their records away
  ImportCounts counts;
  std::int64_t batch = 0;      ///< 0: nothing was committed
  std::int64_t same_file = 0;  ///< an earlier batch with the same bytes; 0: none
  std::int64_t continues = 0;  ///< the batch whose failed rows this file mends; 0: none
  Done report;                 ///< of the error workbook: what was committed stays when it fails
};

/// Reads the name of a mode; blank is upsert. Errors: InvalidArgument import.mode.
Result<Mode> parse_mode(std::string_view name);

/// Plans the file as `principal`, whose region is the importing office's: it decides between places
/// of one name, and nothing is written outside it. Commits new and updated rows as one batch unless
/// told not to. Errors: InvalidArgument import.kind; PermissionDenied import.permission; those of
/// parse_key, parse_mapping, open_table, make_plan, write_error_report and apply_batch. Memory: the
/// drafts of the file.
Result<ImportOutcome> import_file(Registry& registry, const Principal& principal,
                                  const ImportRequest& request);

}  // namespace chucai::importers
