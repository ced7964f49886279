#include "tests/support/coverage_oracle.h"

#include <algorithm>
#include <charconv>
#include <functional>
#include <map>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "registry/domain/engagement.h"
#include "registry/domain/party.h"
#include "registry/domain/person.h"
#include "registry/domain/text.h"
#include "registry/storage/record_store.h"

namespace chucai::testing {
namespace {

bool is_reached_status(std::string_view status) {
  return one_of(status, {"selected", "in_post", "extended", "completed", "graduated",
                         "exit_pending", "appealed", "exited", "approved", "granted", "expired"});
}

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

constexpr std::string_view kProvince = "420000";
constexpr std::size_t kIndustryDigits = 2;
constexpr std::size_t kCountyDigits = 6;
constexpr std::size_t kTownDigits = 9;
constexpr std::size_t kVillageDigits = 12;

/// Where a figure falls: a cell of the table that is asked for.
struct Cell {
  std::optional<std::string> region;
  std::optional<std::int64_t> year;
  auto operator<=>(const Cell&) const = default;
};

/// One counted thing at one place and time. Things are numbers, so that sets of them are cheap.
struct Hit {
  std::string_view region;
  std::int64_t year = 0;  ///< 0: not known
  std::int64_t thing = 0;
};

using Things = std::map<Cell, std::unordered_set<std::int64_t>>;
using Sums = std::map<Cell, std::int64_t>;

class Figures {
 public:
  Figures(const CoverageFacts& facts, const CodeBook& codes, const RegionMap& regions,
          const CoverageQuery& query)
      : facts_(facts), codes_(codes), regions_(regions), query_(query) {
    for (const auto& need : facts.needs) needs_.emplace(need.id, &need);
    for (const auto& person : facts.people) people_.emplace(person.id, &person);
    for (const auto& unit : facts.organizations) organizations_.emplace(unit.id, &unit);
    for (const auto& project : facts.projects) projects_.emplace(project.id, &project);
  }

  std::vector<CoverageRow> of(const CoverageFacts::Program& program) {
    family_ = family_of(program.code);
    std::vector<CoverageRow> rows;
    for (const std::string& rule : {program.rule, program.rule2}) {
      if (!rule.empty()) append(rows, program, rule.front());
    }
    return rows;
  }

 private:
  // The programme and everything below it: a person counts once up the tree.
  std::set<std::string_view> family_of(std::string_view code) const {
    std::set<std::string_view> family{code};
    for (bool grew = true; grew;) {
      grew = false;
      for (const auto& program : facts_.programs) {
        if (family.contains(program.parent)) grew |= family.insert(program.code).second;
      }
    }
    return family;
  }

  bool in_family(const std::string& program) const { return family_.contains(program); }

  bool counts_yet(Date on) const {
    return !on || !query_.as_of || first_day(on) <= first_day(query_.as_of);
  }

  bool in_force(Date from, Date to) const {
    return counts_yet(from) && (!to || !query_.as_of || last_day(to) >= first_day(query_.as_of));
  }

  bool reached(const CoverageFacts::Participation& row) const {
    if (!is_reached_status(row.status) || !counts_yet(row.on)) return false;
    const Term* reason = codes_.find("exit_reason", row.exit_reason);
    return row.status != "exited" || !reason || !reason->has("no_result");
  }

  Cell cell(std::string_view region, std::int64_t year) const {
    Cell cell;
    if (query_.by_region != RegionGrain::None) cell.region = grain_of(region);
    if (query_.by_year && year != 0) cell.year = year;
    return cell;
  }

  std::string grain_of(std::string_view region) const {
    if (region.empty()) return std::string(kUnknownRegion);
    if (query_.by_region == RegionGrain::Unit) {
      const std::string unit = regions_.unit_of(region);
      if (!unit.empty()) return unit;
    }
    return std::string(region.substr(0, kCountyDigits));
  }

  Things collect(const std::vector<Hit>& hits) const {
    Things things;
    for (const Hit& hit : hits) things[cell(hit.region, hit.year)].insert(hit.thing);
    return things;
  }

