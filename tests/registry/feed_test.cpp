// The change feed on SQLite and on MariaDB.
#include <catch2/catch.hpp>

#include "tests/registry/contracts/feed_contract.h"
#include "tests/support/private_mariadb.h"

using namespace chucai::testing;

namespace {

void feed_contract(const std::string& url) {
  SECTION("several writers miss nothing") {
    TestRegistry registry(url);
    several_writers_miss_nothing(registry);
  }
  SECTION("what was rolled back is not in it") {
    TestRegistry registry(url);
    what_was_rolled_back_is_not_in_the_feed(registry);
  }
  SECTION("an undone import is in it") {
    TestRegistry registry(url);
    an_undone_import_is_in_the_feed(registry);
  }
}

}  // namespace

TEST_CASE("the change feed holds on SQLite", "[registry]") {
  feed_contract({});
}

TEST_CASE("the change feed holds on MariaDB", "[registry][mariadb]") {
  PrivateMariaDb* server = PrivateMariaDb::instance();
  if (!server) return;
  feed_contract(server->fresh_schema());
}

TEST_CASE("a commit behind the reader's back is not missed", "[registry][mariadb]") {
  PrivateMariaDb* server = PrivateMariaDb::instance();
  if (!server) return;
  TestRegistry registry(server->fresh_schema());
  a_late_commit_is_not_missed(registry);
}
