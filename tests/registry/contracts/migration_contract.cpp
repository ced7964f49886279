#include "tests/registry/contracts/migration_contract.h"

#include <catch2/catch.hpp>
#include <thread>

#include "registry/storage/migrations.h"

namespace chucai::testing {

namespace {

using namespace std::chrono_literals;

constexpr std::string_view kFirst = R"(-- comment; with a semicolon at its end;
CREATE TABLE IF NOT EXISTS office (
  id BIGINT PRIMARY KEY
);

CREATE TABLE IF NOT EXISTS visit (id BIGINT PRIMARY KEY);
)";
constexpr std::string_view kSecond = R"(INSERT INTO office (id) VALUES (1);
INSERT INTO office (id)
  SELECT id + 1 FROM office;
)";
constexpr std::string_view kBroken =
    "INSERT INTO office (id) VALUES (9);\nINSERT INTO nowhere VALUES (1);\n";

/// Both dialects have the same text here; the order of the files does not matter.
std::vector<EmbeddedFile> release(std::string_view first, std::string_view second) {
  return {{"../migrations/sqlite/0002_b.sql", second},
          {"../migrations/sqlite/0001_a.sql", first},
          {"../migrations/mariadb/0001_a.sql", first},
          {"../migrations/mariadb/0002_b.sql", second}};
}

std::vector<EmbeddedFile> first_release() {
  return {{"sqlite/0001_a.sql", kFirst}, {"mariadb/0001_a.sql", kFirst}};
}

std::unique_ptr<Database> open(const std::string& url) {
  auto database = open_database(url);
  REQUIRE(database);
  return std::move(*database);
}

std::string outcome(const Result<int>& result) {
  return result ? std::to_string(*result) : result.error().problem.reason;
}

std::int64_t offices(Database& database) {
  std::int64_t count = -1;
  CHECK(database.read([&](Connection& c) -> Done {
    Statement& query = c.prepare("SELECT count(*) FROM office");
    if (query.step()) count = query.integer(0);
    return {};
  }));
  return count;
}

void execute(Database& database, std::string_view sql) {
  REQUIRE(database.outside_transaction([&](Connection& c) -> Done {
    c.execute(sql);
    return {};
  }));
}

void from_empty(Database& database) {
  CHECK(outcome(current_schema(database)) == "0");
  CHECK(outcome(apply_migrations(database, release(kFirst, kSecond))) == "4");
  CHECK(outcome(current_schema(database)) == "2");
  CHECK(offices(database) == 2);
  CHECK(outcome(apply_migrations(database, release(kFirst, kSecond))) == "0");
}

void from_an_earlier_release(Database& database) {
  CHECK(outcome(apply_migrations(database, first_release())) == "2");
  CHECK(outcome(current_schema(database)) == "1");
  CHECK(outcome(apply_migrations(database, release(kFirst, kSecond))) == "2");
  CHECK(offices(database) == 2);
}

void resumed_after_a_failed_step(Database& database) {
  CHECK(outcome(apply_migrations(database, release(kFirst, kBroken))) == "storage.schema");
  CHECK(outcome(current_schema(database)) == "1");
  // On SQLite the whole second migration is gone, on MariaDB its first step is kept.
  const bool kept = database.dialect() == Dialect::MariaDb;
  CHECK(offices(database) == (kept ? 1 : 0));
}

void changed_or_newer_is_refused(Database& database) {
  REQUIRE(apply_migrations(database, release(kFirst, kSecond)));
  const std::string edited = std::string(kSecond) + "-- edited\n";
  const auto changed = apply_migrations(database, release(kFirst, edited));
  REQUIRE(outcome(changed) == "storage.migration_changed");
  CHECK(changed.error().problem.params.front() == "2");
  const auto older = apply_migrations(database, first_release());
  REQUIRE(outcome(older) == "storage.newer_schema");
  CHECK(older.error().problem.params == std::vector<std::string>{"2", "1"});
}

void two_at_once(const std::string& url) {
  std::vector<std::thread> processes;
  std::vector<std::string> outcomes(4);
  for (std::string& result : outcomes) {
    processes.emplace_back([&] {
      auto database = open_database(url);
      result = database ? outcome(apply_migrations(**database, release(kFirst, kSecond)))
                        : database.error().cause;
    });
  }
  for (std::thread& process : processes) process.join();
  int steps = 0;
  for (const std::string& result : outcomes) {
    INFO(result);
    REQUIRE(result.find_first_not_of("01234") == std::string::npos);
    steps += std::stoi(result);
  }
  CHECK(steps == 4);
  CHECK(offices(*open(url)) == 2);
}

void late_number_is_applied_late(Database& database) {
  std::vector<EmbeddedFile> files = first_release();
  files.push_back({"sqlite/0003_c.sql", "CREATE TABLE IF NOT EXISTS park (id BIGINT);"});
  files.push_back({"mariadb/0003_c.sql", "CREATE TABLE IF NOT EXISTS park (id BIGINT);"});
  CHECK(outcome(apply_migrations(database, files)) == "3");
  files.push_back({"sqlite/0002_b.sql", kSecond});
  files.push_back({"mariadb/0002_b.sql", kSecond});
  CHECK(outcome(apply_migrations(database, files)) == "2");
  CHECK(offices(database) == 2);
  CHECK(outcome(apply_migrations(database, files)) == "0");
}

/// A process that died after a DDL step and before its journal row, holding the lock.
void resumed_after_a_kill(Database& database) {
  REQUIRE(apply_migrations(database, first_release()));
  execute(database, "DELETE FROM schema_version WHERE step <> 1");
  if (database.dialect() == Dialect::MariaDb) {
    execute(database,
            "UPDATE schema_lock SET holder = 'dead', "
            "until_us = UNIX_TIMESTAMP(NOW(6)) * 1000000 + 300000");
  } else {
    execute(database, "DROP TABLE visit");  // SQLite cannot have been left half way
    execute(database, "DROP TABLE office");
    execute(database, "DELETE FROM schema_version");
  }
  CHECK(outcome(current_schema(database)) == "0");
  const bool kept = database.dialect() == Dialect::MariaDb;
  CHECK(outcome(apply_migrations(database, release(kFirst, kSecond), 300ms)) == (kept ? "3" : "4"));
  CHECK(offices(database) == 2);
}

}  // namespace

void migration_contract(const std::string& url) {
  SECTION("an empty database gets all") {
    from_empty(*open(url));
  }
  SECTION("an earlier release gets what is new") {
    from_an_earlier_release(*open(url));
  }
  SECTION("a failed step leaves what was journalled") {
    resumed_after_a_failed_step(*open(url));
  }
  SECTION("a changed or newer schema is refused") {
    changed_or_newer_is_refused(*open(url));
  }
  SECTION("a number that arrives late is applied late") {
    late_number_is_applied_late(*open(url));
  }
  SECTION("several processes at once run each step once") {
    two_at_once(url);
  }
  SECTION("a killed migration is resumed") {
    resumed_after_a_kill(*open(url));
  }
}

}  // namespace chucai::testing
