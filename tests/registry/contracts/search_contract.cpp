#include "tests/registry/contracts/search_contract.h"

#include <catch2/catch.hpp>
#include <random>

#include "registry/domain/organization.h"
#include "registry/domain/participation.h"
#include "registry/domain/text.h"
#include "registry/service/filters.h"
#include "registry/service/records.h"
#include "tests/support/builders.h"
#include "tests/support/test_registry.h"

namespace chucai::testing {
namespace {

const std::vector<std::string> kNamePieces = {"王", "伟", "李", "大", "𠮷", "田", "欧", "阳"};
const std::vector<std::string> kUnits = {"武汉大学", "大武汉学校", "宣恩县农业局",
                                         "5G实验室", "LSTM中心",   "省农科院茶叶所"};
const std::vector<std::string> kFields = {"人工智能",      "智能人工授粉", "茶叶病害", "5G网络",
                                          "lstm 时间序列", "量子·信息",    "C++"};

template <class T>
const T& any_of(const std::vector<T>& items, std::mt19937& random) {
  return items[random() % items.size()];
}

Person random_person(std::mt19937& random) {
  Person person;
  const auto length = 2 + random() % 2;
  for (std::size_t i = 0; i < length; ++i) person.name += any_of(kNamePieces, random);
  person.employer = any_of(kUnits, random);
  person.research = {any_of(kFields, random), any_of(kFields, random)};
  person.region = random() % 2 == 0 ? "420106" : "422825";
  person.industry = random() % 2 == 0 ? "0111" : "1320";
  person.title_grade = std::to_string(1 + random() % 3);
  person.roles = {random() % 2 == 0 ? "expert" : "talent"};
  person.status = "active";
  return person;
}

std::vector<Person> fill(Registry& registry, int count) {
  std::mt19937 random(9);
  std::vector<Person> people;
  for (int i = 0; i < count; ++i) {
    Person person = random_person(random);
    person.id = registry.new_id();
    person.version = 1;
    person.office = "420000";
    people.push_back(person);
  }
  REQUIRE(registry.database().write([&](Connection& db) -> Done {
    for (const Person& person : people) {
      const Done added = registry.store().insert(db, type_of<Person>(), person);
      if (!added) return added;
    }
    return {};
  }));
  return people;
}

std::vector<std::int64_t> found(Registry& registry, const Principal& principal,
                                const std::string& text, std::vector<Filter> filters = {}) {
  const auto query = SearchQuery::parse(text);
  REQUIRE(query);
  PageRequest request{std::move(filters), 0, 7, *query};
  std::vector<std::int64_t> ids;
  do {
    const auto page = list_records(registry, principal, type_of<Person>(), request);
    INFO((page ? "" : page.error().problem.reason + " " + page.error().cause));
    REQUIRE(page);
    for (const auto& record : page->records) ids.push_back(record->id);
    request.after = page->next_after;
  } while (request.after != 0);
  return ids;
}

// The oracle: every text, looked at one after the other.
std::vector<std::int64_t> scanned(const std::vector<Person>& people, const std::string& text,
                                  const std::string& region = {}) {
  std::vector<std::int64_t> ids;
  const auto query = SearchQuery::parse(text);
  REQUIRE(query);
  for (const Person& person : people) {
    const bool in_scope = region.empty() || person.region == region;
    if (in_scope && query->fits(searched_text(type_of<Person>(), person))) ids.push_back(person.id);
  }
  return ids;
}

const std::vector<std::string> kQueries = {
    "王伟",     "伟",       "王",          "大",           "𠮷",      "𠮷田", "人工",
    "人工智能", "智能人工", "武汉",        "大学",         "农业 王", "lstm", "LST",
    "5G",       "5g网络",   "量子信息",    "量子 信息",    "c",       "茶叶", "没有的",
    "欧阳",     "李 茶 5g", "茶叶病害 李", "大武汉学校 王"};

}  // namespace

void search_equals_a_scan(Registry& registry) {
  const auto people = fill(registry, 150);
  for (const std::string& text : kQueries) {
    INFO(text);
    CHECK(found(registry, province_office(), text) == scanned(people, text));
    CHECK(found(registry, county_office("422825"), text) == scanned(people, text, "422825"));
  }
}

void search_follows_changes(Registry& registry) {
  auto people = fill(registry, 60);
  std::mt19937 random(4);
  REQUIRE(registry.database().write([&](Connection& db) -> Done {
    for (std::size_t i = 0; i < people.size(); i += 2) {
      Person changed = random_person(random);
      changed.id = people[i].id;
      changed.version = 2;
      changed.office = "420000";
      people[i] = changed;
      if (const Done done = registry.store().update(db, type_of<Person>(), changed); !done) {
        return done;
      }
    }
    for (std::size_t i = 0; i < people.size(); i += 6) {
      const Done done =
          registry.store().erase(db, type_of<Person>(), people[i].id, people[i].version);
      if (!done) return done;
    }
    return {};
  }));
  std::vector<Person> left;
  for (std::size_t i = 0; i < people.size(); ++i) {
    if (i % 6 != 0) left.push_back(people[i]);
  }
  for (const std::string& text : kQueries) {
    INFO(text);
    CHECK(found(registry, province_office(), text) == scanned(left, text));
  }
}

void filters_narrow_a_search(Registry& registry) {
  const auto people = fill(registry, 80);
  Participation part;
  part.program = "RURAL_REVIVAL";
  part.subject_type = "person";
  part.subject = id_text(people[3].id);
  part.region = "420106";
  REQUIRE(create_record(registry, province_office(), type_of<Participation>(), part));
  const auto by = [&](const std::string& name, const std::string& value) {
    auto filter = make_filter(registry.codes(), type_of<Person>(), name, value);
    REQUIRE(filter);
    return *filter;
  };
  const auto kept = [&](const std::string& text, const std::vector<Filter>& filters,
                        const std::function<bool(const Person&)>& fits) {
    std::vector<Person> narrowed;
    for (const Person& person : people) {
      if (fits(person)) narrowed.push_back(person);
    }
    const auto expected = scanned(narrowed, text);
    CHECK(found(registry, province_office(), text, filters) == expected);
    return expected.size();
  };
  CHECK(kept("大", {by("region", "422800")}, [](const Person& p) { return p.region == "422825"; }));
  CHECK(kept("大", {by("industry", "A")}, [](const Person& p) { return p.industry == "0111"; }));
  CHECK(kept("大", {by("industry", "13"), by("title_grade", "2")},
             [](const Person& p) { return p.industry == "1320" && p.title_grade == "2"; }));
  CHECK(
      kept("大", {by("roles", "expert")}, [](const Person& p) { return holds(p, role::kExpert); }));
  const std::string name = people[3].name;
  CHECK(kept(name, {by("program", "RURAL_REVIVAL")},
             [&](const Person& p) { return p.id == people[3].id; }) == 1);
  CHECK_FALSE(make_filter(registry.codes(), type_of<Person>(), "id_no", "420106198503010007"));
  CHECK_FALSE(make_filter(registry.codes(), type_of<Person>(), "planet", "mars"));
}

void filling_again_finds_the_same(Registry& registry) {
  const auto people = fill(registry, 40);
  const auto before = found(registry, province_office(), "大");
  CHECK(before == scanned(people, "大"));
  REQUIRE(registry.store().fill_search(registry.database()));
  CHECK(found(registry, province_office(), "大") == before);
}

}  // namespace chucai::testing
