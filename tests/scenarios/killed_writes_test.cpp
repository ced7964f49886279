// kill -9 in the middle of registrations and of merges: what was acknowledged is there, whole, and
// nothing is there by half; the audit chains and the change feed agree. CHUCAI_KILLS says how often
// the slow cases kill (200).
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <cstdlib>
#include <random>
#include <set>
#include <thread>

#include "registry/domain/participation.h"
#include "registry/domain/person.h"
#include "registry/service/audit.h"
#include "registry/service/merge_people.h"
#include "registry/service/records.h"
#include "registry/storage/change_feed.h"
#include "tests/support/builders.h"
#include "tests/support/private_mariadb.h"
#include "tests/support/test_registry.h"

using namespace chucai;
using namespace chucai::testing;

namespace {

constexpr int kFewKills = 2;
constexpr int kWorkEach = 10'000;  // more than one child can do before it is killed

using Ids = std::set<std::int64_t>;

int many_kills() {
  const char* count = std::getenv("CHUCAI_KILLS");
  return count ? std::max(1, std::atoi(count)) : 200;
}

Ids ids_in(Connection& db, const std::string& sql) {
  Ids ids;
  Statement& query = db.prepare(sql);
  while (query.step()) CHECK(ids.insert(query.integer(0)).second);  // each once
  return ids;
}

/// What a child does again and again, each time with an id that it acknowledges, and what must hold
/// of all that is in the register after a kill.
struct Work {
  Result<std::int64_t> (*once)(Registry& registry, int number);
  /// The ids of what was done: each wholly there, and nothing of any other.
  Ids (*whole)(Connection& db);
};

// ---- registrations

Result<std::int64_t> register_one(Registry& registry, int number) {
  Person draft = a_person("周" + std::to_string(number), identity_number(number));
  const Done done = create_record(registry, province_office(), type_of<Person>(), draft);
  if (!done) return tl::make_unexpected(done.error());
  return draft.id;
}

Ids whole_people(Connection& db) {
  const Ids people = ids_in(db, "SELECT id FROM person");
  for (const char* trace : {
           "SELECT id FROM person WHERE id_no_sealed IS NOT NULL AND id_no_index IS NOT NULL"
           " AND data_key IS NOT NULL",
           "SELECT record_id FROM change_feed WHERE record_type = 'person'",
           "SELECT s.record_id FROM search_text s LEFT JOIN program p ON p.id = s.record_id"
           " WHERE p.id IS NULL",
           "SELECT record_id FROM status_log WHERE record_type = 'person'",
           "SELECT record_id FROM audit_event WHERE record_type = 'person' AND action = 'create'",
       }) {
    INFO(trace);
    CHECK(people == ids_in(db, trace));
  }
  return people;
}

constexpr Work kRegistrations{register_one, whole_people};

// ---- merges

/// Registers two records of one person, the second selected in a round, and merges them.
Result<std::int64_t> merge_two(Registry& registry, int number) {
  const Principal office = province_office();
  Person survivor = a_person("周" + std::to_string(number), {});
  Person other = a_person("周" + std::to_string(number), identity_number(number));
  Participation selected;
  selected.program = "RURAL_REVIVAL";
  selected.subject_type = "person";
  selected.status = "selected";
  selected.region = "420106";
  Done done = create_record(registry, office, type_of<Person>(), survivor);
  if (done) done = create_record(registry, office, type_of<Person>(), other);
  selected.subject = id_text(other.id);
  if (done) done = create_record(registry, office, type_of<Participation>(), selected);
  if (!done) return tl::make_unexpected(done.error());
  const auto merged = merge_people(registry, office, {survivor.id, other.id, {}, "本人确认"});
  if (!merged) return tl::make_unexpected(merged.error());
  return other.id;
}

/// The subject is an id as text, which SQL does not know to read.
std::multiset<std::string> subjects(Connection& db) {
  std::multiset<std::string> all;
  Statement& query = db.prepare("SELECT subject FROM participation");
  while (query.step()) all.insert(query.text(0));
  return all;
}

Ids whole_merges(Connection& db) {
  const Ids merged = ids_in(db, "SELECT other FROM person_merge");
  for (const char* trace : {
           "SELECT id FROM person WHERE status = 'merged' AND scope = 'merged'"
           " AND id_no_sealed IS NULL AND id_no_index IS NULL",
           "SELECT m.other FROM person_merge m JOIN person s ON s.id = m.survivor"
           " WHERE s.version = 2 AND s.id_no_sealed IS NOT NULL AND s.id_no_index IS NOT NULL",
           "SELECT m.other FROM person_merge m JOIN person_merge_child c ON c.merge = m.id",
           "SELECT record_id FROM status_log WHERE record_type = 'person' AND status = 'merged'",
           "SELECT e.record_id FROM audit_event e JOIN person_merge m ON m.other = e.record_id"
           " WHERE e.action = 'merge'",
           "SELECT record_id FROM change_feed f JOIN person_merge m ON m.other = f.record_id"
           " WHERE f.version = 2",
       }) {
    INFO(trace);
    CHECK(merged == ids_in(db, trace));
  }
  CHECK(ids_in(db, "SELECT survivor FROM person_merge") ==
        ids_in(db,
               "SELECT record_id FROM change_feed WHERE record_type = 'person' AND version = 2"
               " AND record_id NOT IN (SELECT other FROM person_merge)"));
  const auto named = subjects(db);
  Statement& merges = db.prepare("SELECT survivor, other FROM person_merge");
  while (merges.step()) {
    CHECK(named.count(id_text(merges.integer(0))) == 1);
    CHECK(named.count(id_text(merges.integer(1))) == 0);
  }
  return merged;
}

constexpr Work kMerges{merge_two, whole_merges};

// ---- killing

/// The child: works and says so, one id a line, after each acknowledgement.
[[noreturn]] void work_until_killed(const Work& work, const RegistryOptions& options, int first,
                                    int acks) {
  const auto registry = Registry::open(options);
  for (int number = first; registry; ++number) {
    const auto id = work.once(**registry, number);
    if (!id) break;
    const std::string line = std::to_string(*id) + "\n";
    if (::write(acks, line.data(), line.size()) < 0) break;
  }
  ::_exit(1);
}

std::string rest_of(int pipe) {
  std::string said;
  char bytes[4096];
  for (ssize_t count = 0; (count = ::read(pipe, bytes, sizeof bytes)) > 0;) {
    said.append(bytes, static_cast<std::size_t>(count));
  }
  return said;
}

/// Ids that the child acknowledged before it was killed.
std::vector<std::int64_t> kill_at_work(const Work& work, const RegistryOptions& options, int first,
                                       std::chrono::microseconds patience) {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(ends[0]);
    work_until_killed(work, options, first, ends[1]);
  }
  ::close(ends[1]);
  char begun = 0;
  REQUIRE(::read(ends[0], &begun, 1) == 1);  // the first acknowledgement
  std::this_thread::sleep_for(patience);
  ::kill(child, SIGKILL);
  const std::string said = begun + rest_of(ends[0]);
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  REQUIRE(WIFSIGNALED(status));  // it did not end by itself
  std::vector<std::int64_t> ids;
  for (std::size_t at = 0; at < said.size(); at = said.find('\n', at) + 1) {
    ids.push_back(std::stoll(said.substr(at)));
  }
  return ids;
}

