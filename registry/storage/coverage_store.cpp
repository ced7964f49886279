#include "registry/storage/coverage_store.h"

#include <charconv>
#include <functional>

#include "registry/domain/engagement.h"
#include "registry/domain/region_map.h"
#include "registry/domain/text.h"
#include "registry/storage/record_store.h"

namespace chucai {
namespace {

constexpr std::string_view kInScope = " scope >= ? AND scope < ?";

void for_rows(Connection& db, const Scope& scope, std::string sql,
              const std::function<void(Statement&)>& visit) {
  const CodeRange range = subtree(scope.region);
  Statement& select = db.prepare(sql.append(kInScope));
  select.bind_text(0, range.from).bind_text(1, range.below);
  while (select.step()) visit(select);
}

Date date_of(Statement& row, int column) {
  return parse_date(row.text(column)).value_or(Date{});
}

// Subjects are compared, not shown: an id as its number, a region by its code.
std::int64_t subject_of(const std::string& subject) {
  if (const auto id = parse_id(subject)) return *id;
  std::int64_t code = 0;
  std::from_chars(subject.data(), subject.data() + subject.size(), code);
  return code;
}

bool lists(std::string_view packed, std::string_view wanted) {
  for (const std::string& part : unpack_list(packed)) {
    if (part == wanted) return true;
  }
  return false;
}

void load_programs(Connection& db, CoverageFacts& facts) {
  Statement& select =
      db.prepare("SELECT code, parent, rule, rule2, counted, unit FROM program ORDER BY id");
  while (select.step()) {
    facts.programs.push_back({select.text(0), select.text(1), select.text(2), select.text(3),
                              select.text(4), select.text(5)});
  }
}

void load_people(Connection& db, const Scope& scope, CoverageFacts& facts) {
  for_rows(db, scope,
           "SELECT id, region, industry, discipline, languages, status, roles FROM person WHERE",
           [&](Statement& row) {
             CoverageFacts::Person person;
             person.id = row.integer(0);
             person.region = row.text(1);
             person.industry = row.text(2);
             person.discipline = row.text(3);
             person.languages = unpack_list(row.text(4));
             person.active = row.text(5) == "active";
             person.expert = lists(row.text(6), role::kExpert);
             facts.people.push_back(std::move(person));
           });
}

void load_needs(Connection& db, const Scope& scope, CoverageFacts& facts) {
  for_rows(db, scope,
           "SELECT id, program, region, industry, status, open_date, headcount FROM need WHERE",
           [&](Statement& row) {
             facts.needs.push_back({row.integer(0), row.text(1), row.text(2), row.text(3),
                                    row.text(4), date_of(row, 5), row.integer(6)});
           });
}

void load_engagements(Connection& db, const Scope& scope, CoverageFacts& facts) {
  for_rows(db, scope, "SELECT need, person, status FROM engagement WHERE", [&](Statement& row) {
    Engagement engagement;
    engagement.status = row.text(2);
    facts.engagements.push_back({row.integer(0), row.integer(1), fills_seat(engagement)});
  });
}

void load_participations(Connection& db, const Scope& scope, CoverageFacts& facts) {
  for_rows(db, scope,
           "SELECT program, subject_type, subject, region, status, selected_on, start"
           " FROM participation WHERE",
           [&](Statement& row) {
             const Date selected = date_of(row, 5);
             facts.participations.push_back({row.text(0), row.text(1), subject_of(row.text(2)),
                                             row.text(3), row.text(4),
                                             selected ? selected : date_of(row, 6)});
           });
}

}  // namespace

CoverageFacts load_coverage_facts(Connection& db, const Scope& scope) {
  CoverageFacts facts;
  load_programs(db, facts);
  load_people(db, scope, facts);
  load_needs(db, scope, facts);
  load_engagements(db, scope, facts);
  load_participations(db, scope, facts);
  for_rows(db, scope, "SELECT id, kind, region, industry FROM organization WHERE",
           [&](Statement& row) {
             facts.organizations.push_back({row.integer(0), row.text(1), row.text(2), row.text(3)});
           });
  for_rows(db, scope, "SELECT program, region, industry, start FROM program_round WHERE",
           [&](Statement& row) {
             facts.rounds.push_back({row.text(0), row.text(1), row.text(2), date_of(row, 3)});
           });
  for_rows(db, scope, "SELECT program, region, metric, year, value FROM target WHERE",
           [&](Statement& row) {
             facts.targets.push_back(
                 {row.text(0), row.text(1), row.text(2), row.integer(3), row.integer(4)});
           });
  return facts;
}

}  // namespace chucai
