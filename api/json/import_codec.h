// Import reports and batches as JSON, the same for the command line and HTTP.
#pragma once

#include <string>
#include <vector>

#include "importers/import_file.h"
#include "registry/domain/field_policy.h"
#include "registry/domain/messages.h"
#include "registry/service/import_batches.h"
#include "registry/service/import_memory.h"

namespace chucai {

/// What a report is written with, and for whom.
struct ImportView {
  const Messages& messages;
  Language language;
  Viewer viewer;
};

/// {rows, new, updated, same, duplicate, review, refused, batch, same_file, continues,
/// sheets[{name, hidden, read, hidden_rows, header_row, columns[{header, column, by}]}],
/// skipped[{sheet, row, code, message}], updates[{sheet, row, fields[{field, before, after}]}],
/// seconds, issues[{sheet, row, column, code, severity, message}]}; `batch` is null when nothing
/// was written, `same_file` names an earlier batch of the same bytes, `continues` the batch whose
/// failed rows the file mends. `by` is known, learned, told or unknown.
std::string import_json(const importers::ImportOutcome& outcome, double seconds,
                        const ImportView& view);

/// {"items": [{office, kind, header, column, actor, learned_at}]}
std::string mappings_json(const std::vector<ColumnMapping>& mappings);

/// {"items": [{id, kind, file_name, status, counts ...}]}
std::string batches_json(const std::vector<ImportBatch>& batches);

/// {batch, removed, restored, kept_rows}
std::string undo_json(std::int64_t batch, const UndoReport& report);

}  // namespace chucai
