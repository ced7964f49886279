#include "registry/coverage/figures.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>

#include "registry/domain/text.h"

namespace chucai::coverage {
namespace {

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

using Sums = std::map<Cell, std::int64_t>;
using Things = std::map<Cell, std::set<std::int64_t>>;
using ByProgram = std::map<std::string, Sums>;

/// Anything that can show that a unit was reached.
struct Trace {
  std::string_view region;
  std::int64_t year = 0;  ///< 0: not known
  std::string_view industry{};
  std::int64_t subject = 0;
  std::string_view subject_type{};
  std::string_view program{};
  std::string_view country{};
  std::string_view discipline{};
};

/// What the participations of a programme tell of the units of one kind.
struct Seen {
  std::string program;
  std::string region;
  std::int64_t year = 0;
  std::string what;  ///< code of an industry, a discipline, a country
  std::int64_t subject = 0;
};

std::int64_t year_of(const std::string& text) {
  return text.empty() ? 0 : std::stoll(text);
}

class Figures {
 public:
  Figures(const Lens& lens, const CoverageQuery& query)
      : cube_(lens.cube()), query_(query), lens_(lens) {
    for (const fact::Program& program : *cube_.programs) {
      if (query.program.empty() || program.code == query.program) wanted_.push_back(&program);
    }
  }

  bool knows_program() const { return query_.program.empty() || !wanted_.empty(); }

  std::vector<CoverageRow> rows() {
    std::vector<CoverageRow> rows;
    for (const fact::Program* program : wanted_) {
      family_.clear();
      for (std::string& code : lens_.family_of(program->code)) family_.insert(std::move(code));
      for (const std::string& rule : {program->rule, program->rule2}) {
        if (!rule.empty()) append(rows, *program, rule.front());
      }
    }
    return rows;
  }

 private:
  bool in_family(const std::string& program) const { return family_.contains(program); }
  const CodeBook& codes() const { return lens_.codes(); }
  const RegionMap& regions() const { return lens_.regions(); }

  template <class Row>
  bool stands(const Row& row, Date on) const {
    return lens_.sees(row.key.scope) && lens_.counts(on);
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
      std::string unit = regions().unit_of(region);
      if (!unit.empty()) return unit;
    }
    return std::string(region.substr(0, kCountyDigits));
  }

  // ------------------------------------------------------------------ scans
  Axis places(From from, Groups& groups) const {
    return lens_.axis(from, Column::Region, groups, [&](const std::string& region) {
      return query_.by_region == RegionGrain::None ? std::string("-") : grain_of(region);
    });
  }

  Axis years(Groups& groups) const {
    if (query_.by_year) return lens_.years(groups);
    return lens_.axis(From::Fact, Column::Month, groups,
                      [](const std::string&) { return std::string("-"); });
  }

  // Each programme that is asked for, with what is below it.
  Axis programs_asked(Groups& groups) const {
    return lens_.axis_of_many(From::Fact, Column::Program, groups, [&](const std::string& code) {
      std::vector<std::string> line = lens_.up_the_tree(code);
      std::erase_if(line, [&](const std::string& program) {
        return !query_.program.empty() && program != query_.program;
      });
      return line;
    });
  }

  enum class Take { Distinct, Rows, Sum };

  Sums sums_of(Scan scan, From place, Take take) const {
    ByProgram all = by_program(std::move(scan), place, take, false);
    return all.empty() ? Sums{} : std::move(all.begin()->second);
  }

  // One pass for all programmes.
  ByProgram by_program(Scan scan, From place, Take take, bool split = true) const {
    Groups programs;
    Groups where;
    Groups when;
    if (split) scan.axes.push_back(programs_asked(programs));
    scan.axes.push_back(places(place, where));
    const bool has_month = !scan.table->empty() && scan.table != &cube_.subjects;
    if (has_month) scan.axes.push_back(years(when));
    const std::uint64_t per_year = std::max(1U, when.size());
    const std::uint64_t per_place = std::max(1U, where.size()) * per_year;
    ByProgram found;
    for (const CellCount& count : coverage::count(cube_, scan)) {
      Cell at;
      if (query_.by_region != RegionGrain::None) {
        at.region = where.name(static_cast<std::uint32_t>(count.cell % per_place / per_year));
      }
      if (has_month && query_.by_year) {
        const auto year = year_of(when.name(static_cast<std::uint32_t>(count.cell % per_year)));
        if (year != 0) at.year = year;
      }
      const std::string program =
          split ? programs.name(static_cast<std::uint32_t>(count.cell / per_place)) : "";
      found[program][at] += take == Take::Distinct ? count.distinct
                            : take == Take::Rows   ? count.rows
                                                   : count.sum;
    }
    return found;
  }

