// The audit trail under an attacker who can write to the database and knows its schema, but has
// neither the key nor the checkpoint file: what was done, and where, must be told.
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

#include "registry/service/audit.h"
#include "registry/storage/audit_checkpoints.h"
#include "tests/support/private_mariadb.h"
#include "tests/support/test_registry.h"

using namespace chucai;
using namespace chucai::testing;

namespace {

/// A row of the trail by its place.
struct Spot {
  std::int64_t chain = 0;
  std::int64_t sequence = 0;
  std::int64_t id = 0;
  bool operator<(const Spot& other) const {
    return std::tie(chain, sequence) < std::tie(other.chain, other.sequence);
  }
};

std::string text(std::int64_t number) {
  return std::to_string(number);
}

void add_events(Registry& registry, const Principal& who, int count) {
  static int serial = 0;  // no two events say the same
  std::vector<AuditEntry> entries;
  for (int i = 0; i < count; ++i) {
    ++serial;
    entries.push_back({serial % 3 ? "update" : "create", serial % 2 ? "person" : "need",
                       std::int64_t{100} + serial, "post," + text(serial)});
  }
  REQUIRE(registry.database().write([&](Connection& db) -> Done {
    registry.audit().append(db, registry.audit_context(who), entries);
    return {};
  }));
}

/// Several processes after and beside each other, all of which ended well.
void fill_trail(TestRegistry& registry) {
  for (int process = 0; process < 4; ++process) {
    registry.reopen();
    const auto beside = Registry::open(registry.options());
    REQUIRE(beside);
    for (int i = 0; i < 8; ++i) {
      add_events(*registry, province_office(), 1 + i % 4);
      add_events(**beside, county_office("420106"), 1 + i % 3);
    }
  }
  registry.reopen();
}

std::vector<Spot> spots(Connection& db) {
  std::vector<Spot> all;
  Statement& select = db.prepare("SELECT chain, seq, id FROM audit_event ORDER BY chain, seq");
  while (select.step()) all.push_back({select.integer(0), select.integer(1), select.integer(2)});
  return all;
}

/// What a tamper did, as a check should tell it.
struct Expected {
  Tamper kind;
  std::int64_t chain = 0;
  std::int64_t sequence = 0;
};

/// One attacker with a seed.
class Attacker {
 public:
  Attacker(Connection& db, std::uint64_t seed) : db_(db), random_(seed), spots_(spots(db)) {}

  Expected tamper() {
    switch (below(5)) {
      case 0:
        return edit();
      case 1:
        return remove();
      case 2:
        return insert();
      case 3:
        return reorder();
      default:
        return truncate();
    }
  }

 private:
  std::size_t below(std::size_t limit) { return random_() % limit; }
  const Spot& any() { return spots_[below(spots_.size())]; }
  void sql(const std::string& statement) { db_.execute(statement); }
  static std::string at(const Spot& spot) { return " WHERE id = " + text(spot.id); }
  std::int64_t length(std::int64_t chain) const {
    return std::count_if(spots_.begin(), spots_.end(),
                         [&](const Spot& spot) { return spot.chain == chain; });
  }
  std::int64_t newest() const {
    return std::max_element(spots_.begin(), spots_.end(),
                            [](const Spot& a, const Spot& b) { return a.id < b.id; })
        ->id;
  }

  // Every event from `from` on moves by one; in two steps, because places are unique.
  void shift(std::int64_t chain, std::int64_t from, int by) {
    sql("UPDATE audit_event SET seq = -1000 - seq WHERE chain = " + text(chain) +
        " AND seq >= " + text(from));
    sql("UPDATE audit_event SET seq = -1000 - seq + " + text(by) + " WHERE chain = " + text(chain) +
        " AND seq < -1000");
  }

