// Many rows for one table in few statements: on MariaDB a round trip costs more than the row.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "registry/storage/database.h"

namespace chucai {

/// Bytes of a BLOB column, to tell them from text.
struct Blob {
  std::string bytes;
};
using Cell = std::variant<std::monostate, std::int64_t, std::string, Blob>;

/// Binds one value; monostate is NULL.
void bind_cell(Statement& statement, int index, const Cell& cell);

/// Collects rows and sends them 128 in a statement; on SQLite, where a statement of one row costs
/// least, each at once. What is left is sent by flush(), which the caller must not forget: a
/// destructor could not report a failure.
class RowWriter {
 public:
  /// `into`: "INSERT INTO t (a, b)"; `conflict`: what follows the values, such as an upsert.
  RowWriter(Connection& db, std::string into, std::string conflict = {})
      : db_(&db), into_(std::move(into)), conflict_(std::move(conflict)) {}

  /// Adds a row of as many cells as `into` names columns; sends when there are enough.
  /// Throws DbError: that of the statement.
  void add(std::vector<Cell> row);
  /// Sends what is left. Throws DbError.
  void flush();

 private:
  void send(std::size_t rows);

  Connection* db_;
  std::string into_;
  std::string conflict_;
  std::vector<std::vector<Cell>> rows_;
  std::string sql_;  ///< of the statement sent last
  std::size_t sql_rows_ = 0;
};

}  // namespace chucai