  template <class Make>
  const Sums& once(std::optional<ByProgram>& kept, const std::string& program, const Make& make) {
    if (!kept) kept = make();
    return (*kept)[program];
  }

  const Sums& reached_subjects(const std::string& program) {
    return once(reached_, program,
                [&] { return by_program(lens_.reached(), From::Fact, Take::Distinct); });
  }

  // ------------------------------------------------------------------ numerators
  Sums quota_numerators(const fact::Program& program) {
    if (program.counted == "person") {
      return sums_of(lens_.people(), From::Fact, Take::Distinct);
    }
    if (program.counted == "organization") return organizations_of(program.code);
    if (program.counted == "link") return linked_people(program);
    if (program.counted == "assessment") {
      return once(assessed_, program.code, [&] {
        return by_program(lens_.scan(cube_.assessments), From::Fact, Take::Distinct);
      });
    }
    return reached_subjects(program.code);
  }

  Sums organizations_of(const std::string& program) const {
    Sums sums;
    for (const fact::Organization& row : *cube_.organizations) {
      if (lens_.sees(row.key.scope) && belongs(row, program)) ++sums[cell(row.region, 0)];
    }
    return sums;
  }

  template <class Visit>
  void each_link(const std::string& program, const Visit& visit) const {
    for (const LinkFact& link : *cube_.links) {
      if (lens_.sees(link.row.key.scope) && belongs(link.row, program) &&
          in_force(link.row.start, link.row.end, query_.as_of)) {
        visit(link);
      }
    }
  }

  Sums linked_people(const fact::Program& program) const {
    Things things;
    each_link(program.code, [&](const LinkFact& link) {
      for (const std::uint32_t owner : {link.from, link.to}) {
        if (owner != kNoOwner) things[cell(link.row.region, link.row.start.year)].insert(owner);
      }
    });
    return sizes(things);
  }

  // Numerator and denominator of rule E stand at the person's own region.
  Sums eligible_numerators(const fact::Program& program) {
    if (program.counted == "link") return eligible_linked(program);
    const bool experts = program.unit == "expert";
    if (program.counted == "need") {
      return once(eligible_[experts ? 0 : 1], program.code, [&] {
        Scan scan = lens_.seats();
        scan.any_day = true;
        return eligible(std::move(scan), program.unit);
      });
    }
    if (program.counted == "assessment") {
      return once(eligible_[experts ? 2 : 3], program.code,
                  [&] { return eligible(lens_.scan(cube_.assessments), program.unit); });
    }
    return once(eligible_[experts ? 4 : 5], program.code,
                [&] { return eligible(lens_.reached(), program.unit); });
  }

  ByProgram eligible(Scan scan, const std::string& unit) const {
    lens_.only_eligible(scan, unit);
    return by_program(std::move(scan), From::Subject, Take::Distinct);
  }

  bool is_eligible(std::uint32_t owner, std::string_view unit) const {
    const Chunk& chunk = *cube_.subjects[owner / kOwners];
    const std::size_t row = owner % kOwners;
    const Code status = lens_.is_past() ? status_on(chunk, row, day_number(query_.as_of))
                                        : chunk.column(Column::Status)[row];
    const auto text = [&](Column column) { return cube_.text(column, chunk.column(column)[row]); };
    return lens_.sees(text(Column::Scope)) && cube_.text(Column::Status, status) == "active" &&
           (unit != "expert" || text(Column::Role) == "expert");
  }

  Sums eligible_linked(const fact::Program& program) const {
    Things things;
    each_link(program.code, [&](const LinkFact& link) {
      for (const std::uint32_t owner : {link.from, link.to}) {
        if (owner == kNoOwner || !is_eligible(owner, program.unit)) continue;
        const Code region = cube_.of_subject(owner, Column::Region);
        things[cell(cube_.text(Column::Region, region), link.row.start.year)].insert(owner);
      }
    });
    return sizes(things);
  }