  Expected edit() {
    const Spot spot = any();
    const char* const changes[] = {
        "at = at + 1",
        "actor = 'nobody'",
        "role = 'auditor'",
        "action = 'reveal'",
        "record_type = 'target'",
        "record_id = record_id + 1",
        "detail = 'nothing'",
        "id = id + 1",
        "hash = X'0000000000000000000000000000000000000000000000000000000000000000'",
        "mac = X'00000000000000000000000000000000'",
        "mac = NULL"};
    sql("UPDATE audit_event SET " + std::string(changes[below(std::size(changes))]) + at(spot));
    return {Tamper::Edit, spot.chain, spot.sequence};
  }

  Expected remove() {
    const Spot spot = any();
    sql("DELETE FROM audit_event" + at(spot));
    if (below(2) == 0) shift(spot.chain, spot.sequence + 1, -1);
    if (below(2) == 0) {
      sql("UPDATE audit_chain SET seq = seq - 1 WHERE chain = " + text(spot.chain));
    }
    return {spot.id == newest() ? Tamper::Truncate : Tamper::Delete, spot.chain, spot.sequence};
  }

  // A copy of `like` with another id, and mostly with other words.
  void forge(const Spot& like, std::int64_t chain, std::int64_t sequence) {
    const std::string detail = below(3) == 0 ? "detail" : "'forged'";
    sql("INSERT INTO audit_event (id, chain, seq, at, actor, role, action, record_type, record_id,"
        " detail, hash, mac) SELECT id + 7, " +
        text(chain) + ", " + text(sequence) +
        ", at, actor, role, action, record_type, record_id, " + detail +
        ", hash, mac FROM audit_event" + at(like));
  }

  Expected insert() {
    const Spot like = any();
    const Spot where = any();
    std::int64_t chain = where.chain;
    std::int64_t sequence = where.sequence;
    switch (below(4)) {
      case 0:
        shift(chain, sequence, 1);
        break;
      case 1:
        sequence = length(chain) + 1 + static_cast<std::int64_t>(below(3));
        break;
      case 2:
        sequence = -static_cast<std::int64_t>(below(3));
        break;
      default:
        chain += 1;
        sequence = 1;
    }
    forge(like, chain, sequence);
    return {Tamper::Insert, chain, sequence};
  }

  void swap_columns(const Spot& a, const Spot& b, const std::vector<std::string>& columns) {
    sql("CREATE TEMPORARY TABLE kept AS SELECT * FROM audit_event WHERE id IN (" + text(a.id) +
        ", " + text(b.id) + ")");
    for (const auto& [to, from] : {std::pair(a, b), std::pair(b, a)}) {
      std::string set;
      for (const std::string& column : columns) {
        set += (set.empty() ? "" : ", ") + column + " = (SELECT " + column +
               " FROM kept WHERE id = " + text(from.id) + ")";
      }
      sql("UPDATE audit_event SET " + set + at(to));
    }
    // Without its word MariaDB would commit.
    sql(db_.dialect() == Dialect::Sqlite ? "DROP TABLE kept" : "DROP TEMPORARY TABLE kept");
  }

  void swap_places(const Spot& a, const Spot& b) {
    sql("UPDATE audit_event SET chain = -1, seq = -1" + at(a));
    sql("UPDATE audit_event SET chain = " + text(a.chain) + ", seq = " + text(a.sequence) + at(b));
    sql("UPDATE audit_event SET chain = " + text(b.chain) + ", seq = " + text(b.sequence) + at(a));
  }

  void swap_ids(const Spot& a, const Spot& b) {
    sql("UPDATE audit_event SET id = -1" + at(a));
    sql("UPDATE audit_event SET id = " + text(a.id) + at(b));
    sql("UPDATE audit_event SET id = " + text(b.id) + " WHERE id = -1");
  }

