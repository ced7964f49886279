// kill -9 in the middle of an import: afterwards the batch is wholly there or not at all, nothing
// that was acknowledged is lost, the audit chain is whole, and the file can be imported again.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include <chrono>
#include <random>
#include <thread>

#include "importers/import_file.h"
#include "registry/domain/need.h"
#include "registry/domain/person.h"
#include "registry/service/audit.h"
#include "registry/service/import_batches.h"
#include "registry/service/records.h"
#include "tests/support/builders.h"
#include "tests/support/private_mariadb.h"
#include "tests/support/test_registry.h"

using namespace chucai;
using namespace chucai::testing;

namespace {

importers::ImportRequest talents() {
  importers::ImportRequest request;
  request.file = std::string(CHUCAI_SOURCE_DIR) + "/api/demo/talents.csv";
  request.kind = "persons";
  return request;
}

// The child imports and exits; the parent kills it after `patience`.
void import_and_kill(const RegistryOptions& options, std::chrono::microseconds patience) {
  const pid_t child = ::fork();
  if (child == 0) {
    auto registry = Registry::open(options);
    if (registry) (void)importers::import_file(**registry, province_office(), talents());
    ::_exit(0);
  }
  std::this_thread::sleep_for(patience);
  ::kill(child, SIGKILL);
  int status = 0;
  ::waitpid(child, &status, 0);
}

std::int64_t people(Registry& registry) {
  std::int64_t count = 0;
  REQUIRE(registry.database().read([&](Connection& db) -> Done {
    count = registry.store().count(db, whole_register(), type_of<Person>());
    return {};
  }));
  const auto trail = verify_trail(registry);
  REQUIRE(trail);
  CHECK_FALSE(trail->first_bad);
  return count;
}

void survives_kills(const std::string& database_url, int kills, std::chrono::milliseconds longest) {
  TestRegistry registry(database_url);
  Need acknowledged = a_need("N-ACK");
  REQUIRE(create_record(*registry, province_office(), type_of<Need>(), acknowledged));
  const auto whole = importers::import_file(*registry, province_office(), [] {
    auto request = talents();
    request.dry_run = true;
    return request;
  }());
  REQUIRE(whole);
  const std::int64_t all = whole->counts.added;
  std::mt19937 random(2018);
  int unfinished = 0;
  for (int i = 0; i < kills; ++i) {
    std::uniform_int_distribution<long> delay(0, longest.count() * 1000);
    import_and_kill(registry.options(), std::chrono::microseconds(delay(random)));
    registry.reopen();
    const std::int64_t stored = people(*registry);
    INFO("kill " << i << ": " << stored << " of " << all);
    CHECK((stored == 0 || stored == all));
    CHECK(find_record(*registry, province_office(), type_of<Need>(), "N-ACK"));
    unfinished += stored == 0;
    const auto batches = list_import_batches(*registry, province_office());
    REQUIRE(batches);
    for (const ImportBatch& batch : *batches) {
      if (batch.status == "committed") {
        const auto undone = undo_batch(*registry, province_office(), batch.id);
        INFO((undone ? "" : undone.error().problem.reason + " " + undone.error().cause));
        CHECK(undone);
      }
    }
    REQUIRE(people(*registry) == 0);
  }
  CHECK(unfinished > 0);  // else the kills came too late to say anything
  const auto again = importers::import_file(*registry, province_office(), talents());
  REQUIRE(again);
  CHECK(people(*registry) == all);
}

}  // namespace

TEST_CASE("an import killed at any moment leaves no half batch on SQLite", "[scenario]") {
  survives_kills({}, 5, std::chrono::milliseconds(400));
}

TEST_CASE("an import killed at any moment leaves no half batch on MariaDB", "[scenario][mariadb]") {
  PrivateMariaDb* server = PrivateMariaDb::instance();
  if (!server) return;
  survives_kills(server->fresh_schema(), 5, std::chrono::milliseconds(900));
}

TEST_CASE("an import killed at many moments leaves no half batch on SQLite", "[.slow][kills]") {
  survives_kills({}, 50, std::chrono::milliseconds(400));
}

TEST_CASE("an import killed at many moments leaves no half batch on MariaDB",
          "[.slow][kills][mariadb]") {
  PrivateMariaDb* server = PrivateMariaDb::instance();
  if (!server) return;
  survives_kills(server->fresh_schema(), 50, std::chrono::milliseconds(900));
}
