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
  Registry* operator->() { return registry_.get(); }
  const RegistryOptions& options() const { return options_; }
  /// Closes the register and opens it again, as a new process would.
  void reopen();

 private:
  TempFolder folder_;
  RegistryOptions options_;
  std::unique_ptr<Registry> registry_;
};

/// Takes every record but the programmes out, with what is kept of people: for cases that share a
/// schema because making one takes a server longer than running them.
void clear_records(Registry& registry);

/// Principals of tests: the province's office, and that of one county.
Principal province_office();
Principal county_office(const std::string& region);

}  // namespace chucai::testing