  Expected reorder() {
    const Spot a = any();
    Spot b = any();
    while (b.id == a.id) b = any();
    const std::vector<std::string> words = {"at",          "actor",     "role",  "action",
                                            "record_type", "record_id", "detail"};
    std::vector<std::string> all = words;
    all.insert(all.end(), {"hash", "mac"});
    switch (below(4)) {
      case 0:
        swap_places(a, b);
        break;
      case 1:
        swap_columns(a, b, all);
        break;
      case 2:
        swap_columns(a, b, words);
        break;
      default:
        swap_ids(a, b);
    }
    const Spot first = std::min(a, b);
    return {Tamper::Reorder, first.chain, first.sequence};
  }

  // The newest events go; the heads are told so every other time.
  Expected truncate() {
    std::vector<std::int64_t> ids;
    for (const Spot& spot : spots_) ids.push_back(spot.id);
    std::sort(ids.begin(), ids.end());
    const std::int64_t last_kept = ids[ids.size() - 2 - below(20)];
    sql("DELETE FROM audit_event WHERE id > " + text(last_kept));
    if (below(2) == 0) {
      sql("DELETE FROM audit_chain WHERE chain NOT IN (SELECT chain FROM audit_event)");
      sql("UPDATE audit_chain SET seq = (SELECT MAX(seq) FROM audit_event e"
          " WHERE e.chain = audit_chain.chain)");
      sql("UPDATE audit_chain SET hash = (SELECT hash FROM audit_event e"
          " WHERE e.chain = audit_chain.chain AND e.seq = audit_chain.seq)");
    }
    const auto lost = std::find_if(spots_.begin(), spots_.end(),
                                   [&](const Spot& spot) { return spot.id > last_kept; });
    return {Tamper::Truncate, lost->chain, lost->sequence};
  }

  Connection& db_;
  std::mt19937_64 random_;
  std::vector<Spot> spots_;
};

void every_tamper_is_found(TestRegistry& registry, std::uint64_t seeds) {
  fill_trail(registry);
  REQUIRE_FALSE(verify_trail(*registry)->first_bad);
  const auto checkpoints = read_checkpoints(registry->checkpoint_file(), registry->vault());
  REQUIRE(checkpoints);
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    // Inside a transaction that is taken back, so that each seed meets the same trail.
    const Done undone = registry->database().write([&](Connection& db) -> Done {
      const Expected expected = Attacker(db, seed).tamper();
      const AuditReport report = verify_audit(db, registry->vault(), *checkpoints);
      INFO("seed " << seed << ": " << tamper_name(expected.kind) << " at " << expected.chain << ":"
                   << expected.sequence);
      REQUIRE(report.first_bad);
      INFO("found " << tamper_name(report.first_bad->kind) << " at " << report.first_bad->chain
                    << ":" << report.first_bad->sequence);
      CHECK(report.first_bad->kind == expected.kind);
      CHECK(report.first_bad->chain == expected.chain);
      CHECK(report.first_bad->sequence == expected.sequence);
      return fail(ErrorCode::Conflict, "taken back");
    });
    REQUIRE_FALSE(undone);
    if (undone.error().problem.reason != "taken back") FAIL(undone.error().cause);
  }
  CHECK_FALSE(verify_trail(*registry)->first_bad);
}

std::string content(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::string> lines(const std::string& path) {
  std::ifstream in(path);
  std::vector<std::string> all;
  for (std::string line; std::getline(in, line);) all.push_back(line);
  return all;
}

}  // namespace

TEST_CASE("1,000 random tampers are found at their row with their kind on SQLite", "[audit]") {
  TestRegistry registry;
  every_tamper_is_found(registry, 1000);
}

TEST_CASE("random tampers are found at their row with their kind on MariaDB", "[audit][mariadb]") {
  PrivateMariaDb* server = PrivateMariaDb::instance();
  if (!server) return;
  TestRegistry registry(server->fresh_schema());
  every_tamper_is_found(registry, 100);
}

TEST_CASE("1,000 random tampers are found at their row with their kind on MariaDB",
          "[.slow][mariadb]") {
  PrivateMariaDb* server = PrivateMariaDb::instance();
  if (!server) return;
  TestRegistry registry(server->fresh_schema());
  every_tamper_is_found(registry, 1000);
}

