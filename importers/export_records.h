// The export of one kind of records, in the columns that an import of it takes.
#pragma once

#include <cstdint>
#include <string>

#include "importers/export.h"
#include "importers/workbook_writer.h"
#include "registry/service/registry.h"

namespace chucai::importers {

struct ExportOptions {
  std::string kind;     ///< KIND of COLUMNS
  std::string program;  ///< only records of this programme; empty: all
  std::string region;   ///< only this region and below; empty: all in the principal's scope
  std::string purpose;  ///< not empty: numbers and contacts in full, audited record by record
  std::int64_t most_rows = 0;       ///< more are refused before anything is written; 0: any number
  RecordIds ids = RecordIds::Left;  ///< named: a masked export finds its records again
};

/// Writes header and rows to `writer` in order of id and finishes it; returns the number of
/// records. Memory: one page of records. Errors: InvalidArgument "import.kind", "query.parameter",
/// "reveal.purpose"; TooLarge "export.rows"; those of the writer.
Result<std::int64_t> export_records(Registry& registry, const Principal& principal,
                                    const ExportOptions& options, TableWriter& writer);

}  // namespace chucai::importers
