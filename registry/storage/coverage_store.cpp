#include "registry/storage/coverage_store.h"

#include <charconv>
#include <functional>

#include "registry/domain/engagement.h"
#include "registry/domain/party.h"
#include "registry/domain/project.h"
#include "registry/domain/region_map.h"
#include "registry/domain/text.h"
#include "registry/storage/record_store.h"

namespace chucai {
namespace {

// Reads the rows of one table in scope, with their status at the as-of date where one is asked.
class FactReader {
 public:
  FactReader(Connection& db, const Scope& scope, Date as_of)
      : db_(db), range_(subtree(scope.region)), as_of_(as_of) {}

  /// The columns of `columns`, then `status` when the table has one.
  void rows(std::string_view table, std::string_view columns, bool has_status,
            const std::function<void(Statement&)>& visit) const {
    const bool from_log = has_status && as_of_;
    std::string sql = "SELECT " + std::string(columns);
    if (has_status) sql += from_log ? ", " + status_then(table) : ", status";
    sql.append(" FROM ").append(table).append(" WHERE scope >= ? AND scope < ?");
    Statement& select = db_.prepare(sql);
    int index = 0;
    if (from_log) select.bind_text(index++, to_text(date_of_day(first_day(as_of_))));
    select.bind_text(index, range_.from).bind_text(index + 1, range_.below);
    while (select.step()) visit(select);
  }

 private:
  // The last status that the log has by the date; one whose date nobody said counts from ever.
  static std::string status_then(std::string_view table) {
    const std::string name(table);
    return "(SELECT l.status FROM status_log l WHERE l.record_type = '" + name +
           "' AND l.record_id = " + name +
           ".id AND (l.on_date IS NULL OR l.on_date <= ?)"
           " ORDER BY l.on_date DESC, l.id DESC LIMIT 1)";
  }

  Connection& db_;
  CodeRange range_;
  Date as_of_;
};

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

void load_people(const FactReader& reader, CoverageFacts& facts) {
  reader.rows("person", "id, region, industry, discipline, languages, roles", true,
              [&](Statement& row) {
                CoverageFacts::Person person;
                person.id = row.integer(0);
                person.region = row.text(1);
                person.industry = row.text(2);
                person.discipline = row.text(3);
                person.languages = unpack_list(row.text(4));
                person.expert = lists(row.text(5), role::kExpert);
                person.active = row.text(6) == "active";
                facts.people.push_back(std::move(person));
              });
}

void load_needs(const FactReader& reader, CoverageFacts& facts) {
  reader.rows("need", "id, program, region, industry, open_date, headcount", true,
              [&](Statement& row) {
                facts.needs.push_back({row.integer(0), row.text(1), row.text(2), row.text(3),
                                       row.text(6), date_of(row, 4), row.integer(5)});
              });
}

void load_engagements(const FactReader& reader, CoverageFacts& facts) {
  reader.rows("engagement", "need, person", true, [&](Statement& row) {
    Engagement engagement;
    engagement.status = row.text(2);
    facts.engagements.push_back({row.integer(0), row.integer(1), fills_seat(engagement)});
  });
}

// Offices write the country of area studies into a column of the programme's own.
std::string country_in(std::string_view packed_extra) {
  if (packed_extra.empty()) return {};
  const auto extra = unpack_map(packed_extra);
  for (const char* header : {"国别/区域", "国别"}) {
    if (const auto found = extra.find(header); found != extra.end()) return found->second;
  }
  return {};
}

void load_participations(const FactReader& reader, CoverageFacts& facts) {
  reader.rows("participation",
              "program, subject_type, subject, region, selected_on, start, exit_reason,"
              " CASE WHEN program IN (SELECT code FROM program WHERE unit = 'country')"
              " THEN extra END",
              true, [&](Statement& row) {
                const Date selected = date_of(row, 4);
                facts.participations.push_back(
                    {row.text(0), row.text(1), subject_of(row.text(2)), row.text(3), row.text(8),
                     selected ? selected : date_of(row, 5), row.text(6), country_in(row.text(7))});
              });
}

void load_projects(const FactReader& reader, CoverageFacts& facts) {
  reader.rows("project", "id, program, region, industry, milestones", true, [&](Statement& row) {
    CoverageFacts::Project project{
        row.integer(0), row.text(1), row.text(2), row.text(3), row.text(5) == "terminated", {}};
    for (const std::string& line : unpack_list(row.text(4))) {
      if (const auto milestone = parse_milestone(line)) project.milestones.push_back(*milestone);
    }
    facts.projects.push_back(std::move(project));
  });
}

CoverageFacts::Party party_of(std::string type, std::string name) {
  if (party_naming(type) != PartyNaming::RecordId) return {std::move(type), 0, std::move(name)};
  return {std::move(type), parse_id(name).value_or(0), {}};
}

void load_links(const FactReader& reader, CoverageFacts& facts) {
  reader.rows("link", "program, relation, from_type, `from`, to_type, `to`, region, start, `end`",
              false, [&](Statement& row) {
                facts.links.push_back({row.text(0), row.text(1), party_of(row.text(2), row.text(3)),
                                       party_of(row.text(4), row.text(5)), row.text(6),
                                       date_of(row, 7), date_of(row, 8)});
              });
}

void load_assessments(const FactReader& reader, CoverageFacts& facts) {
  reader.rows("assessment", "program, scheme, subject_type, subject, region, `on`, period", false,
              [&](Statement& row) {
                const std::string program = row.text(0);
                const Date on = date_of(row, 5);
                const auto period = parse_date(row.text(6));
                facts.assessments.push_back({program.empty() ? row.text(1) : program,
                                             party_of(row.text(2), row.text(3)), row.text(4),
                                             on ? on : period.value_or(Date{})});
              });
}

void load_documents(const FactReader& reader, CoverageFacts& facts) {
  reader.rows("document", "id, program, region, valid_from, issued_on, valid_to", false,
              [&](Statement& row) {
                const Date in_force = date_of(row, 3);
                facts.documents.push_back({row.integer(0), row.text(1), row.text(2),
                                           in_force ? in_force : date_of(row, 4), date_of(row, 5)});
              });
}

}  // namespace

CoverageFacts load_coverage_facts(Connection& db, const Scope& scope, Date as_of) {
  CoverageFacts facts;
  const FactReader reader(db, scope, as_of);
  load_programs(db, facts);
  load_people(reader, facts);
  load_needs(reader, facts);
  load_engagements(reader, facts);
  load_participations(reader, facts);
  load_projects(reader, facts);
  load_links(reader, facts);
  load_assessments(reader, facts);
  load_documents(reader, facts);
  reader.rows("organization", "id, kind, region, industry", false, [&](Statement& row) {
    facts.organizations.push_back({row.integer(0), row.text(1), row.text(2), row.text(3)});
  });
  reader.rows("program_round", "program, region, industry, start", false, [&](Statement& row) {
    facts.rounds.push_back({row.text(0), row.text(1), row.text(2), date_of(row, 3)});
  });
  reader.rows(
      "target", "program, region, metric, year, value, dimension", false, [&](Statement& row) {
        facts.targets.push_back(
            {row.text(0), row.text(1), row.text(2), row.integer(3), row.integer(4), row.text(5)});
      });
  reader.rows("fund_entry", "program, region, type, `on`, amount_fen", false, [&](Statement& row) {
    facts.funds.push_back({row.text(0), row.text(1), row.text(2), date_of(row, 3), row.integer(4)});
  });
  return facts;
}

}  // namespace chucai
