// What every database must give the use cases. Each case gets a fresh register of the database
// under test; run once per database in registry_test.cpp.
#pragma once

#include <algorithm>
#include <catch2/catch.hpp>
#include <thread>

#include "registry/domain/assessment.h"
#include "registry/domain/engagement.h"
#include "registry/domain/fund_entry.h"
#include "registry/domain/link.h"
#include "registry/domain/organization.h"
#include "registry/domain/participation.h"
#include "registry/domain/program.h"
#include "registry/domain/project.h"
#include "registry/domain/work.h"
#include "registry/service/audit.h"
#include "registry/service/filters.h"
#include "registry/service/import_batches.h"
#include "registry/service/plans.h"
#include "registry/service/records.h"
#include "registry/service/reveal.h"
#include "registry/service/staged_import.h"
#include "registry/service/tokens.h"
#include "tests/support/builders.h"
#include "tests/support/contract.h"

namespace chucai::testing {

inline std::int64_t created(Registry& registry, const Principal& principal, const RecordType& type,
                            Record& draft) {
  const Done done = create_record(registry, principal, type, draft);
  if (!done) {
    INFO(done.error().problem.reason << " " << done.error().cause);
    for (const Problem& problem : done.error().details)
      UNSCOPED_INFO(problem.where << " " << problem.reason);
    REQUIRE(done);
  }
  return draft.id;
}

template <class R>
R found(Registry& registry, const Principal& principal, std::int64_t id) {
  const auto record = find_record(registry, principal, type_of<R>(), id_text(id));
  REQUIRE(record);
  return static_cast<const R&>(**record);
}

inline void records_round_trip(Registry& registry) {
  Person person = a_person("张三丰", "420106198503010007");
  person.research = {"茶叶病害", "绿色防控"};
  person.languages = {"en", "kk"};
  person.days_per_year = 10;
  person.extra = {{"工种", "焊工\t高级"}, {"备注二", "一\n二"}};
  const auto id = created(registry, province_office(), type_of<Person>(), person);
  const Person stored = found<Person>(registry, province_office(), id);
  CHECK(stored.name == "张三丰");
  CHECK(stored.birth == Date{1985, 3, 1});
  CHECK(stored.sex == "2");
  CHECK(stored.research == person.research);
  CHECK(stored.languages == person.languages);
  CHECK(stored.days_per_year == 10);
  CHECK(stored.extra == person.extra);
  CHECK(stored.status == "active");
  CHECK(stored.version == 1);
}

inline void what_programmes_leave_behind_round_trips(Registry& registry) {
  const Principal office = province_office();
  Person lead = a_person("沈茶山", "420106198503010007");
  created(registry, office, type_of<Person>(), lead);
  Project project;
  project.number = "P1";
  project.name = "茶叶加工示范";
  project.program = "MAJOR_PROJECT_TRACK";
  project.lead = id_of(lead);
  project.region = "422825";
  project.budget_fen = 1'234'567'89;
  project.milestones = {"中期检查|2018-06-30|done|2018-06-21", "验收"};
  const auto project_id = created(registry, office, type_of<Project>(), project);
  const auto stored = found<Project>(registry, office, project_id);
  CHECK(stored.milestones ==
        std::vector<std::string>{"中期检查 | 2018-06-30 | done | 2018-06-21", "验收"});
  CHECK(stored.status == "on_track");
  CHECK(stored.lead == id_of(lead));

  FundEntry entry;
  entry.program = "FUND_METHOD";
  entry.type = "disbursement";
  entry.amount_fen = 5'000'000;
  entry.on = Date{2018, 3, 0};
  const auto entry_id = created(registry, office, type_of<FundEntry>(), entry);
  CHECK(found<FundEntry>(registry, office, entry_id).on == Date{2018, 3, 0});
  FundEntry twice = entry;
  CHECK(create_record(registry, office, type_of<FundEntry>(), twice).error().problem.reason ==
        "record.exists");

  Assessment assessment;
  assessment.subject_type = "project";
  assessment.subject = id_text(project_id);
  assessment.scheme = "MAJOR_PROJECT_TRACK";
  assessment.period = "2018";
  assessment.score_hundredths = 9'250;
  const auto assessment_id = created(registry, office, type_of<Assessment>(), assessment);
  CHECK(found<Assessment>(registry, office, assessment_id).region == "422825");

  Link link;
  link.from_type = "program";
  link.from = "THREE_AREAS";
  link.relation = "merged_into";
  link.to_type = "program";
  link.to = "RURAL_REVIVAL";
  const auto link_id = created(registry, office, type_of<Link>(), link);
  CHECK(found<Link>(registry, office, link_id).to == "RURAL_REVIVAL");

  Work work;
  work.person = id_of(lead);
  work.title = "茶小绿叶蝉的绿色防控";
  work.authors = {"E2", "E3"};
  const auto work_id = created(registry, office, type_of<Work>(), work);
  CHECK(found<Work>(registry, office, work_id).region == "420106");
}

inline void what_a_party_names_must_exist(Registry& registry) {
  Link link;
  link.from_type = "person";
  link.from = id_text(7);
  link.relation = "serves";
  link.to_type = "industry";
  link.to = "9999";
  const auto reasons = [&] {
    std::vector<std::string> found;
    const Done done = create_record(registry, province_office(), type_of<Link>(), link);
    REQUIRE_FALSE(done);
    for (const Problem& problem : done.error().details) {
      found.push_back(problem.where + " " + problem.reason);
    }
    return found;
  };
  CHECK(reasons() == std::vector<std::string>{"to field.code.unknown"});
  link.to = "01";
  CHECK(reasons() == std::vector<std::string>{"from reference.record"});
  link.from_type = "program";
  link.from = "NONE";
  CHECK(reasons() == std::vector<std::string>{"from reference.record"});
}

inline void a_rounds_label_says_its_ordinal(Registry& registry) {
  Round round;
  round.program = "DOCTOR_CORPS";
  round.label = "第七批";
  const auto id = created(registry, province_office(), type_of<Round>(), round);
  CHECK(found<Round>(registry, province_office(), id).ordinal == 7);
}

inline void identity_is_sealed_and_found(Registry& registry) {
  Person person = a_person("李四", "422801199006151020");
  const auto id = created(registry, province_office(), type_of<Person>(), person);
  CHECK(found<Person>(registry, province_office(), id).id_no == "422***************");
  const auto number = reveal_identity(registry, province_office(), id, "核对 case 7");
  REQUIRE(number);
  CHECK(*number == "422801199006151020");
  CHECK(reveal_identity(registry, province_office(), id, " ").error().problem.reason ==
        "reveal.purpose");
}

inline void one_number_once(Registry& registry) {
  Person first = a_person("王五", "429004197812043334");
  first.region = "429004";
  created(registry, province_office(), type_of<Person>(), first);
  Person again = a_person("王武", "４２９００４１９７８１２０４３３３４");
  const Done in_scope = create_record(registry, province_office(), type_of<Person>(), again);
  REQUIRE_FALSE(in_scope);
  CHECK(in_scope.error().problem.reason == "person.id_no.duplicate");
  CHECK(in_scope.error().problem.params == std::vector<std::string>{id_text(first.id), "王**"});
  Person elsewhere = a_person("王武", "429004197812043334");
  elsewhere.region = "420106";
  const Done out_of_scope =
      create_record(registry, county_office("420106"), type_of<Person>(), elsewhere);
  REQUIRE_FALSE(out_of_scope);
  CHECK(out_of_scope.error().problem.reason == "person.id_no.registered");
  CHECK(out_of_scope.error().problem.params.empty());
}

inline void out_of_scope_is_absent(Registry& registry) {
  Person person = a_person("赵六", "420321197001012010");
  person.region = "420304";
  const auto id = created(registry, county_office("420304"), type_of<Person>(), person);
  CHECK(found<Person>(registry, county_office("420300"), id).name == "赵六");
  const auto hidden =
      find_record(registry, county_office("420106"), type_of<Person>(), id_text(id));
  REQUIRE_FALSE(hidden);
  CHECK(hidden.error().code == ErrorCode::NotFound);
  const auto page = list_records(registry, county_office("420106"), type_of<Person>(), {});
  REQUIRE(page);
  CHECK(page->records.empty());
  Person foreign = a_person("钱七", "");
  foreign.region = "420304";
  const Done refused = create_record(registry, county_office("420106"), type_of<Person>(), foreign);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().problem.reason == "record.out_of_scope");
}

