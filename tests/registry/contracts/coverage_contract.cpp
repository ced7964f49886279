#include "tests/registry/contracts/coverage_contract.h"

#include <catch2/catch.hpp>

#include <map>
#include <random>

#include "registry/domain/ids.h"
#include "registry/domain/text.h"
#include "registry/service/coverage_questions.h"
#include "registry/service/coverage_report.h"
#include "registry/storage/change_feed.h"
#include "registry/storage/row_writer.h"
#include "tests/support/coverage_oracle.h"
#include "tests/support/test_registry.h"

namespace chucai::testing {
namespace {

using Texts = std::vector<std::string>;

const Texts kPlaces = {"",       "420106", "420111",       "420100",    "421088",
                       "429004", "422825", "420106002003", "422825100", "420000"};
const Texts kPrograms = {"YOUNG_ELITE",    "RURAL_PRACTICAL", "RURAL_PRACTICAL_TRAIN",
                         "RURAL_REVIVAL",  "DOCTOR_CORPS",    "BEN_HOUSING",
                         "EXIT_RULES",     "SOCIAL_WORK",     "SOCIAL_WORK_PROJECT",
                         "HIGH_SKILL",     "SKILL_REVIVAL",   "FUND_EFFICIENCY",
                         "PATRIOT_STRIVE", "URGENT_TRAINING", "POST_ADJUST",
                         "EXPERT_ADVICE",  "INNOV_SUPPORT",   "BRI_AREA"};
const Texts kStatuses = {"nominated", "applied",  "under_review", "selected", "in_post",
                         "completed", "rejected", "exit_pending", "exited",   "revoked"};
const Texts kReasons = {"", "", "left_province", "not_arrived", "false_material"};
const Texts kDisciplines = {"", "21040", "510", "63010"};
const Texts kIndustries = {"", "3921", "0164", "65"};

/// Writes rows as a colleague with a database shell would, noting each for the feed.
class RandomRegister {
 public:
  RandomRegister(Registry& registry, std::uint32_t seed) : registry_(registry), random_(seed) {}

  std::size_t pick(std::size_t n) { return static_cast<std::size_t>(random_() % n); }
  const std::string& one(const Texts& texts) { return texts[pick(texts.size())]; }
  std::string date() {
    const Date day{static_cast<std::int16_t>(2014 + pick(5)),
                   static_cast<std::int8_t>(1 + pick(12)), static_cast<std::int8_t>(1 + pick(28))};
    if (pick(6) == 0) return to_text(Date{day.year, day.month, 0});
    return pick(12) == 0 ? std::string() : to_text(day);
  }

  void fill() {
    REQUIRE(registry_.database().write([&](Connection& db) -> Done {
      for (int at = 0; at < 60; ++at) person(db);
      for (int at = 0; at < 12; ++at) organization(db);
      for (int at = 0; at < 25; ++at) need(db);
      for (int at = 0; at < 300; ++at) participation(db, registry_.new_id(), true);
      for (int at = 0; at < 60; ++at) engagement(db);
      for (int at = 0; at < 60; ++at) fund(db);
      for (int at = 0; at < 30; ++at) assessment(db);
      for (int at = 0; at < 20; ++at) target(db);
      return {};
    }));
  }

  /// Some participations go, some change, some come.
  void change() {
    REQUIRE(registry_.database().write([&](Connection& db) -> Done {
      for (int at = 0; at < 20; ++at) {
        const std::int64_t id = participations_[pick(participations_.size())];
        db.prepare("DELETE FROM participation WHERE id = ?").bind(0, id).run();
        ++version_;
        if (pick(3) == 0) {
          note_change(db, "participation", id, version_);
        } else {
          participation(db, id, false);
        }
      }
      for (int at = 0; at < 10; ++at) participation(db, registry_.new_id(), true);
      const std::int64_t moved = people_[pick(people_.size())];
      db.prepare("UPDATE person SET region = ?, scope = ?, discipline = '510' WHERE id = ?")
          .bind_text(0, "429004")
          .bind_text(1, "429004")
          .bind(2, moved)
          .run();
      note_change(db, "person", moved, ++version_);
      const std::int64_t asked = needs_[pick(needs_.size())];
      db.prepare("UPDATE need SET program = ?, headcount = 1 WHERE id = ?")
          .bind_text(0, one(kPrograms))
          .bind(1, asked)
          .run();
      note_change(db, "need", asked, ++version_);
      return {};
    }));
  }

