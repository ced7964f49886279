// Merging two records of one person, and taking it back, on SQLite and on MariaDB.
#include "registry/service/merge_people.h"

#include <catch2/catch.hpp>

#include <random>

#include "registry/domain/engagement.h"
#include "registry/domain/participation.h"
#include "registry/service/one_person.h"
#include "registry/service/records.h"
#include "tests/support/builders.h"
#include "tests/support/contract.h"

using namespace chucai;
using namespace chucai::testing;

namespace {

const Principal kProvince = province_office();
constexpr const char* kNumber = "420106198503010007";
constexpr const char* kOtherNumber = "422801199006151020";

template <class R>
R stored(Registry& registry, std::int64_t id, const Principal& principal = kProvince) {
  const auto record = find_record(registry, principal, type_of<R>(), id_text(id));
  REQUIRE(record);
  return static_cast<const R&>(**record);
}

template <class R>
std::int64_t enter(Registry& registry, R draft) {
  const Done done = create_record(registry, kProvince, type_of<R>(), draft);
  if (!done) FAIL(done.error().problem.reason << " " << done.error().cause);
  return draft.id;
}

Person jiang_wu() {
  Person person = a_person("蒋五", "");
  person.birth = Date{1985, 3, 0};
  person.phone = "19912345678";
  return person;
}

Participation in_program(std::int64_t person, const std::string& round) {
  Participation row;
  row.program = "RURAL_REVIVAL";
  row.round = round;
  row.subject_type = "person";
  row.subject = id_text(person);
  row.status = "selected";
  row.region = "420106";
  return row;
}

/// Two records of one person, and what refers to the second.
struct Pair {
  explicit Pair(Registry& registry) {
    Person first = jiang_wu();
    first.post = "主任";
    first.extra = {{"工种", "焊工"}};
    Person second = jiang_wu();
    second.id_no = kNumber;
    second.birth = Date{1985, 3, 1};
    second.expert_no = "E2";
    second.email = "jw@example.com";
    second.post = "副主任";
    second.roles = {"talent", "expert"};
    second.extra = {{"工种", "电工"}, {"备注二", "二"}};
    survivor = enter(registry, first);
    other = enter(registry, second);
    Need asked = a_need("N1");
    need = enter(registry, asked);
    Engagement served;
    served.number = "B1";
    served.need = NeedId{need};
    served.person = PersonId{other};
    served.status = "completed";
    served.region = "422825";
    engagement = enter(registry, served);
    both_first = enter(registry, in_program(survivor, "首届"));
    both_second = enter(registry, in_program(other, "首届"));
    own = enter(registry, in_program(other, "第二届"));
  }
  std::int64_t survivor, other, need, engagement, both_first, both_second, own;
};

MergeReport merged(Registry& registry, const MergeRequest& request) {
  const auto report = merge_people(registry, kProvince, request);
  if (!report) FAIL(report.error().problem.reason << " " << report.error().cause);
  return *report;
}

std::string refusal(Registry& registry, const MergeRequest& request,
                    const Principal& principal = kProvince) {
  const auto report = merge_people(registry, principal, request);
  return report ? "" : report.error().problem.reason;
}

/// What a record says, without version and times.
std::string said(const RecordType& type, const Record& record) {
  std::string text = id_text(record.id) + " " + record.office;
  for (const Field& field : type.fields) {
    text += " " + std::string(field.name) + "=" + to_text(field.get(record));
  }
  for (const auto& [name, value] : record.extra) text += " " + name + "=" + value;
  return text;
}

/// Everything that the register says of people and what refers to them.
std::vector<std::string> whole(Registry& registry) {
  std::vector<std::string> rows;
  REQUIRE(registry.database().read([&](Connection& db) -> Done {
    for (const RecordType* type :
         {&type_of<Person>(), &type_of<Participation>(), &type_of<Engagement>()}) {
      registry.store().for_each(db, whole_register(), *type, [&](const Record& record) {
        std::string row = said(*type, record);
        if (type == &type_of<Person>()) {
          row += " number=" +
                 registry.store().reveal(db, whole_register(), *type, record.id).value_or("?");
        }
        rows.push_back(row);
      });
    }
    return {};
  }));
  return rows;
}

void two_become_one(Registry& registry) {
  const Pair pair(registry);
  const MergeReport report = merged(registry, {pair.survivor, pair.other, {"post"}, ""});
  CHECK(report.moved == std::map<std::string, int>{{"engagement", 1}, {"participation", 1}});
  CHECK(report.duplicates == std::map<std::string, int>{{"participation", 1}});
  const Person person = stored<Person>(registry, pair.survivor);
  CHECK(person.post == "副主任");  // chosen
  CHECK(person.email == "jw@example.com");
  CHECK(person.expert_no == "E2");
  CHECK(person.birth == Date{1985, 3, 1});  // the more precise
  CHECK(person.roles == std::vector<std::string>{"talent", "expert"});
  CHECK(person.extra == std::map<std::string, std::string>{{"工种", "焊工"}, {"备注二", "二"}});
  CHECK(person.id_no == "420***************");
  CHECK(reveal_identity(registry, kProvince, pair.survivor, "复核") == kNumber);

  CHECK(stored<Person>(registry, pair.other).id == pair.survivor);  // the old id leads on
  const auto by_number = find_record(registry, kProvince, type_of<Person>(), "E2");
  REQUIRE(by_number);
  CHECK((*by_number)->id == pair.survivor);
  CHECK(list_records(registry, kProvince, type_of<Person>(), {})->records.size() == 1);
  CHECK(stored<Engagement>(registry, pair.engagement).person.value == pair.survivor);
  CHECK(stored<Participation>(registry, pair.own).subject == id_text(pair.survivor));
  const auto twice = stored<Participation>(registry, pair.both_second);
  CHECK(twice.subject == id_text(pair.other));  // the survivor had that round already
  CHECK(twice.status == "exited");
  CHECK(twice.exit_reason == "duplicate");

  Person again = a_person("蒋五", kNumber);
  const Done refused = create_record(registry, kProvince, type_of<Person>(), again);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().problem.params == std::vector<std::string>{id_text(pair.survivor), "蒋**"});
  CHECK(list_duplicates(registry, kProvince, Band::No, "", 10)->pairs.empty());
}