inline void a_change_needs_the_version_that_was_read(Registry& registry) {
  Person person = a_person("孙八", "");
  const auto id = created(registry, province_office(), type_of<Person>(), person);
  Person mine = found<Person>(registry, province_office(), id);
  Person theirs = mine;
  mine.post = "站长";
  REQUIRE(change_record(registry, province_office(), type_of<Person>(), mine));
  CHECK(mine.version == 2);
  theirs.post = "副站长";
  const Done stale = change_record(registry, province_office(), type_of<Person>(), theirs);
  REQUIRE_FALSE(stale);
  CHECK(stale.error().problem.reason == "record.version");
  CHECK(found<Person>(registry, province_office(), id).post == "站长");
}

inline void a_change_keeps_the_sealed_number(Registry& registry) {
  Person person = a_person("周九", "420106198503010007");
  const auto id = created(registry, province_office(), type_of<Person>(), person);
  Person read = found<Person>(registry, province_office(), id);
  read.post = "主任";
  REQUIRE(change_record(registry, province_office(), type_of<Person>(), read));
  CHECK(reveal_identity(registry, province_office(), id, "复核") == "420106198503010007");
}

inline void references_must_exist(Registry& registry) {
  Need need = a_need("N1");
  need.program = "NO_SUCH_PROGRAM";
  const Done refused = create_record(registry, province_office(), type_of<Need>(), need);
  REQUIRE_FALSE(refused);
  REQUIRE(refused.error().details.size() == 1);
  CHECK(refused.error().details[0] == Problem{"reference.program", "program", {}});
  need.program = "RURAL_REVIVAL";
  created(registry, province_office(), type_of<Need>(), need);
  Engagement engagement;
  engagement.number = "B1";
  engagement.need = id_of(need);
  engagement.person = PersonId{4711};
  const Done dangling =
      create_record(registry, province_office(), type_of<Engagement>(), engagement);
  REQUIRE_FALSE(dangling);
  CHECK(dangling.error().details[0].where == "person");
}

