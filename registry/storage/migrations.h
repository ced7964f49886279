// Migrations as files and how they are applied. Inside registry/storage, and for tests that bring
// their own; everybody else calls migrate().
#pragma once

#include <chrono>
#include <span>
#include <string>
#include <vector>

#include "registry/domain/embedded.h"
#include "registry/storage/database.h"

namespace chucai {

/// One file NNNN_name.sql.
struct Migration {
  int version = 0;
  std::string checksum;            ///< SHA-256 of the file, hexadecimal
  std::vector<std::string> steps;  ///< its statements, without the semicolon
};

/// The migrations of a dialect among `files` (".../sqlite/0001_people.sql"), in order. Statements
/// end with a semicolon at the end of a line; a line that starts with -- is a comment. Numbers may
/// have gaps: parallel work reserves them, and one that arrives late is applied late.
/// Errors: Internal "storage.migrations" when two share a number or a file is malformed.
Result<std::vector<Migration>> read_migrations(std::span<const EmbeddedFile> files,
                                               Dialect dialect);

/// Applies `files`; see migrate(). On SQLite each migration is one transaction. MariaDB commits at
/// every DDL statement, so there each step is journalled by itself and may run twice after a
/// crash: it must be idempotent. `lease`: how long the lock row of a process that died keeps others
/// waiting; a step that takes longer may be run again by another process.
Result<int> apply_migrations(Database& database, std::span<const EmbeddedFile> files,
                             std::chrono::milliseconds lease = std::chrono::seconds(15));

}  // namespace chucai