 private:
  static std::string scope_of(const std::string& region) {
    return region.empty() ? "420000" : region;
  }

  void put(Connection& db, const std::string& table, const std::string& type, std::int64_t id,
           const std::string& region, std::vector<std::pair<std::string, Cell>> fields) {
    std::string columns = "id, version, created_at, updated_at, batch, office, scope";
    std::vector<Cell> cells = {id,
                               version_,
                               std::int64_t{1},
                               std::int64_t{1},
                               std::int64_t{0},
                               std::string(pick(2) == 0 ? "420000" : scope_of(region)),
                               scope_of(region)};
    for (auto& [name, cell] : fields) {
      columns += ", `" + name + "`";
      cells.push_back(std::move(cell));
    }
    RowWriter writer(db, "INSERT INTO " + table + " (" + columns + ")");
    writer.add(std::move(cells));
    writer.flush();
    note_change(db, type, id, version_);
  }

  void log(Connection& db, const std::string& type, std::int64_t id, const std::string& status,
           const std::string& on) {
    RowWriter writer(db,
                     "INSERT INTO status_log (id, record_type, record_id, status, on_date, at,"
                     " actor)");
    Cell day;
    if (!on.empty()) day = on;
    writer.add({registry_.new_id(), type, id, status, day, std::int64_t{1}, std::string("test")});
    writer.flush();
  }

  void person(Connection& db) {
    const std::int64_t id = registry_.new_id();
    const std::string region = one(kPlaces);
    const std::string status = pick(5) == 0 ? "draft" : "active";
    put(db, "person", "person", id, region,
        {{"region", region},
         {"industry", one(kIndustries)},
         {"discipline", one(kDisciplines)},
         {"roles", std::string(pick(2) == 0 ? "talent\nexpert" : "talent")},
         {"talent_category", std::string("A")},
         {"status", status}});
    log(db, "person", id, status, date());
    people_.push_back(id);
  }

  void organization(Connection& db) {
    const std::int64_t id = registry_.new_id();
    const std::string region = one(kPlaces);
    put(db, "organization", "organization", id, region,
        {{"region", region},
         {"kind", std::string(pick(3) == 0 ? "talent_office" : "enterprise")},
         {"industry", one(kIndustries)}});
    organizations_.push_back(id);
  }

  void need(Connection& db) {
    const std::int64_t id = registry_.new_id();
    const std::string region = one(kPlaces);
    put(db, "need", "need", id, region,
        {{"program", one(kPrograms)},
         {"region", region},
         {"industry", one(kIndustries)},
         {"discipline", one(kDisciplines)},
         {"open_date", date()},
         {"headcount", static_cast<std::int64_t>(1 + pick(3))},
         {"status", std::string(pick(4) == 0 ? "draft" : "accepted")}});
    log(db, "need", id, "draft", date());
    log(db, "need", id, "accepted", date());
    needs_.push_back(id);
    need_region_[id] = region;
  }

  void participation(Connection& db, std::int64_t id, bool is_new) {
    const std::string region = one(kPlaces);
    const bool of_person = pick(5) != 0;
    const auto& subjects = of_person ? people_ : organizations_;
    const std::string status = one(kStatuses);
    put(db, "participation", "participation", id, region,
        {{"program", one(kPrograms)},
         {"subject_type", std::string(of_person ? "person" : "organization")},
         {"subject", id_text(subjects[pick(subjects.size())])},
         {"region", region},
         {"status", status},
         {"selected_on", date()},
         {"start", date()},
         {"exit_reason", one(kReasons)}});
    log(db, "participation", id, one(kStatuses), date());
    log(db, "participation", id, status, date());
    if (is_new) participations_.push_back(id);
  }

  void engagement(Connection& db) {
    const std::int64_t id = registry_.new_id();
    const std::int64_t need = needs_[pick(needs_.size())];
    const std::string status = pick(3) == 0 ? "declined" : "accepted";
    put(db, "engagement", "engagement", id, need_region_[need],
        {{"need", need},
         {"person", people_[pick(people_.size())]},
         {"status", status},
         {"enrolled_on", date()},
         {"region", need_region_[need]}});
    log(db, "engagement", id, status, date());
  }

