// kill -9 at random moments of a long import, then going on, by the batch or by the same file: the
// register ends as without the kill. CHUCAI_KILLS and CHUCAI_KILL_ROWS make it longer,
// CHUCAI_KILL_SEED draws other moments.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <random>
#include <thread>

#include "importers/export_records.h"
#include "importers/import_file.h"
#include "registry/domain/person.h"
#include "registry/service/audit.h"
#include "registry/service/import_batches.h"
#include "registry/service/staged_import.h"
#include "registry/storage/crypto.h"
#include "registry/storage/sha256.h"
#include "tests/support/private_mariadb.h"
#include "tests/support/roster.h"
#include "tests/support/test_registry.h"

using namespace chucai;
using namespace chucai::testing;

namespace {

long from_environment(const char* name, long otherwise) {
  const char* text = std::getenv(name);
  return text ? std::atol(text) : otherwise;
}

/// Digests what an export writes.
class DigestWriter : public importers::TableWriter {
 public:
  Done row(std::span<const std::string> cells) override {
    for (const std::string& cell : cells) digest_.add(cell + '\x1f');
    digest_.add("\n");
    return {};
  }
  Done finish() override { return {}; }
  std::string text() { return to_hex(digest_.digest()); }

 private:
  Sha256 digest_;
};

/// What the register holds, numbers in clear, with a whole audit trail and no batch left open.
std::string digest_of(Registry& registry) {
  const auto trail = verify_trail(registry);
  REQUIRE(trail);
  CHECK_FALSE(trail->first_bad);
  const auto batches = list_import_batches(registry, province_office());
  REQUIRE(batches);
  REQUIRE(batches->size() == 1);
  CHECK(batches->front().status == "committed");
  importers::ExportOptions options;
  options.kind = "persons";
  options.purpose = "核对导入";
  DigestWriter writer;
  const Principal local{"test", "local_operator", "420000"};
  REQUIRE(importers::export_records(registry, local, options, writer));
  return writer.text();
}

std::int64_t people(Registry& registry) {
  std::int64_t count = 0;
  REQUIRE(registry.database().read([&](Connection& db) -> Done {
    count = registry.store().count(db, whole_register(), type_of<Person>());
    return {};
  }));
  return count;
}

class KilledImports {
 public:
  KilledImports(long rows, std::function<std::string()> fresh_database)
      : rows_(rows), fresh_database_(std::move(fresh_database)) {
    request_.file = folder_.file("roster.csv");
    request_.kind = "persons";
    write_roster(request_.file, rows);
    TestRegistry registry(fresh_database_());
    const auto start = std::chrono::steady_clock::now();
    REQUIRE(importers::import_file(*registry, province_office(), request_));
    longest_ = std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::steady_clock::now() - start);
    whole_ = digest_of(*registry);
  }

  /// Kills an import after a part of the time that a whole one takes, and lets it go on.
  void kill_and_go_on(double part) {
    TestRegistry registry(fresh_database_());
    const auto patience = std::chrono::microseconds(
        static_cast<std::int64_t>(part * static_cast<double>(longest_.count())));
    import_and_kill(registry.options(), patience);
    registry.reopen();
    const std::int64_t seen = people(*registry);
    CHECK((seen == 0 || seen == rows_));
    go_on(*registry, seen);
    CHECK(digest_of(*registry) == whole_);
  }

  void print(const char* database) const {
    std::cout << "chucai: " << rows_ << " rows on " << database
              << ", killed before anything was staged " << early_ << ", while staging " << staging_
              << ", while applying " << applying_ << ", when all was written " << late_ << '\n';
  }
  int unfinished() const { return early_ + staging_ + applying_; }

 private:
  void import_and_kill(const RegistryOptions& options, std::chrono::microseconds patience) {
    const pid_t child = ::fork();
    if (child == 0) {
      auto registry = Registry::open(options);
      if (registry) (void)importers::import_file(**registry, province_office(), request_);
      ::_exit(0);
    }
    std::this_thread::sleep_for(patience);
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
  }

  void go_on(Registry& registry, std::int64_t seen) {
    const auto batches = list_import_batches(registry, province_office());
    REQUIRE(batches);
    const bool staged = !batches->empty() && batches->front().status == "staged";
    ++(seen > 0 ? late_ : staged ? applying_ : batches->empty() ? early_ : staging_);
    if (seen > 0) return;
    if (staged && applying_ % 2 == 0) {
      const auto applied = apply_staged(registry, province_office(), batches->front().id);
      INFO((applied ? "" : applied.error().problem.reason + " " + applied.error().cause));
      REQUIRE(applied);
      return;
    }
    const auto again = importers::import_file(registry, province_office(), request_);
    INFO((again ? "" : again.error().problem.reason + " " + again.error().cause));
    REQUIRE(again);
    if (!batches->empty()) CHECK(again->batch == batches->front().id);
  }

  TempFolder folder_;
  long rows_;
  std::function<std::string()> fresh_database_;
  importers::ImportRequest request_;
  std::chrono::microseconds longest_{};
  std::string whole_;
  int early_ = 0;
  int staging_ = 0;
  int applying_ = 0;
  int late_ = 0;
};

void goes_on_after_kills(const char* database, long kills, long rows,
                         std::function<std::string()> fresh_database) {
  KilledImports imports(rows, std::move(fresh_database));
  std::mt19937 random(static_cast<unsigned>(from_environment("CHUCAI_KILL_SEED", 2018)));
  std::uniform_real_distribution<double> part(0, 1);
  for (long i = 0; i < kills; ++i) {
    INFO("kill " << i);
    imports.kill_and_go_on(part(random));
  }
  imports.print(database);
}

}  // namespace

TEST_CASE("a killed import goes on to the same register on SQLite", "[scenario]") {
  goes_on_after_kills("SQLite", 3, 1500, [] { return std::string(); });
}

TEST_CASE("a killed import goes on to the same register on MariaDB", "[scenario][mariadb]") {
  PrivateMariaDb* server = PrivateMariaDb::instance();
  if (!server) return;
  goes_on_after_kills("MariaDB", 3, 1500, [&] { return server->fresh_schema(); });
}

TEST_CASE("a long import killed at 100 moments goes on on SQLite", "[.slow]") {
  goes_on_after_kills("SQLite", from_environment("CHUCAI_KILLS", 100),
                      from_environment("CHUCAI_KILL_ROWS", 5000), [] { return std::string(); });
}

TEST_CASE("a long import killed at 100 moments goes on on MariaDB", "[.slow][mariadb]") {
  PrivateMariaDb* server = PrivateMariaDb::instance();
  if (!server) return;
  goes_on_after_kills("MariaDB", from_environment("CHUCAI_KILLS", 100),
                      from_environment("CHUCAI_KILL_ROWS", 5000),
                      [&] { return server->fresh_schema(); });
}