  // Rule E over due reviews (22.11): participations that ended against those due to end, of any
  // programme.
  Sums exits(bool (*counts)(std::string_view)) const {
    Scan scan = lens_.scan(cube_.participations);
    scan.statuses = lens_.passing(Column::Status, counts);
    return sums_of(std::move(scan), From::Fact, Take::Rows);
  }

  // The place that a region reaches, in the grain that the rule counts; empty when too coarse.
  std::string place_of(std::string_view region, std::string_view unit) const {
    if (unit == "unit") return regions().unit_of(region);
    if (unit == "county") return regions().county_of(region);
    const std::size_t digits = unit == "town" ? kTownDigits : kVillageDigits;
    return region.size() >= digits ? std::string(region.substr(0, digits)) : std::string();
  }

  static bool is_place(std::string_view unit) {
    return one_of(unit, {"unit", "county", "town", "village"});
  }

  bool belongs(const fact::Organization& organization, std::string_view program) const {
    return names(codes().find("org_kind", organization.kind), program);
  }

  static bool names(const Term* term, std::string_view program) {
    return term != nullptr && term->has("program:" + std::string(program));
  }

  // A link belongs where it says; else its relation or the unit at one of its ends says it.
  bool belongs(const fact::Link& link, std::string_view program) const {
    if (!link.program.empty()) return in_family(link.program);
    if (names(codes().find("link_type", link.relation), program)) return true;
    for (const fact::Party* party : {&link.from, &link.to}) {
      if (party->type != "organization") continue;
      const fact::Organization* unit = lens_.organization(party->id);
      if (unit != nullptr && belongs(*unit, program)) return true;
    }
    return false;
  }

  // ------------------------------------------------------------------ units
  // What participations tell of a unit is read once for all programmes that count it.
  const std::vector<Seen>& seen(std::string_view unit) {
    const auto [at, is_new] = seen_.try_emplace(std::string(unit));
    if (is_new) at->second = look(unit);
    return at->second;
  }

  std::vector<Seen> look(std::string_view unit) const {
    std::set<std::string> families;
    for (const fact::Program* program : wanted_) {
      if (program->unit != unit) continue;
      for (std::string& code : lens_.family_of(program->code)) families.insert(std::move(code));
    }
    Groups programs;
    Groups where;
    Groups when;
    Groups what;
    Scan scan = lens_.reached();
    scan.axes.push_back(lens_.axis(
        From::Fact, Column::Program, programs,
        [&](const std::string& code) { return families.contains(code) ? code : std::string(); }));
    scan.axes.push_back(
        lens_.axis_of_many(From::Fact, Column::Region, where, [&](const std::string& region) {
          const bool fine = one_of(unit, {"town", "village"});
          return std::vector{fine ? region : region.substr(0, kCountyDigits)};
        }));
    scan.axes.push_back(lens_.years(when));
    scan.axes.push_back(what_axis(scan, unit, what));
    std::vector<Seen> found;
    const std::uint64_t whats = scan.axes.back().size;
    for (const CellCount& count : coverage::count(cube_, scan)) {
      std::uint64_t cell = count.cell;
      const auto take = [&](std::uint64_t size) {
        const std::uint64_t group = cell % size;
        cell /= size;
        return static_cast<std::uint32_t>(group);
      };
      Seen one;
      const std::uint32_t last = take(whats);
      if (scan.axes.back().is_owner) {
        one.subject = cube_.subjects[last / kOwners]->amount[last % kOwners];
      } else {
        one.what = what.name(last);
      }
      one.year = year_of(when.name(take(when.size())));
      one.region = where.name(take(std::max(1U, where.size())));
      one.program = programs.name(take(std::max(1U, programs.size())));
      found.push_back(std::move(one));
    }
    return found;
  }

