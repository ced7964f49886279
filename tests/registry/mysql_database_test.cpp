#include <atomic>
#include <catch2/catch.hpp>
#include <latch>
#include <thread>

#include "tests/registry/contracts/database_contract.h"
#include "tests/registry/contracts/migration_contract.h"
#include "tests/support/outcomes.h"
#include "tests/support/plain_sql.h"
#include "tests/support/private_mariadb.h"

using namespace chucai;
using namespace chucai::testing;

namespace {

std::unique_ptr<Database> open(const std::string& url) {
  auto database = open_database(url);
  INFO((database ? "" : database.error().cause));
  REQUIRE(database);
  return std::move(*database);
}

std::unique_ptr<Database> with_counters(PrivateMariaDb& server, std::string_view options = {}) {
  auto database = open(server.fresh_schema(options));
  REQUIRE(execute(*database, "CREATE TABLE counter (id BIGINT PRIMARY KEY, n BIGINT NOT NULL)"));
  REQUIRE(execute(*database, "INSERT INTO counter (id, n) VALUES (1, 0), (2, 0)"));
  return database;
}

}  // namespace

TEST_CASE("MariaDB keeps the database contract", "[storage][mariadb]") {
  PrivateMariaDb* const server = PrivateMariaDb::instance();
  if (!server) return;
  testing::database_contract(*open(server->fresh_schema()));
}

TEST_CASE("MariaDB keeps the migration contract", "[storage][mariadb]") {
  PrivateMariaDb* const server = PrivateMariaDb::instance();
  if (!server) return;
  testing::migration_contract(server->fresh_schema());
}

TEST_CASE("a MariaDB session means the same by a text as SQLite", "[storage][mariadb]") {
  PrivateMariaDb* const server = PrivateMariaDb::instance();
  if (!server) return;
  const auto database = open(server->fresh_schema());
  CHECK(text_of(*database, "SELECT 'a' || 'b'") == "ab");
  CHECK(text_of(*database, "SELECT \"x\" FROM (SELECT 'column' AS x) AS t") == "column");
  CHECK(text_of(*database, "SELECT length('\\')") == "1");
  CHECK(text_of(*database, "SELECT '𠮷' = '𠮸'") == "0");
  CHECK(text_of(*database, "SELECT 'x' = 'x '") == "0");
  CHECK(text_of(*database, "SELECT @@time_zone") == "+00:00");
  CHECK(text_of(*database, "SELECT @@tx_isolation") == "REPEATABLE-READ");
}

TEST_CASE("an account with signs in its password is let in, and no other", "[storage][mariadb]") {
  PrivateMariaDb* const server = PrivateMariaDb::instance();
  if (!server) return;
  server->administer("CREATE USER chu@localhost IDENTIFIED BY 'p@s:s/%楚'");
  CHECK(open_database(server->url("chu:p%40s%3As%2F%25%E6%A5%9A", "information_schema")));
  const auto refused = open_database(server->url("chu:secret", "information_schema"));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().problem.reason == "storage.open");
  CHECK(refused.error().cause.find("secret") == std::string::npos);
}

TEST_CASE("a MariaDB that does not sync at commit is refused", "[storage][mariadb]") {
  PrivateMariaDb* const server = PrivateMariaDb::instance();
  if (!server) return;
  const std::string url = server->fresh_schema();
  server->administer("SET GLOBAL innodb_flush_log_at_trx_commit = 2");
  const auto refused = open_database(url);
  server->administer("SET GLOBAL innodb_flush_log_at_trx_commit = 1");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().problem.reason == "storage.not_durable");
  CHECK(open_database(url));
}

TEST_CASE("of two deadlocked transactions one runs again and both succeed", "[storage][mariadb]") {
  PrivateMariaDb* const server = PrivateMariaDb::instance();
  if (!server) return;
  const auto database = with_counters(*server);
  std::latch both_hold_a_row(2);
  std::atomic<int> runs = 0;
  const auto transfer = [&](int first, int second) {
    int run = 0;
    return database->write([&, first, second](Connection& c) -> Done {
      Statement& add = c.prepare("UPDATE counter SET n = n + 1 WHERE id = ?");
      add.bind(0, first).run();
      ++runs;
      if (++run == 1) both_hold_a_row.arrive_and_wait();
      add.bind(0, second).run();
      return {};
    });
  };
  Done there;
  std::thread other([&] { there = transfer(2, 1); });
  const Done here = transfer(1, 2);
  other.join();
  CHECK(reason(here) == "");
  CHECK(reason(there) == "");
  CHECK(runs == 3);
  CHECK(text_of(*database, "SELECT sum(n) FROM counter") == "4");
}