  // ------------------------------------------------------------------ numerators
  std::vector<Hit> reached_subjects() const {
    std::vector<Hit> hits;
    for (const auto& row : facts_.participations) {
      if (in_family(row.program) && reached(row)) {
        hits.push_back({row.region, row.on.year, row.subject});
      }
    }
    return hits;
  }

  std::vector<Hit> quota_hits(const CoverageFacts::Program& program) const {
    std::vector<Hit> hits;
    if (program.counted == "person") {
      for (const auto& person : facts_.people) {
        if (person.active) hits.push_back({person.region, 0, person.id});
      }
      return hits;
    }
    if (program.counted == "organization") {
      for (const auto& organization : facts_.organizations) {
        if (belongs(organization, program.code)) {
          hits.push_back({organization.region, 0, organization.id});
        }
      }
      return hits;
    }
    if (program.counted == "link") return linked_people(program);
    if (program.counted == "assessment") return assessed_parties();
    return reached_subjects();
  }

  std::vector<Hit> linked_people(const CoverageFacts::Program& program) const {
    std::vector<Hit> hits;
    for (const auto& link : facts_.links) {
      if (!belongs(link, program.code) || !in_force(link.start, link.end)) continue;
      for (const CoverageFacts::Party* party : {&link.from, &link.to}) {
        if (party->type == "person") hits.push_back({link.region, link.start.year, party->id});
      }
    }
    return hits;
  }

  std::vector<Hit> assessed_parties() const {
    std::vector<Hit> hits;
    for (const auto& row : facts_.assessments) {
      if (!in_family(row.program) || !counts_yet(row.on)) continue;
      hits.push_back({row.region, row.on.year, thing_of(row.subject)});
    }
    return hits;
  }

  std::int64_t thing_of(const CoverageFacts::Party& party) const {
    return party.code.empty() ? party.id : intern(party.type + " " + party.code);
  }

  bool eligible(const CoverageFacts::Person& person, std::string_view unit) const {
    return person.active && (unit != "expert" || person.expert);
  }

  // Numerator and denominator of rule E stand at the person's own region.
  std::vector<Hit> eligible_hits(const CoverageFacts::Program& program) const {
    std::vector<Hit> hits;
    const auto add = [&](std::int64_t id, std::int64_t year) {
      const auto person = people_.find(id);
      if (person != people_.end() && eligible(*person->second, program.unit)) {
        hits.push_back({person->second->region, year, id});
      }
    };
    if (program.counted == "need") {
      for (const auto& engagement : facts_.engagements) {
        const auto need = needs_.find(engagement.need);
        if (need != needs_.end() && engagement.fills_seat && in_family(need->second->program)) {
          add(engagement.person, need->second->on.year);
        }
      }
      return hits;
    }
    if (program.counted == "link") {
      for (const Hit& hit : linked_people(program)) add(hit.thing, hit.year);
      return hits;
    }
    if (program.counted == "assessment") {
      for (const auto& row : facts_.assessments) {
        const bool counts = in_family(row.program) && counts_yet(row.on);
        if (counts && row.subject.type == "person") add(row.subject.id, row.on.year);
      }
      return hits;
    }
    for (const auto& row : facts_.participations) {
      if (row.subject_type == "person" && in_family(row.program) && reached(row)) {
        add(row.subject, row.on.year);
      }
    }
    return hits;
  }

  // Rule E over due reviews (22.11): participations that ended against those due to end.
  std::vector<Hit> exits(bool ended_only) const {
    std::vector<Hit> hits;
    for (std::size_t i = 0; i < facts_.participations.size(); ++i) {
      const auto& row = facts_.participations[i];
      const bool ended = one_of(row.status, {"exited", "revoked"});
      const bool due = ended || one_of(row.status, {"exit_pending", "appealed"});
      if (due && (ended || !ended_only) && counts_yet(row.on)) {
        hits.push_back({row.region, row.on.year, static_cast<std::int64_t>(i)});
      }
    }
    return hits;
  }

  std::int64_t intern(std::string_view text) const {
    const auto next = static_cast<std::int64_t>(interned_.size()) + 1;
    return interned_.emplace(std::string(text), next).first->second;
  }

