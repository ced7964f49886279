#include "tests/registry/contracts/feed_contract.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <future>
#include <map>
#include <random>
#include <thread>

#include "registry/domain/need.h"
#include "registry/domain/organization.h"
#include "registry/service/import_batches.h"
#include "registry/service/records.h"
#include "registry/service/staged_import.h"
#include "registry/storage/change_feed.h"
#include "tests/support/builders.h"

namespace chucai::testing {
namespace {

constexpr int kWriters = 3;
constexpr int kChangesEach = 20;
constexpr int kShared = 4;  // needs that all writers change

using Version = std::pair<std::string, std::int64_t>;  // type and id

/// Follows the feed as a consumer does, some rows at a time.
class Follower {
 public:
  explicit Follower(Database& database) : database_(database) {}

  void follow() {
    const auto numbered = number_changes(database_);
    INFO((numbered ? "" : numbered.error().problem.reason + " " + numbered.error().cause));
    REQUIRE(numbered);
    while (true) {
      std::vector<Change> some;
      REQUIRE(database_.read([&](Connection& db) -> Done {
        some = changes_after(db, last(), 7);
        return {};
      }));
      if (some.empty()) return;
      changes.insert(changes.end(), some.begin(), some.end());
    }
  }
  std::int64_t last() const { return changes.empty() ? 0 : changes.back().seq; }

  std::vector<Change> changes;

 private:
  Database& database_;
};

std::unique_ptr<Registry> another_process(const TestRegistry& registry) {
  auto opened = Registry::open(registry.options());
  if (!opened) throw std::runtime_error(opened.error().problem.reason);
  return std::move(*opened);
}

// Creates needs of its own and changes shared ones; both in any order.
void write_much(Registry& registry, int writer, const std::vector<std::int64_t>& shared) {
  std::mt19937 random(static_cast<unsigned>(writer));
  for (int i = 0; i < kChangesEach;) {
    if (random() % 2 == 0) {
      Need need = a_need("N" + std::to_string(writer) + "-" + std::to_string(i));
      i += create_record(registry, province_office(), type_of<Need>(), need).has_value();
      continue;
    }
    const auto id = shared[random() % shared.size()];
    const auto found = find_record(registry, province_office(), type_of<Need>(), id_text(id));
    if (!found) continue;
    auto& need = static_cast<Need&>(**found);
    need.description = "改 " + std::to_string(writer) + " " + std::to_string(i);
    i += change_record(registry, province_office(), type_of<Need>(), need).has_value();
  }
}

std::map<Version, std::int64_t> versions_in(Registry& registry) {
  std::map<Version, std::int64_t> versions;
  REQUIRE(registry.database().read([&](Connection& db) -> Done {
    for (const RecordType* type : record_types()) {
      registry.store().for_each(db, whole_register(), *type, [&](const Record& record) {
        versions[{std::string(type->name), record.id}] = record.version;
      });
    }
    return {};
  }));
  return versions;
}

}  // namespace

void several_writers_miss_nothing(TestRegistry& registry) {
  std::vector<std::int64_t> shared;
  for (int i = 0; i < kShared; ++i) {
    Need need = a_need("S" + std::to_string(i));
    REQUIRE(create_record(*registry, province_office(), type_of<Need>(), need));
    shared.push_back(need.id);
  }
  std::vector<std::thread> writers;
  std::atomic<int> writing = kWriters;
  for (int writer = 0; writer < kWriters; ++writer) {
    writers.emplace_back([&, writer, own = std::shared_ptr(another_process(registry))] {
      write_much(*own, writer, shared);
      --writing;
    });
  }
  const auto rival = another_process(registry);  // numbers as well
  std::thread sequencer([&] {
    while (writing > 0) (void)number_changes(rival->database());
  });
  Follower follower(registry->database());
  while (writing > 0) follower.follow();
  for (std::thread& writer : writers) writer.join();
  sequencer.join();
  follower.follow();

  std::map<Version, std::int64_t> seen;
  std::int64_t expected = 0;
  for (const Change& change : follower.changes) {
    CHECK(change.seq == ++expected);
    CHECK(change.version == ++seen[{change.record_type, change.record_id}]);
  }
  CHECK(seen == versions_in(*registry));
  REQUIRE(registry->database().read([&](Connection& db) -> Done {
    CHECK(last_change(db) == expected);
    CHECK_FALSE(has_unnumbered_changes(db));
    return {};
  }));
}

void what_was_rolled_back_is_not_in_the_feed(TestRegistry& registry) {
  Follower follower(registry->database());
  follower.follow();
  const std::int64_t before = follower.last();
  CHECK_FALSE(registry->database().write([&](Connection& db) -> Done {
    note_change(db, "need", 42, 1);
    return fail(ErrorCode::Stale, "record.version");
  }));
  follower.follow();
  CHECK(follower.last() == before);
}

void an_undone_import_is_in_the_feed(TestRegistry& registry) {
  std::vector<StagedRow> rows(1);
  rows[0].row = 2;
  rows[0].record = std::make_unique<Need>(a_need("N1"));
  ImportBatch header;
  header.kind = "needs";
  const auto batch =
      apply_batch(*registry, province_office(), type_of<Need>(), header, std::move(rows));
  REQUIRE(batch);
  const std::int64_t id =
      list_records(*registry, province_office(), type_of<Need>(), {})->records.at(0)->id;
  REQUIRE(undo_batch(*registry, province_office(), *batch));
  Follower follower(registry->database());
  follower.follow();
  REQUIRE(follower.changes.size() >= 2);
  CHECK(follower.changes.back() == Change{follower.last(), "need", id, 2});
  REQUIRE(registry->database().read([&](Connection& db) -> Done {
    CHECK_FALSE(registry->store().load(db, whole_register(), type_of<Need>(), id));
    return {};
  }));
}

void a_late_commit_is_not_missed(TestRegistry& registry) {
  Follower follower(registry->database());
  follower.follow();
  const auto start = follower.changes.size();
  const auto slow = another_process(registry);
  std::promise<void> noted;
  std::promise<void> may_commit;
  std::thread late([&] {
    (void)slow->database().write([&](Connection& db) -> Done {
      note_change(db, "need", 41, 1);
      noted.set_value();
      may_commit.get_future().wait();
      return {};
    });
  });
  noted.get_future().wait();
  Need early = a_need("N-EARLY");
  REQUIRE(create_record(*registry, province_office(), type_of<Need>(), early));
  follower.follow();  // is not held up, and does not see what is not committed
  REQUIRE(follower.changes.size() == start + 1);
  CHECK(follower.changes.back().record_id == early.id);
  may_commit.set_value();
  late.join();
  follower.follow();
  REQUIRE(follower.changes.size() == start + 2);
  CHECK(follower.changes.back().record_id == 41);
}

}  // namespace chucai::testing
