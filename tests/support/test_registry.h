// A register of its own for one test: SQLite in a temporary folder, or a fresh schema of the
// private MariaDB; a fixed business date and a clock that moves one second per call.
#pragma once

#include <memory>
#include <string>

#include "registry/service/registry.h"
#include "tests/support/temp_folder.h"

namespace chucai::testing {

class TestRegistry {
 public:
  /// `database_url` empty: SQLite inside the folder.
  explicit TestRegistry(std::string database_url = {});

  Registry& operator*() { return *registry_; }
  operator Registry&() { return *registry_; }
  Registry* operator->() { return registry_.get(); }
  const RegistryOptions& options() const { return options_; }
  /// Closes the register and opens it again, as a new process would.
  void reopen();

 private:
  TempFolder folder_;
  RegistryOptions options_;
  std::unique_ptr<Registry> registry_;
};

/// Principals of tests: the province's office, and that of one county.
Principal province_office();
Principal county_office(const std::string& region);

/// The identity number of a person, revealed as everybody must ask for it.
Result<std::string> reveal_identity(Registry& registry, const Principal& principal,
                                    std::int64_t person, const std::string& purpose);

}  // namespace chucai::testing
