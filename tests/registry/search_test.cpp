// Search on SQLite and on MariaDB, against a scan of every text: so both find the same.
#include <catch2/catch.hpp>

#include "tests/registry/contracts/search_contract.h"
#include "tests/support/contract.h"

using namespace chucai;
using namespace chucai::testing;

namespace {

constexpr Case<> kCases[] = {
    {"search equals a scan", search_equals_a_scan},
    {"search follows changes", search_follows_changes},
    {"filters narrow a search", filters_narrow_a_search},
    {"filling again finds the same", filling_again_finds_the_same},
};

}  // namespace

TEST_CASE("search holds on SQLite", "[registry]") {
  pass_on_sqlite(kCases);
}

TEST_CASE("search holds on MariaDB", "[registry][mariadb]") {
  pass_on_mariadb(kCases);
}
