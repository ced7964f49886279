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

/// Writes every table in one consistent view of the data. Left out is what can be made anew: the
/// journal of migrations, the search table and the rows of the change feed (not its counter).
/// Returns the number of rows. Errors: those of Database::read and of ArchiveWriter.
Result<std::int64_t> dump_tables(Database& database, ArchiveWriter& archive);

/// Takes Table and Rows frames into the tables of the same names. Tables are emptied first; the
/// setting table is kept to the end, so that its row "restoring" stands while rows are missing.
class TableLoader {
 public:
  explicit TableLoader(Database& database) : database_(&database) {}

  /// Notes that what follows is unfinished.
  Done begin();
  /// Errors: those of Database::write; InvalidArgument "backup.format".
  Done table(const std::string& head);
  Done rows(const std::string& packed);
  /// Writes the settings, the mark of an unfinished restore among what they replace.
  Done finish();

 private:
  Done insert(Connection& db, const std::string& packed);

  Database* database_;
  std::string table_;
  std::vector<std::string> columns_;
  std::string settings_head_;
  std::vector<std::string> settings_rows_;
};

/// Name of the setting that says that a restore has not come to its end.
inline constexpr std::string_view kRestoringSetting = "restoring";

}  // namespace chucai