  Axis what_axis(Scan& scan, std::string_view unit, Groups& what) const {
    const auto only_type = [&](std::initializer_list<std::string_view> types) {
      scan.filters.push_back(
          lens_.filter(From::Subject, Column::Type,
                       [types](const std::string& type) { return one_of(type, types); }));
    };
    const auto only_seen = [&] {
      scan.filters.push_back(
          lens_.filter(From::Subject, Column::Scope,
                       [&](const std::string& scope) { return lens_.sees(scope); }));
    };
    if (unit == "industry") {
      only_type({"organization", "project"});
      only_seen();
      return lens_.axis(From::Subject, Column::Industry, what,
                        [](const std::string& code) { return code.substr(0, kIndustryDigits); });
    }
    if (unit == "discipline") {
      only_type({"person"});
      only_seen();
      return lens_.axis(From::Subject, Column::Discipline, what, [&](const std::string& code) {
        const auto line = codes().chain("discipline", code);
        return line.empty() ? std::string() : line.back()->code;
      });
    }
    if (unit == "country") {
      return lens_.axis(From::Fact, Column::Country, what,
                        [](const std::string& country) { return country; });
    }
    if (is_place(unit) || unit == "program") {
      return lens_.axis(From::Fact, Column::Program, what,
                        [](const std::string&) { return std::string("-"); });
    }
    const bool office = unit == "talent_office";
    if (office) {
      only_type({"organization"});
    } else {
      only_type({unit});
    }
    Axis owner;
    owner.is_owner = true;
    owner.size = static_cast<std::uint32_t>(cube_.subjects.size()) * kOwners;
    return owner;
  }

