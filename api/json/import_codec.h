// Import reports and batches as JSON, the same for the command line and HTTP.
#pragma once

#include <string>
#include <vector>

#include "importers/import_file.h"
#include "registry/domain/messages.h"
#include "registry/service/import_batches.h"

namespace chucai {

/// {rows, new, updated, same, duplicate, review, refused, batch, seconds, issues[{sheet, row,
/// column, code, severity, message}]}; `batch` is null when nothing was written, `same_file` names
/// an earlier batch of the same bytes.
std::string import_json(const importers::ImportOutcome& outcome, double seconds,
                        const Messages& messages, Language language);

/// {"items": [{id, kind, file_name, status, counts ...}]}
std::string batches_json(const std::vector<ImportBatch>& batches);

/// {batch, removed, restored, kept_rows}
std::string undo_json(std::int64_t batch, const UndoReport& report);

}  // namespace chucai