TEST_CASE("a trail cut off at or before the last checkpoint is found whatever the heads say",
          "[audit]") {
  TestRegistry registry;
  add_events(*registry, province_office(), 5);
  registry.reopen();  // writes a checkpoint
  add_events(*registry, province_office(), 7);
  registry.reopen();
  const auto spot_count = lines(registry->checkpoint_file()).size();
  CHECK(spot_count == 2);
  REQUIRE(registry->database().write([](Connection& db) -> Done {
    db.execute("DELETE FROM audit_event WHERE chain = (SELECT MAX(chain) FROM audit_chain)");
    db.execute("DELETE FROM audit_chain WHERE chain = (SELECT MAX(chain) FROM audit_chain)");
    return {};
  }));
  const auto report = verify_trail(*registry);
  REQUIRE(report);
  REQUIRE(report->first_bad);
  CHECK(report->first_bad->kind == Tamper::Truncate);
  CHECK(report->first_bad->sequence == 1);
}

TEST_CASE("an older state that was put back and went on is found", "[audit]") {
  TestRegistry registry;
  add_events(*registry, province_office(), 3);
  std::vector<std::string> before;
  REQUIRE(registry->database().write([](Connection& db) -> Done {
    db.execute("CREATE TABLE old_event AS SELECT * FROM audit_event");
    db.execute("CREATE TABLE old_chain AS SELECT * FROM audit_chain");
    return {};
  }));
  const auto beside = Registry::open(registry.options());
  REQUIRE(beside);
  add_events(*registry, province_office(), 1);
  const auto put_back = registry->database().write([](Connection& db) -> Done {
    db.execute("DELETE FROM audit_event");
    db.execute("INSERT INTO audit_event SELECT * FROM old_event");
    db.execute("DELETE FROM audit_chain");
    db.execute("INSERT INTO audit_chain SELECT * FROM old_chain");
    return {};
  });
  REQUIRE(put_back);
  registry.reopen();  // the checkpoint saw the event that is gone
  const auto report = verify_trail(*registry);
  REQUIRE(report->first_bad);
  CHECK(report->first_bad->kind == Tamper::Truncate);
}