  std::vector<Trace> traces(const fact::Program& program) {
    std::vector<Trace> found;
    const std::string_view unit = program.unit;
    const std::string_view type = unit == "talent_office" ? "organization" : unit;
    for (const Seen& one : seen(unit)) {
      if (!in_family(one.program)) continue;
      Trace trace{one.region, one.year, {}, one.subject, type, one.program, {}, {}};
      if (unit == "industry") trace.industry = one.what;
      if (unit == "discipline") trace.discipline = one.what;
      if (unit == "country") trace.country = one.what;
      found.push_back(trace);
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
    for (const fact::Round& row : *cube_.rounds) {
      if (!in_family(row.program) || !stands(row, row.on)) continue;
      found.push_back({row.region, row.on.year, row.industry, 0, {}, row.program, {}, {}});
    }
  }

  // What rows of a table tell, one trace for those that agree in programme, place, year and more.
  void trace_table(Scan scan, From more_from, Column more, std::vector<Trace>& found) {
    Groups programs;
    Groups where;
    Groups when;
    Groups what;
    scan.axes.push_back(lens_.axis(
        From::Fact, Column::Program, programs,
        [&](const std::string& code) { return in_family(code) ? code : std::string(); }));
    scan.axes.push_back(
        lens_.axis_of_many(From::Fact, Column::Region, where,
                           [](const std::string& region) { return std::vector{region}; }));
    scan.axes.push_back(lens_.years(when));
    const bool owners = more_from == From::Subject;
    if (owners) {
      Axis owner;
      owner.is_owner = true;
      owner.size = static_cast<std::uint32_t>(cube_.subjects.size()) * kOwners;
      scan.axes.push_back(owner);
    } else {
      scan.axes.push_back(lens_.axis_of_many(
          From::Fact, more, what, [](const std::string& code) { return std::vector{code}; }));
    }
    const std::uint64_t whats = scan.axes.back().size;
    for (const CellCount& count : coverage::count(cube_, scan)) {
      const auto last = static_cast<std::uint32_t>(count.cell % whats);
      std::uint64_t rest = count.cell / whats;
      const std::string& year = when.name(static_cast<std::uint32_t>(rest % when.size()));
      rest /= when.size();
      const std::string& region = where.name(static_cast<std::uint32_t>(rest % where.size()));
      const std::string& program = programs.name(static_cast<std::uint32_t>(rest / where.size()));
      Trace trace{keep(region), year_of(year), {}, 0, {}, keep(program), {}, {}};
      if (owners) {
        trace.subject = cube_.subjects[last / kOwners]->amount[last % kOwners];
        trace.subject_type = cube_.text(Column::Type, cube_.of_subject(last, Column::Type));
      } else if (more == Column::Industry) {
        trace.industry = keep(what.name(last));
      }
      found.push_back(trace);
    }
  }

  std::string_view keep(const std::string& text) { return *kept_.insert(text).first; }

  void trace_needs(std::vector<Trace>& found) {
    Scan scan = lens_.asked();
    scan.any_day = true;
    trace_table(std::move(scan), From::Fact, Column::Industry, found);
  }

  void trace_assessments(std::vector<Trace>& found) {
    trace_table(lens_.scan(cube_.assessments), From::Subject, Column::Type, found);
  }

  void trace_targets(std::vector<Trace>& found) const {
    for (const fact::Target& row : *cube_.targets) {
      if (!in_family(row.program) || !stands(row, {}) || is_later(row.year)) continue;
      found.push_back({row.region, row.year, row.dimension, 0, {}, row.program, {}, {}});
    }
  }

  bool is_later(std::int64_t year) const { return query_.as_of && year > query_.as_of.year; }

  void trace_organizations(const fact::Program& program, std::vector<Trace>& found) const {
    for (const fact::Organization& row : *cube_.organizations) {
      if (!lens_.sees(row.key.scope) || !belongs(row, program.code)) continue;
      found.push_back({row.region, 0, row.industry, row.key.id, "organization", {}, {}, {}});
    }
  }

  void trace_documents(std::vector<Trace>& found) const {
    for (const fact::Document& row : *cube_.documents) {
      if (!in_family(row.program) || !lens_.sees(row.key.scope) ||
          !in_force(row.from, row.to, query_.as_of)) {
        continue;
      }
      found.push_back({row.region, row.from.year, {}, row.key.id, "document", row.program, {}, {}});
    }
  }

  // Money shows for every programme that it is spent in.
  void trace_funds(std::vector<Trace>& found) {
    Groups programs;
    Groups where;
    Groups when;
    Scan scan = lens_.scan(cube_.funds);
    const auto as_it_is = [](const std::string& text) { return std::vector{text}; };
    scan.axes.push_back(lens_.axis_of_many(From::Fact, Column::Program, programs, as_it_is));
    scan.axes.push_back(lens_.axis_of_many(From::Fact, Column::Region, where, as_it_is));
    scan.axes.push_back(lens_.years(when));
    for (const CellCount& count : coverage::count(cube_, scan)) {
      const std::uint64_t rest = count.cell / when.size();
      found.push_back({keep(where.name(static_cast<std::uint32_t>(rest % where.size()))),
                       year_of(when.name(static_cast<std::uint32_t>(count.cell % when.size()))),
                       {},
                       0,
                       {},
                       keep(programs.name(static_cast<std::uint32_t>(rest / where.size()))),
                       {},
                       {}});
    }
  }

  // A place or programme that a relation touches. Where a programme asks for several relations (the
  // five chains), an industry is reached when all of them are there.
  void trace_links(const fact::Program& program, std::vector<Trace>& found) const {
    const std::size_t asked = relations_asked(program.code);
    std::map<std::string_view, std::set<std::string_view>> by_industry;
    std::vector<const fact::Link*> links;
    each_link(program.code, [&](const LinkFact& link) {
      links.push_back(&link.row);
      if (is_asked(link.row, program.code)) {
        by_industry[lens_.industry_of(link.row)].insert(link.row.relation);
      }
    });
    for (const fact::Link* link : links) {
      const std::string_view industry = lens_.industry_of(*link);
      if (by_industry[industry].size() < asked) continue;
      for (const fact::Party* party : {&link->from, &link->to}) {
        const std::string_view region = party->type == "region" ? party->code : link->region;
        const std::string_view touched = party->type == "program" ? party->code : link->program;
        found.push_back(
            {region, link->start.year, industry, party->id, party->type, touched, {}, {}});
      }
    }
  }

  // One of the relations that must all be there.
  bool is_asked(const fact::Link& link, std::string_view program) const {
    const Term* relation = codes().find("link_type", link.relation);
    return names(relation, program) && relation->has("part");
  }

  // How many must all be there; 0 when any one will do.
  std::size_t relations_asked(std::string_view program) const {
    const auto terms = codes().terms("link_type");
    return static_cast<std::size_t>(
        std::count_if(terms.begin(), terms.end(),
                      [&](const Term* term) { return names(term, program) && term->has("part"); }));
  }

  Sums unit_numerators(const fact::Program& program) {
    if (program.unit == "language") return languages();
    Things things;
    std::unordered_map<std::string, std::int64_t> interned;
    for (const Trace& trace : traces(program)) {
      const std::string thing = unit_of(program, trace);
      if (thing.empty()) continue;
      const auto next = static_cast<std::int64_t>(interned.size()) + 1;
      things[cell(trace.region, trace.year)].insert(interned.emplace(thing, next).first->second);
    }
    return sizes(things);
  }

  // The unit that a trace shows as reached, by a name of its own; empty: none.
  std::string unit_of(const fact::Program& program, const Trace& trace) const {
    const std::string_view unit = program.unit;
    if (is_place(unit)) return place_of(trace.region, unit);
    if (unit == "industry") return std::string(trace.industry.substr(0, kIndustryDigits));
    if (unit == "discipline") return std::string(trace.discipline);
    if (unit == "country") return country_of(trace);
    if (unit == "program") return programme_of(program, trace);
    const std::string_view wanted = unit == "talent_office" ? "organization" : unit;
    if (trace.subject_type != wanted) return {};
    if (unit == "talent_office") {
      const fact::Organization* office = lens_.organization(trace.subject);
      if (office == nullptr || office->kind != unit) return {};
    }
    return std::to_string(trace.subject);
  }

  std::string country_of(const Trace& trace) const {
    const auto found = trace.country.empty() ? std::vector<const Term*>()
                                             : codes().named("country", trace.country);
    return !found.empty() && found.front()->has("belt_road_2018") ? found.front()->code
                                                                  : std::string();
  }

  // Parts of a programme where it has some; else every programme that was touched.
  std::string programme_of(const fact::Program& program, const Trace& trace) const {
    const std::string touched(trace.program);
    const bool part = family_.size() > 1 && in_family(touched) && touched != program.code;
    const bool any =
        family_.size() == 1 && counts_programmes(program) && lens_.program(touched) != nullptr;
    return part || any ? touched : std::string();
  }

  static bool counts_programmes(const fact::Program& program) {
    return one_of(program.counted, {"link", "fund_entry"});
  }

  Sums languages() const {
    Groups where;
    Groups spoken;
    Scan scan = lens_.people();
    scan.axes.push_back(places(From::Fact, where));
    scan.axes.push_back(
        lens_.axis_of_many(From::Fact, Column::Language, spoken, [&](const std::string& packed) {
          std::vector<std::string> less_common = split_list(packed);
          std::erase_if(less_common, [&](const std::string& language) {
            const Term* term = codes().find("language", language);
            return term == nullptr || !term->has("non_common");
          });
          return less_common;
        }));
    Sums sums;
    const std::uint64_t size = scan.axes.back().size;
    for (const CellCount& count : coverage::count(cube_, scan)) {
      Cell at;
      if (query_.by_region != RegionGrain::None) {
        at.region = where.name(static_cast<std::uint32_t>(count.cell / size));
      }
      ++sums[at];
    }
    return sums;
  }

  // ------------------------------------------------------------------ denominators
  // A target for the whole place counts as it stands; without one, those of its parts add up.
  Sums target_sums(bool& several_metrics) const {
    std::map<std::pair<Cell, std::int64_t>, std::pair<std::int64_t, std::int64_t>> whole_and_parts;
    std::map<std::pair<Cell, std::int64_t>, bool> has_whole;
    std::set<std::string_view> metrics;
    for (const fact::Target& target : *cube_.targets) {
      if (!in_family(target.program) || !stands(target, {}) || is_later(target.year)) continue;
      metrics.insert(target.metric);
      const bool province = target.region.empty() || target.region == kProvince;
      const std::string_view region = province ? kProvince : std::string_view(target.region);
      const std::pair key{cell(region, target.year), target.year};
      const bool whole = query_.by_region == RegionGrain::None ? province
                         : query_.by_region == RegionGrain::Unit
                             ? regions().unit_of(region) == region || province
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

  const Sums& eligible_sums(std::string_view unit) {
    const bool experts = unit == "expert";
    std::optional<Sums>& kept = eligible_people_[experts ? 0 : 1];
    if (!kept) {
      Scan scan = lens_.people();
      if (experts) {
        scan.filters.push_back(lens_.filter(
            From::Fact, Column::Role, [](const std::string& role) { return role == "expert"; }));
      }
      kept = sums_of(std::move(scan), From::Fact, Take::Distinct);
    }
    return *kept;
  }

  // How many units there are inside a region (empty: the whole scope).
  std::int64_t units_within(const fact::Program& program, const std::string& region) {
    const std::string_view unit = program.unit;
    const std::string_view inside = region.empty() ? std::string_view(query_.scope) : region;
    const auto count_codes = [&](const std::vector<std::string>& all) {
      return std::count_if(all.begin(), all.end(),
                           [&](const std::string& code) { return regions().within(code, inside); });
    };
    if (unit == "unit") return count_codes(regions().units());
    if (unit == "county") return count_codes(regions().counties());
    if (unit == "town" || unit == "village") return count_regions(unit, inside);
    if (unit == "industry") return count_level("industry", 2);
    if (unit == "discipline") return count_level("discipline", 1);
    if (unit == "language") return count_flag("language", "non_common");
    if (unit == "country") return count_flag("country", "belt_road_2018");
    if (unit == "program") return programmes_asked(program);
    const auto lies = [&](std::string_view place) {
      return region.empty() || regions().within(place, inside);
    };
    if (unit == "project") return projects_within(lies);
    if (unit == "person") return people_within(lies);
    if (!one_of(unit, {"organization", "talent_office"})) return 0;
    return std::count_if(cube_.organizations->begin(), cube_.organizations->end(),
                         [&](const fact::Organization& row) {
                           return lens_.sees(row.key.scope) &&
                                  (unit == "organization" || row.kind == "talent_office") &&
                                  lies(row.region);
                         });
  }

  template <class Lies>
  std::int64_t projects_within(const Lies& lies) const {
    return std::count_if(cube_.projects->begin(), cube_.projects->end(),
                         [&](const ProjectFact& project) {
                           const fact::Project& row = project.row;
                           return in_family(row.program) && lens_.sees(row.key.scope) &&
                                  !is_terminated(project) && lies(row.region);
                         });
  }

  bool is_terminated(const ProjectFact& project) const {
    if (!lens_.is_past()) return project.row.status == "terminated";
    std::string_view status;
    for (const auto& [day, reached] : project.log) {
      if (day <= day_number(query_.as_of)) status = reached;
    }
    return status == "terminated";
  }

  template <class Lies>
  std::int64_t people_within(const Lies& lies) {
    if (!people_) {
      Groups where;
      Scan scan = lens_.people();
      scan.axes.push_back(
          lens_.axis_of_many(From::Fact, Column::Region, where,
                             [](const std::string& region) { return std::vector{region}; }));
      people_.emplace();
      for (const CellCount& count : coverage::count(cube_, scan)) {
        (*people_)[where.name(static_cast<std::uint32_t>(count.cell))] = count.distinct;
      }
    }
    std::int64_t sum = 0;
    for (const auto& [place, people] : *people_) sum += lies(place) ? people : 0;
    return sum;
  }

  std::int64_t programmes_asked(const fact::Program& program) const {
    if (family_.size() > 1) return static_cast<std::int64_t>(family_.size()) - 1;
    return counts_programmes(program) ? static_cast<std::int64_t>(cube_.programs->size()) : 0;
  }

  // Towns and villages in force, counted by county once.
  std::int64_t count_regions(std::string_view unit, std::string_view inside) {
    if (towns_.empty()) {
      for (const Term* term : codes().terms("region")) {
        const bool town = term->code.size() == kTownDigits;
        if (!term->successor.empty() || (!town && term->code.size() != kVillageDigits)) continue;
        ++(town ? towns_ : villages_)[term->code.substr(0, kCountyDigits)];
      }
    }
    std::int64_t sum = 0;
    for (const auto& [county, number] : unit == "town" ? towns_ : villages_) {
      if (regions().within(county, inside)) sum += number;
    }
    return sum;
  }

  std::int64_t count_level(std::string_view scheme, int level) const {
    const auto terms = codes().terms(scheme);
    return std::count_if(terms.begin(), terms.end(),
                         [&](const Term* term) { return term->level == level; });
  }

  std::int64_t count_flag(std::string_view scheme, std::string_view flag) const {
    const auto terms = codes().terms(scheme);
    return std::count_if(terms.begin(), terms.end(),
                         [&](const Term* term) { return term->has(flag); });
  }

  const Sums& asked(const std::string& program) {
    return once(asked_, program, [&] { return by_program(lens_.asked(), From::Fact, Take::Sum); });
  }

  // No need has more filled seats than it asked for.
  const Sums& filled(const std::string& program) {
    return once(filled_, program, [&] {
      const std::vector<std::int64_t> seats = filled_seats(lens_);
      Scan scan = lens_.asked();
      scan.owner_values = &seats;
      return by_program(std::move(scan), From::Fact, Take::Sum);
    });
  }

  // Milestones closed by their due date against those that were set. Without a date of closing the
  // status alone says it.
  void milestone_sums(Sums& on_time, Sums& set) const {
    for (const ProjectFact& project : *cube_.projects) {
      const fact::Project& row = project.row;
      if (!in_family(row.program) || !lens_.sees(row.key.scope)) continue;
      for (const Milestone& milestone : row.milestones) {
        const Cell at = cell(row.region, milestone.due.year);
        ++set[at];
        on_time[at] += is_on_time(milestone, query_.as_of) ? 1 : 0;
      }
    }
  }

  Sums money(std::optional<ByProgram>& kept, const std::string& program,
             int (*share)(std::string_view)) {
    return once(kept, program, [&] {
      Scan scan = lens_.scan(cube_.funds);
      scan.filters.push_back(lens_.filter(
          From::Fact, Column::Type, [&](const std::string& type) { return share(type) != 0; }));
      for (Code code = 0; code < cube_.words->of(Column::Type).size(); ++code) {
        scan.weights.push_back(static_cast<std::int8_t>(share(cube_.text(Column::Type, code))));
      }
      return by_program(std::move(scan), From::Fact, Take::Sum);
    });
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

  Figure quota(const fact::Program& program) {
    Figure figure;
    if (program.counted == "project" || program.unit == "project") {
      milestone_sums(figure.numerators, figure.denominators);
      figure.missing = "nothing_due";
      return figure;
    }
    figure.numerators = quota_numerators(program);
    figure.denominators = target_sums(figure.several_metrics);
    figure.missing = "no_target_set";
    return figure;
  }

  Figure figure_of(const fact::Program& program, char rule) {
    switch (rule) {
      case 'Q':
        return quota(program);
      case 'E':
        if (program.unit == "due_review") {
          return {exits(ended_early), exits(was_due_to_end), "nothing_due"};
        }
        return {eligible_numerators(program), eligible_sums(program.unit), "nobody_eligible"};
      case 'U':
        return {unit_numerators(program), {}, "no_units"};
      case 'D':
        return {filled(program.code), asked(program.code), "no_demand"};
      default:
        return {
            money(paid_, program.code, paid_share),
            money(budget_, program.code, [](std::string_view type) { return +is_budget(type); }),
            "no_budget_set"};
    }
  }

  void append(std::vector<CoverageRow>& rows, const fact::Program& program, char rule) {
    const Figure figure = figure_of(program, rule);
    const Sums results = rule == 'F' ? reached_subjects(program.code) : Sums{};
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

  std::optional<std::int64_t> denominator_of(const fact::Program& program, char rule,
                                             const Cell& at, const Sums& denominators) {
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

  const Cube& cube_;
  const CoverageQuery& query_;
  const Lens& lens_;
  std::vector<const fact::Program*> wanted_;
  std::set<std::string> family_;  // of the programme at hand
  std::set<std::string> kept_;    // texts that traces view
  std::map<std::string, std::vector<Seen>> seen_;
  std::optional<ByProgram> reached_;
  std::optional<ByProgram> assessed_;
  std::optional<ByProgram> asked_;
  std::optional<ByProgram> filled_;
  std::optional<ByProgram> paid_;
  std::optional<ByProgram> budget_;
  std::array<std::optional<ByProgram>, 6> eligible_;
  std::array<std::optional<Sums>, 2> eligible_people_;
  std::optional<std::map<std::string, std::int64_t>> people_;
  std::map<std::string, std::int64_t> towns_;
  std::map<std::string, std::int64_t> villages_;
};

}  // namespace

Result<std::vector<CoverageRow>> figures(const Lens& lens, const CoverageQuery& query) {
  Figures all(lens, query);
  if (!all.knows_program()) return fail(ErrorCode::NotFound, "coverage.program", "program");
  return all.rows();
}

}  // namespace chucai::coverage
