// Search on SQLite and on MariaDB, against a scan of every text: so both find the same.
#include <catch2/catch.hpp>

#include "tests/registry/contracts/search_contract.h"
#include "tests/support/private_mariadb.h"
#include "tests/support/test_registry.h"

using namespace chucai;
using namespace chucai::testing;

namespace {

struct SearchCase {
  const char* name;
  void (*run)(Registry&);
};

constexpr SearchCase kCases[] = {
    {"search equals a scan", search_equals_a_scan},
    {"search follows changes", search_follows_changes},
    {"filters narrow a search", filters_narrow_a_search},
    {"filling again finds the same", filling_again_finds_the_same},
};

}  // namespace

TEST_CASE("search holds on SQLite", "[registry]") {
  for (const SearchCase& one : kCases) {
    SECTION(one.name) {
      TestRegistry registry;
      one.run(*registry);
    }
  }
}

TEST_CASE("search holds on MariaDB", "[registry][mariadb]") {
  PrivateMariaDb* server = PrivateMariaDb::instance();
  if (!server) return;
  for (const SearchCase& one : kCases) {
    SECTION(one.name) {
      TestRegistry registry(server->fresh_schema());
      one.run(*registry);
    }
  }
}
