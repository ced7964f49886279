// kill -9 in the middle of registrations: what was acknowledged is there, whole, and nothing is
// there by half; the audit chains and the change feed agree. CHUCAI_KILLS says how often the slow
// cases kill (200).
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <random>
#include <set>
#include <thread>

#include "registry/domain/person.h"
#include "registry/service/records.h"
#include "registry/storage/change_feed.h"
#include "tests/support/builders.h"
#include "tests/support/private_mariadb.h"
#include "tests/support/test_registry.h"

using namespace chucai;
using namespace chucai::testing;

namespace {

constexpr int kFewKills = 5;

int many_kills() {
  const char* count = std::getenv("CHUCAI_KILLS");
  return count ? std::max(1, std::atoi(count)) : 200;
}

// 17 digits that differ for every person, and the check digit of GB 11643.
std::string identity_number(int person) {
  constexpr int kWeights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  const int day = person / 1000;
  const auto padded = [](int value, std::size_t width) {
    std::string text = std::to_string(value);
    return std::string(width - text.size(), '0') + text;
  };
  std::string number = "420106" + std::to_string(1950 + day / 300) + padded(1 + day / 25 % 12, 2) +
                       padded(1 + day % 25, 2) + padded(person % 1000, 3);
  int sum = 0;
  for (std::size_t i = 0; i < 17; ++i) sum += (number[i] - '0') * kWeights[i];
  return number + "10X98765432"[sum % 11];
}

/// The child: registers people and says so, one number a line, after each acknowledgement.
[[noreturn]] void register_until_killed(const RegistryOptions& options, int first, int acks) {
  auto registry = Registry::open(options);
  for (int person = first; registry; ++person) {
    Person draft = a_person("周" + std::to_string(person), identity_number(person));
    if (!create_record(**registry, province_office(), type_of<Person>(), draft)) break;
    const std::string line = std::to_string(draft.id) + "\n";
    if (::write(acks, line.data(), line.size()) < 0) break;
  }
  ::_exit(1);
}

/// Ids that the child acknowledged before it was killed.
std::vector<std::int64_t> kill_while_registering(const RegistryOptions& options, int first,
                                                 std::chrono::microseconds patience) {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(ends[0]);
    register_until_killed(options, first, ends[1]);
  }
  ::close(ends[1]);
  std::string said;
  char bytes[4096];
  ssize_t count = ::read(ends[0], bytes, sizeof bytes);  // until the first acknowledgement
  REQUIRE(count > 0);
  said.append(bytes, static_cast<std::size_t>(count));
  std::this_thread::sleep_for(patience);
  ::kill(child, SIGKILL);
  while ((count = ::read(ends[0], bytes, sizeof bytes)) > 0) {
    said.append(bytes, static_cast<std::size_t>(count));
  }
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  REQUIRE(WIFSIGNALED(status));  // it did not end by itself
  std::vector<std::int64_t> ids;
  for (std::size_t at = 0; at < said.size();) {
    const std::size_t end = said.find('\n', at);
    ids.push_back(std::stoll(said.substr(at, end - at)));
    at = end + 1;
  }
  return ids;
}

std::set<std::int64_t> ids_in(Connection& db, const std::string& sql) {
  std::set<std::int64_t> ids;
  Statement& query = db.prepare(sql);
  while (query.step()) CHECK(ids.insert(query.integer(0)).second);  // each once
  return ids;
}

/// Every person has all that one registration writes, and nothing is there without its person.
std::set<std::int64_t> whole_people(Registry& registry) {
  std::set<std::int64_t> people;
  REQUIRE(registry.database().read([&](Connection& db) -> Done {
    people = ids_in(db, "SELECT id FROM person");
    CHECK(people == ids_in(db,
                           "SELECT id FROM person WHERE id_no_sealed IS NOT NULL"
                           " AND id_no_index IS NOT NULL AND data_key IS NOT NULL"));
    CHECK(people == ids_in(db, "SELECT record_id FROM change_feed WHERE record_type = 'person'"));
    CHECK(people == ids_in(db,
                           "SELECT s.record_id FROM search_text s"
                           " LEFT JOIN program p ON p.id = s.record_id WHERE p.id IS NULL"));
    CHECK(people == ids_in(db, "SELECT record_id FROM status_log WHERE record_type = 'person'"));
    CHECK(people == ids_in(db,
                           "SELECT record_id FROM audit_event WHERE record_type = 'person'"
                           " AND action = 'create'"));
    CHECK_FALSE(verify_audit(db, registry.vault()).first_bad);
    return {};
  }));
  return people;
}

void survives(const std::string& database_url, int kills) {
  TestRegistry registry(database_url);
  std::mt19937 random(2018);
  std::uniform_int_distribution<long> delay(0, 60'000);
  std::set<std::int64_t> acknowledged;
  std::size_t lost = 0;
  std::size_t unacknowledged = 0;
  for (int i = 0; i < kills; ++i) {
    const auto ids = kill_while_registering(registry.options(), i * 10'000,
                                            std::chrono::microseconds(delay(random)));
    acknowledged.insert(ids.begin(), ids.end());
    registry.reopen();
    const auto people = whole_people(*registry);
    for (const std::int64_t id : acknowledged) lost += !people.contains(id);
    REQUIRE(lost == 0);
    // A commit that was under way may have happened without an answer: one a kill at most.
    unacknowledged = people.size() - acknowledged.size();
    REQUIRE(unacknowledged <= static_cast<std::size_t>(i + 1));
  }
  const auto last = latest_change(registry->database());
  REQUIRE(last);
  REQUIRE(registry->database().read([&](Connection& db) -> Done {
    const auto changes = changes_after(db, 0, 1'000'000);
    CHECK(static_cast<std::int64_t>(changes.size()) == *last);
    return {};
  }));
  WARN(kills << " kills: " << acknowledged.size() << " acknowledged and " << lost
             << " of them lost, " << unacknowledged << " committed without an answer");
}

void survives_on_mariadb(int kills) {
  PrivateMariaDb* server = PrivateMariaDb::instance();
  if (!server) return;
  survives(server->fresh_schema(), kills);
}

}  // namespace

TEST_CASE("a registration killed at any moment is whole or absent on SQLite", "[scenario]") {
  survives({}, kFewKills);
}

TEST_CASE("a registration killed at any moment is whole or absent on MariaDB",
          "[scenario][mariadb]") {
  survives_on_mariadb(kFewKills);
}

TEST_CASE("hundreds of killed registrations lose nothing on SQLite", "[.slow][kills]") {
  survives({}, many_kills());
}

TEST_CASE("hundreds of killed registrations lose nothing on MariaDB", "[.slow][kills][mariadb]") {
  survives_on_mariadb(many_kills());
}
