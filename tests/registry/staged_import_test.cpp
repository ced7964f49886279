#include "tests/registry/contracts/staged_import_contract.h"

using namespace chucai::testing;

TEST_CASE("staged imports hold on SQLite", "[registry]") {
  pass_on_sqlite(kStagedImportCases);
}

TEST_CASE("staged imports hold on MariaDB", "[registry][mariadb]") {
  pass_on_mariadb(kStagedImportCases);
}