  // The place that a region reaches, in the grain that the rule counts; empty when too coarse.
  std::string place_of(std::string_view region, std::string_view unit) const {
    if (unit == "unit") return regions_.unit_of(region);
    if (unit == "county") return regions_.county_of(region);
    const std::size_t digits = unit == "town" ? kTownDigits : kVillageDigits;
    return region.size() >= digits ? std::string(region.substr(0, digits)) : std::string();
  }

  static bool is_place(std::string_view unit) {
    return one_of(unit, {"unit", "county", "town", "village"});
  }

  bool belongs(const CoverageFacts::Organization& organization, std::string_view program) const {
    return names(codes_.find("org_kind", organization.kind), program);
  }

  static bool names(const Term* term, std::string_view program) {
    return term && term->has("program:" + std::string(program));
  }

  // A link belongs where it says; else its relation or the unit at one of its ends says it.
  bool belongs(const CoverageFacts::Link& link, std::string_view program) const {
    if (!link.program.empty()) return in_family(link.program);
    if (names(codes_.find("link_type", link.relation), program)) return true;
    for (const CoverageFacts::Party* party : {&link.from, &link.to}) {
      if (party->type != "organization") continue;
      const auto unit = organizations_.find(party->id);
      if (unit != organizations_.end() && belongs(*unit->second, program)) return true;
    }
    return false;
  }

  struct Trace {  // anything that can show that a unit was reached
    std::string_view region;
    std::string_view industry;
    std::int64_t year = 0;
    std::int64_t subject = 0;
    std::string_view subject_type;
    std::string_view program{};
    std::string_view country{};
  };

  std::vector<Trace> traces(const CoverageFacts::Program& program) const {
    std::vector<Trace> found;
    for (const auto& row : facts_.participations) {
      if (!in_family(row.program) || !reached(row)) continue;
      found.push_back({row.region, industry_of(row.subject_type, row.subject), row.on.year,
                       row.subject, row.subject_type, row.program, row.country});
    }
    const std::string_view counted = program.counted;
    if (counted == "round") trace_rounds(found);
    if (counted == "need") trace_needs(found);
    const bool plan_by_industry = counted == "person" && program.unit == "industry";
    if (counted == "target" || plan_by_industry) trace_targets(found);
    if (counted == "organization") trace_organizations(program, found);
    if (counted == "link") trace_links(program, found);
    if (counted == "assessment") trace_assessments(found);
    if (counted == "document") trace_documents(found);
    if (counted == "fund_entry") trace_funds(found);
    return found;
  }

  void trace_rounds(std::vector<Trace>& found) const {
    for (const auto& row : facts_.rounds) {
      if (!in_family(row.program) || !counts_yet(row.on)) continue;
      found.push_back({row.region, row.industry, row.on.year, 0, {}, row.program});
    }
  }

  void trace_needs(std::vector<Trace>& found) const {
    for (const auto& row : facts_.needs) {
      if (!in_family(row.program) || !is_asked(row)) continue;
      found.push_back({row.region, row.industry, row.on.year, 0, {}, row.program});
    }
  }

  void trace_targets(std::vector<Trace>& found) const {
    for (const auto& row : facts_.targets) {
      if (!in_family(row.program) || (query_.as_of && row.year > query_.as_of.year)) continue;
      found.push_back({row.region, row.dimension, row.year, 0, {}, row.program});
    }
  }

  void trace_organizations(const CoverageFacts::Program& program, std::vector<Trace>& found) const {
    for (const auto& row : facts_.organizations) {
      if (!belongs(row, program.code)) continue;
      found.push_back({row.region, row.industry, 0, row.id, "organization"});
    }
  }

  void trace_assessments(std::vector<Trace>& found) const {
    for (const auto& row : facts_.assessments) {
      if (!in_family(row.program) || !counts_yet(row.on)) continue;
      found.push_back({row.subject.type == "region" ? row.subject.code : row.region,
                       {},
                       row.on.year,
                       row.subject.id,
                       row.subject.type,
                       row.program});
    }
  }

  void trace_documents(std::vector<Trace>& found) const {
    for (const auto& row : facts_.documents) {
      if (!in_family(row.program) || !in_force(row.from, row.to)) continue;
      found.push_back({row.region, {}, row.from.year, row.id, "document", row.program});
    }
  }

