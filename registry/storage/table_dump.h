// Every table of a database as frames of an archive and back, whatever its schema: what a backup
// and a move from one database to the other share.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

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
  explicit TableLoader(Database& database) : database_(&database) {}

  Done begin();
  /// Errors: those of Database::write; InvalidArgument "backup.format".
  Done table(const std::string& head);
  Done rows(const std::string& packed);
  Done finish();

 private:
  Done insert(Connection& db, const std::string& packed);

  Database* database_;
  std::string table_;
  std::vector<std::string> columns_;
};

/// True while the tables are filled by halves.
Result<bool> is_restoring(Database& database);

}  // namespace chucai
