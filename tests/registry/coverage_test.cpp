// The coverage engine beside plain SQL, on either database.
#include <catch2/catch.hpp>

#include "tests/registry/contracts/coverage_contract.h"
#include "tests/support/private_mariadb.h"
#include "tests/support/test_registry.h"

using namespace chucai;
using namespace chucai::testing;

TEST_CASE("figures and pivots equal a recount in SQL on random registers (SQLite)", "[coverage]") {
  TestRegistry registry;
  figures_equal_a_recount(registry, 8, 120);
}

TEST_CASE("figures and pivots equal a recount in SQL on random registers (MariaDB)",
          "[coverage][mariadb]") {
  PrivateMariaDb* server = PrivateMariaDb::instance();
  if (!server) return;
  TestRegistry registry(server->fresh_schema());
  figures_equal_a_recount(registry, 9, 60);
}

TEST_CASE("ten thousand random pivots equal the recount on SQLite", "[.slow][coverage]") {
  for (std::uint32_t seed = 100; seed < 110; ++seed) {
    TestRegistry registry;
    figures_equal_a_recount(registry, seed, 1'000);
  }
}

TEST_CASE("ten thousand random pivots equal the recount on MariaDB", "[.slow][coverage][mariadb]") {
  PrivateMariaDb* server = PrivateMariaDb::instance();
  if (!server) return;
  for (std::uint32_t seed = 200; seed < 210; ++seed) {
    TestRegistry registry(server->fresh_schema());
    figures_equal_a_recount(registry, seed, 1'000);
  }
}
