// What protects people: reveals, approvals, erasure, holds, history, the master key.
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

#include "registry/domain/field_policy.h"
#include "registry/domain/identity.h"
#include "registry/domain/participation.h"
#include "registry/domain/text.h"
#include "registry/service/audit.h"
#include "registry/service/import_batches.h"
#include "registry/service/key_rotation.h"
#include "registry/service/merge_people.h"
#include "registry/service/person_rights.h"
#include "registry/service/records.h"
#include "registry/service/retention.h"
#include "registry/service/reveal.h"
#include "registry/service/staged_import.h"
#include "registry/service/unmasked_exports.h"
#include "tests/support/builders.h"
#include "tests/support/contract.h"
#include "tests/support/outcomes.h"

using namespace chucai;
using namespace chucai::testing;

namespace {

constexpr const char* kNumber = "420106198503010007";
constexpr const char* kOther = "422801199006151020";

std::int64_t registered(Registry& registry, const std::string& name, const std::string& number) {
  Person person = a_person(name, number);
  person.phone = "19912345678";
  REQUIRE(reason(create_record(registry, province_office(), type_of<Person>(), person)) == "");
  return person.id;
}

Person read(Registry& registry, std::int64_t id) {
  const auto found = find_record(registry, province_office(), type_of<Person>(), id_text(id));
  REQUIRE(found);
  return static_cast<const Person&>(**found);
}

std::int64_t events(Registry& registry, const std::string& action) {
  std::int64_t count = 0;
  REQUIRE(registry.database().read([&](Connection& db) -> Done {
    Statement& select = db.prepare("SELECT COUNT(*) FROM audit_event WHERE action = ?");
    select.bind_text(0, action).step();
    count = select.integer(0);
    return {};
  }));
  return count;
}

std::string bytes_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

RevealRequest reveal_of(std::int64_t person, const std::string& field = "id_no") {
  return {person, field, "核对身份", "2018-7"};
}

// ---- what both databases must do

void reveals_are_counted_and_audited(TestRegistry& registry) {
  const auto id = registered(*registry, "韩六", kNumber);
  const Principal desk{"desk", "registrar", "420106"};
  CHECK(reveal_field(*registry, desk, reveal_of(id)).value() == kNumber);
  CHECK(reveal_field(*registry, desk, reveal_of(id, "phone")).value() == "19912345678");
  CHECK(events(*registry, "reveal") == 2);
  const Principal far{"far", "registrar", "422800"};
  CHECK(reason(reveal_field(*registry, far, reveal_of(id))) == "record.absent");
  const Principal analyst{"a", "analyst", "420000"};
  CHECK(reason(reveal_field(*registry, analyst, reveal_of(id))) == "reveal.permission");
  CHECK(reason(reveal_field(*registry, desk, reveal_of(id, "name"))) == "reveal.field");
  CHECK(reason(reveal_field(*registry, desk, {id, "id_no", " ", "7"})) == "reveal.purpose");
  CHECK(reason(reveal_field(*registry, desk, {id, "id_no", kNumber, "7"})) == "reveal.purpose");
  CHECK(reason(reveal_field(*registry, desk, {id, "id_no", "x", ""})) == "reveal.case");
  CHECK(reason(reveal_field(*registry, local_operator("x"), {id, "id_no", "x", ""})) == "");
  for (std::int64_t i = 2; i < kRevealsPerDay; ++i) {
    REQUIRE(reveal_field(*registry, desk, reveal_of(id)));
  }
  CHECK(reason(reveal_field(*registry, desk, reveal_of(id))) == "reveal.quota");
  CHECK(reveal_field(*registry, {"other", "registrar", "420106"}, reveal_of(id)));
}

void an_export_in_clear_takes_two(TestRegistry& registry) {
  UnmaskedExport draft;
  draft.kind = "persons";
  draft.purpose = "兑现待遇";
  draft.case_number = "2018-7";
  const Principal asks{"asks", "registrar", "420106"};
  const Principal approves{"approves", "office_admin", "420106"};
  CHECK(reason(request_export(*registry, {"a", "analyst", "420000"}, draft)) ==
        "export.permission");
  const auto id = request_export(*registry, asks, draft);
  REQUIRE(id);
  CHECK(reason(fetch_export(*registry, asks, *id)) == "export.unapproved");
  CHECK(reason(approve_export(*registry, asks, *id)) == "export.permission");
  CHECK(reason(approve_export(*registry, {"far", "office_admin", "422800"}, *id)) ==
        "export.absent");
  CHECK(reason(approve_export(*registry, {"asks", "office_admin", "420106"}, *id)) == "export.own");
  CHECK(approve_export(*registry, approves, *id));
  CHECK(reason(approve_export(*registry, approves, *id)) == "export.approved");
  CHECK(reason(fetch_export(*registry, approves, *id)) == "export.absent");
  CHECK(fetch_export(*registry, asks, *id).value().kind == "persons");
  CHECK(reason(fetch_export(*registry, asks, *id)) == "export.fetched");
  CHECK(list_exports(*registry, approves)->size() == 1);
  CHECK(list_exports(*registry, {"far", "office_admin", "422800"})->empty());
}

void corrections_keep_their_history(TestRegistry& registry) {
  const auto id = registered(*registry, "韩六", kNumber);
  Person person = read(*registry, id);
  person.phone = "19900000001";
  person.id_no = kOther;
  person.birth = Date{1990, 6, 15};
  REQUIRE(reason(change_record(*registry, {"desk", "registrar", "420106", id}, type_of<Person>(),
                               person)) == "");
  const auto dossier = read_dossier(*registry, province_office(), id);
  REQUIRE(dossier);
  CHECK(dossier->person.id_no == kOther);
  REQUIRE(dossier->corrections.size() == 1);
  CHECK(dossier->corrections[0].before.at("phone") == "19912345678");
  CHECK(dossier->corrections[0].before.at("id_no") == kNumber);
  CHECK(dossier->corrections[0].actor == "desk for person " + id_text(id));
  CHECK(dossier->trail.size() >= 3);  // create, update, dossier
  CHECK(reason(read_dossier(*registry, {"a", "registrar", "420106"}, id)) == "rights.permission");
}

void an_erased_person_is_gone_and_stays_away(TestRegistry& registry) {
  const auto id = registered(*registry, "韩六", kNumber);
  Person person = read(*registry, id);
  person.phone = "19900000001";
  person.expert_no = "E-77";
  REQUIRE(change_record(*registry, province_office(), type_of<Person>(), person));
  Participation benefit;
  benefit.program = "INTRO_CORE";
  benefit.subject_type = "person";
  benefit.subject = id_text(id);
  benefit.region = "420106";
  benefit.note = "体检待遇丙";
  REQUIRE(reason(create_record(*registry, province_office(), type_of<Participation>(), benefit)) ==
          "");

  REQUIRE(hold_person(*registry, province_office(), id, "诉讼"));
  CHECK(reason(erase_person(*registry, province_office(), id, "本人申请")) == "person.held");
  REQUIRE(hold_person(*registry, province_office(), id, ""));
  REQUIRE(reason(erase_person(*registry, province_office(), id, "本人申请")) == "");

  const Person gone = read(*registry, id);
  CHECK(gone.name != "韩六");
  CHECK(gone.phone.empty());
  CHECK(gone.id_no.empty());
  CHECK(gone.expert_no.empty());
  CHECK(gone.region == "420106");
  const auto dossier = read_dossier(*registry, province_office(), id);
  REQUIRE(dossier);
  CHECK(dossier->corrections.empty());
  REQUIRE(dossier->records.size() == 1);
  CHECK(static_cast<const Participation&>(*dossier->records[0].second).note.empty());

  Person again = a_person("韩六", kNumber);
  CHECK(reason(create_record(*registry, province_office(), type_of<Person>(), again)) ==
        "person.erased");
  Person by_number = a_person("韩六", "");
  by_number.expert_no = "E-77";
  CHECK(reason(create_record(*registry, province_office(), type_of<Person>(), by_number)) ==
        "person.erased");
  CHECK_FALSE(verify_trail(*registry)->first_bad);
}

void erasing_reaches_what_was_merged(TestRegistry& registry) {
  const auto id = registered(*registry, "韩六", kNumber);
  const auto other = registered(*registry, "韩六", "");
  MergeRequest request;
  request.survivor = id;
  request.other = other;
  request.reason = "同一人";
  REQUIRE(reason(merge_people(*registry, province_office(), request)) == "");
  REQUIRE(reason(erase_person(*registry, province_office(), id, "本人申请")) == "");
  REQUIRE(registry->database().read([&](Connection& db) -> Done {
    for (const char* sql : {"SELECT COUNT(*) FROM person WHERE name = '韩六'",
                            "SELECT COUNT(*) FROM person WHERE phone = '19912345678'",
                            "SELECT COUNT(*) FROM person_merge WHERE survivor_before <> ''"}) {
      Statement& count = db.prepare(sql);
      REQUIRE(count.step());
      CHECK(count.integer(0) == 0);
      count.reset();
    }
    return {};
  }));
}

void a_rotation_goes_on_after_a_kill(TestRegistry& registry) {
  std::vector<std::int64_t> people;
  const char* const numbers[] = {kNumber, kOther, "429004197812043334", "420321197001012010"};
  for (const char* number : numbers) people.push_back(registered(*registry, "韩六", number));
  const auto old_keys = load_master_keys(registry->key_file());
  REQUIRE(old_keys);
  // A server that runs on with the key it started with.
  const auto beside = Registry::open(registry.options());
  REQUIRE(beside);

  const pid_t child = ::fork();
  if (child == 0) {
    const auto opened = Registry::open(registry.options());
    if (!opened) ::_exit(1);
    // The first batch of two is committed; then the process dies.
    (void)replace_master_keys((*opened)->key_file(),
                              {SecretKey(random_bytes(32)), old_keys->base, old_keys->current});
    (*opened)->vault().refresh();
    (void)(*opened)->database().write([&](Connection& db) -> Done {
      const auto keys = stored_keys(db, 0, 2);
      for (const StoredKey& key : keys) {
        const auto wrapped = (*opened)->vault().rewrapped(key.wrapped, "person", key.person);
        if (wrapped) replace_key(db, key, *wrapped);
      }
      return {};
    });
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  registry.reopen();
  const auto all_open = [&](Registry& with) {
    for (std::size_t i = 0; i < people.size(); ++i) {
      CHECK(reveal_field(with, local_operator("t"), reveal_of(people[i])).value_or("?") ==
            numbers[i]);
    }
  };
  all_open(*registry);  // both keys are accepted
  all_open(**beside);

  const auto done = rotate_keys(*registry, local_operator("t"), 1);
  REQUIRE(done);
  CHECK(*done == 2);
  const auto keys = load_master_keys(registry->key_file());
  REQUIRE(keys);
  CHECK_FALSE(keys->previous);
  CHECK(keys->current.bytes() != old_keys->current.bytes());
  CHECK(keys->base.bytes() == old_keys->base.bytes());
  all_open(*registry);
  all_open(**beside);
  // The old server registers somebody: under the new key, found by the same blind index.
  Person late = a_person("何七", "11010519491231002X");
  REQUIRE(reason(create_record(**beside, province_office(), type_of<Person>(), late)) == "");
  Person twice = a_person("何七", "11010519491231002X");
  CHECK(reason(create_record(*registry, province_office(), type_of<Person>(), twice)) ==
        "person.id_no.duplicate");
  registry.reopen();
  CHECK(reveal_field(*registry, local_operator("t"), reveal_of(late.id)).value_or("?") ==
        "11010519491231002X");
  // A copy of the key file from before the rotation opens nothing, and says so.
  const std::string kept = bytes_of(registry->key_file());
  REQUIRE(replace_master_keys(registry->key_file(), *old_keys));
  CHECK(reason(Registry::open(registry.options())) == "registry.wrong_key");
  std::ofstream(registry->key_file(), std::ios::trunc) << kept;
  CHECK(Registry::open(registry.options()));
  CHECK_FALSE(verify_trail(*registry)->first_bad);
}

constexpr Case<TestRegistry> kCases[] = {
    {"reveals are counted and audited", reveals_are_counted_and_audited},
    {"an export in clear takes two", an_export_in_clear_takes_two},
    {"corrections keep their history", corrections_keep_their_history},
    {"an erased person is gone and stays away", an_erased_person_is_gone_and_stays_away},
    {"erasing reaches what was merged", erasing_reaches_what_was_merged},
    {"a rotation goes on after a kill", a_rotation_goes_on_after_a_kill},
};

}  // namespace

TEST_CASE("what protects people holds on SQLite", "[privacy]") {
  pass_on_sqlite(kCases);
}

TEST_CASE("what protects people holds on MariaDB", "[privacy][mariadb]") {
  pass_on_mariadb(kCases);
}

TEST_CASE("retention is tried first, and spares who is on hold", "[privacy]") {
  TestRegistry registry;
  const auto leave = [&](const std::string& name, const std::string& number) {
    const auto id = registered(*registry, name, number);
    Person person = read(*registry, id);
    person.status = "exited";
    REQUIRE(reason(change_record(*registry, province_office(), type_of<Person>(), person)) == "");
    return id;
  };
  const auto gone = leave("韩六", kNumber);
  const auto held = leave("何七", kOther);
  REQUIRE(hold_person(*registry, province_office(), held, "诉讼"));
  const auto rule = [](const std::vector<RetentionLine>& lines) { return lines.at(0); };
  auto lines = apply_retention(*registry, province_office(), RetentionMode::DryRun);
  REQUIRE(lines);
  CHECK(rule(*lines).due == 0);
  // Eleven years later.
  REQUIRE(registry->database().write([](Connection& db) -> Done {
    db.execute("UPDATE status_log SET at = at - 347000000000000");
    return {};
  }));
  lines = apply_retention(*registry, province_office(), RetentionMode::DryRun);
  REQUIRE(lines);
  CHECK(rule(*lines).due == 2);
  CHECK(rule(*lines).held == 1);
  CHECK(rule(*lines).done == 0);
  CHECK(read(*registry, gone).name == "韩六");
  lines = apply_retention(*registry, province_office(), RetentionMode::Apply);
  REQUIRE(lines);
  CHECK(rule(*lines).done == 1);
  CHECK(read(*registry, gone).name != "韩六");
  CHECK(read(*registry, held).name == "何七");
}

TEST_CASE("a staged import that nobody applied is swept away", "[privacy]") {
  TestRegistry registry;
  ImportBatch header;
  header.kind = "persons";
  header.file_digest = "d1";
  BatchStager stage(*registry, province_office(), type_of<Person>(), header);
  REQUIRE(stage.add({2, std::make_unique<Person>(a_person("韩六", kNumber))}));
  REQUIRE(stage.finish());
  const auto line = [&](RetentionMode mode) {
    const auto lines = apply_retention(*registry, province_office(), mode);
    REQUIRE(lines);
    const auto at = std::find_if(lines->begin(), lines->end(), [](const RetentionLine& one) {
      return one.rule == "abandoned_imports";
    });
    REQUIRE(at != lines->end());
    return *at;
  };
  CHECK(line(RetentionMode::Apply).due == 0);
  // Two months later.
  REQUIRE(registry->database().write([](Connection& db) -> Done {
    db.execute("UPDATE import_batch SET created_at = created_at - 5270400000000");
    return {};
  }));
  CHECK(line(RetentionMode::DryRun).due == 1);
  CHECK(list_import_batches(*registry, province_office())->size() == 1);
  CHECK(line(RetentionMode::Apply).done == 1);
  CHECK(list_import_batches(*registry, province_office())->empty());
}

TEST_CASE("a sealed number opens in its own row only", "[privacy]") {
  TestRegistry registry;
  const auto first = registered(*registry, "韩六", kNumber);
  const auto second = registered(*registry, "何七", kOther);
  const auto exchange = [&](const char* columns) {
    REQUIRE(registry->database().write([&](Connection& db) -> Done {
      db.execute("CREATE TEMP TABLE kept AS SELECT * FROM person");
      for (const auto& [to, from] : {std::pair(first, second), std::pair(second, first)}) {
        db.execute("UPDATE person SET (" + std::string(columns) + ") = (SELECT " + columns +
                   " FROM kept WHERE id = " + std::to_string(from) +
                   ") WHERE id = " + std::to_string(to));
      }
      db.execute("DROP TABLE kept");
      return {};
    }));
  };
  exchange("id_no_sealed");
  CHECK(reason(reveal_field(*registry, local_operator("t"), reveal_of(first))) == "crypto.open");
  exchange("data_key");  // now key and number of the other one
  CHECK(reason(reveal_field(*registry, local_operator("t"), reveal_of(first))) == "crypto.open");
}

TEST_CASE("the audit trail names nobody", "[privacy]") {
  TestRegistry registry;
  const auto id = registered(*registry, "韩六", kNumber);
  Person person = read(*registry, id);
  person.phone = "19900000001";
  person.email = "sentinel@example.org";
  REQUIRE(change_record(*registry, province_office(), type_of<Person>(), person));
  REQUIRE(reveal_field(*registry, province_office(), reveal_of(id)));
  REQUIRE(read_dossier(*registry, province_office(), id));
  REQUIRE(erase_person(*registry, province_office(), id, "本人申请"));
  std::string all;
  REQUIRE(registry->database().read([&](Connection& db) -> Done {
    Statement& select =
        db.prepare("SELECT actor, role, action, record_type, detail, hash, mac FROM audit_event");
    while (select.step()) {
      for (int column = 0; column < 7; ++column) all.append(select.view(column)).append("\n");
    }
    return {};
  }));
  all += bytes_of(registry->checkpoint_file());
  CHECK(all.find("reveal") != std::string::npos);
  for (const char* secret :
       {"韩六", kNumber, "19850301", "19912345678", "19900000001", "sentinel@example.org"}) {
    INFO(secret);
    CHECK(all.find(secret) == std::string::npos);
  }
}

// ---- the field policy

TEST_CASE("unknown roles see nothing, and nobody sees a number without a reveal", "[policy]") {
  for (const Field& field : type_of<Person>().fields) {
    INFO(field.name);
    CHECK(Viewer{"king"}.sees(field) == Show::Absent);
    CHECK(Viewer{""}.sees(field) == Show::Absent);
  }
  CHECK_FALSE(Viewer{"king"}.sees_extra());
  // Nor do the columns of an office show what the role sees masked.
  for (const char* text : {"027-8765 4321", "13900000000/13900000001", "a@example.com"}) {
    CHECK(shown_extra(Viewer{"analyst"}, text) == kHiddenExtra);
    CHECK(shown_extra(Viewer{"office_admin"}, text) == text);
    CHECK(shown_extra(Viewer{"analyst", Place::Within, true}, text) == text);
  }
  CHECK(shown_extra(Viewer{"analyst"}, "2018-06-30") == "2018-06-30");
  const Field& number = *type_of<Person>().field("id_no");
  for (const char* role :
       {"province_admin", "office_admin", "registrar", "reviewer", "requester", "liaison_officer",
        "analyst", "auditor", "expert_self", "service_account", "local_operator"}) {
    INFO(role);
    CHECK(Viewer{role}.sees(number) != Show::Full);
    CHECK(Viewer{role, Place::Elsewhere}.sees(number) == Show::Absent);
    CHECK(Viewer{role, Place::Elsewhere}.sees(*type_of<Person>().field("phone")) == Show::Absent);
    CHECK(Viewer{role}.sees(*type_of<Person>().field("title_grade")) == Show::Full);
    for (const Field& field : type_of<Person>().fields) {
      CHECK(Viewer{role, Place::Elsewhere}.sees(field) <= Viewer{role}.sees(field));
    }
  }
}

TEST_CASE("a mask leaves at least 500 candidates", "[policy]") {
  const auto field = [](const char* name) { return *type_of<Person>().field(name); };
  const auto candidates = [&](const Field& one, const std::string& text,
                              const std::vector<std::string>& population) {
    const std::string mask = masked_text(one, text);
    return std::count_if(population.begin(), population.end(),
                         [&](const std::string& other) { return masked_text(one, other) == mask; });
  };
  // Numbers of one county, birth and sex, all of which other fields may show.
  std::vector<std::string> numbers;
  for (int sequence = 0; sequence < 1000; sequence += 2) {
    const std::string seventeen = "42010619850301" + std::to_string(1000 + sequence).substr(1);
    for (const char check : std::string("0123456789X")) {
      if (check_resident_id(seventeen + check)) numbers.push_back(seventeen + check);
    }
  }
  REQUIRE(numbers.size() == 500);
  CHECK(candidates(field("id_no"), numbers[7], numbers) == 500);

  std::mt19937 random(7);
  std::vector<std::string> phones;
  std::vector<std::string> mails;
  std::vector<std::string> names;
  std::vector<std::string> births;
  for (int i = 0; i < 1000; ++i) {
    phones.push_back("199" + std::to_string(10'000'000 + random() % 90'000'000));
    mails.push_back("u" + std::to_string(random()) + "@unit" + std::to_string(i) + ".example");
  }
  const std::string characters = "一丁万三上下世中丰临丹主久义之乐九习书云井亚交京人仁今";
  for (std::size_t at = 0; at < characters.size();) {
    const std::size_t from = at;
    next_code_point(characters, at);
    const std::string one = characters.substr(from, at - from);
    for (std::size_t second = 0; second < characters.size();) {
      const std::size_t start = second;
      next_code_point(characters, second);
      names.push_back("沈" + one + characters.substr(start, second - start));
    }
  }
  for (int year = 1980; year < 1990; ++year) {
    for (int month = 1; month <= 12; ++month) {
      for (int day = 1; day <= 28; ++day) {
        births.push_back(
            to_text(Date{static_cast<std::int16_t>(year), static_cast<std::int8_t>(month),
                         static_cast<std::int8_t>(day)}));
      }
    }
  }
  CHECK(candidates(field("phone"), phones[3], phones) >= 500);
  CHECK(candidates(field("email"), mails[3], mails) >= 500);
  CHECK(candidates(field("name"), names[3], names) >= 500);
  CHECK(candidates(field("birth"), births[3], births) >= 500);
  CHECK(masked_text(field("name"), "沈") == "**");
  CHECK(masked_text(field("phone"), "110") == "***");
  CHECK(masked_text(field("phone"), "").empty());
}
