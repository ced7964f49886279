// The use cases on SQLite and on MariaDB, and what only a data folder has.
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>

#include "tests/registry/contracts/lifecycle_contract.h"
#include "tests/registry/contracts/registry_contract.h"

using namespace chucai;
using namespace chucai::testing;

TEST_CASE("the use cases hold on SQLite", "[registry]") {
  pass_on_sqlite(kRegistryContract);
}

TEST_CASE("the use cases hold on MariaDB", "[registry][mariadb]") {
  pass_on_mariadb(kRegistryContract);
}

TEST_CASE("lifecycles hold on SQLite", "[registry]") {
  pass_on_sqlite(kLifecycleContract);
}

TEST_CASE("lifecycles hold on MariaDB", "[registry][mariadb]") {
  pass_on_mariadb(kLifecycleContract);
}

TEST_CASE("init is idempotent and seeds the 81 programmes", "[registry]") {
  TestRegistry registry;
  const auto again = Registry::init(registry.options());
  REQUIRE(again);
  PageRequest request{{}, 0, 200};
  const auto programs = list_records(**again, province_office(), type_of<Program>(), request);
  REQUIRE(programs);
  CHECK(programs->records.size() == 81);
  const auto blank = find_record(**again, province_office(), type_of<Program>(), "INTRO_CORE");
  REQUIRE(blank);
  CHECK(static_cast<const Program&>(**blank).name_zh.empty());
}

TEST_CASE("a folder without its key is refused and tells why", "[registry]") {
  TestRegistry registry;
  const std::string key = registry.options().data_folder + "/master.key";
  struct stat status {};
  REQUIRE(::stat(key.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  std::filesystem::rename(key, key + ".away");
  const auto opened = Registry::open(registry.options());
  REQUIRE_FALSE(opened);
  CHECK(opened.error().problem.reason == "key.missing");
  REQUIRE(create_master_keys(key));
  const auto wrong = Registry::open(registry.options());
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().problem.reason == "registry.wrong_key");
}

TEST_CASE("no identity number stands in the database file", "[registry]") {
  TestRegistry registry;
  Person person = a_person("韩六", "420106198503010007");
  created(*registry, province_office(), type_of<Person>(), person);
  registry.reopen();
  for (const auto& entry : std::filesystem::directory_iterator(registry.options().data_folder)) {
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    INFO(entry.path().string());
    CHECK(bytes.find("420106198503010007") == std::string::npos);
  }
}

TEST_CASE("every field problem of a draft comes at once", "[registry]") {
  TestRegistry registry;
  Person person;
  person.id_no = "420106198503010008";
  person.region = "999999";
  person.education = "x";
  person.email = "nobody";
  person.phone = "call me";
  const Done refused = create_record(*registry, province_office(), type_of<Person>(), person);
  REQUIRE_FALSE(refused);
  std::vector<std::string> where;
  for (const Problem& problem : refused.error().details) where.push_back(problem.where);
  std::sort(where.begin(), where.end());
  CHECK(where ==
        std::vector<std::string>{"education", "email", "id_no", "name", "phone", "region"});
}

TEST_CASE("every column of a record type is in both migrations", "[registry]") {
  std::map<std::string, std::string> schemas;  // folder of the dialect -> all its migrations
  for (const EmbeddedFile& file : embedded_migrations()) {
    const std::string name(file.name);
    schemas[name.substr(0, name.rfind('/'))].append(file.text).append("\n");
  }
  REQUIRE(schemas.size() == 2);
  for (const auto& [dialect, text] : schemas) {
    for (const RecordType* type : record_types()) {
      const auto table = text.find("EXISTS " + std::string(type->table) + " (");
      REQUIRE(table != std::string::npos);
      const auto body = text.substr(table, text.find(";", table) - table);
      for (const Field& field : type->fields) {
        INFO(dialect << " " << type->name << "." << field.name);
        const std::string column = field.type == FieldType::Sealed
                                       ? std::string(field.name) + "_sealed"
                                       : std::string(field.name);
        const std::regex added("ALTER TABLE " + std::string(type->table) +
                               " ADD COLUMN (IF NOT EXISTS )?" + column + " ");
        CHECK((body.find("\n  " + column + " ") != std::string::npos ||
               body.find("\n  `" + column + "` ") != std::string::npos ||
               std::regex_search(text, added)));
      }
    }
  }
}
