// Lifecycles in the use cases: who may make a step, what it needs, what the log then says. Each
// case gets a fresh register of the database under test; run once per database in
// registry_test.cpp.
#pragma once

#include <filesystem>
#include <fstream>
#include <random>

#include "registry/domain/document.h"
#include "registry/domain/engagement.h"
#include "registry/domain/fund_entry.h"
#include "registry/service/coverage_report.h"
#include "registry/service/documents.h"
#include "registry/service/own_records.h"
#include "registry/service/reviews.h"
#include "registry/service/tokens.h"
#include "registry/storage/trail_stores.h"
#include "tests/registry/contracts/registry_contract.h"

namespace chucai::testing {

inline Principal somebody(const char* actor, const char* role) {
  return {actor, role, "420000"};
}

inline Participation a_participation(Registry& registry, const char* program, const char* status) {
  Person person = a_person("沈茶山", "420106198503010007");
  const auto known = list_records(registry, province_office(), type_of<Person>(), {});
  const bool first = known->records.empty();
  Participation participation;
  participation.program = program;
  participation.subject_type = "person";
  participation.subject =
      id_text(first ? created(registry, province_office(), type_of<Person>(), person)
                    : known->records.front()->id);
  participation.region = "420106";
  participation.status = status;
  participation.selected_on = Date{2018, 1, 10};
  created(registry, somebody("ren", "registrar"), type_of<Participation>(), participation);
  return found<Participation>(registry, province_office(), participation.id);
}

/// The reason why a step is refused; empty when it was made. `participation` is read again.
inline std::string stepped(Registry& registry, Participation& participation,
                           const Principal& principal, const char* status) {
  participation.status = status;
  const Done done = change_record(registry, principal, type_of<Participation>(), participation);
  const std::string reason = done                           ? std::string()
                             : done.error().details.empty() ? done.error().problem.reason
                                                            : done.error().details[0].reason;
  const auto wanted = participation;
  participation = found<Participation>(registry, province_office(), participation.id);
  if (!done) {  // keep what the caller filled in, but for the status
    const std::string stored = participation.status;
    const std::int64_t version = participation.version;
    participation = wanted;
    participation.status = stored;
    participation.version = version;
  }
  return reason;
}

inline void nobody_approves_what_they_brought(Registry& registry) {
  const Principal keeper = somebody("ren", "registrar");
  const Principal admin = somebody("wang", "office_admin");
  Participation participation = a_participation(registry, "YOUNG_ELITE", "nominated");
  CHECK(stepped(registry, participation, keeper, "selected") == "record.transition.role");
  CHECK(stepped(registry, participation, keeper, "in_post") == "record.transition");
  CHECK(stepped(registry, participation, keeper, "screening").empty());
  CHECK(stepped(registry, participation, admin, "under_review").empty());
  CHECK(stepped(registry, participation, admin, "selected") == "record.transition.own");
  CHECK(stepped(registry, participation, somebody("li", "reviewer"), "selected").empty());
  CHECK(participation.selected_on == Date{2018, 1, 10});
}

inline void the_local_operator_approves_and_the_trail_says_so(Registry& registry) {
  const Principal operator_here = local_operator("root");
  Participation participation = a_participation(registry, "BEN_HOUSING", "eligible");
  CHECK(stepped(registry, participation, operator_here, "applied").empty());
  CHECK(stepped(registry, participation, operator_here, "approved").empty());
  std::int64_t local = 0;
  REQUIRE(registry.database().read([&](Connection& db) -> Done {
    Statement& select = db.prepare("SELECT COUNT(*) FROM audit_event WHERE detail LIKE '%; local'");
    select.step();
    local = select.integer(0);
    return {};
  }));
  CHECK(local == 1);
}

inline void an_exit_needs_notice_reason_date_and_document(Registry& registry) {
  const Principal keeper = somebody("ren", "registrar");
  const Principal reviewer = somebody("li", "reviewer");
  Participation participation = a_participation(registry, "YOUNG_ELITE", "in_post");
  CHECK(stepped(registry, participation, keeper, "exit_pending") == "record.transition.needs");
  participation.exit_reason = "failed_assessment";
  participation.exit_on = Date{2018, 5, 1};
  CHECK(stepped(registry, participation, reviewer, "exited") == "record.transition.notice");
  CHECK(stepped(registry, participation, keeper, "exit_pending").empty());
  CHECK(stepped(registry, participation, keeper, "appealed").empty());
  CHECK(stepped(registry, participation, reviewer, "exited") == "record.transition.needs");
  Document decision;
  decision.name = "退出决定";
  decision.number = "D1";
  created(registry, province_office(), type_of<Document>(), decision);
  participation.evidence = id_of(decision);
  CHECK(stepped(registry, participation, reviewer, "exited").empty());
  CHECK(stepped(registry, participation, reviewer, "in_post") == "record.transition");

  Participation retiring = a_participation(registry, "HIGH_SKILL", "in_post");
  retiring.exit_reason = "retired";
  retiring.exit_on = Date{2018, 5, 1};
  CHECK(stepped(registry, retiring, reviewer, "exited").empty());
}

inline std::int64_t reached_by(Registry& registry, const char* program, Date as_of) {
  CoverageQuery query;
  query.program = program;
  query.as_of = as_of;
  const auto rows = coverage_report(registry, province_office(), query);
  REQUIRE(rows);
  return rows->front().numerator;
}

inline void figures_of_a_past_day_stay(Registry& registry) {
  const Principal keeper = somebody("ren", "registrar");
  Participation participation = a_participation(registry, "INTRO_CORE", "in_post");
  CHECK(reached_by(registry, "INTRO_CORE", {2018, 1, 9}) == 0);
  CHECK(reached_by(registry, "INTRO_CORE", {2018, 1, 10}) == 1);
  participation.exit_reason = "left_province";
  participation.exit_on = registry.today();
  CHECK(stepped(registry, participation, somebody("li", "reviewer"), "exited").empty());
  CHECK(reached_by(registry, "INTRO_CORE", {2018, 1, 10}) == 1);
  CHECK(reached_by(registry, "INTRO_CORE", registry.today()) == 1);  // they did come

  Participation false_start = a_participation(registry, "YOUNG_ELITE", "selected");
  Document decision;
  decision.name = "取消资格决定";
  created(registry, province_office(), type_of<Document>(), decision);
  false_start.exit_reason = "false_material";
  false_start.exit_on = registry.today();
  false_start.evidence = id_of(decision);
  CHECK(stepped(registry, false_start, somebody("li", "reviewer"), "revoked").empty());
  CHECK(reached_by(registry, "YOUNG_ELITE", registry.today()) == 0);
  CHECK(reached_by(registry, "YOUNG_ELITE", {2018, 1, 31}) == 1);
  CHECK(stepped(registry, participation, keeper, "selected") == "record.transition");
}

/// Figures of any past day against a recount of the log, entry by entry.
inline void past_figures_equal_a_recount_of_the_log(Registry& registry) {
  std::mt19937 random(20181);
  const auto pick = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  const std::vector<std::string> statuses = {"nominated", "selected", "in_post", "revoked",
                                             "rejected",  "exited",   "declined"};
  struct Entry {
    std::int64_t record;
    std::string status;
    Date on;  // unknown: counts from ever
  };
  std::vector<Entry> log;
  std::vector<std::int64_t> ids;
  for (int i = 0; i < 30; ++i) {
    Participation participation;
    participation.program = "YOUNG_ELITE";
    participation.subject_type = "region";
    participation.subject = registry.regions().counties()[static_cast<std::size_t>(i)];
    participation.exit_reason = "voluntary";
    ids.push_back(created(registry, province_office(), type_of<Participation>(), participation));
  }
  REQUIRE(registry.database().write([&](Connection& db) -> Done {
    log.clear();
    db.prepare("DELETE FROM status_log").run();
    for (int i = 0; i < 120; ++i) {
      const Date on = pick(8) == 0
                          ? Date{}
                          : Date{2018, static_cast<std::int8_t>(1 + pick(5)),
                                 static_cast<std::int8_t>(pick(3) == 0 ? 0 : 1 + pick(28))};
      log.push_back({ids[pick(ids.size())], statuses[pick(statuses.size())], on});
      append_status(db, registry.new_id(),
                    {"participation", log.back().record, log.back().status, on, 0, "test"});
    }
    return {};
  }));
  for (int month = 1; month <= 6; ++month) {
    const Date as_of{2018, static_cast<std::int8_t>(month), 15};
    std::int64_t expected = 0;
    for (const std::int64_t id : ids) {
      const Entry* last = nullptr;
      for (const Entry& entry : log) {
        const bool counts = !entry.on || first_day(entry.on) <= first_day(as_of);
        if (entry.record != id || !counts) continue;
        if (!last || to_text(entry.on) >= to_text(last->on)) last = &entry;
      }
      expected += last && counts_as_reached(last->status);
    }
    INFO(to_text(as_of));
    CHECK(reached_by(registry, "YOUNG_ELITE", as_of) == expected);
  }
}

inline void overdue_reviews_are_listed(Registry& registry) {
  auto program = find_record(registry, province_office(), type_of<Program>(), "YOUNG_ELITE");
  REQUIRE(program);
  static_cast<Program&>(**program).exit_rule =
      "触发：考核不合格；告知：30天；申诉：15天；追回：50%";
  REQUIRE(change_record(registry, province_office(), type_of<Program>(), **program));
  Participation over = a_participation(registry, "HIGH_SKILL", "in_post");
  over.start = Date{2017, 1, 0};
  over.end = Date{2017, 12, 0};
  CHECK(stepped(registry, over, province_office(), "in_post").empty());
  Participation leaving = a_participation(registry, "YOUNG_ELITE", "in_post");
  leaving.exit_reason = "failed_assessment";
  CHECK(stepped(registry, leaving, province_office(), "exit_pending").empty());
  const auto reviews = overdue_reviews(registry, province_office());
  REQUIRE(reviews);
  REQUIRE(reviews->size() == 1);  // the notice of the other one is not over today
  CHECK(reviews->front().participation.program == "HIGH_SKILL");
  CHECK(reviews->front().due == Date{2017, 12, 31});
  REQUIRE(registry.database().write([&](Connection& db) -> Done {
    db.prepare("UPDATE status_log SET on_date = '2018-01-20' WHERE status = 'exit_pending'").run();
    return {};
  }));
  const auto later = overdue_reviews(registry, province_office());
  REQUIRE(later);
  REQUIRE(later->size() == 2);
  CHECK((*later)[1].due == Date{2018, 3, 6});
  CHECK((*later)[1].clawback_percent == 50);
  CHECK(overdue_reviews(registry, county_office("422825"))->empty());
}

inline void what_was_paid_to_who_left_is_taken_back(Registry& registry) {
  const Principal office = province_office();
  auto program = find_record(registry, office, type_of<Program>(), "YOUNG_ELITE");
  REQUIRE(program);
  static_cast<Program&>(**program).exit_rule = "告知：30天；追回：50%";
  REQUIRE(change_record(registry, office, type_of<Program>(), **program));
  Participation left = a_participation(registry, "YOUNG_ELITE", "in_post");
  const auto pay = [&](const char* payee, const char* type, std::int64_t fen, const char* round) {
    FundEntry entry;
    entry.program = "YOUNG_ELITE";
    entry.round = round;
    entry.region = "420106";
    entry.payee = payee;
    entry.type = type;
    entry.amount_fen = fen;
    entry.on = Date{2018, 2, 1};
    created(registry, office, type_of<FundEntry>(), entry);
  };
  pay("沈茶山", "disbursement", 1'000'001, "");
  pay("沈茶山", "award", 50'000, "");
  pay("沈茶山", "budget", 900, "");
  pay("别人", "disbursement", 7'000, "");
  pay("沈茶山", "return", 300'000, "");
  CHECK(clawbacks(registry, office)->empty());  // nobody has left
  left.exit_reason = "retired";
  left.exit_on = Date{2018, 6, 1};
  CHECK(stepped(registry, left, somebody("shen", "reviewer"), "exited").empty());
  const auto money = clawbacks(registry, office);
  REQUIRE(money);
  REQUIRE(money->size() == 1);
  CHECK(money->front().participation.id == left.id);
  CHECK(money->front().paid_fen == 1'050'001);
  CHECK(money->front().due_fen == 525'000);
  CHECK(money->front().recovered_fen == 300'000);
  CHECK(money->front().outstanding_fen() == 225'000);
  CHECK(clawbacks(registry, county_office("422825"))->empty());
}

inline void an_expert_sees_and_answers_the_own_only(Registry& registry) {
  const Principal office = province_office();
  const auto enter = [&](const char* name, const char* number, const char* region) {
    Person person = a_person(name, number);
    person.region = region;
    person.roles = {"expert"};
    return created(registry, office, type_of<Person>(), person);
  };
  const std::int64_t self = enter("沈茶山", "420106198503010007", "420106");
  const std::int64_t other = enter("陆远山", "422801199006151020", "420106");
  Need need = a_need("N1");
  created(registry, office, type_of<Need>(), need);
  const auto offer = [&](std::int64_t person, const char* number, const char* status) {
    Engagement engagement;
    engagement.number = number;
    engagement.need = NeedId{need.id};
    engagement.person = PersonId{person};
    engagement.status = status;
    engagement.region = "422825";
    created(registry, office, type_of<Engagement>(), engagement);
  };
  offer(self, "B1", "offered");
  offer(self, "B2", "enrolled");
  offer(other, "B3", "offered");

  const Date day{2018, 12, 31};
  const auto refusal = [&](const char* role, const char* person, const char* region) {
    const auto token = add_token(registry, office, "x", role, region, day, person);
    return token ? std::string() : token.error().problem.reason;
  };
  CHECK(refusal("expert_self", "", "420106") == "token.person");
  CHECK(refusal("registrar", id_text(self).c_str(), "420106") == "token.person");
  CHECK(refusal("expert_self", id_text(self).c_str(), "422825") == "token.person");
  const auto token =
      add_token(registry, office, "shen", "expert_self", "420106", day, id_text(self));
  REQUIRE(token);
  const auto expert = authenticate(registry, *token);
  REQUIRE(expert);
  CHECK_FALSE(allows(*expert, Permission::Read));

  CHECK(own_person(registry, *expert)->name == "沈茶山");
  CHECK(own_engagements(registry, *expert)->size() == 2);
  const auto answered = [&](const char* number, const char* answer, const char* reason) {
    const auto done = answer_offer(registry, *expert, number, answer, reason);
    if (done) return std::string();
    return done.error().details.empty() ? done.error().problem.reason
                                        : done.error().details[0].reason;
  };
  CHECK(answered("B3", "accepted", "") == "record.absent");
  CHECK(answered("B2", "accepted", "") == "record.transition");
  CHECK(answered("B1", "completed", "") == "field.code.unknown");
  CHECK(answered("B1", "declined", "") == "record.transition.needs");
  CHECK(answered("B1", "accepted", "").empty());
  CHECK(answered("B1", "accepted", "").empty());  // said twice is said once
  const auto kept = find_record(registry, office, type_of<Engagement>(), "B1");
  REQUIRE(kept);
  CHECK(static_cast<const Engagement&>(**kept).status == "accepted");
  CHECK(own_person(registry, office).error().problem.reason == "token.permission");
}

inline void undo_logs_the_status_that_is_back(Registry& registry) {
  Participation participation = a_participation(registry, "YOUNG_ELITE", "selected");
  std::vector<StagedRow> rows(1);
  rows[0].row = 2;
  rows[0].record = std::make_unique<Participation>(participation);
  static_cast<Participation&>(*rows[0].record).status = "in_post";
  const auto batch = apply_batch(registry, province_office(), type_of<Participation>(),
                                 ImportBatch{}, std::move(rows));
  REQUIRE(batch);
  REQUIRE(undo_batch(registry, province_office(), *batch));
  std::vector<std::string> log;
  REQUIRE(registry.database().read([&](Connection& db) -> Done {
    Statement& select =
        db.prepare("SELECT status FROM status_log WHERE record_type = 'participation' ORDER BY id");
    while (select.step()) log.push_back(select.text(0));
    return {};
  }));
  CHECK(log == std::vector<std::string>{"selected", "in_post", "selected"});
}

inline void a_document_keeps_its_files_by_digest(Registry& registry) {
  Document document;
  document.name = "实施办法";
  document.number = "D7";
  document.region = "420106";
  created(registry, province_office(), type_of<Document>(), document);
  const Principal office = province_office();
  CHECK(read_file_of(registry, office, "D7").error().problem.reason == "document.file.absent");
  REQUIRE(attach_file(registry, office, "D7", "第一版"));
  const auto kept = attach_file(registry, office, "D7", "%PDF-1.7 第二版");
  REQUIRE(kept);
  const auto read = read_file_of(registry, office, "D7");
  REQUIRE(read);
  CHECK(read->bytes == "%PDF-1.7 第二版");
  CHECK(read->file.media_type == "application/pdf");
  CHECK(read_file_of(registry, county_office("422825"), "D7").error().code == ErrorCode::NotFound);
  CHECK(attach_file(registry, office, "D7", "").error().problem.reason == "document.file.empty");
  CHECK(attach_file(registry, office, "D7", std::string("MZ\0\1", 4)).error().problem.reason ==
        "document.file.type");
  const std::filesystem::path file = std::filesystem::path(registry.data_folder()) / "documents" /
                                     kept->digest.substr(0, 2) / kept->digest.substr(2);
  REQUIRE(std::filesystem::exists(file));
  std::ofstream(file, std::ios::binary) << "another";
  CHECK(read_file_of(registry, office, "D7").error().problem.reason == "document.file.damaged");
}

inline constexpr Case<> kLifecycleContract[] = {
    {"nobody approves what they brought", nobody_approves_what_they_brought},
    {"the local operator approves and the trail says so",
     the_local_operator_approves_and_the_trail_says_so},
    {"an exit needs notice, reason, date and document",
     an_exit_needs_notice_reason_date_and_document},
    {"figures of a past day stay", figures_of_a_past_day_stay},
    {"past figures equal a recount of the log", past_figures_equal_a_recount_of_the_log},
    {"overdue reviews are listed", overdue_reviews_are_listed},
    {"what was paid to who left is taken back", what_was_paid_to_who_left_is_taken_back},
    {"an expert sees and answers the own only", an_expert_sees_and_answers_the_own_only},
    {"a document keeps its files by digest", a_document_keeps_its_files_by_digest},
    {"undo logs the status that is back", undo_logs_the_status_that_is_back},
};

}  // namespace chucai::testing
