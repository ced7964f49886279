// The two database drivers and the address that chooses between them. Inside registry/storage only;
// everybody else calls open_database().
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "registry/storage/database.h"

namespace chucai {

struct SqliteAddress {
  std::string path;
};

struct MySqlAddress {
  std::string user;
  std::string password;
  std::string host;
  int port = 3306;
  std::string schema;
  std::string socket;  ///< path of a Unix socket, instead of host and port; empty: none
  std::chrono::seconds timeout{30};
  std::size_t connections = 8;
};

using DatabaseAddress = std::variant<SqliteAddress, MySqlAddress>;

/// Reads the URL form of open_database(). Errors: InvalidArgument "storage.url" naming the part
/// that is wrong, never the password.
Result<DatabaseAddress> parse_database_url(std::string_view url);

/// Opens the file, creating it with mode 0600. Throws DbError.
std::unique_ptr<Database> open_sqlite(const SqliteAddress& address);
/// Opens a first connection to prove the address. Throws DbError.
/// Errors: FailedPrecondition "storage.not_durable".
Result<std::unique_ptr<Database>> open_mysql(const MySqlAddress& address);

}  // namespace chucai
