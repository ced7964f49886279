#include "tests/registry/contracts/staged_import_contract.h"

#include <map>
#include <random>

#include "registry/domain/person.h"
#include "registry/service/audit.h"
#include "registry/service/import_batches.h"
#include "registry/service/one_person.h"
#include "registry/service/records.h"
#include "registry/service/staged_import.h"
#include "registry/storage/change_feed.h"
#include "registry/storage/import_stage.h"
#include "tests/support/builders.h"

namespace chucai::testing {
namespace {

constexpr const char* kNumber = "420106198503010007";

ImportBatch header(std::int64_t rows) {
  ImportBatch batch;
  batch.kind = "persons";
  batch.file_digest = "d1";
  batch.mode = "upsert";
  batch.counts = {rows, rows, 0, 0, 0, 0, 0};
  return batch;
}

BatchStager stager(Registry& registry, std::int64_t rows, ImportWatch watch = {}) {
  return {registry, province_office(), type_of<Person>(), header(rows), rows, std::move(watch)};
}

StagedRow named(std::int64_t row, const std::string& name, const std::string& id_no = {}) {
  return {row, std::make_unique<Person>(a_person(name, id_no))};
}

std::size_t people(Registry& registry) {
  std::int64_t count = 0;
  REQUIRE(registry.database().read([&](Connection& db) -> Done {
    count = registry.store().count(db, whole_register(), type_of<Person>());
    return {};
  }));
  return static_cast<std::size_t>(count);
}

std::size_t found_by_word(Registry& registry, const std::string& word) {
  PageRequest request;
  request.search = *SearchQuery::parse(word);
  const auto page = list_records(registry, province_office(), type_of<Person>(), request);
  REQUIRE(page);
  return page->records.size();
}

void a_staged_batch_is_seen_by_nobody(Registry& registry) {
  const auto before = latest_change(registry.database());
  BatchStager stage = stager(registry, 2);
  REQUIRE(stage.add(named(2, "施一", kNumber)));
  REQUIRE(stage.add(named(3, "施二")));
  const auto batch = stage.finish();
  REQUIRE(batch);
  CHECK(people(registry) == 0);
  CHECK(found_by_word(registry, "施一") == 0);
  CHECK(*latest_change(registry.database()) == *before);
  CHECK(*batch_of_same_file(registry, province_office(), "d1") == 0);
  CHECK(undo_batch(registry, province_office(), *batch).error().problem.reason ==
        "import.batch.unstaged");
  REQUIRE(registry.database().read([&](Connection& db) -> Done {
    const auto sealed = chunk_of(db, *batch, 0);
    REQUIRE(sealed);
    CHECK(sealed->find(kNumber) == std::string::npos);
    CHECK(sealed->find("施一") == std::string::npos);
    return {};
  }));
  const auto applied = apply_staged(registry, province_office(), *batch);
  REQUIRE(applied);
  CHECK(people(registry) == 2);
  CHECK(found_by_word(registry, "施一") == 1);
  CHECK(*latest_change(registry.database()) == *before + 2);
  const auto again = apply_staged(registry, province_office(), *batch);
  REQUIRE(again);
  CHECK(again->id == *batch);
  CHECK(people(registry) == 2);
  const auto trail = verify_trail(registry);
  REQUIRE(trail);
  CHECK_FALSE(trail->first_bad);
}

void what_was_cut_off_goes_on_under_its_id(Registry& registry) {
  constexpr int kRows = 1100;  // more than a chunk
  {
    BatchStager cut_off = stager(registry, kRows);
    for (int i = 0; i < kRows; ++i) REQUIRE(cut_off.add(named(i, "断" + std::to_string(i))));
  }
  const auto left = list_import_batches(registry, province_office());
  REQUIRE(left);
  REQUIRE(left->size() == 1);
  CHECK(left->front().status == "staging");
  CHECK(apply_staged(registry, province_office(), left->front().id).error().problem.reason ==
        "import.batch.unstaged");
  BatchStager stage = stager(registry, kRows);
  for (int i = 0; i < kRows; ++i) REQUIRE(stage.add(named(i, "断" + std::to_string(i))));
  const auto batch = stage.finish();
  REQUIRE(batch);
  CHECK(*batch == left->front().id);
  REQUIRE(apply_staged(registry, province_office(), *batch));
  CHECK(people(registry) == kRows);
  CHECK(list_import_batches(registry, province_office())->size() == 1);
  const auto undone = undo_batch(registry, province_office(), *batch);
  REQUIRE(undone);
  CHECK(undone->removed == kRows);
  CHECK(people(registry) == 0);
}

void an_abandoned_batch_is_dropped(Registry& registry) {
  BatchStager stage = stager(registry, 1);
  REQUIRE(stage.add(named(2, "施一", kNumber)));
  const auto batch = stage.finish();
  REQUIRE(batch);
  CHECK(drop_batch(registry, county_office("422825"), *batch).error().problem.reason ==
        "import.batch.absent");
  REQUIRE(drop_batch(registry, province_office(), *batch));
  CHECK(list_import_batches(registry, province_office())->empty());
  CHECK(apply_staged(registry, province_office(), *batch).error().problem.reason ==
        "import.batch.absent");
  CHECK(people(registry) == 0);
}

void an_applied_batch_is_not_dropped(Registry& registry) {
  std::vector<StagedRow> rows;
  rows.push_back(named(2, "施一"));
  const auto batch =
      apply_batch(registry, province_office(), type_of<Person>(), header(1), std::move(rows));
  REQUIRE(batch);
  CHECK(drop_batch(registry, province_office(), *batch).error().problem.reason ==
        "import.batch.applied");
  CHECK(people(registry) == 1);
}

void a_registration_meanwhile_wins(Registry& registry) {
  BatchStager stage = stager(registry, 2);
  REQUIRE(stage.add(named(2, "施二")));
  REQUIRE(stage.add(named(3, "施一", kNumber)));
  const auto batch = stage.finish();
  REQUIRE(batch);
  Person first = a_person("施一", kNumber);
  REQUIRE(create_record(registry, province_office(), type_of<Person>(), first));
  CHECK(apply_staged(registry, province_office(), *batch).error().problem.reason ==
        "person.id_no.duplicate");
  CHECK(people(registry) == 1);
  CHECK(list_import_batches(registry, province_office())->empty());
}

void a_cancelled_import_leaves_nothing(Registry& registry) {
  for (const ImportPhase phase : {ImportPhase::Staging, ImportPhase::Committing}) {
    const ImportWatch watch = [&](const ImportProgress& at) { return at.phase != phase; };
    BatchStager stage = stager(registry, 1, watch);
    REQUIRE(stage.add(named(2, "施一")));
    const auto batch = stage.finish();
    if (phase == ImportPhase::Staging) {
      CHECK(batch.error().problem.reason == "import.cancelled");
    } else {
      REQUIRE(batch);
      CHECK(apply_staged(registry, province_office(), *batch, watch).error().problem.reason ==
            "import.cancelled");
    }
    CHECK(people(registry) == 0);
    CHECK(list_import_batches(registry, province_office())->empty());
  }
}

/// People who share names, births, employers and mobiles often enough to meet.
Person random_person(std::mt19937& random) {
  const auto pick = [&](std::initializer_list<const char*> from) {
    return std::string(from.begin()[random() % from.size()]);
  };
  Person person = a_person(pick({"张伟", "李娜", "王芳", "刘洋", "陈静", "杨强"}), "");
  person.birth = {static_cast<std::int16_t>(1980 + random() % 3),
                  static_cast<std::int8_t>(1 + random() % 3), 7};
  person.employer = pick({"武汉大学", "华中科技大学", "湖北省农业科学院", ""});
  person.phone = "1390000000" + std::to_string(random() % 10);
  person.region = pick({"420106", "422825", "421088"});
  person.extra["批次"] = std::to_string(random() % 4);
  return person;
}

/// What the register says of its people, whatever their ids are.
std::map<std::string, int> told(Registry& registry) {
  std::map<std::string, int> all;
  REQUIRE(registry.database().read([&](Connection& db) -> Done {
    registry.store().for_each(db, whole_register(), type_of<Person>(), [&](const Record& record) {
      std::string text = pack_map(record.extra);
      for (const Field& field : type_of<Person>().fields) {
        text += '|' + to_text(field.get(record));
      }
      ++all[text];
    });
    return {};
  }));
  const auto pairs = list_duplicates(registry, province_office(), Band::No, {}, 200);
  REQUIRE(pairs);
  for (const DuplicatePair& pair : pairs->pairs) ++all[pair.one.name + std::to_string(pair.score)];
  for (const char* word : {"张伟", "武汉", "农业科学"}) {
    all[word] = static_cast<int>(found_by_word(registry, word));
  }
  return all;
}

void many_at_once_are_stored_as_one_at_a_time(Registry& registry) {
  constexpr int kPeople = 40;
  TestRegistry slow;
  std::mt19937 random(2018);
  std::vector<StagedRow> rows;
  for (int i = 0; i < kPeople; ++i) {
    Person person = random_person(random);
    rows.push_back({i, std::make_unique<Person>(person)});
    REQUIRE(create_record(*slow, province_office(), type_of<Person>(), person));
  }
  REQUIRE(apply_batch(registry, province_office(), type_of<Person>(), header(kPeople),
                      std::move(rows)));
  CHECK(told(registry) == told(*slow));
}

}  // namespace

const std::vector<Case<Registry>> kStagedImportCases = {
    {"a staged batch is seen by nobody before it is applied", a_staged_batch_is_seen_by_nobody},
    {"an import that was cut off goes on under its id", what_was_cut_off_goes_on_under_its_id},
    {"an abandoned batch is dropped", an_abandoned_batch_is_dropped},
    {"an applied batch is not dropped", an_applied_batch_is_not_dropped},
    {"whoever registers a person while a batch waits is first", a_registration_meanwhile_wins},
    {"a cancelled import leaves nothing", a_cancelled_import_leaves_nothing},
    {"many rows at once are stored as one at a time would be",
     many_at_once_are_stored_as_one_at_a_time},
};

}  // namespace chucai::testing
