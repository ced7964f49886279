// Backup, restore, migration with data and doctor, on SQLite and on MariaDB.
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "registry/service/doctor.h"
#include "tests/registry/contracts/backup_contract.h"
#include "tests/support/private_mariadb.h"

using namespace chucai;
using namespace chucai::testing;

namespace {

HealthCheck::State state_of(const RegistryOptions& options, const std::string& name) {
  for (const HealthCheck& check : examine(options)) {
    if (check.name == name) return check.state;
  }
  FAIL("no check of " << name);
  return HealthCheck::State::Ill;
}

void all_is_well(const RegistryOptions& options) {
  const auto checks = examine(options);
  CHECK(checks.size() >= 9);
  for (const HealthCheck& check : checks) {
    INFO(check.name);
    if (check.name != "space") CHECK(check.state == HealthCheck::State::Well);
  }
}

}  // namespace

TEST_CASE("a backup of SQLite under load restores to SQLite", "[registry]") {
  TestRegistry registry;
  restored_is_what_was_acknowledged(registry, {});
}

TEST_CASE("a backup of MariaDB under load restores to MariaDB", "[registry][mariadb]") {
  PrivateMariaDb* server = PrivateMariaDb::instance();
  if (!server) return;
  TestRegistry registry(server->fresh_schema());
  restored_is_what_was_acknowledged(registry, server->fresh_schema());
}

TEST_CASE("a register moves from SQLite to MariaDB by its backup", "[registry][mariadb]") {
  PrivateMariaDb* server = PrivateMariaDb::instance();
  if (!server) return;
  TestRegistry registry;
  restored_is_what_was_acknowledged(registry, server->fresh_schema());
}

TEST_CASE("a restore without the key, or over data, is refused", "[registry]") {
  TestRegistry registry;
  what_does_not_fit_is_refused(registry);
}

TEST_CASE("a damaged backup is found before anything is touched", "[registry]") {
  TestRegistry registry;
  damage_is_found(registry);
}

TEST_CASE("an earlier schema of SQLite comes up with its data", "[registry]") {
  an_earlier_schema_comes_up_with_its_data({});
}

TEST_CASE("an earlier schema of MariaDB comes up with its data", "[registry][mariadb]") {
  PrivateMariaDb* server = PrivateMariaDb::instance();
  if (!server) return;
  an_earlier_schema_comes_up_with_its_data(server->fresh_schema());
}

TEST_CASE("doctor finds a register well on MariaDB", "[registry][mariadb]") {
  PrivateMariaDb* server = PrivateMariaDb::instance();
  if (!server) return;
  TestRegistry registry(server->fresh_schema());
  all_is_well(registry.options());
}

TEST_CASE("doctor finds what is wrong", "[registry]") {
  TestRegistry registry;
  const RegistryOptions& options = registry.options();
  all_is_well(options);
  const std::string key = master_key_path(options);
  ::chmod(key.c_str(), 0644);
  CHECK(state_of(options, "key") == HealthCheck::State::Warning);
  ::chmod(key.c_str(), 0600);
  REQUIRE(registry->database().write([](Connection& db) -> Done {
    db.prepare("DELETE FROM audit_event").run();
    return {};
  }));
  CHECK(state_of(options, "audit") == HealthCheck::State::Ill);
  REQUIRE(registry->database().write([](Connection& db) -> Done {
    db.prepare("DELETE FROM schema_version WHERE version > 2").run();
    return {};
  }));
  CHECK(state_of(options, "schema") == HealthCheck::State::Ill);
  std::filesystem::rename(key, key + ".away");
  CHECK(state_of(options, "key") == HealthCheck::State::Ill);
  std::ofstream(options.data_folder + "/chucai.db", std::ios::trunc) << "not a database at all";
  RegistryOptions broken = options;
  CHECK(state_of(broken, "database") == HealthCheck::State::Ill);
}
