#include "registry/domain/rules/coverage.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "registry/domain/text.h"

namespace chucai {
namespace {

constexpr std::string_view kUnknownRegion = "unknown";
constexpr std::string_view kProvince = "420000";
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
      if (in_family(row.program) && counts_as_reached(row.status) && counts_yet(row.on)) {
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
    return reached_subjects();
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
    for (const auto& row : facts_.participations) {
      if (row.subject_type == "person" && in_family(row.program) && counts_as_reached(row.status) &&
          counts_yet(row.on)) {
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
    const Term* kind = codes_.find("org_kind", organization.kind);
    if (!kind) return false;
    const std::string flag = "program:" + std::string(program);
    return std::find(kind->flags.begin(), kind->flags.end(), flag) != kind->flags.end();
  }

  struct Trace {  // anything that can show that a unit was reached
    std::string_view region;
    std::string_view industry;
    std::int64_t year = 0;
    std::int64_t subject = 0;
    std::string_view subject_type;
  };

  std::vector<Trace> traces(const CoverageFacts::Program& program) const {
    std::vector<Trace> found;
    for (const auto& row : facts_.participations) {
      if (in_family(row.program) && counts_as_reached(row.status) && counts_yet(row.on)) {
        found.push_back({row.region, {}, row.on.year, row.subject, row.subject_type});
      }
    }
    if (program.counted == "round") {
      for (const auto& row : facts_.rounds) {
        if (in_family(row.program) && counts_yet(row.on)) {
          found.push_back({row.region, row.industry, row.on.year, 0, {}});
        }
      }
    } else if (program.counted == "need") {
      for (const auto& row : facts_.needs) {
        if (in_family(row.program) && is_asked(row)) {
          found.push_back({row.region, row.industry, row.on.year, 0, {}});
        }
      }
    } else if (program.counted == "target") {
      for (const auto& row : facts_.targets) {
        if (in_family(row.program)) found.push_back({row.region, {}, row.year, 0, {}});
      }
    } else if (program.counted == "organization") {
      for (const auto& row : facts_.organizations) {
        if (belongs(row, program.code)) {
          found.push_back({row.region, row.industry, 0, row.id, "organization"});
        }
      }
    }
    return found;
  }

  std::vector<Hit> unit_hits(const CoverageFacts::Program& program) const {
    std::vector<Hit> hits;
    if (program.unit == "language") return language_hits();
    for (const Trace& trace : traces(program)) {
      std::string thing;
      if (is_place(program.unit)) {
        thing = place_of(trace.region, program.unit);
      } else if (program.unit == "industry") {
        thing = trace.industry.substr(0, 2);
      } else if (one_of(program.unit, {"organization", "talent_office", "person"})) {
        const std::string_view wanted = program.unit == "person" ? "person" : "organization";
        if (trace.subject_type == wanted) thing = std::to_string(trace.subject);
      }
      if (!thing.empty()) hits.push_back({trace.region, trace.year, intern(thing)});
    }
    return hits;
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
    return !one_of(need.status, {"draft", "submitted", "cancelled"});
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
  std::int64_t units_within(std::string_view unit, std::string_view region) const {
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
    if (unit == "program") return static_cast<std::int64_t>(facts_.programs.size());
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

  // ------------------------------------------------------------------ rows
  void append(std::vector<CoverageRow>& rows, const CoverageFacts::Program& program, char rule) {
    Sums numerators;
    Sums denominators;
    std::string missing;  // what a row without a denominator says
    const auto count = [&](const Things& things) {
      for (const auto& [at, set] : things) {
        numerators[at] = static_cast<std::int64_t>(set.size());
      }
    };
    bool several_metrics = false;
    if (rule == 'Q') {
      count(collect(quota_hits(program)));
      denominators = target_sums(several_metrics);
      missing = "no_target_set";
    } else if (rule == 'E' && program.unit == "due_review") {
      count(collect(exits(true)));
      for (const auto& [at, set] : collect(exits(false))) {
        denominators[at] = static_cast<std::int64_t>(set.size());
      }
      missing = "nothing_due";
    } else if (rule == 'E') {
      count(collect(eligible_hits(program)));
      denominators = eligible_sums(program);
      missing = "nobody_eligible";
    } else if (rule == 'U') {
      count(collect(unit_hits(program)));
      missing = "no_units";
    } else if (rule == 'D') {
      demand_sums(numerators, denominators);
      missing = "no_demand";
    } else {
      missing = "no_budget_set";
    }
    for (const Cell& at : cells(numerators, denominators)) {
      CoverageRow row{program.code, at.region, at.year, rule, 0, {}, {}, {}};
      if (const auto found = numerators.find(at); found != numerators.end()) {
        row.numerator = found->second;
      }
      row.denominator = denominator_of(program, rule, at, denominators);
      if (several_metrics) row.denominator.reset();
      if (row.denominator && *row.denominator > 0) {
        row.value = static_cast<double>(row.numerator) / static_cast<double>(*row.denominator);
      } else {
        row.note = several_metrics ? "several_metrics" : missing;
      }
      rows.push_back(std::move(row));
    }
  }

  std::optional<std::int64_t> denominator_of(const CoverageFacts::Program& program, char rule,
                                             const Cell& at, const Sums& denominators) const {
    if (rule == 'U') {
      if (at.region == kUnknownRegion) return std::nullopt;
      return units_within(program.unit, at.region.value_or(""));
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
  std::set<std::string_view> family_;
  mutable std::unordered_map<std::string, std::int64_t> interned_;
};

}  // namespace

bool counts_as_reached(std::string_view status) {
  return one_of(status, {"selected", "in_post", "extended", "completed", "graduated",
                         "exit_pending", "appealed", "approved", "granted", "expired"});
}

Done parse_dimensions(std::string_view by, CoverageQuery& query) {
  for (const std::string& dimension : split_list(by)) {
    if (dimension == "region") {
      query.by_region = RegionGrain::County;
    } else if (dimension == "unit") {
      query.by_region = RegionGrain::Unit;
    } else if (dimension == "year") {
      query.by_year = true;
    } else if (dimension != "program") {
      return fail(ErrorCode::InvalidArgument, "coverage.by", "by", {dimension});
    }
  }
  return {};
}

Result<std::vector<CoverageRow>> coverage(const CoverageFacts& facts, const CodeBook& codes,
                                          const RegionMap& regions, const CoverageQuery& query) {
  std::vector<CoverageRow> rows;
  Figures figures(facts, codes, regions, query);
  bool known = query.program.empty();
  for (const auto& program : facts.programs) {
    if (!query.program.empty() && program.code != query.program) continue;
    known = true;
    for (CoverageRow& row : figures.of(program)) rows.push_back(std::move(row));
  }
  if (!known) return fail(ErrorCode::NotFound, "coverage.program", "program");
  return rows;
}

}  // namespace chucai
