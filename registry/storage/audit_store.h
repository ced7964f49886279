// The audit trail: one keyed hash chain per server process, written in the transaction of the
// change itself. Events carry ids, actions and field names, never personal data. An event has two
// codes: its own says that it happened as it stands, the chained one that it followed the event
// before it; from the two a check tells how a trail was tampered with.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>

#include "registry/domain/result.h"
#include "registry/storage/database.h"
#include "registry/storage/vault.h"

namespace chucai {

/// One thing that somebody did.
struct AuditEntry {
  std::string action;       ///< "create", "update", "import", "reveal", "plan.adopt" ...
  std::string record_type;  ///< RecordType::name, or "plan", "import_batch", "token"
  std::int64_t record_id = 0;
  std::string detail;  ///< names of changed fields, counts, purpose codes
};

/// Who did it and when, the same for all entries of one transaction.
struct AuditContext {
  std::string actor;
  std::string role;
  std::int64_t at = 0;                   ///< microseconds UTC
  std::function<std::int64_t()> new_id;  ///< primary keys of the events, increasing
};

/// A place that a chain has reached.
struct ChainPlace {
  std::int64_t chain = 0;
  std::int64_t sequence = 0;                 ///< of the last event; 0: none yet
  std::int64_t event = 0;                    ///< its id
  std::string hash = std::string(32, '\0');  ///< its chained code
};

/// The chain of this process.
class AuditTrail {
 public:
  /// `chain`: number of this process's chain, never used before. `vault` must outlive the trail.
  /// `committed` hears how far the chain has come, after each commit, from any thread.
  AuditTrail(const Vault& vault, std::int64_t chain,
             std::function<void(const ChainPlace&)> committed = {})
      : vault_(&vault), chain_(chain), committed_(std::move(committed)) {}

  /// Appends the entries to the chain inside the caller's transaction. Writers of one process
  /// queue here until that transaction ends.
  void append(Connection& db, const AuditContext& context,
              std::span<const AuditEntry> entries) const;

 private:
  const Vault* vault_;
  std::int64_t chain_;
  std::function<void(const ChainPlace&)> committed_;
};

/// How a trail was tampered with.
enum class Tamper {
  Edit,      ///< a column of an event, of a chain's head or of a checkpoint was changed
  Delete,    ///< events are missing while later ones are there
  Insert,    ///< an event that never happened
  Reorder,   ///< events that happened stand in another order
  Truncate,  ///< the newest events are missing
};
/// "edit", "delete", "insert", "reorder" or "truncate".
std::string_view tamper_name(Tamper kind);

/// What a check of every chain found.
struct AuditReport {
  std::int64_t events = 0;  ///< found good
  std::int64_t chains = 0;
  /// First bad event: its chain, its place there and what is wrong.
  struct Bad {
    std::int64_t chain = 0;
    std::int64_t sequence = 0;
    std::int64_t event = 0;  ///< id of the row that stands there; 0: none does
    Tamper kind = Tamper::Edit;
  };
  std::optional<Bad> first_bad;
};

/// Recomputes every chain, in order of chain and place, up to the first bad event, and holds them
/// against `checkpoints` (of any order), which must have been read before the transaction of `db`
/// began. Truncation behind the last checkpoint of a chain whose head was changed to match is not
/// found. Cost: one HMAC an event; about ten an event of the whole trail to name a first bad one.
/// Events written before schema 5 have no code of their own: an edit there may be called an insert.
AuditReport verify_audit(Connection& db, const Vault& vault,
                         std::span<const ChainPlace> checkpoints = {});

}  // namespace chucai