void one_becomes_two_again(Registry& registry) {
  const Pair pair(registry);
  const auto before = whole(registry);
  merged(registry, {pair.survivor, pair.other, {"post", "phone"}, ""});
  const auto report = unmerge_people(registry, kProvince, pair.other);
  REQUIRE(report);
  CHECK(report->kept.empty());
  CHECK(report->survivor == pair.survivor);
  CHECK(report->other == pair.other);
  CHECK(whole(registry) == before);
  CHECK(list_duplicates(registry, kProvince, Band::No, "", 10)->pairs.size() == 1);
  CHECK(unmerge_people(registry, kProvince, pair.other).error().problem.reason ==
        "person.merge.absent");
}

void later_changes_are_kept(Registry& registry) {
  const Pair pair(registry);
  merged(registry, {pair.survivor, pair.other, {}, ""});
  Person person = stored<Person>(registry, pair.survivor);
  person.email = "new@example.com";  // had come from the other
  person.title = "高级工程师";
  REQUIRE(change_record(registry, kProvince, type_of<Person>(), person));
  Engagement served = stored<Engagement>(registry, pair.engagement);
  served.channel = "单位推荐";
  REQUIRE(change_record(registry, kProvince, type_of<Engagement>(), served));
  const auto report = unmerge_people(registry, kProvince, pair.survivor);
  REQUIRE(report);
  REQUIRE(report->kept.size() == 1);
  CHECK(report->kept[0].record_id == pair.survivor);
  CHECK(report->kept[0].field == "email");
  const Person survivor = stored<Person>(registry, pair.survivor);
  CHECK(survivor.email == "new@example.com");
  CHECK(survivor.title == "高级工程师");
  CHECK(survivor.expert_no.empty());
  CHECK(survivor.id_no.empty());
  const Person other = stored<Person>(registry, pair.other);
  CHECK(other.id == pair.other);
  CHECK(other.email == "jw@example.com");
  CHECK(reveal_identity(registry, kProvince, pair.other, "复核") == kNumber);
  served = stored<Engagement>(registry, pair.engagement);
  CHECK(served.person.value == pair.other);
  CHECK(served.channel == "单位推荐");
}

void both_numbers_stay_found(Registry& registry) {
  Person first = jiang_wu();
  first.birth = Date{};
  first.id_no = kNumber;
  Person second = jiang_wu();
  second.birth = Date{};
  second.id_no = kOtherNumber;
  second.sex.clear();
  const auto survivor = enter(registry, first);
  const auto other = enter(registry, second);
  const auto before = whole(registry);
  CHECK(refusal(registry, {survivor, other, {}, ""}) == "person.merge.unlike");
  for (const auto& [take, number] :
       {std::pair{std::vector<std::string>{}, kNumber},
        std::pair{std::vector<std::string>{"id_no", "birth", "sex"}, kOtherNumber}}) {
    merged(registry, {survivor, other, take, "户籍核查：一人两号"});
    CHECK(reveal_identity(registry, kProvince, survivor, "复核") == number);
    for (const char* known : {kNumber, kOtherNumber}) {
      Person again = a_person("蒋五", known);
      const Done refused = create_record(registry, kProvince, type_of<Person>(), again);
      REQUIRE_FALSE(refused);
      CHECK(refused.error().problem.reason == "person.id_no.duplicate");
      CHECK(refused.error().problem.params[0] == id_text(survivor));
    }
    REQUIRE(unmerge_people(registry, kProvince, other));
    CHECK(whole(registry) == before);
  }
}

