// Import batches that were applied (staged_import.h): undoing one takes back every row that nobody
// changed since.
#pragma once

#include <string>
#include <vector>

#include "registry/domain/import_batch.h"
#include "registry/service/registry.h"

namespace chucai {

/// What an undo did.
struct UndoReport {
  std::int64_t removed = 0;             ///< records that the batch had created
  std::int64_t restored = 0;            ///< records that have their earlier values again
  std::vector<std::int64_t> kept_rows;  ///< rows whose record was changed after the import
};

/// Takes a batch back. Errors: NotFound "import.batch.absent"; FailedPrecondition
/// "import.batch.undone", "import.batch.unstaged" when it was not applied; Conflict when a record
/// is referred to meanwhile.
Result<UndoReport> undo_batch(Registry& registry, const Principal& principal, std::int64_t batch);

/// Batches of offices in scope, newest first.
Result<std::vector<ImportBatch>> list_import_batches(Registry& registry,
                                                     const Principal& principal);

/// The committed batch of the same office with the same bytes, or 0.
Result<std::int64_t> batch_of_same_file(Registry& registry, const Principal& principal,
                                        std::string_view digest);

}  // namespace chucai
