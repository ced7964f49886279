// Cases that both databases must pass: each gets a fresh register of the database under test.
#pragma once

#include <catch2/catch.hpp>

#include "tests/support/private_mariadb.h"
#include "tests/support/test_registry.h"

namespace chucai::testing {

/// Target: Registry, or TestRegistry for cases that open the register again.
template <class Target = Registry>
struct Case {
  const char* name;
  void (*run)(Target&);
};

template <class Cases>
void pass_on_sqlite(const Cases& cases) {
  for (const auto& one : cases) {
    SECTION(one.name) {
      TestRegistry registry;
      one.run(registry);
    }
  }
}

/// Nothing to do where the machine has no server and need not have one (see private_mariadb.h).
template <class Cases>
void pass_on_mariadb(const Cases& cases) {
  PrivateMariaDb* server = PrivateMariaDb::instance();
  if (!server) return;
  for (const auto& one : cases) {
    SECTION(one.name) {
      TestRegistry registry(server->fresh_schema());
      one.run(registry);
    }
  }
}

}  // namespace chucai::testing