  // Money shows for every programme that it is spent in.
  void trace_funds(std::vector<Trace>& found) const {
    for (const auto& row : facts_.funds) {
      if (counts_yet(row.on)) found.push_back({row.region, {}, row.on.year, 0, {}, row.program});
    }
  }

  // A place or programme that a relation touches. Where a programme asks for several relations (the
  // five chains), an industry is reached when all of them are there.
  void trace_links(const CoverageFacts::Program& program, std::vector<Trace>& found) const {
    const std::size_t asked = relations_asked(program.code);
    std::map<std::string_view, std::set<std::string_view>> by_industry;
    std::vector<const CoverageFacts::Link*> links;
    for (const auto& link : facts_.links) {
      if (!belongs(link, program.code) || !in_force(link.start, link.end)) continue;
      links.push_back(&link);
      if (is_asked(link, program.code)) by_industry[industry_of(link)].insert(link.relation);
    }
    for (const CoverageFacts::Link* link : links) {
      const std::string_view industry = industry_of(*link);
      if (by_industry[industry].size() < asked) continue;
      for (const CoverageFacts::Party* party : {&link->from, &link->to}) {
        const std::string_view region = party->type == "region" ? party->code : link->region;
        const std::string_view touched = party->type == "program" ? party->code : link->program;
        found.push_back({region, industry, link->start.year, party->id, party->type, touched});
      }
    }
  }

  // One of the relations that must all be there.
  bool is_asked(const CoverageFacts::Link& link, std::string_view program) const {
    const Term* relation = codes_.find("link_type", link.relation);
    return names(relation, program) && relation->has("part");
  }

  // How many must all be there; 0 when any one will do.
  std::size_t relations_asked(std::string_view program) const {
    const auto terms = codes_.terms("link_type");
    return static_cast<std::size_t>(
        std::count_if(terms.begin(), terms.end(),
                      [&](const Term* term) { return names(term, program) && term->has("part"); }));
  }

  std::string_view industry_of(std::string_view type, std::int64_t id) const {
    if (type == "organization") {
      const auto found = organizations_.find(id);
      return found == organizations_.end() ? std::string_view() : found->second->industry;
    }
    const auto found = type == "project" ? projects_.find(id) : projects_.end();
    return found == projects_.end() ? std::string_view() : found->second->industry;
  }

  // The industry of a link in the grain that rules count.
  std::string_view industry_of(const CoverageFacts::Link& link) const {
    for (const CoverageFacts::Party* party : {&link.to, &link.from}) {
      if (party->type == "industry")
        return std::string_view(party->code).substr(0, kIndustryDigits);
    }
    for (const CoverageFacts::Party* party : {&link.to, &link.from}) {
      const std::string_view industry = industry_of(party->type, party->id);
      if (!industry.empty()) return industry.substr(0, kIndustryDigits);
    }
    return {};
  }

  std::vector<Hit> unit_hits(const CoverageFacts::Program& program) const {
    if (program.unit == "language") return language_hits();
    std::vector<Hit> hits;
    for (const Trace& trace : traces(program)) {
      const std::string thing = unit_of(program, trace);
      if (!thing.empty()) hits.push_back({trace.region, trace.year, intern(thing)});
    }
    return hits;
  }

  // The unit that a trace shows as reached, by a name of its own; empty: none.
  std::string unit_of(const CoverageFacts::Program& program, const Trace& trace) const {
    const std::string_view unit = program.unit;
    if (is_place(unit)) return place_of(trace.region, unit);
    if (unit == "industry") return std::string(trace.industry.substr(0, kIndustryDigits));
    if (unit == "discipline") return discipline_of(trace);
    if (unit == "country") return country_of(trace);
    if (unit == "program") return programme_of(program, trace);
    const std::string_view wanted = unit == "talent_office" ? "organization" : unit;
    if (trace.subject_type != wanted) return {};
    if (unit == "talent_office") {
      const auto office = organizations_.find(trace.subject);
      if (office == organizations_.end() || office->second->kind != unit) return {};
    }
    return std::to_string(trace.subject);
  }

  std::string discipline_of(const Trace& trace) const {
    const auto person =
        trace.subject_type == "person" ? people_.find(trace.subject) : people_.end();
    if (person == people_.end()) return {};
    const auto line = codes_.chain("discipline", person->second->discipline);
    return line.empty() ? std::string() : line.back()->code;
  }

