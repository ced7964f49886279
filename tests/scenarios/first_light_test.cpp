// The demo's rosters through the whole system: the same rows on both databases, the same rows
// again when they are imported twice, rankings whose parts add up, a plan, figures.
#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>
#include <numeric>
#include <set>

#include "api/matching.h"
#include "importers/export_records.h"
#include "importers/import_file.h"
#include "registry/domain/need.h"
#include "registry/service/coverage_report.h"
#include "registry/service/import_batches.h"
#include "registry/service/plans.h"
#include "tests/support/private_mariadb.h"
#include "tests/support/test_registry.h"

using namespace chucai;
using namespace chucai::testing;

namespace {

struct Roster {
  const char* file;
  const char* kind;
  const char* program;
};
constexpr Roster kRosters[] = {{"talents.csv", "persons", ""},
                               {"experts.csv", "experts", ""},
                               {"needs.csv", "needs", "RURAL_REVIVAL"},
                               {"engagements.csv", "engagements", ""},
                               {"participations.csv", "participations", ""},
                               {"pilots.csv", "participations", ""},
                               {"targets.csv", "targets", ""}};

std::string roster_path(const char* file) {
  return std::string(CHUCAI_SOURCE_DIR) + "/api/demo/" + file;
}

importers::ImportOutcome imported(Registry& registry, const Roster& roster) {
  importers::ImportRequest request;
  request.file = roster_path(roster.file);
  request.kind = roster.kind;
  request.program = roster.program;
  auto outcome = importers::import_file(registry, province_office(), request);
  if (!outcome)
    FAIL(roster.file << ": " << outcome.error().problem.reason << outcome.error().cause);
  const ImportCounts& counts = outcome->counts;
  CHECK(counts.rows == counts.added + counts.updated + counts.same + counts.duplicate +
                           counts.review + counts.refused);
  return std::move(*outcome);
}

void import_all(Registry& registry) {
  for (const Roster& roster : kRosters) imported(registry, roster);
}

std::string exported(Registry& registry, const std::string& kind) {
  const TempFolder folder;
  const std::string path = folder.file("out.csv");
  auto writer = importers::create_csv(path);
  REQUIRE(writer);
  const auto rows = importers::export_records(registry, province_office(),
                                              {kind, {}, {}, "test of the export"}, **writer);
  REQUIRE(rows);
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("the same rosters give the same rows on SQLite and MariaDB", "[scenario][mariadb]") {
  PrivateMariaDb* server = PrivateMariaDb::instance();
  if (!server) return;
  TestRegistry sqlite;
  TestRegistry mariadb(server->fresh_schema());
  import_all(*sqlite);
  import_all(*mariadb);
  for (const char* kind :
       {"persons", "experts", "needs", "engagements", "participations", "targets", "programs"}) {
    INFO(kind);
    const std::string rows = exported(*sqlite, kind);
    CHECK(rows.size() > 100);
    CHECK(rows == exported(*mariadb, kind));
  }
}

TEST_CASE("a roster imported twice changes nothing the second time", "[scenario]") {
  TestRegistry registry;
  for (const Roster& roster : kRosters) {
    imported(*registry, roster);
    const std::string before = exported(*registry, roster.kind);
    const auto again = imported(*registry, roster);
    INFO(roster.file);
    CHECK(again.counts.added == 0);
    CHECK(again.counts.updated == 0);
    CHECK(again.batch == 0);
    CHECK(exported(*registry, roster.kind) == before);
  }
}

TEST_CASE("what was exported can be imported into an empty register", "[scenario]") {
  TestRegistry first;
  import_all(*first);
  const TempFolder folder;
  TestRegistry second;
  for (const char* kind : {"persons", "experts", "needs", "engagements", "targets"}) {
    const std::string rows = exported(*first, kind);
    const std::string path = folder.file(std::string(kind) + ".csv");
    std::ofstream(path, std::ios::binary) << rows;
    importers::ImportRequest request;
    request.file = path;
    request.kind = kind;
    const auto outcome = importers::import_file(*second, province_office(), request);
    INFO(kind);
    REQUIRE(outcome);
    CHECK(outcome->counts.refused == 0);
    CHECK(outcome->counts.review == 0);
    CHECK(exported(*second, kind) == rows);
  }
}

TEST_CASE("undoing every batch leaves an empty register", "[scenario]") {
  TestRegistry registry;
  std::vector<std::int64_t> batches;
  for (const Roster& roster : kRosters) batches.push_back(imported(*registry, roster).batch);
  for (auto batch = batches.rbegin(); batch != batches.rend(); ++batch) {
    const auto undone = undo_batch(*registry, province_office(), *batch);
    REQUIRE(undone);
    CHECK(undone->kept_rows.empty());
  }
  REQUIRE(registry->database().read([&](Connection& db) -> Done {
    for (const RecordType* type : record_types()) {
      if (type->name == "program") continue;
      INFO(type->name);
      CHECK(registry->store().count(db, whole_register(), *type) == 0);
    }
    return {};
  }));
}

TEST_CASE("the parts of every ranking add up and every reason has words", "[scenario]") {
  TestRegistry registry;
  import_all(*registry);
  Matching matching(*registry);
  int needs = 0;
  REQUIRE(registry->database().read([&](Connection& db) -> Done {
    registry->store().for_each(db, whole_register(), type_of<Need>(), [&](const Record& record) {
      ++needs;
      const auto answer = matching.for_need(province_office(), id_text(record.id), 20, {});
      REQUIRE(answer);
      std::uint32_t excluded = 0;
      for (const std::uint32_t count : answer->excluded) excluded += count;
      CHECK(answer->candidates.size() <= 20);
      for (const ShownCandidate& candidate : answer->candidates) {
        const auto& points = candidate.ranked.points;
        CHECK(std::accumulate(points.begin(), points.end(), 0) == candidate.ranked.score);
        for (const matcher::Reason& reason : candidate.reasons) {
          INFO(reason.reason);
          CHECK(registry->messages().knows(reason.reason));
        }
      }
      CHECK(answer->eligible + excluded > 0);
    });
    return {};
  }));
  CHECK(needs == 60);
}

TEST_CASE("a plan of the rosters is proved, kept and adopted, and figures follow", "[scenario]") {
  TestRegistry registry;
  import_all(*registry);
  Matching matching(*registry);
  const auto plan = matching.plan(province_office(), 0);
  REQUIRE(plan);
  CHECK(plan->verified);
  CHECK(plan->filled > 0);
  std::int64_t short_seats = 0;
  for (const PlanShortage& shortage : plan->shortages) {
    short_seats += shortage.unfilled;
    CHECK(registry->messages().knows(shortage.cause));
  }
  CHECK(short_seats == plan->seat_count - plan->filled);
  const auto again = matching.plan(province_office(), 0);
  REQUIRE(again);
  CHECK(again->cost == plan->cost);
  const auto kept = keep_plan(*registry, province_office(), *plan);
  REQUIRE(kept);
  REQUIRE(adopt_plan(*registry, province_office(), *kept));

  CoverageQuery query;
  const auto rows = coverage_report(*registry, province_office(), query);
  REQUIRE(rows);
  std::set<std::string> programs;
  for (const CoverageRow& row : *rows) programs.insert(row.program);
  CHECK(programs.size() == 81);
}
