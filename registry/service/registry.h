// The register as use cases see it: database, stores, code tables, rules, audit trail and clock of
// one data folder. Opened once per process and shared by every thread.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "registry/domain/code_book.h"
#include "registry/domain/messages.h"
#include "registry/domain/principal.h"
#include "registry/domain/region_map.h"
#include "registry/domain/rules/check.h"
#include "registry/service/coverage_engine.h"
#include "registry/service/password_gate.h"
#include "registry/storage/audit_checkpoints.h"
#include "registry/storage/audit_store.h"
#include "registry/storage/database.h"
#include "registry/storage/record_store.h"
#include "registry/storage/vault.h"

namespace chucai {

/// Where a register lies and what day it is there.
struct RegistryOptions {
  std::string data_folder = "./chucai-data";
  std::string database_url;              ///< empty: SQLite file chucai.db in the data folder
  Date today;                            ///< business date; unknown: the clock's day in Beijing
  std::function<std::int64_t()> now_us;  ///< wall clock, microseconds UTC; empty: the system's
};

/// Name of the setting that tells whose master key seals the register.
inline constexpr std::string_view kKeyCheckSetting = "key_check";

/// Where these options put the database and the master key.
std::string database_url(const RegistryOptions& options);
/// False when that is a file that does not exist.
bool has_database(const RegistryOptions& options);
std::string master_key_path(const RegistryOptions& options);

class Registry {
 public:
  /// Creates what is missing: folder (mode 0700), master key (0600), schema, the programmes of the
  /// plan. A second call changes nothing. An older schema is backed up into `backups` of the data
  /// folder and migrated. Errors: FailedPrecondition "registry.folder", "key.*", "storage.*",
  /// "backup.unfinished".
  static Result<std::unique_ptr<Registry>> init(const RegistryOptions& options);
  /// Opens an initialised register. Errors: FailedPrecondition "registry.not_initialised",
  /// "registry.wrong_key", "registry.schema_behind" (run migrate), "backup.unfinished" (run restore
  /// again); those of open_database.
  static Result<std::unique_ptr<Registry>> open(const RegistryOptions& options);

  const CodeBook& codes() const { return codes_; }
  const RegionMap& regions() const { return *regions_; }
  const Messages& messages() const { return messages_; }
  const RecordStore& store() const { return *store_; }
  const Vault& vault() const { return vault_; }
  const AuditTrail& audit() const { return *audit_; }
  PasswordGate& passwords() { return passwords_; }
  /// The facts that figures are counted from, up with every change.
  CoverageEngine& coverage() { return coverage_; }
  Database& database() { return *database_; }
  RuleContext rules() const { return {&codes_, regions_.get(), today_}; }
  Date today() const { return today_; }
  std::int64_t now_us() const { return now_us_(); }
  /// The clock's day in Beijing, days since 1970.
  std::int64_t day_now() const;
  /// A fresh record id; any thread.
  std::int64_t new_id();
  /// Context of the audit entries of one transaction.
  AuditContext audit_context(const Principal& principal);
  const RegistryOptions& options() const { return options_; }
  const std::string& data_folder() const { return options_.data_folder; }
  /// The file of signed checkpoints, in the data folder.
  std::string checkpoint_file() const;
  /// The file of the master keys, in the data folder.
  std::string key_file() const;

 private:
  Registry(const RegistryOptions& options, const MasterKeys& keys, CodeBook codes,
           Messages messages, std::unique_ptr<Database> database);
  static Result<std::unique_ptr<Registry>> assemble(const RegistryOptions& options,
                                                    const MasterKeys& keys);
  Done check_key_and_schema();
  Done migrate_schema();
  Done fill_search();
  Done fill_twins();
  Done seed_programs();
  Done load_office_terms();

  RegistryOptions options_;
  CodeBook codes_;
  std::unique_ptr<RegionMap> regions_;
  Messages messages_;
  Vault vault_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<RecordStore> store_;
  std::unique_ptr<CheckpointWriter> checkpoints_;
  std::unique_ptr<AuditTrail> audit_;
  PasswordGate passwords_;
  CoverageEngine coverage_;
  std::function<std::int64_t()> now_us_;
  Date today_;
  std::mutex id_mutex_;
  IdSource ids_;
};

/// The programmes that ship with the product (registry/codes/programs.csv), as drafts.
/// Errors: Internal naming the line of a malformed row.
Result<std::vector<std::unique_ptr<Record>>> shipped_programs();

}  // namespace chucai