  std::string country_of(const Trace& trace) const {
    const auto found =
        trace.country.empty() ? std::vector<const Term*>() : codes_.named("country", trace.country);
    return !found.empty() && found.front()->has("belt_road_2018") ? found.front()->code
                                                                  : std::string();
  }

  // Parts of a programme where it has some; else every programme that was touched.
  std::string programme_of(const CoverageFacts::Program& program, const Trace& trace) const {
    const bool part =
        family_.size() > 1 && family_.contains(trace.program) && trace.program != program.code;
    const bool any = family_.size() == 1 && counts_programmes(program) && is_program(trace.program);
    return part || any ? std::string(trace.program) : std::string();
  }

  static bool counts_programmes(const CoverageFacts::Program& program) {
    return one_of(program.counted, {"link", "fund_entry"});
  }

  bool is_program(std::string_view code) const {
    return std::any_of(facts_.programs.begin(), facts_.programs.end(),
                       [&](const auto& program) { return program.code == code; });
  }

  bool is_less_common(std::string_view language) const {
    const Term* term = codes_.find("language", language);
    return term &&
           std::find(term->flags.begin(), term->flags.end(), "non_common") != term->flags.end();
  }

  std::vector<Hit> language_hits() const {
    std::vector<Hit> hits;
    for (const auto& person : facts_.people) {
      for (const std::string& language : person.languages) {
        if (person.active && is_less_common(language)) {
          hits.push_back({person.region, 0, intern(language)});
        }
      }
    }
    return hits;
  }

  static bool is_asked(const CoverageFacts::Need& need) {
    return !one_of(need.status, {"", "draft", "submitted", "cancelled"});
  }

  // ------------------------------------------------------------------ denominators
  // A target for the whole place counts as it stands; without one, those of its parts add up.
  Sums target_sums(bool& several_metrics) const {
    std::map<std::pair<Cell, std::int64_t>, std::pair<std::int64_t, std::int64_t>> whole_and_parts;
    std::map<std::pair<Cell, std::int64_t>, bool> has_whole;
    std::set<std::string_view> metrics;
    for (const auto& target : facts_.targets) {
      if (!in_family(target.program)) continue;
      if (query_.as_of && target.year > query_.as_of.year) continue;
      metrics.insert(target.metric);
      const bool province = target.region.empty() || target.region == kProvince;
      const std::string_view region = province ? kProvince : std::string_view(target.region);
      const std::pair key{cell(region, target.year), target.year};
      const bool whole = query_.by_region == RegionGrain::None ? province
                         : query_.by_region == RegionGrain::Unit
                             ? regions_.unit_of(region) == region || province
                             : true;
      auto& [whole_sum, part_sum] = whole_and_parts[key];
      (whole ? whole_sum : part_sum) += target.value;
      has_whole[key] |= whole;
    }
    several_metrics = metrics.size() > 1;
    Sums sums;
    for (const auto& [key, pair] : whole_and_parts) {
      sums[key.first] += has_whole[key] ? pair.first : pair.second;
    }
    return sums;
  }

  Sums eligible_sums(const CoverageFacts::Program& program) const {
    Sums sums;
    for (const auto& person : facts_.people) {
      if (eligible(person, program.unit)) ++sums[cell(person.region, 0)];
    }
    return sums;
  }

  // How many units there are inside a region (empty: the whole scope).
  std::int64_t units_within(const CoverageFacts::Program& program, std::string_view region) const {
    const std::string_view unit = program.unit;
    const std::string_view inside = region.empty() ? std::string_view(query_.scope) : region;
    const auto count_codes = [&](const std::vector<std::string>& all) {
      return std::count_if(all.begin(), all.end(),
                           [&](const std::string& code) { return regions_.within(code, inside); });
    };
    if (unit == "unit") return count_codes(regions_.units());
    if (unit == "county") return count_codes(regions_.counties());
    if (unit == "town") return count_regions(kTownDigits, inside);
    if (unit == "village") return count_regions(kVillageDigits, inside);
    if (unit == "industry") return count_level("industry", 2);
    if (unit == "discipline") return count_level("discipline", 1);
    if (unit == "language") return count_flag("language", "non_common");
    if (unit == "country") return count_flag("country", "belt_road_2018");
    if (unit == "program") return programmes_asked(program);
    if (unit == "project") {
      return std::count_if(facts_.projects.begin(), facts_.projects.end(), [&](const auto& row) {
        return in_family(row.program) && !row.terminated &&
               (region.empty() || regions_.within(row.region, inside));
      });
    }
    if (unit == "person") {
      return std::count_if(facts_.people.begin(), facts_.people.end(), [&](const auto& person) {
        return person.active && (region.empty() || regions_.within(person.region, inside));
      });
    }
    if (!one_of(unit, {"organization", "talent_office"})) return 0;
    return std::count_if(
        facts_.organizations.begin(), facts_.organizations.end(), [&](const auto& organization) {
          return (unit == "organization" || organization.kind == "talent_office") &&
                 (region.empty() || regions_.within(organization.region, inside));
        });
  }

