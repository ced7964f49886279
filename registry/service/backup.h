// Backup and restore of a whole register: database and documents in one file, the same for SQLite
// and MariaDB, so that a register can also move from one to the other. The master key is never in
// it: without the key file kept beside, a backup is of no use to anybody.
#pragma once

#include <string>

#include "registry/service/registry.h"

namespace chucai {

/// What a backup holds.
struct BackupReport {
  int schema = 0;
  std::int64_t made_at = 0;  ///< microseconds UTC
  std::int64_t rows = 0;
  std::int64_t files = 0;
};

/// Writes the register as it is at one moment while others go on writing; an existing file is
/// replaced when the new one is whole and on the disk. Audited as "backup". Errors: InvalidArgument
/// "backup.write"; FailedPrecondition "backup.rotating" while the master key changes; those of
/// Database::read.
Result<BackupReport> backup_register(Registry& registry, const Principal& principal,
                                     const std::string& file);

/// The same of a database that this version may not be able to open, and without an audit event:
/// before a migration.
Result<BackupReport> write_backup(Database& database, const RegistryOptions& options,
                                  std::int64_t now_us, const std::string& file);

/// Reads the whole file and checks every digest. Errors: InvalidArgument "backup.read",
/// "backup.format", "backup.damaged", "backup.cut_off".
Result<BackupReport> verify_backup(const std::string& file);

/// Fills an empty database and data folder from a backup, and brings them up to this version's
/// schema. master.key must lie in the folder. A restore that was cut off can be started again;
/// until one has come to its end the register does not open. Audited as "restore". Errors: those of
/// verify_backup; FailedPrecondition "backup.key_needed", "registry.wrong_key", "backup.not_empty",
/// "storage.newer_schema"; those of Registry::init.
Result<BackupReport> restore_register(const RegistryOptions& options, const Principal& principal,
                                      const std::string& file);

}  // namespace chucai
