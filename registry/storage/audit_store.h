// The audit trail: one keyed hash chain per server process, written in the transaction of the
// change itself. Events carry ids, actions and field names, never personal data.
#pragma once

#include <cstdint>
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
  std::function<std::int64_t()> new_id;  ///< primary keys of the events
};

/// The chain of this process.
class AuditTrail {
 public:
  /// `chain`: number of this process's chain, never used before. `vault` must outlive the trail.
  AuditTrail(const Vault& vault, std::int64_t chain) : vault_(&vault), chain_(chain) {}

  /// Appends the entries to the chain inside the caller's transaction. Writers of one process
  /// queue here until that transaction ends.
  void append(Connection& db, const AuditContext& context,
              std::span<const AuditEntry> entries) const;

 private:
  const Vault* vault_;
  std::int64_t chain_;
};

/// What a check of every chain found.
struct AuditReport {
  std::int64_t events = 0;
  std::int64_t chains = 0;
  /// First bad event: its chain, its place there and what is wrong ("edit", "gap", "truncate").
  struct Bad {
    std::int64_t chain = 0;
    std::int64_t sequence = 0;
    std::string kind;
  };
  std::optional<Bad> first_bad;
};

/// Recomputes every chain. Cost: one HMAC per event.
AuditReport verify_audit(Connection& db, const Vault& vault);

/// Grows with every audited change on this database, whoever made it: the version of a snapshot.
std::int64_t change_version(Connection& db);

}  // namespace chucai