  std::int64_t programmes_asked(const CoverageFacts::Program& program) const {
    if (family_.size() > 1) return static_cast<std::int64_t>(family_.size()) - 1;
    return counts_programmes(program) ? static_cast<std::int64_t>(facts_.programs.size()) : 0;
  }

  std::int64_t count_regions(std::size_t digits, std::string_view inside) const {
    const auto terms = codes_.terms("region");
    return std::count_if(terms.begin(), terms.end(), [&](const Term* term) {
      return term->code.size() == digits && term->successor.empty() &&
             regions_.within(term->code, inside);
    });
  }

  std::int64_t count_level(std::string_view scheme, int level) const {
    const auto terms = codes_.terms(scheme);
    return std::count_if(terms.begin(), terms.end(),
                         [&](const Term* term) { return term->level == level; });
  }

  std::int64_t count_flag(std::string_view scheme, std::string_view flag) const {
    const auto terms = codes_.terms(scheme);
    return std::count_if(terms.begin(), terms.end(), [&](const Term* term) {
      return std::find(term->flags.begin(), term->flags.end(), flag) != term->flags.end();
    });
  }

  void demand_sums(Sums& filled, Sums& asked) const {
    std::unordered_map<std::int64_t, std::int64_t> seats;
    for (const auto& engagement : facts_.engagements)
      seats[engagement.need] += engagement.fills_seat;
    for (const auto& need : facts_.needs) {
      if (!in_family(need.program) || !is_asked(need) || !counts_yet(need.on)) continue;
      const Cell at = cell(need.region, need.on.year);
      asked[at] += need.headcount;
      const auto found = seats.find(need.id);
      filled[at] += std::min(need.headcount, found == seats.end() ? 0 : found->second);
    }
  }

  // Milestones closed by their due date against those that were set. Without a date of closing the
  // status alone says it.
  void milestone_sums(Sums& on_time, Sums& set) const {
    for (const auto& project : facts_.projects) {
      if (!in_family(project.program)) continue;
      for (const Milestone& milestone : project.milestones) {
        const Cell at = cell(project.region, milestone.due.year);
        ++set[at];
        on_time[at] += is_on_time(milestone);
      }
    }
  }

  bool is_on_time(const Milestone& milestone) const {
    if (milestone.status != "done" || !counts_yet(milestone.closed_on)) return false;
    return !milestone.closed_on || !milestone.due ||
           first_day(milestone.closed_on) <= last_day(milestone.due);
  }

  void fund_sums(Sums& paid, Sums& budget) const {
    for (const auto& entry : facts_.funds) {
      if (!in_family(entry.program) || !counts_yet(entry.on)) continue;
      const Cell at = cell(entry.region, entry.on.year);
      if (entry.type == "budget") budget[at] += entry.amount_fen;
      if (one_of(entry.type, {"disbursement", "award"})) paid[at] += entry.amount_fen;
      if (entry.type == "return") paid[at] -= entry.amount_fen;
    }
  }

  // ------------------------------------------------------------------ rows
  struct Figure {
    Sums numerators;
    Sums denominators;
    std::string missing;  ///< what a row without a denominator says
    bool several_metrics = false;
  };

  static Sums sizes(const Things& things) {
    Sums sums;
    for (const auto& [at, set] : things) sums[at] = static_cast<std::int64_t>(set.size());
    return sums;
  }