inline void a_page_starts_where_the_last_one_ended(Registry& registry) {
  for (int i = 0; i < 7; ++i) {
    Need need = a_need("N" + std::to_string(i));
    need.region = i % 2 ? "420106" : "421088";
    created(registry, province_office(), type_of<Need>(), need);
  }
  PageRequest request{{}, 0, 3};
  std::vector<std::string> numbers;
  while (true) {
    const auto page = list_records(registry, province_office(), type_of<Need>(), request);
    REQUIRE(page);
    for (const auto& record : page->records) {
      numbers.push_back(static_cast<const Need&>(*record).number);
    }
    if (page->next_after == 0) break;
    request.after = page->next_after;
  }
  CHECK(numbers == std::vector<std::string>{"N0", "N1", "N2", "N3", "N4", "N5", "N6"});
  const auto region = make_filter(registry.codes(), type_of<Need>(), "region", "421000");
  REQUIRE(region);
  request = {{*region}, 0, 50};
  const auto city = list_records(registry, province_office(), type_of<Need>(), request);
  REQUIRE(city);
  CHECK(city->records.size() == 4);
}

// Oracle: everybody in order of id, those within the scope and the filter kept.
inline void pages_of_every_scope_equal_a_scan(Registry& registry) {
  const std::vector<std::string> places = {"420106", "420106001", "420106007", "420100",
                                           "420000", "420107",    "429004",    "422825"};
  std::vector<std::pair<std::int64_t, std::string>> all;  // id and region
  for (int i = 0; i < 40; ++i) {
    Need need = a_need("N" + std::to_string(i));
    need.region = places[static_cast<std::size_t>(i * 7) % places.size()];
    need.status = i % 3 == 0 ? "accepted" : "draft";
    all.emplace_back(created(registry, province_office(), type_of<Need>(), need), need.region);
  }
  const auto within = [](const std::string& region, const std::string& ancestor) {
    const CodeRange range = subtree(ancestor);
    return region >= range.from && region < range.below;
  };
  for (const std::string& scope : places) {
    for (const std::string& wanted : {std::string(), places[0], places[3], places[6]}) {
      INFO(scope << " " << wanted);
      PageRequest request{{}, 0, 3};
      if (!wanted.empty()) {
        request.filters.push_back(
            *make_filter(registry.codes(), type_of<Need>(), "region", wanted));
      }
      std::vector<std::int64_t> expected;
      for (const auto& [id, region] : all) {
        if (within(region, scope) && (wanted.empty() || within(region, wanted))) {
          expected.push_back(id);
        }
      }
      std::vector<std::int64_t> paged;
      do {
        const auto page = list_records(registry, county_office(scope), type_of<Need>(), request);
        REQUIRE(page);
        for (const auto& record : page->records) paged.push_back(record->id);
        request.after = page->next_after;
      } while (request.after != 0);
      CHECK(paged == expected);
    }
  }
}