TEST_CASE("a process killed between commit and checkpoint leaves an intact trail", "[audit]") {
  TestRegistry registry;
  add_events(*registry, province_office(), 2);
  registry.reopen();
  const pid_t child = ::fork();
  if (child == 0) {
    const auto opened = Registry::open(registry.options());
    if (opened) add_events(**opened, province_office(), 20);
    ::_exit(0);  // no destructor runs: no checkpoint
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  auto report = verify_trail(*registry);
  REQUIRE(report);
  CHECK_FALSE(report->first_bad);
  CHECK(report->events == 81 + 22);

  // Killed in the middle of a line; the next process goes on behind it.
  const std::string path = registry->checkpoint_file();
  const std::string whole = content(path);
  std::ofstream(path, std::ios::binary | std::ios::app) << whole.substr(0, whole.size() / 3);
  CHECK_FALSE(verify_trail(*registry)->first_bad);
  add_events(*registry, province_office(), 1);
  registry.reopen();
  CHECK_FALSE(verify_trail(*registry)->first_bad);
  const auto places = read_checkpoints(path, registry->vault());
  REQUIRE(places);
  CHECK(places->size() == 2);
}

TEST_CASE("a checkpoint that was changed is found at its line", "[audit]") {
  TestRegistry registry;
  for (int i = 0; i < 3; ++i) {
    add_events(*registry, province_office(), 2);
    registry.reopen();
  }
  const std::string path = registry->checkpoint_file();
  auto all = lines(path);
  REQUIRE(all.size() == 3);
  all[1][all[1].find(' ') + 1] ^= 1;
  std::ofstream out(path, std::ios::trunc);
  for (const std::string& line : all) out << line << '\n';
  out.close();
  const auto report = verify_trail(*registry);
  REQUIRE(report);
  REQUIRE(report->first_bad);
  CHECK(place_text(*report->first_bad) == "audit.checkpoints:2");
  CHECK(report->first_bad->kind == Tamper::Edit);
}

TEST_CASE("checkpoints come every so many events and at the end, never ahead of a commit",
          "[audit]") {
  TestRegistry registry;
  const TempFolder folder;
  const std::string path = folder.file("checkpoints");
  std::int64_t written = 0;
  {
    CheckpointWriter writer(path, registry->vault(), [] { return std::int64_t{1}; },
                            {10, std::chrono::hours(1)});
    const AuditTrail trail(registry->vault(), registry->new_id(),
                           [&](const ChainPlace& place) { writer.reached(place); });
    const auto append = [&](int count, bool commit) {
      const std::vector<AuditEntry> entries(static_cast<std::size_t>(count),
                                            AuditEntry{"update", "person", 1, {}});
      (void)registry->database().write([&](Connection& db) -> Done {
        trail.append(db, registry->audit_context(province_office()), entries);
        if (!commit) return fail(ErrorCode::Conflict, "no");
        return {};
      });
    };
    append(50, false);
    append(4, true);
    append(50, false);
    CHECK_FALSE(std::filesystem::exists(path));
    append(9, true);
    for (int i = 0; i < 500 && lines(path).empty(); ++i) ::usleep(10'000);
    CHECK(lines(path).size() == 1);
    append(2, true);
    written = 15;
  }
  const auto places = read_checkpoints(path, registry->vault());
  REQUIRE(places);
  REQUIRE(places->size() == 2);
  CHECK((*places)[0].sequence == 13);
  CHECK((*places)[1].sequence == written);
}

TEST_CASE("events from before schema 5 are still verified", "[audit]") {
  TestRegistry registry;
  // As they were written then: decimal numbers, each text behind its length.
  const auto put = [](std::string& out, std::string_view part) {
    for (unsigned shift = 0; shift < 32; shift += 8) {
      out += static_cast<char>(part.size() >> shift & 0xFF);
    }
    out += part;
  };
  const std::int64_t chain = registry->new_id();
  REQUIRE(registry->database().write([&](Connection& db) -> Done {
    std::string hash(32, '\0');
    for (std::int64_t sequence = 1; sequence <= 5; ++sequence) {
      std::string bytes = hash;
      for (const std::string& part :
           {text(chain), text(sequence), text(17), std::string("desk"), std::string("registrar"),
            std::string("update"), std::string("person"), text(4711), "post" + text(sequence)}) {
        put(bytes, part);
      }
      hash = hmac_sha256(registry->vault().audit_key(), bytes);
      db.prepare(
            "INSERT INTO audit_event (id, chain, seq, at, actor, role, action, record_type,"
            " record_id, detail, hash) VALUES (?, ?, ?, 17, 'desk', 'registrar', 'update',"
            " 'person', 4711, ?, ?)")
          .bind(0, registry->new_id())
          .bind(1, chain)
          .bind(2, sequence)
          .bind_text(3, "post" + text(sequence))
          .bind_blob(4, hash)
          .run();
    }
    db.prepare("INSERT INTO audit_chain (chain, seq, hash) VALUES (?, 5, ?)")
        .bind(0, chain)
        .bind_blob(1, hash)
        .run();
    return {};
  }));
  CHECK_FALSE(verify_trail(*registry)->first_bad);
  REQUIRE(registry->database().write([&](Connection& db) -> Done {
    db.execute("UPDATE audit_event SET detail = 'name' WHERE seq = 3 AND chain = " + text(chain));
    return {};
  }));
  const auto report = verify_trail(*registry);
  REQUIRE(report->first_bad);
  CHECK(report->first_bad->kind == Tamper::Edit);
  CHECK(report->first_bad->sequence == 3);
}
