// A MariaDB server for one test program: started at first use, unprivileged, on a Unix socket in a
// folder of its own, without a network port; gone with the program, however that ends.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "registry/storage/database.h"

namespace chucai::testing {

class PrivateMariaDb {
 public:
  /// The server of this program, or null where mariadbd is not installed: then the caller returns,
  /// and the program prints once why ("chucai: skipped"). Under CI its absence fails the test.
  static PrivateMariaDb* instance();

  /// Makes an empty schema and returns the URL of its database, as root. `options` such as
  /// "timeout=1" are added to it.
  std::string fresh_schema(std::string_view options = {});
  /// A URL on a schema, for another account or other options.
  std::string url(std::string_view account, std::string_view schema,
                  std::string_view options = {}) const;
  /// Runs one statement as root, outside any schema of a test.
  void administer(const std::string& sql);
  /// Its data, sockets and logs.
  const std::filesystem::path& folder() const { return folder_; }

  PrivateMariaDb(const PrivateMariaDb&) = delete;
  PrivateMariaDb& operator=(const PrivateMariaDb&) = delete;

 private:
  PrivateMariaDb();

  std::filesystem::path folder_;
  std::unique_ptr<Database> root_;
  int schemas_ = 0;
};

}  // namespace chucai::testing
