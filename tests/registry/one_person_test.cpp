// One person once, on SQLite and on MariaDB: pairs of likely twins, verdicts, what each office
// sees.
#include "registry/service/one_person.h"

#include <catch2/catch.hpp>

#include "registry/service/import_batches.h"
#include "registry/service/records.h"
#include "registry/service/staged_import.h"
#include "tests/support/builders.h"
#include "tests/support/contract.h"

using namespace chucai;
using namespace chucai::testing;

namespace {

const Principal kProvince = province_office();

/// A person without a number, alike in name, birth and employer.
Person namesake(const std::string& region = "420106") {
  Person person = a_person("蒋五", "");
  person.birth = Date{1985, 3, 7};
  person.region = region;
  return person;
}

std::int64_t enter(Registry& registry, Person person) {
  const Done done = create_record(registry, kProvince, type_of<Person>(), person);
  REQUIRE(done);
  return person.id;
}

void change(Registry& registry, std::int64_t id, const std::function<void(Person&)>& edit) {
  auto record = find_record(registry, kProvince, type_of<Person>(), id_text(id));
  REQUIRE(record);
  edit(static_cast<Person&>(**record));
  REQUIRE(change_record(registry, kProvince, type_of<Person>(), **record));
}

std::vector<DuplicatePair> open_pairs(Registry& registry, const Principal& principal = kProvince) {
  const auto page = list_duplicates(registry, principal, Band::No, "", 200);
  REQUIRE(page);
  return page->pairs;
}

void twins_are_found_at_entry(Registry& registry) {
  const auto one = enter(registry, namesake());
  CHECK(open_pairs(registry).empty());
  const auto other = enter(registry, namesake());
  const auto pairs = open_pairs(registry);
  REQUIRE(pairs.size() == 1);
  CHECK(pairs[0].one.id == one);
  CHECK(pairs[0].other.id == other);
  CHECK(pairs[0].band == Band::Link);
  int sum = 0;
  for (const auto& [reason, points] : pairs[0].evidence) sum += points;
  CHECK(sum == pairs[0].score);
  const auto drawn = duplicates_of(registry, kProvince, other);
  REQUIRE(drawn);
  CHECK(drawn->size() == 1);
}

void pairs_follow_changes(Registry& registry) {
  const auto one = enter(registry, namesake());
  enter(registry, namesake());
  change(registry, one, [](Person& person) { person.birth = Date{1990, 1, 1}; });
  CHECK(open_pairs(registry).empty());
  change(registry, one, [](Person& person) { person.birth = Date{1985, 3, 0}; });
  REQUIRE(open_pairs(registry).size() == 1);
  CHECK(open_pairs(registry)[0].band == Band::Review);
}

void two_people_stay_two(Registry& registry) {
  const auto one = enter(registry, namesake());
  enter(registry, namesake());
  const auto pair = open_pairs(registry)[0].id;
  REQUIRE(mark_distinct(registry, kProvince, pair));
  CHECK(open_pairs(registry).empty());
  CHECK(mark_distinct(registry, kProvince, pair).error().problem.reason == "person.pair.decided");
  change(registry, one, [](Person& person) { person.post = "站长"; });
  change(registry, one, [](Person& person) { person.school = "武汉大学"; });
  REQUIRE(rescan(registry, kProvince));
  CHECK(open_pairs(registry).empty());  // no key field was changed
  change(registry, one, [](Person& person) { person.phone = "19912345678"; });
  CHECK(open_pairs(registry).size() == 1);
}

void verdict_without_a_pair(Registry& registry) {
  const auto one = enter(registry, namesake());
  Person stranger = a_person("欧阳建国", "");
  const auto other = enter(registry, stranger);
  REQUIRE(mark_distinct(registry, kProvince, one, other));
  CHECK(open_pairs(registry).empty());
  CHECK(mark_distinct(registry, kProvince, one, one).error().code == ErrorCode::NotFound);
  CHECK(mark_distinct(registry, kProvince, one, 4711).error().code == ErrorCode::NotFound);
}

void an_office_sees_pairs_of_its_own(Registry& registry) {
  enter(registry, namesake("420106"));
  enter(registry, namesake("420107"));
  enter(registry, namesake("422825"));
  CHECK(open_pairs(registry).size() == 3);
  CHECK(open_pairs(registry, county_office("420100")).size() == 1);
  CHECK(open_pairs(registry, county_office("420106")).empty());
  const auto pair = open_pairs(registry, county_office("420100"))[0].id;
  CHECK(mark_distinct(registry, county_office("420106"), pair).error().problem.reason ==
        "person.pair.absent");
}

void pairs_come_in_pages(Registry& registry) {
  for (int i = 0; i < 5; ++i) {
    Person person = namesake();
    if (i % 2) person.phone = "19912345678";
    enter(registry, person);
  }
  const auto all = open_pairs(registry);
  REQUIRE(all.size() == 10);
  std::vector<std::int64_t> paged;
  std::string cursor;
  do {
    const auto page = list_duplicates(registry, kProvince, Band::No, cursor, 3);
    REQUIRE(page);
    for (const DuplicatePair& pair : page->pairs) paged.push_back(pair.id);
    cursor = page->next_cursor;
  } while (!cursor.empty());
  REQUIRE(paged.size() == all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    CHECK(paged[i] == all[i].id);
    if (i > 0) CHECK(all[i - 1].score >= all[i].score);
  }
  CHECK(list_duplicates(registry, kProvince, Band::Review, "", 10)->pairs.empty());
  CHECK(list_duplicates(registry, kProvince, Band::No, "7", 10).error().problem.reason ==
        "page.cursor");
  CHECK(list_duplicates(registry, kProvince, Band::No, "", 0).error().problem.reason ==
        "page.limit");
}

void an_undone_import_leaves_no_pair(Registry& registry) {
  enter(registry, namesake());
  std::vector<StagedRow> rows;
  rows.push_back({2, std::make_unique<Person>(namesake())});
  const auto batch = apply_batch(registry, kProvince, type_of<Person>(), {}, std::move(rows));
  REQUIRE(batch);
  CHECK(open_pairs(registry).size() == 1);
  REQUIRE(undo_batch(registry, kProvince, *batch));
  CHECK(open_pairs(registry).empty());
  enter(registry, namesake());
  CHECK(open_pairs(registry).size() == 1);  // and not a second one with who is gone
}

void a_scan_finds_what_was_stored_without_keys(Registry& registry) {
  for (int i = 0; i < 3; ++i) enter(registry, namesake());
  REQUIRE(registry.database().write([](Connection& db) -> Done {
    db.execute("DELETE FROM person_key");
    db.execute("DELETE FROM person_pair");
    return {};
  }));
  const auto first = rescan(registry, kProvince);
  REQUIRE(first);
  CHECK(first->people == 3);
  CHECK(first->compared == 3);
  CHECK(first->open == 3);
  CHECK(first->links == 3);
  const auto pairs = open_pairs(registry);
  REQUIRE(rescan(registry, kProvince));
  const auto again = open_pairs(registry);
  REQUIRE(again.size() == pairs.size());
  for (std::size_t i = 0; i < pairs.size(); ++i) CHECK(again[i].id == pairs[i].id);
}

void keys_are_not_in_clear(Registry& registry) {
  Person person = namesake();
  person.phone = "19912345678";
  enter(registry, person);
  REQUIRE(registry.database().read([](Connection& db) -> Done {
    Statement& count = db.prepare("SELECT COUNT(*) FROM person_key");
    CHECK(count.step());
    CHECK(count.integer(0) == 4);  // mobile, sound + month, sound + employer, day + employer
    count.reset();
    return {};
  }));
}

constexpr Case<> kCases[] = {
    {"twins are found at entry", twins_are_found_at_entry},
    {"pairs follow changes", pairs_follow_changes},
    {"two people stay two until a key field changes", two_people_stay_two},
    {"a verdict can be given without a pair", verdict_without_a_pair},
    {"an office sees pairs of its own", an_office_sees_pairs_of_its_own},
    {"pairs come in pages", pairs_come_in_pages},
    {"an undone import leaves no pair", an_undone_import_leaves_no_pair},
    {"a scan finds what was stored without keys", a_scan_finds_what_was_stored_without_keys},
    {"keys are not in clear", keys_are_not_in_clear},
};

}  // namespace

TEST_CASE("one person stands once on SQLite", "[registry]") {
  pass_on_sqlite(kCases);
}

TEST_CASE("one person stands once on MariaDB", "[registry][mariadb]") {
  pass_on_mariadb(kCases);
}