  void fund(Connection& db) {
    const Texts types = {"budget", "allocation", "disbursement", "award", "return"};
    const std::string region = one(kPlaces);
    put(db, "fund_entry", "fund_entry", registry_.new_id(), region,
        {{"program", one(kPrograms)},
         {"region", region},
         {"type", one(types)},
         {"amount_fen", static_cast<std::int64_t>(pick(100'000))},
         {"on", date()}});
  }

  void assessment(Connection& db) {
    const std::string region = one(kPlaces);
    put(db, "assessment", "assessment", registry_.new_id(), region,
        {{"program", one(kPrograms)},
         {"scheme", std::string("S")},
         {"subject_type", std::string("person")},
         {"subject", id_text(people_[pick(people_.size())])},
         {"region", region},
         {"on", date()},
         {"period", std::string("2018")}});
  }

  void target(Connection& db) {
    const std::string region = one(kPlaces);
    put(db, "target", "target", registry_.new_id(), region,
        {{"program", one(kPrograms)},
         {"region", region},
         {"metric", std::string()},
         {"year", static_cast<std::int64_t>(2014 + pick(5))},
         {"value", static_cast<std::int64_t>(1 + pick(50))}});
  }

  Registry& registry_;
  std::mt19937 random_;
  std::int64_t version_ = 1;
  std::vector<std::int64_t> people_;
  std::vector<std::int64_t> organizations_;
  std::vector<std::int64_t> needs_;
  std::vector<std::int64_t> participations_;
  std::map<std::int64_t, std::string> need_region_;
};

Principal reader_of(const std::string& region) {
  return {"reader", std::string(kLocalOperator), region};
}

void check_figures(Registry& registry, RandomRegister& random) {
  const Texts splits = {"", "region", "unit", "year", "region,year", "unit,year"};
  const Texts scopes = {"420000", "420100", "420106", "422825"};
  const Principal principal = reader_of(random.one(scopes));
  CoverageQuery query;
  REQUIRE(parse_dimensions(random.one(splits), query));
  if (random.pick(2) == 0) {
    query.as_of = Date{static_cast<std::int16_t>(2014 + random.pick(4)),
                       static_cast<std::int8_t>(1 + random.pick(12)), 15};
  }
  const auto counted = coverage_report(registry, principal, query);
  REQUIRE(counted);
  std::vector<CoverageRow> expected;
  REQUIRE(registry.database().read([&](Connection& db) -> Done {
    const bool past = first_day(query.as_of) < first_day(registry.today());
    const auto facts = load_coverage_facts(db, principal.scope(), past ? query.as_of : Date{});
    expected = recount(facts, registry.codes(), registry.regions(), query);
    return {};
  }));
  REQUIRE(counted->size() == expected.size());
  for (std::size_t at = 0; at < expected.size(); ++at) {
    INFO(expected[at].program << " " << expected[at].rule << " "
                              << expected[at].region.value_or("-") << " "
                              << expected[at].year.value_or(0) << ": " << (*counted)[at].numerator
                              << " / " << (*counted)[at].denominator.value_or(-1) << ", expected "
                              << expected[at].numerator << " / "
                              << expected[at].denominator.value_or(-1) << " as of "
                              << to_text(query.as_of) << " in " << query.scope);
    REQUIRE((*counted)[at] == expected[at]);
  }
}

/// Dimensions of participations and the SQL that says the same.
const std::vector<std::pair<std::string, std::string>> kDimensions = {
    {"program", "COALESCE(NULLIF(p.program, ''), 'unknown')"},
    {"region", "COALESCE(NULLIF(SUBSTR(p.region, 1, 6), ''), 'unknown')"},
    {"year",
     "COALESCE(NULLIF(SUBSTR(COALESCE(NULLIF(p.selected_on, ''), p.start), 1, 4), ''),"
     " 'unknown')"},
    {"month",
     "COALESCE(NULLIF(SUBSTR(COALESCE(NULLIF(p.selected_on, ''), p.start), 1, 7), ''),"
     " 'unknown')"},
    {"status", "{status}"},
    {"exit_reason", "COALESCE(NULLIF(p.exit_reason, ''), 'unknown')"},
    {"subject_type", "p.subject_type"},
};

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size()) {
    text.replace(at, what.size(), with);
  }
  return text;
}

using Cells = std::map<std::vector<std::string>, std::int64_t>;

void check_pivot(Registry& registry, RandomRegister& random) {
  coverage::PivotQuery query;
  auto dimensions = kDimensions;
  const std::size_t count = random.pick(5);
  std::string columns;
  for (std::size_t at = 0; at < count; ++at) {
    const std::size_t which = random.pick(dimensions.size());
    query.by.push_back(dimensions[which].first);
    columns += dimensions[which].second + ", ";
    dimensions.erase(dimensions.begin() + static_cast<std::ptrdiff_t>(which));
  }
  query.measure = random.pick(3) == 0 ? "rows" : "subjects";
  query.all_statuses = random.pick(4) == 0;
  Date as_of = registry.today();
  std::string status = "p.status";
  if (random.pick(2) == 0) {
    as_of = Date{static_cast<std::int16_t>(2014 + random.pick(4)),
                 static_cast<std::int8_t>(1 + random.pick(12)), 15};
    status =
        "COALESCE((SELECT l.status FROM status_log l WHERE l.record_type = 'participation'"
        " AND l.record_id = p.id AND (l.on_date IS NULL OR l.on_date <= '" +
        to_text(as_of) + "') ORDER BY l.on_date DESC, l.id DESC LIMIT 1), 'unknown')";
  }
  const Principal principal = reader_of(random.pick(2) == 0 ? "420000" : "420100");
  const CodeRange range = subtree(principal.region);
  const std::string on = "COALESCE(NULLIF(p.selected_on, ''), p.start)";
  std::string where = "p.scope >= '" + range.from + "' AND p.scope < '" + range.below + "' AND (" +
                      on + " IS NULL OR " + on + " = '' OR " + on + " <= '" + to_text(as_of) + "')";
  if (!query.all_statuses) {
    where +=
        " AND {status} IN ('selected','in_post','extended','completed','graduated',"
        "'exit_pending','appealed','exited','approved','granted','expired')"
        " AND NOT ({status} = 'exited' AND COALESCE(p.exit_reason, '') IN"
        " ('not_arrived','false_material','duplicate'))";
  }
  if (random.pick(2) == 0) {
    const std::string region = random.one({"420106", "421088", "422825"});
    query.filters.push_back({"region", {region}});
    where += " AND p.region LIKE '" + region + "%'";
  }
  std::string sql = "SELECT " + columns +
                    (query.measure == "rows" ? std::string("COUNT(*)")
                                             : std::string("COUNT(DISTINCT p.subject)")) +
                    " FROM participation p WHERE " + where;
  if (count > 0) {
    sql += " GROUP BY ";
    for (std::size_t at = 0; at < count; ++at) {
      sql += (at == 0 ? "" : ", ") + std::to_string(at + 1);
    }
  }
  sql = replaced(sql, "{status}", status);
  Cells expected;
  REQUIRE(registry.database().read([&](Connection& db) -> Done {
    Statement& rows = db.prepare(sql);
    while (rows.step()) {
      std::vector<std::string> key;
      for (std::size_t at = 0; at < count; ++at) key.push_back(rows.text(static_cast<int>(at)));
      const std::int64_t value = rows.integer(static_cast<int>(count));
      if (value != 0) expected[key] = value;
    }
    return {};
  }));
  const auto report = ask_pivot(registry, principal, query, as_of);
  REQUIRE(report);
  Cells counted;
  for (const auto& row : report->rows) {
    std::vector<std::string> key;
    for (std::size_t at = 0; at < count; ++at) key.push_back(std::get<std::string>(row[at]));
    counted[key] = std::get<std::int64_t>(row.back());
  }
  INFO(sql);
  REQUIRE(counted == expected);
}

}  // namespace

void figures_equal_a_recount(Registry& registry, std::uint32_t seed, int pivots) {
  RandomRegister random(registry, seed);
  random.fill();
  constexpr int kRounds = 4;
  for (int round = 0; round < kRounds; ++round) {
    for (int at = 0; at < 6; ++at) check_figures(registry, random);
    for (int at = 0; at < pivots / kRounds; ++at) check_pivot(registry, random);
    random.change();
  }
  check_figures(registry, random);
}

}  // namespace chucai::testing