inline void a_batch_applies_whole_and_is_undone(Registry& registry) {
  Person old = a_person("吴十", "420106198503010007");
  const auto old_id = created(registry, province_office(), type_of<Person>(), old);
  std::vector<StagedRow> rows;
  auto changed = std::make_unique<Person>(found<Person>(registry, province_office(), old_id));
  changed->post = "校长";
  changed->id_no = "422801199006151020";
  changed->birth = Date{1990, 6, 15};
  rows.push_back({3, std::move(changed)});
  rows.push_back({4, std::make_unique<Person>(a_person("郑一", "429004197812043334"))});
  ImportBatch header;
  header.kind = "persons";
  header.mode = "upsert";
  header.counts = {2, 1, 1, 0, 0, 0, 0};
  const auto batch =
      apply_batch(registry, province_office(), type_of<Person>(), header, std::move(rows));
  REQUIRE(batch);
  CHECK(found<Person>(registry, province_office(), old_id).post == "校长");
  CHECK(reveal_identity(registry, province_office(), old_id, "复核") == "422801199006151020");
  CHECK(list_records(registry, province_office(), type_of<Person>(), {})->records.size() == 2);
  const auto undone = undo_batch(registry, province_office(), *batch);
  REQUIRE(undone);
  CHECK(undone->removed == 1);
  CHECK(undone->restored == 1);
  CHECK(found<Person>(registry, province_office(), old_id).post.empty());
  CHECK(reveal_identity(registry, province_office(), old_id, "复核") == "420106198503010007");
  CHECK(undo_batch(registry, province_office(), *batch).error().problem.reason ==
        "import.batch.undone");
}

inline void a_bad_row_leaves_no_half_batch(Registry& registry) {
  std::vector<StagedRow> rows;
  rows.push_back({2, std::make_unique<Person>(a_person("冯二", "420106198503010007"))});
  rows.push_back({3, std::make_unique<Person>(a_person("冯三", "420106198503010007"))});
  const auto batch =
      apply_batch(registry, province_office(), type_of<Person>(), {}, std::move(rows));
  REQUIRE_FALSE(batch);
  CHECK(list_records(registry, province_office(), type_of<Person>(), {})->records.empty());
  CHECK(list_import_batches(registry, province_office())->empty());
}

inline void undo_keeps_what_was_changed_since(Registry& registry) {
  std::vector<StagedRow> rows;
  rows.push_back({2, std::make_unique<Person>(a_person("陈三", ""))});
  const auto batch =
      apply_batch(registry, province_office(), type_of<Person>(), {}, std::move(rows));
  REQUIRE(batch);
  Person later = static_cast<const Person&>(
      *list_records(registry, province_office(), type_of<Person>(), {})->records.at(0));
  later.post = "处长";
  REQUIRE(change_record(registry, province_office(), type_of<Person>(), later));
  const auto undone = undo_batch(registry, province_office(), *batch);
  REQUIRE(undone);
  CHECK(undone->kept_rows == std::vector<std::int64_t>{2});
  CHECK(found<Person>(registry, province_office(), later.id).post == "处长");
}

inline void a_plan_is_adopted_once(Registry& registry) {
  Person expert = a_person("褚四", "420106198503010007");
  expert.expert_no = "E1";
  created(registry, province_office(), type_of<Person>(), expert);
  Need need = a_need("N1");
  created(registry, province_office(), type_of<Need>(), need);
  Plan plan;
  plan.year = 2018;
  plan.seats = {{need.id, expert.id, 8000}};
  plan.shortages = {{need.id, 1, "shortage.none", "x"}};
  CHECK(keep_plan(registry, province_office(), plan).error().problem.reason == "plan.unverified");
  plan.verified = true;
  const auto kept = keep_plan(registry, province_office(), plan);
  REQUIRE(kept);
  REQUIRE(adopt_plan(registry, province_office(), *kept));
  const auto read = find_plan(registry, province_office(), *kept);
  REQUIRE(read);
  CHECK(read->status == "adopted");
  CHECK(read->seats.size() == 1);
  CHECK(read->shortages.size() == 1);
  const auto offers = list_records(registry, province_office(), type_of<Engagement>(), {});
  REQUIRE(offers);
  REQUIRE(offers->records.size() == 1);
  CHECK(static_cast<const Engagement&>(*offers->records[0]).status == "offered");
  CHECK(adopt_plan(registry, province_office(), *kept).error().problem.reason == "plan.status");
}

