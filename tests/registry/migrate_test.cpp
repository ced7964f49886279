#include <catch2/catch.hpp>

#include "registry/storage/migrations.h"

using namespace chucai;

namespace {

std::string reason(const std::vector<EmbeddedFile>& files) {
  const auto migrations = read_migrations(files, Dialect::Sqlite);
  return migrations ? "" : migrations.error().problem.reason;
}

}  // namespace

TEST_CASE("a migration file is cut into statements at semicolons that end a line", "[storage]") {
  const std::vector<EmbeddedFile> files = {
      {"mariadb/0001_a.sql", "SELECT 9;"},
      {"sqlite/0001_a.sql",
       "-- what; it does;\n\nCREATE TABLE a (\n  id INTEGER\n);  \r\n"
       "CREATE TRIGGER t BEGIN DELETE FROM a; END;\nSELECT 1;"}};
  const auto migrations = read_migrations(files, Dialect::Sqlite);
  REQUIRE(migrations);
  REQUIRE(migrations->size() == 1);
  CHECK(migrations->front().version == 1);
  CHECK(migrations->front().checksum.size() == 64);
  CHECK(migrations->front().steps.front() == "CREATE TABLE a (\n  id INTEGER\n)");
  CHECK(migrations->front().steps.at(1) == "CREATE TRIGGER t BEGIN DELETE FROM a; END");
}

TEST_CASE("malformed sets of migrations are refused", "[storage]") {
  CHECK(reason({}) == "");
  CHECK(reason({{"sqlite/0001_a.sql", "SELECT 1;"}, {"sqlite/0002_b.sql", "SELECT 1;"}}) == "");
  CHECK(reason({{"sqlite/0002_b.sql", "SELECT 1;"}}) == "");                   // 1 comes later
  CHECK(reason({{"sqlite/first.sql", "SELECT 1;"}}) == "storage.migrations");  // no number
  CHECK(reason({{"sqlite/1_a.sql", "SELECT 1;"}}) == "storage.migrations");    // not four digits
  CHECK(reason({{"sqlite/0001_a.sql", ""}}) == "storage.migrations");          // no statement
  CHECK(reason({{"sqlite/0001_a.sql", "SELECT 1;\nSELECT 2"}}) == "storage.migrations");  // cut off
  CHECK(reason({{"sqlite/0001_a.sql", "SELECT 1;"}, {"sqlite/0001_b.sql", "SELECT 1;"}}) ==
        "storage.migrations");
}

TEST_CASE("both databases have the same migrations", "[storage]") {
  std::vector<int> versions[2];
  for (const Dialect dialect : {Dialect::Sqlite, Dialect::MariaDb}) {
    const auto migrations = read_migrations(embedded_migrations(), dialect);
    REQUIRE(migrations);
    for (const Migration& migration : *migrations) {
      versions[dialect == Dialect::MariaDb].push_back(migration.version);
    }
  }
  CHECK(versions[0] == versions[1]);
  REQUIRE_FALSE(versions[0].empty());
  CHECK(versions[0].back() == newest_schema());
}
