// Applying an import. Checked rows are staged in chunks, each kept for good once its transaction
// ends; then one transaction writes them all, in many small pieces of memory, and nobody sees a row
// of it before or without the others. What is cut off goes on from what is staged.
#pragma once

#include <cstdint>
#include <future>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/domain/import_batch.h"
#include "registry/domain/import_progress.h"
#include "registry/service/registry.h"
#include "registry/service/staged_rows.h"

namespace chucai {

/// Stages the rows of one batch, some chunks of memory at a time, of which some are written while
/// others are packed.
class BatchStager {
 public:
  /// `batch`: kind, file name, digest, mode and counts. An unfinished batch of the same office,
  /// kind and digest is staged anew under its id. `total`: rows that will come, for `watch`.
  BatchStager(Registry& registry, const Principal& principal, const RecordType& type,
              ImportBatch batch, std::int64_t total = 0, ImportWatch watch = {});
  BatchStager(const BatchStager&) = delete;
  BatchStager& operator=(const BatchStager&) = delete;

  /// Takes a row whose record passed check_draft; a new record gets its id here.
  /// Errors: those of Database::write; FailedPrecondition "import.cancelled".
  Done add(StagedRow row);
  /// Stages what is left; the batch can be applied from then on. Returns its id. Same errors.
  Result<std::int64_t> finish();

 private:
  enum class Piece { More, Last };
  /// Chunks that one transaction keeps.
  struct Group {
    std::int64_t first = 0;  ///< number of the first of them
    std::vector<std::string> chunks;
    std::int64_t rows = 0;
    Piece piece = Piece::More;
  };
  void close_chunk();
  Done flush(Piece piece);
  Done settle();
  Done write(const Group& group);
  Done open(Connection& db);

  Registry& registry_;
  Principal principal_;
  const RecordType& type_;
  ImportBatch batch_;
  std::int64_t total_;
  ImportWatch watch_;
  std::optional<RowPacker> packer_;  ///< the chunk in the making
  Group group_;                      ///< in the making
  std::int64_t staged_ = 0;          ///< rows written or on their way
  std::string key_;                  ///< wrapped
  std::future<Done> writing_;        ///< the group before; last, so that it ends first
};

/// Writes what is staged of a batch, whole or not at all; of one that is applied already it only
/// returns the header. Errors: NotFound "import.batch.absent"; FailedPrecondition
/// "import.batch.unstaged", "import.batch.undone", "import.cancelled";
/// those of write_record, Stale "record.version". After an error that trying again would not
/// mend the batch is dropped; after Unavailable and "storage.busy" it can be applied again.
Result<ImportBatch> apply_staged(Registry& registry, const Principal& principal, std::int64_t batch,
                                 const ImportWatch& watch = {});

/// Forgets a batch that was not applied; the audit trail still names it. Errors: NotFound
/// "import.batch.absent"; FailedPrecondition "import.batch.applied".
Done drop_batch(Registry& registry, const Principal& principal, std::int64_t batch);

/// Stages the rows, which it takes, and applies them; returns the batch id. Errors: those of
/// BatchStager and apply_staged.
Result<std::int64_t> apply_batch(Registry& registry, const Principal& principal,
                                 const RecordType& type, ImportBatch batch,
                                 std::vector<StagedRow> rows);

/// Marks the sealed columns inside a before image; no field is called so.
inline constexpr std::string_view kSealedInImage = "sealed:";

}  // namespace chucai
