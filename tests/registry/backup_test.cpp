// Backup, restore, migration with data and doctor, on SQLite and on MariaDB.
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "registry/service/doctor.h"
#include "registry/service/documents.h"
#include "registry/service/one_person.h"
#include "registry/service/records.h"
#include "registry/storage/trail_stores.h"
#include "tests/registry/contracts/backup_contract.h"
#include "tests/support/private_mariadb.h"

using namespace chucai;
using namespace chucai::testing;

namespace {

constexpr int kFewPeople = 30;
constexpr int kManyPeople = 2500;  // more than a page of a dump

HealthCheck::State state_of(const RegistryOptions& options, const std::string& name) {
  for (const HealthCheck& check : examine(options)) {
    if (check.name == name) return check.state;
  }
  FAIL("no check of " << name);
  return HealthCheck::State::Ill;
}

void all_is_well(const RegistryOptions& options) {
  const auto checks = examine(options);
  CHECK(checks.size() >= 11);
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

TEST_CASE("a register moves from SQLite to MariaDB by its backup", "[.slow][mariadb]") {
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
  TestRegistry current;
  populate(current, kFewPeople);
  an_earlier_schema_comes_up_with_its_data(current, 3, {});
}

TEST_CASE("an earlier schema of MariaDB comes up with its data", "[registry][mariadb]") {
  PrivateMariaDb* server = PrivateMariaDb::instance();
  if (!server) return;
  TestRegistry current(server->fresh_schema());
  populate(current, kFewPeople);
  an_earlier_schema_comes_up_with_its_data(current, 3, server->fresh_schema());
}

TEST_CASE("every earlier schema of SQLite comes up with its data", "[.slow]") {
  TestRegistry current;
  populate(current, kManyPeople);
  for (int schema = 1; schema < newest_schema(); ++schema) {
    INFO("schema " << schema);
    an_earlier_schema_comes_up_with_its_data(current, schema, {});
  }
}

TEST_CASE("every earlier schema of MariaDB comes up with its data", "[.slow][mariadb]") {
  PrivateMariaDb* server = PrivateMariaDb::instance();
  if (!server) return;
  TestRegistry current(server->fresh_schema());
  populate(current, kManyPeople);
  for (int schema = 1; schema < newest_schema(); ++schema) {
    INFO("schema " << schema);
    an_earlier_schema_comes_up_with_its_data(current, schema, server->fresh_schema());
  }
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
  Document paper;
  paper.name = "名单";
  paper.region = "420000";
  REQUIRE(create_record(*registry, province_office(), type_of<Document>(), paper));
  const auto file = attach_file(*registry, province_office(), id_text(paper.id), "%PDF-1.4 名单");
  REQUIRE(file);
  CHECK(state_of(options, "documents") == HealthCheck::State::Well);
  std::filesystem::resize_file(document_path(options.data_folder, file->digest), 3);
  CHECK(state_of(options, "documents") == HealthCheck::State::Ill);
  REQUIRE(registry->database().write([](Connection& db) -> Done {
    delete_setting(db, kTwinsFilledSetting);
    return {};
  }));
  CHECK(state_of(options, "twins") == HealthCheck::State::Warning);
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

  const TempFolder folder;
  RegistryOptions broken = options;
  broken.data_folder = folder.path().string();
  CHECK(state_of(broken, "database") == HealthCheck::State::Ill);
  CHECK_FALSE(std::filesystem::exists(folder.file("chucai.db")));  // looking makes nothing
  std::ofstream(folder.file("chucai.db")) << std::string(100'000, '?');
  const auto checks = examine(broken);
  CHECK(std::any_of(checks.begin(), checks.end(), [](const HealthCheck& check) {
    return check.state == HealthCheck::State::Ill &&
           (check.name == "database" || check.name == "integrity");
  }));
}