Ids whole(const Work& work, Registry& registry) {
  Ids ids;
  REQUIRE(registry.database().read([&](Connection& db) -> Done {
    ids = work.whole(db);
    return {};
  }));
  const auto trail = verify_trail(registry);
  REQUIRE(trail);
  CHECK_FALSE(trail->first_bad);
  return ids;
}

void check_feed(Registry& registry) {
  const auto last = latest_change(registry.database());
  REQUIRE(last);
  REQUIRE(registry.database().read([&](Connection& db) -> Done {
    CHECK(static_cast<std::int64_t>(changes_after(db, 0, 1'000'000).size()) == *last);
    return {};
  }));
}

void survives(const Work& work, const std::string& database_url, int kills) {
  TestRegistry registry(database_url);
  std::mt19937 random(2018);
  std::uniform_int_distribution<long> delay(0, 60'000);
  Ids acknowledged;
  std::size_t unacknowledged = 0;
  for (int i = 0; i < kills; ++i) {
    const auto ids = kill_at_work(work, registry.options(), i * kWorkEach,
                                  std::chrono::microseconds(delay(random)));
    acknowledged.insert(ids.begin(), ids.end());
    registry.reopen();
    const Ids done = whole(work, *registry);
    REQUIRE(std::includes(done.begin(), done.end(), acknowledged.begin(), acknowledged.end()));
    // A commit that was under way may have happened without an answer: one a kill at most.
    unacknowledged = done.size() - acknowledged.size();
    REQUIRE(unacknowledged <= static_cast<std::size_t>(i + 1));
  }
  check_feed(*registry);
  WARN(kills << " kills: " << acknowledged.size() << " acknowledged and none of them lost, "
             << unacknowledged << " committed without an answer");
}

void survives_on_mariadb(const Work& work, int kills) {
  PrivateMariaDb* server = PrivateMariaDb::instance();
  if (server) survives(work, server->fresh_schema(), kills);
}

}  // namespace

TEST_CASE("a registration killed at any moment is whole or absent on SQLite", "[scenario]") {
  survives(kRegistrations, {}, kFewKills);
}

TEST_CASE("a registration killed at any moment is whole or absent on MariaDB",
          "[scenario][mariadb]") {
  survives_on_mariadb(kRegistrations, kFewKills);
}

TEST_CASE("a merge killed at any moment is whole or absent on SQLite", "[scenario]") {
  survives(kMerges, {}, kFewKills);
}

TEST_CASE("a merge killed at any moment is whole or absent on MariaDB", "[scenario][mariadb]") {
  survives_on_mariadb(kMerges, kFewKills);
}

TEST_CASE("hundreds of killed registrations lose nothing on SQLite", "[.slow][kills]") {
  survives(kRegistrations, {}, many_kills());
}

TEST_CASE("hundreds of killed registrations lose nothing on MariaDB", "[.slow][kills][mariadb]") {
  survives_on_mariadb(kRegistrations, many_kills());
}

TEST_CASE("hundreds of killed merges lose nothing on SQLite", "[.slow][kills]") {
  survives(kMerges, {}, many_kills());
}

TEST_CASE("hundreds of killed merges lose nothing on MariaDB", "[.slow][kills][mariadb]") {
  survives_on_mariadb(kMerges, many_kills());
}
