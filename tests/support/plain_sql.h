// Statements of a test beside the stores: what a colleague with a database shell would do.
#pragma once

#include <string>
#include <string_view>

#include "registry/storage/database.h"

namespace chucai::testing {

/// Runs one statement in a transaction of its own.
inline Done execute(Database& database, std::string_view sql) {
  return database.write([&](Connection& connection) -> Done {
    connection.execute(sql);
    return {};
  });
}

/// The first column of a query's first row; "no row" when there is none.
inline std::string text_of(Connection& connection, std::string_view sql) {
  Statement& query = connection.prepare(sql);
  const std::string text = query.step() ? query.text(0) : "no row";
  query.reset();
  return text;
}

/// The same in a read transaction of its own; the reason when that failed.
inline std::string text_of(Database& database, std::string_view sql) {
  std::string text;
  const Done done = database.read([&](Connection& connection) -> Done {
    text = text_of(connection, sql);
    return {};
  });
  return done ? text : done.error().problem.reason;
}

}  // namespace chucai::testing