TEST_CASE("a connection killed before COMMIT leaves the outcome unknown", "[storage][mariadb]") {
  PrivateMariaDb* const server = PrivateMariaDb::instance();
  if (!server) return;
  const auto database = with_counters(*server);
  const Done done = database->write([&](Connection& c) -> Done {
    c.execute("UPDATE counter SET n = 7 WHERE id = 1");
    server->administer("KILL HARD CONNECTION " + text_of(c, "SELECT CONNECTION_ID()"));
    return {};
  });
  CHECK(reason(done) == "storage.unknown_outcome");
  CHECK(text_of(*database, "SELECT n FROM counter WHERE id = 1") == "0");
}

TEST_CASE("a connection killed earlier loses the transaction for certain", "[storage][mariadb]") {
  PrivateMariaDb* const server = PrivateMariaDb::instance();
  if (!server) return;
  const auto database = with_counters(*server);
  const Done done = database->write([&](Connection& c) -> Done {
    c.execute("UPDATE counter SET n = 7 WHERE id = 1");
    server->administer("KILL HARD CONNECTION " + text_of(c, "SELECT CONNECTION_ID()"));
    c.execute("UPDATE counter SET n = 8 WHERE id = 1");
    return {};
  });
  CHECK(reason(done) == "storage.lost");
  CHECK(reason(execute(*database, "UPDATE counter SET n = n + 1 WHERE id = 1")) == "");
  CHECK(text_of(*database, "SELECT n FROM counter WHERE id = 1") == "1");
}

TEST_CASE("connections that died while idle are replaced unseen", "[storage][mariadb]") {
  PrivateMariaDb* const server = PrivateMariaDb::instance();
  if (!server) return;
  const auto database = with_counters(*server, "connections=1");
  server->administer("KILL HARD CONNECTION " + text_of(*database, "SELECT CONNECTION_ID()"));
  CHECK(reason(execute(*database, "UPDATE counter SET n = 1")) == "");
  server->administer("KILL HARD CONNECTION " + text_of(*database, "SELECT CONNECTION_ID()"));
  CHECK(text_of(*database, "SELECT n FROM counter WHERE id = 2") == "1");
}

TEST_CASE("a COMMIT that the server answers too late is reported as unknown, and never run again",
          "[storage][mariadb]") {
  PrivateMariaDb* const server = PrivateMariaDb::instance();
  if (!server) return;
  const auto database = with_counters(*server, "timeout=1");
  const auto holder = open(server->fresh_schema("connections=1"));
  Done done;
  // Under this lock a COMMIT waits. Stopping the server's process instead is a race: the signal may
  // reach its threads after the COMMIT did.
  CHECK(holder->outside_transaction([&](Connection& lock) -> Done {
    done = database->write([&](Connection& c) -> Done {
      c.execute("UPDATE counter SET n = n + 1 WHERE id = 1");
      lock.execute("FLUSH TABLES WITH READ LOCK");
      return {};
    });
    lock.execute("UNLOCK TABLES");
    return {};
  }));
  CHECK(reason(done) == "storage.unknown_outcome");
  // The server may have carried it out (the usual end) or given it up with the connection: that is
  // what unknown says. A locking read waits until it has decided.
  std::string found;
  CHECK(database->write([&](Connection& c) -> Done {
    found = text_of(c, "SELECT n FROM counter WHERE id = 1 FOR UPDATE");
    return {};
  }));
  CHECK((found == "0" || found == "1"));
}

TEST_CASE("a statement that the server holds to be out of date is prepared anew",
          "[storage][mariadb]") {
  PrivateMariaDb* const server = PrivateMariaDb::instance();
  if (!server) return;
  const auto database = with_counters(*server, "connections=1");
  std::string id;
  const auto row = [&] {
    return database->write([&](Connection& c) -> Done {
      id = text_of(c, "SELECT * FROM counter WHERE id = 1");
      return {};
    });
  };
  CHECK(reason(row()) == "");
  server->administer("ALTER TABLE " + text_of(*database, "SELECT DATABASE()") +
                     ".counter ADD COLUMN note TEXT");
  id.clear();
  CHECK(reason(row()) == "");
  CHECK(id == "1");
}
