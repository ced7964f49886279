#include "registry/storage/coverage_store.h"

#include <algorithm>
#include <charconv>

#include "registry/domain/party.h"
#include "registry/domain/person.h"
#include "registry/domain/text.h"
#include "registry/storage/record_store.h"

namespace chucai {
namespace {

// The columns of every row come first: id, scope, office.
constexpr int kFirst = 3;

template <class Visit>
void each_row(Connection& db, std::int64_t id, std::string_view table, std::string_view columns,
              const Visit& visit) {
  std::string sql = "SELECT id, scope, office, " + std::string(columns);
  sql.append(" FROM ").append(table).append(id != 0 ? " WHERE id = ?" : " ORDER BY id");
  Statement& select = db.prepare(sql);
  if (id != 0) select.bind(0, id);
  while (select.step()) visit(select);
}

FactKey key_of(Statement& row) {
  return {row.integer(0), row.text(1), row.text(2)};
}

std::string text_at(Statement& row, int column) {
  return row.text(kFirst + column);
}

std::int64_t integer_at(Statement& row, int column) {
  return row.integer(kFirst + column);
}

Date date_at(Statement& row, int column) {
  return parse_date(row.view(kFirst + column)).value_or(Date{});
}

Date first_known(Statement& row, int column, int instead) {
  const Date date = date_at(row, column);
  return date ? date : date_at(row, instead);
}

fact::Party party_at(Statement& row, int type_column, int name_column) {
  std::string type = text_at(row, type_column);
  std::string name = text_at(row, name_column);
  if (party_naming(type) != PartyNaming::RecordId) return {std::move(type), 0, std::move(name)};
  return {std::move(type), parse_id(name).value_or(0), {}};
}

bool lists(std::string_view packed, std::string_view wanted) {
  const auto parts = unpack_list(packed);
  return std::find(parts.begin(), parts.end(), wanted) != parts.end();
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

}  // namespace

void read_facts(Connection& db, std::int64_t id, const FactVisit<fact::Program>& visit) {
  each_row(db, id, "program", "code, parent, rule, rule2, counted, unit", [&](Statement& row) {
    visit({text_at(row, 0), text_at(row, 1), text_at(row, 2), text_at(row, 3), text_at(row, 4),
           text_at(row, 5), key_of(row)});
  });
}

void read_facts(Connection& db, std::int64_t id, const FactVisit<fact::Person>& visit) {
  each_row(db, id, "person",
           "region, industry, discipline, languages, status, roles, talent_category",
           [&](Statement& row) {
             visit({text_at(row, 0), text_at(row, 1), text_at(row, 2),
                    unpack_list(row.view(kFirst + 3)), text_at(row, 4),
                    lists(row.view(kFirst + 5), role::kExpert), text_at(row, 6), key_of(row)});
           });
}

void read_facts(Connection& db, std::int64_t id, const FactVisit<fact::Organization>& visit) {
  each_row(db, id, "organization", "kind, region, industry", [&](Statement& row) {
    visit({text_at(row, 0), text_at(row, 1), text_at(row, 2), key_of(row)});
  });
}

void read_facts(Connection& db, std::int64_t id, const FactVisit<fact::Participation>& visit) {
  each_row(db, id, "participation",
           "program, subject_type, subject, region, status, selected_on, start, exit_reason,"
           " CASE WHEN program IN (SELECT code FROM program WHERE unit = 'country')"
           " THEN extra END",
           [&](Statement& row) {
             visit({text_at(row, 0), party_at(row, 1, 2), text_at(row, 3), text_at(row, 4),
                    first_known(row, 5, 6), text_at(row, 7), country_in(row.view(kFirst + 8)),
                    key_of(row)});
           });
}

void read_facts(Connection& db, std::int64_t id, const FactVisit<fact::Need>& visit) {
  each_row(db, id, "need", "program, region, industry, discipline, status, open_date, headcount",
           [&](Statement& row) {
             visit({text_at(row, 0), text_at(row, 1), text_at(row, 2), text_at(row, 3),
                    text_at(row, 4), date_at(row, 5), integer_at(row, 6), key_of(row)});
           });
}

void read_facts(Connection& db, std::int64_t id, const FactVisit<fact::Engagement>& visit) {
  each_row(db, id, "engagement", "need, person, status, enrolled_on, start", [&](Statement& row) {
    visit({integer_at(row, 0), integer_at(row, 1), text_at(row, 2), first_known(row, 3, 4),
           key_of(row)});
  });
}

void read_facts(Connection& db, std::int64_t id, const FactVisit<fact::Round>& visit) {
  each_row(db, id, "program_round", "program, region, industry, start", [&](Statement& row) {
    visit({text_at(row, 0), text_at(row, 1), text_at(row, 2), date_at(row, 3), key_of(row)});
  });
}

void read_facts(Connection& db, std::int64_t id, const FactVisit<fact::Target>& visit) {
  each_row(db, id, "target", "program, region, metric, year, value, dimension, source_doc",
           [&](Statement& row) {
             visit({text_at(row, 0), text_at(row, 1), text_at(row, 2), integer_at(row, 3),
                    integer_at(row, 4), text_at(row, 5), text_at(row, 6), key_of(row)});
           });
}

void read_facts(Connection& db, std::int64_t id, const FactVisit<fact::FundEntry>& visit) {
  each_row(db, id, "fund_entry", "program, region, type, `on`, amount_fen", [&](Statement& row) {
    visit({text_at(row, 0), text_at(row, 1), text_at(row, 2), date_at(row, 3), integer_at(row, 4),
           key_of(row)});
  });
}

void read_facts(Connection& db, std::int64_t id, const FactVisit<fact::Project>& visit) {
  each_row(db, id, "project", "program, region, industry, status, milestones", [&](Statement& row) {
    fact::Project project{text_at(row, 0), text_at(row, 1), text_at(row, 2), text_at(row, 3), {},
                          key_of(row)};
    for (const std::string& line : unpack_list(row.view(kFirst + 4))) {
      if (auto milestone = parse_milestone(line)) {
        project.milestones.push_back(std::move(*milestone));
      }
    }
    visit(std::move(project));
  });
}

void read_facts(Connection& db, std::int64_t id, const FactVisit<fact::Assessment>& visit) {
  each_row(db, id, "assessment",
           "program, scheme, subject_type, subject, region, `on`, period, score_hundredths",
           [&](Statement& row) {
             std::string program = text_at(row, 0);
             visit({program.empty() ? text_at(row, 1) : std::move(program), party_at(row, 2, 3),
                    text_at(row, 4), first_known(row, 5, 6), integer_at(row, 7), key_of(row)});
           });
}

void read_facts(Connection& db, std::int64_t id, const FactVisit<fact::Link>& visit) {
  each_row(db, id, "link",
           "program, relation, from_type, `from`, to_type, `to`, region, start, `end`",
           [&](Statement& row) {
             visit({text_at(row, 0), text_at(row, 1), party_at(row, 2, 3), party_at(row, 4, 5),
                    text_at(row, 6), date_at(row, 7), date_at(row, 8), key_of(row)});
           });
}

void read_facts(Connection& db, std::int64_t id, const FactVisit<fact::Document>& visit) {
  each_row(db, id, "document", "program, region, valid_from, issued_on, valid_to",
           [&](Statement& row) {
             visit({text_at(row, 0), text_at(row, 1), first_known(row, 2, 3), date_at(row, 4),
                    key_of(row)});
           });
}

std::vector<std::int64_t> engagements_of(Connection& db, std::int64_t need) {
  std::vector<std::int64_t> found;
  Statement& select = db.prepare("SELECT id FROM engagement WHERE need = ? ORDER BY id");
  select.bind(0, need);
  while (select.step()) found.push_back(select.integer(0));
  return found;
}

// Sorted here: the log is in order of its ids, and an index on record and date would cost every
// writer. Dates compare as written, so that 2018 comes before 2018-01 before 2018-01-01.
void read_status_log(Connection& db, std::string_view record_type, std::int64_t id,
                     const FactVisit<fact::StatusEntry>& visit) {
  std::string sql = "SELECT record_id, on_date, status FROM status_log WHERE record_type = ?";
  if (id != 0) sql += " AND record_id = ?";
  Statement& select = db.prepare(sql + " ORDER BY id");
  select.bind_text(0, record_type);
  if (id != 0) select.bind(1, id);
  std::vector<fact::StatusEntry> entries;
  while (select.step()) {
    entries.push_back(
        {select.integer(0), parse_date(select.view(1)).value_or(Date{}), select.text(2)});
  }
  std::stable_sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) {
    return std::tie(a.record, a.on) < std::tie(b.record, b.on);
  });
  for (fact::StatusEntry& entry : entries) visit(std::move(entry));
}

}  // namespace chucai