inline void tokens_say_who_asks(Registry& registry) {
  const auto token = add_token(registry, province_office(), "county desk", "registrar", "420106",
                               Date{2018, 12, 31});
  REQUIRE(token);
  const auto principal = authenticate(registry, *token);
  REQUIRE(principal);
  CHECK(principal->role == "registrar");
  CHECK(principal->region == "420106");
  CHECK(authenticate(registry, *token + "0").error().code == ErrorCode::Unauthenticated);
  const auto beyond =
      add_token(registry, county_office("420106"), "x", "registrar", "420100", Date{2018, 12, 31});
  REQUIRE_FALSE(beyond);
  CHECK(beyond.error().code == ErrorCode::PermissionDenied);
}

inline void the_audit_chain_is_whole(Registry& registry) {
  for (int i = 0; i < 5; ++i) {
    Need need = a_need("N" + std::to_string(i));
    created(registry, province_office(), type_of<Need>(), need);
  }
  const auto report = [&] {
    const auto result = verify_trail(registry);
    REQUIRE(result);
    return *result;
  };
  CHECK(report().events >= 5 + 81);
  CHECK_FALSE(report().first_bad);
  REQUIRE(registry.database().write([](Connection& db) -> Done {
    db.execute("UPDATE audit_event SET actor = 'nobody' WHERE seq = 2 AND action = 'create'");
    return {};
  }));
  REQUIRE(report().first_bad);
  CHECK(report().first_bad->kind == Tamper::Edit);
  CHECK(report().first_bad->sequence == 2);
}

// Half of the racers sit in each of two counties: who lost to the own county learns the record and
// its masked name, who lost to the other county learns nothing.
inline void racing_registrations_have_one_winner(Registry& registry) {
  constexpr int kRacers = 50;
  struct Outcome {
    std::int64_t won = 0;  ///< id of the record; 0: lost
    Problem told;
  };
  std::vector<Outcome> outcomes(kRacers);
  std::vector<std::thread> threads;
  const auto county_of = [](int racer) { return racer % 2 ? "420106" : "422825"; };
  for (int i = 0; i < kRacers; ++i) {
    threads.emplace_back([&, i] {
      Person person = a_person("蒋五", "420106198503010007");
      person.region = county_of(i);
      const Done done =
          create_record(registry, county_office(county_of(i)), type_of<Person>(), person);
      if (done) {
        outcomes[static_cast<std::size_t>(i)].won = person.id;
      } else {
        outcomes[static_cast<std::size_t>(i)].told = done.error().problem;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const auto winner = std::find_if(outcomes.begin(), outcomes.end(),
                                   [](const Outcome& outcome) { return outcome.won != 0; });
  REQUIRE(winner != outcomes.end());
  const std::string county = county_of(static_cast<int>(winner - outcomes.begin()));
  for (int i = 0; i < kRacers; ++i) {
    const Outcome& outcome = outcomes[static_cast<std::size_t>(i)];
    if (&outcome == &*winner) continue;
    CHECK(outcome.won == 0);
    CHECK(outcome.told ==
          (county == county_of(i)
               ? Problem{"person.id_no.duplicate", "id_no", {id_text(winner->won), "蒋**"}}
               : Problem{"person.id_no.registered", "id_no", {}}));
  }
  CHECK(list_records(registry, province_office(), type_of<Person>(), {})->records.size() == 1);
}

/// Every case of the contract, by name.
inline constexpr Case<> kRegistryContract[] = {
    {"records round trip", records_round_trip},
    {"what programmes leave behind round trips", what_programmes_leave_behind_round_trips},
    {"what a party names must exist", what_a_party_names_must_exist},
    {"a round's label says its ordinal", a_rounds_label_says_its_ordinal},
    {"identity numbers are sealed and found", identity_is_sealed_and_found},
    {"one number once", one_number_once},
    {"out of scope is absent", out_of_scope_is_absent},
    {"a change needs the version that was read", a_change_needs_the_version_that_was_read},
    {"a change keeps the sealed number", a_change_keeps_the_sealed_number},
    {"references must exist", references_must_exist},
    {"a page starts where the last one ended", a_page_starts_where_the_last_one_ended},
    {"pages of every scope equal a scan", pages_of_every_scope_equal_a_scan},
    {"a batch applies whole and is undone", a_batch_applies_whole_and_is_undone},
    {"a bad row leaves no half batch", a_bad_row_leaves_no_half_batch},
    {"undo keeps what was changed since", undo_keeps_what_was_changed_since},
    {"a plan is adopted once", a_plan_is_adopted_once},
    {"tokens say who asks", tokens_say_who_asks},
    {"the audit chain is whole", the_audit_chain_is_whole},
    {"racing registrations have one winner", racing_registrations_have_one_winner},
};

}  // namespace chucai::testing
