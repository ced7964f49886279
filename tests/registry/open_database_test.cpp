#include <catch2/catch.hpp>

#include "registry/storage/drivers.h"
#include "tests/support/temp_folder.h"

using namespace chucai;

namespace {

/// The part of the URL that is complained about.
std::string complaint(std::string_view url) {
  const auto address = parse_database_url(url);
  if (address) return "";
  CHECK(address.error().problem.reason == "storage.url");
  return address.error().problem.params.front();
}

}  // namespace

TEST_CASE("a database URL is read", "[storage]") {
  const auto file = parse_database_url("sqlite:/var/lib/chucai/chucai.db");
  REQUIRE(file);
  CHECK(std::get<SqliteAddress>(*file).path == "/var/lib/chucai/chucai.db");

  const auto tcp =
      parse_database_url("mysql://chu%40hubei:p%3a%2F%40%25%E6%A5%9A@db.local:3307/reg");
  REQUIRE(tcp);
  const auto& server = std::get<MySqlAddress>(*tcp);
  CHECK(server.user == "chu@hubei");
  CHECK(server.password == "p:/@%楚");
  CHECK(server.host == "db.local");
  CHECK(server.port == 3307);
  CHECK(server.schema == "reg");
  CHECK(server.socket.empty());

  const auto socket =
      parse_database_url("mysql://root@/reg?socket=/run/my%20sql/s&timeout=3&connections=2");
  REQUIRE(socket);
  const auto& local = std::get<MySqlAddress>(*socket);
  CHECK(local.password.empty());
  CHECK(local.socket == "/run/my sql/s");
  CHECK(local.timeout == std::chrono::seconds(3));
  CHECK(local.connections == 2);
}

TEST_CASE("a wrong database URL is refused by the part that is wrong", "[storage]") {
  CHECK(complaint("") == "sqlite: / mysql://");
  CHECK(complaint("postgres://a@b/c") == "sqlite: / mysql://");
  CHECK(complaint("sqlite:") == "path");
  CHECK(complaint("mysql://host/reg") == "user");
  CHECK(complaint("mysql://:secret@host/reg") == "user");
  CHECK(complaint("mysql://u:%zz@host/reg") == "password");
  CHECK(complaint("mysql://u:%4@host/reg") == "password");
  CHECK(complaint("mysql://u:p@host:99999/reg") == "port");
  CHECK(complaint("mysql://u:p@host:12x/reg") == "port");
  CHECK(complaint("mysql://u:p@host") == "schema");
  CHECK(complaint("mysql://u:p@host/a/b") == "schema");
  CHECK(complaint("mysql://u:p@/reg") == "host");
  CHECK(complaint("mysql://u:p@host/reg?socket=/s") == "host");
  CHECK(complaint("mysql://u:p@host/reg?timeout=0") == "timeout");
  CHECK(complaint("mysql://u:p@host/reg?connections=many") == "connections");
  CHECK(complaint("mysql://u:p@host/reg?OPT_RECONNECT=1") == "OPT_RECONNECT");
}

TEST_CASE("a database that cannot be opened says so", "[storage]") {
  const testing::TempFolder folder;
  const auto file = open_database("sqlite:" + folder.file("absent/chucai.db"));
  REQUIRE_FALSE(file);
  CHECK(file.error().code == ErrorCode::Unavailable);
  CHECK(file.error().problem.reason == "storage.open");
  const auto server = open_database("mysql://root@/reg?socket=" + folder.file("absent"));
  REQUIRE_FALSE(server);
  CHECK(server.error().problem.reason == "storage.open");
}