void what_is_refused(Registry& registry) {
  const Pair pair(registry);
  const auto stranger = enter(registry, a_person("欧阳建国", ""));
  CHECK(refusal(registry, {pair.survivor, pair.survivor, {}, ""}) == "person.merge.self");
  CHECK(refusal(registry, {pair.survivor, 4711, {}, ""}) == "record.absent");
  CHECK(refusal(registry, {pair.survivor, pair.other, {"planet"}, ""}) == "person.merge.field");
  CHECK(refusal(registry, {pair.survivor, pair.other, {"status"}, ""}) == "person.merge.field");
  CHECK(refusal(registry, {pair.survivor, stranger, {}, " "}) == "person.merge.unlike");
  CHECK(refusal(registry, {pair.survivor, pair.other, {}, ""}, county_office("420107")) ==
        "record.absent");
  Person namesake = a_person("蒋五", "");
  namesake.employer = "别的单位";
  const auto by_name = enter(registry, namesake);
  CHECK(refusal(registry, {pair.survivor, by_name, {}, ""}) == "person.merge.unlike");
  CHECK(refusal(registry, {pair.survivor, by_name, {}, "本人确认"}).empty());
  CHECK(unmerge_people(registry, county_office("420107"), by_name).error().problem.reason ==
        "person.merge.absent");
  Person by_hand = stored<Person>(registry, pair.survivor);
  by_hand.status = "merged";
  CHECK_FALSE(change_record(registry, kProvince, type_of<Person>(), by_hand));
}

void merges_follow_each_other(Registry& registry) {
  std::vector<std::int64_t> people;
  for (int i = 0; i < 3; ++i) people.push_back(enter(registry, jiang_wu()));
  merged(registry, {people[0], people[1], {}, ""});
  merged(registry, {people[2], people[0], {}, ""});
  CHECK(stored<Person>(registry, people[1]).id == people[2]);
  CHECK(unmerge_people(registry, kProvince, people[1]).error().problem.reason ==
        "person.merge.later");
  REQUIRE(unmerge_people(registry, kProvince, people[0]));
  CHECK(stored<Person>(registry, people[1]).id == people[0]);
  REQUIRE(unmerge_people(registry, kProvince, people[1]));
  CHECK(stored<Person>(registry, people[1]).id == people[1]);
}

void old_ids_in_new_records_lead_on(Registry& registry) {
  const Pair pair(registry);
  merged(registry, {pair.survivor, pair.other, {}, ""});
  const auto row = enter(registry, in_program(pair.other, "第三届"));
  CHECK(stored<Participation>(registry, row).subject == id_text(pair.survivor));
}

void verdicts_go_along(Registry& registry) {
  const auto survivor = enter(registry, jiang_wu());
  const auto other = enter(registry, jiang_wu());
  const auto third = enter(registry, jiang_wu());
  REQUIRE(mark_distinct(registry, kProvince, other, third));
  merged(registry, {survivor, other, {}, ""});
  CHECK(list_duplicates(registry, kProvince, Band::No, "", 10)->pairs.empty());
}

/// Random merges, taken back in reverse order, leave everything as it was.
void undoing_all_restores_all(Registry& registry) {
  std::mt19937 random(11);
  std::vector<std::int64_t> people;
  for (int i = 0; i < 6; ++i) {
    Person person = jiang_wu();
    if (i % 2) person.expert_no = "E" + std::to_string(i);
    if (i == 2) person.id_no = kNumber;
    if (i == 3) person.email = "jw@example.com";
    people.push_back(enter(registry, person));
    for (const char* round : {"首届", "第二届"}) {
      if (random() % 2) enter(registry, in_program(people.back(), round));
    }
  }
  std::vector<std::vector<std::string>> states = {whole(registry)};
  std::vector<std::int64_t> merged_away;
  while (people.size() > 1) {
    std::shuffle(people.begin(), people.end(), random);
    const std::vector<std::string> take =
        random() % 2 ? std::vector<std::string>{"expert_no", "email"} : std::vector<std::string>{};
    merged(registry, {people[0], people.back(), take, "抽查"});
    merged_away.push_back(people.back());
    people.pop_back();
    states.push_back(whole(registry));
  }
  while (!merged_away.empty()) {
    CHECK(whole(registry) == states.back());
    const auto report = unmerge_people(registry, kProvince, merged_away.back());
    REQUIRE(report);
    CHECK(report->kept.empty());
    states.pop_back();
    merged_away.pop_back();
    CHECK(whole(registry) == states.back());
  }
}

constexpr Case<> kCases[] = {
    {"two become one", two_become_one},
    {"one becomes two again", one_becomes_two_again},
    {"later changes are kept and reported", later_changes_are_kept},
    {"both numbers stay found", both_numbers_stay_found},
    {"what is refused", what_is_refused},
    {"merges follow each other", merges_follow_each_other},
    {"old ids in new records lead on", old_ids_in_new_records_lead_on},
    {"verdicts go along", verdicts_go_along},
    {"undoing all restores all", undoing_all_restores_all},
};

}  // namespace

TEST_CASE("people merge and unmerge on SQLite", "[registry]") {
  pass_on_sqlite(kCases);
}

TEST_CASE("people merge and unmerge on MariaDB", "[registry][mariadb]") {
  pass_on_mariadb(kCases);
}
