// Every table of a database as frames of an archive and back, whatever its schema: what a backup
// and a move from one database to the other share.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include "registry/storage/archive.h"
#include "registry/storage/database.h"

namespace chucai {

/// Writes every table as the connection's transaction sees it. Left out is what can be made anew:
/// the journal of migrations, the search table and the rows of the change feed (not its counter).
/// Returns the number of rows. Errors: those of ArchiveWriter.
Result<std::int64_t> dump_tables(Connection& db, ArchiveWriter& archive);

/// Takes Table and Rows frames into the tables of the same names, which are emptied first. From
/// begin() to finish() is_restoring() holds, also when the process dies in between.
class TableLoader {
 public:
  /// The next Rows frame of the table under way; nothing behind its last.
  using NextRows = std::function<Result<std::optional<std::string>>()>;

  explicit TableLoader(Database& database) : database_(&database) {}

  Done begin();
  /// A whole table in one transaction without checks that the rows had passed where they come
  /// from: into an empty table MariaDB then writes sorted pages, several times as fast as row by
  /// row into each index. `head`: a Table frame. Errors: those of Database::write and of `next`;
  /// InvalidArgument "backup.format".
  Done load(const std::string& head, const NextRows& next);
  Done finish();

 private:
  Database* database_;
};

/// True while the tables are filled by halves.
Result<bool> is_restoring(Database& database);

}  // namespace chucai