  Figure quota(const CoverageFacts::Program& program) const {
    Figure figure;
    if (program.counted == "project" || program.unit == "project") {
      milestone_sums(figure.numerators, figure.denominators);
      figure.missing = "nothing_due";
      return figure;
    }
    figure.numerators = sizes(collect(quota_hits(program)));
    figure.denominators = target_sums(figure.several_metrics);
    figure.missing = "no_target_set";
    return figure;
  }

  Figure figure_of(const CoverageFacts::Program& program, char rule) const {
    Figure figure;
    switch (rule) {
      case 'Q':
        return quota(program);
      case 'E':
        if (program.unit == "due_review") {
          return {sizes(collect(exits(true))), sizes(collect(exits(false))), "nothing_due"};
        }
        return {sizes(collect(eligible_hits(program))), eligible_sums(program), "nobody_eligible"};
      case 'U':
        return {sizes(collect(unit_hits(program))), {}, "no_units"};
      case 'D':
        demand_sums(figure.numerators, figure.denominators);
        figure.missing = "no_demand";
        return figure;
      default:
        fund_sums(figure.numerators, figure.denominators);
        figure.missing = "no_budget_set";
        return figure;
    }
  }

  void append(std::vector<CoverageRow>& rows, const CoverageFacts::Program& program, char rule) {
    const Figure figure = figure_of(program, rule);
    const Sums results = rule == 'F' ? sizes(collect(reached_subjects())) : Sums{};
    for (const Cell& at : cells(figure.numerators, figure.denominators)) {
      CoverageRow row{program.code, at.region, at.year, rule, 0, {}, {}, {}};
      if (const auto found = figure.numerators.find(at); found != figure.numerators.end()) {
        row.numerator = found->second;
      }
      row.denominator = denominator_of(program, rule, at, figure.denominators);
      if (figure.several_metrics) row.denominator.reset();
      if (row.denominator && *row.denominator > 0) {
        row.value = static_cast<double>(row.numerator) / static_cast<double>(*row.denominator);
        const auto result = results.find(at);
        if (result != results.end()) {
          row.note = "cost_per_result_fen:" + std::to_string(row.numerator / result->second);
        }
      } else {
        row.note = figure.several_metrics ? "several_metrics" : figure.missing;
      }
      rows.push_back(std::move(row));
    }
  }

  std::optional<std::int64_t> denominator_of(const CoverageFacts::Program& program, char rule,
                                             const Cell& at, const Sums& denominators) const {
    if (rule == 'U') {
      if (at.region == kUnknownRegion) return std::nullopt;
      return units_within(program, at.region.value_or(""));
    }
    Cell key = at;
    // Eligible people are those of the as-of date, whatever the year of the row.
    if (rule == 'E' && program.unit != "due_review") key.year.reset();
    const auto found = denominators.find(key);
    if (found == denominators.end()) return std::nullopt;
    return found->second;
  }

  static std::set<Cell> cells(const Sums& numerators, const Sums& denominators) {
    std::set<Cell> all;
    for (const auto& [at, sum] : numerators) all.insert(at);
    for (const auto& [at, sum] : denominators) all.insert(at);
    if (all.empty()) all.insert(Cell{});
    return all;
  }

  const CoverageFacts& facts_;
  const CodeBook& codes_;
  const RegionMap& regions_;
  const CoverageQuery& query_;
  std::unordered_map<std::int64_t, const CoverageFacts::Need*> needs_;
  std::unordered_map<std::int64_t, const CoverageFacts::Person*> people_;
  std::unordered_map<std::int64_t, const CoverageFacts::Organization*> organizations_;
  std::unordered_map<std::int64_t, const CoverageFacts::Project*> projects_;
  std::set<std::string_view> family_;
  mutable std::unordered_map<std::string, std::int64_t> interned_;
};

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

std::vector<CoverageRow> recount(const CoverageFacts& facts, const CodeBook& codes,
                                 const RegionMap& regions, const CoverageQuery& query) {
  std::vector<CoverageRow> rows;
  Figures figures(facts, codes, regions, query);
  for (const auto& program : facts.programs) {
    if (!query.program.empty() && program.code != query.program) continue;
    for (CoverageRow& row : figures.of(program)) rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace chucai::testing
