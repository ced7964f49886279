// Small stores of what surrounds the records: status log, import batches with their undo rows,
// plans, bearer tokens, settings.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "registry/domain/date.h"
#include "registry/domain/import_batch.h"
#include "registry/domain/plan.h"
#include "registry/domain/principal.h"
#include "registry/storage/database.h"

namespace chucai {

/// A record reached a status; appended only.
struct StatusChange {
  std::string record_type;
  std::int64_t record_id = 0;
  std::string status;
  Date on;              ///< business date; unknown: not said
  std::int64_t at = 0;  ///< microseconds UTC
  std::string actor;
};
void append_status(Connection& db, std::int64_t id, const StatusChange& change);
/// The same for many; `new_id` gives the entries' ids.
void append_statuses(Connection& db, std::span<const StatusChange> changes,
                     const std::function<std::int64_t()>& new_id);
/// The newest entry in which the record reached `status`, or nullopt.
std::optional<StatusChange> last_status(Connection& db, std::string_view record_type,
                                        std::int64_t record_id, std::string_view status);

/// A file that a document has or had; its bytes lie in the data folder under the digest.
struct StoredFile {
  std::string digest;  ///< SHA-256 in hex
  std::string media_type;
  std::int64_t byte_count = 0;
  std::int64_t at = 0;  ///< microseconds UTC
  std::string actor;
};
void insert_document_file(Connection& db, std::int64_t id, std::int64_t document,
                          const StoredFile& file);
std::optional<StoredFile> newest_document_file(Connection& db, std::int64_t document);
void for_each_document_file(
    Connection& db,
    const std::function<void(const std::string& digest, std::int64_t byte_count)>& visit);

/// What a batch did to one record.
struct BatchRow {
  std::int64_t batch = 0;
  std::int64_t row = 0;   ///< row in the sheet
  std::string operation;  ///< "new" or "updated"
  std::string record_type;
  std::int64_t record_id = 0;
  std::int64_t version_after = 0;
  std::string before_image;  ///< packed field values that the update replaced
};
void insert_batch(Connection& db, const ImportBatch& batch);
void set_batch_status(Connection& db, std::int64_t batch, std::string_view status);
/// The same, and says when (microseconds UTC) the batch came to its end.
void finish_batch(Connection& db, std::int64_t batch, std::string_view status, std::int64_t at);
/// Forgets the header of a batch that was not applied.
void delete_batch(Connection& db, std::int64_t batch);
void insert_batch_rows(Connection& db, std::span<const BatchRow> rows);
/// After an undo the record reads as it did at `version`, but its version went on to `now`: earlier
/// batches that left it at `version` can still be undone.
void renumber_batch_rows(Connection& db, std::string_view record_type, std::int64_t record_id,
                         std::int64_t version, std::int64_t now);
std::optional<ImportBatch> load_batch(Connection& db, std::int64_t id);
/// Newest first, at most 200, of offices in scope.
std::vector<ImportBatch> list_batches(Connection& db, const Scope& scope);
/// In reverse order of row, so that undoing takes back the newest change first.
std::vector<BatchRow> batch_rows(Connection& db, std::int64_t batch);
/// A committed batch with the same digest and office, or nullopt.
std::optional<std::int64_t> batch_with_digest(Connection& db, std::string_view digest,
                                              std::string_view office);

void insert_plan(Connection& db, const Plan& plan);
void set_plan_status(Connection& db, std::int64_t plan, std::string_view status,
                     std::int64_t adopted_at);
/// Marks every other adopted plan of the year as superseded.
void supersede_plans(Connection& db, std::int64_t year, std::int64_t except);
std::optional<Plan> load_plan(Connection& db, const Scope& scope, std::int64_t id);
/// Headers without seats, newest first, at most 100.
std::vector<Plan> list_plans(Connection& db, const Scope& scope);

struct AccessToken {
  std::int64_t id = 0;
  std::string label;
  std::string role;
  std::string region;
  Date expires_on;
  bool revoked = false;
  std::int64_t person = 0;  ///< the expert whose own it is; 0: an office's
};
void insert_token(Connection& db, const AccessToken& token, std::string_view digest,
                  std::int64_t created_at);
/// Newest first, at most 200.
std::vector<AccessToken> list_tokens(Connection& db, const Scope& scope);
/// False when there is none in scope, or it was revoked before.
bool revoke_token(Connection& db, const Scope& scope, std::int64_t id, std::int64_t at);
std::optional<AccessToken> token_with_digest(Connection& db, std::string_view digest);

std::optional<std::string> load_setting(Connection& db, std::string_view name);
void save_setting(Connection& db, std::string_view name, std::string_view value);
void delete_setting(Connection& db, std::string_view name);

}  // namespace chucai
