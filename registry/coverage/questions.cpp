#include "registry/coverage/questions.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "registry/coverage/figures.h"
#include "registry/coverage/pivot.h"
#include "registry/coverage/suppress.h"
#include "registry/domain/ids.h"
#include "registry/domain/rules/coverage.h"
#include "registry/domain/text.h"

namespace chucai::coverage {
namespace {

using Row = std::vector<Value>;

constexpr std::string_view kProvince = "420000";

ReportColumn code(std::string name, std::string scheme) {
  return {std::move(name), Kind::Term, std::move(scheme)};
}

Report begin(const Lens& lens, std::vector<ReportColumn> columns) {
  Report report;
  report.columns = std::move(columns);
  report.as_of = lens.as_of();
  report.scope = lens.scope();
  report.version = lens.cube().version;
  return report;
}

Value share(std::int64_t part, std::int64_t whole) {
  if (whole <= 0) return std::monostate{};
  return static_cast<double>(part) / static_cast<double>(whole);
}

std::int64_t year_asked(const Lens& lens, const Ask& ask) {
  return ask.year != 0 ? ask.year : lens.as_of().year;
}

Result<Report> by(const Lens& lens, const Ask& ask, PivotQuery query) {
  query.own_office = ask.own_office;
  if (!ask.program.empty()) query.filters.push_back({"program", {ask.program}});
  return pivot(lens, query);
}

// ------------------------------------------------------------------ rows of figures
Report figure_report(const Lens& lens, const std::vector<CoverageRow>& rows) {
  Report report = begin(lens, {code("program", "program"),
                               code("region", "region"),
                               {"year", Kind::Text, {}},
                               code("rule", "coverage_rule"),
                               {"numerator", Kind::Number, {}},
                               {"denominator", Kind::Number, {}},
                               {"value", Kind::Share, {}},
                               code("note", "coverage.note")});
  for (const CoverageRow& row : rows) {
    Row cells = {row.program,
                 row.region ? Value(*row.region) : Value{},
                 row.year ? Value(std::to_string(*row.year)) : Value{},
                 std::string(1, row.rule),
                 row.numerator,
                 row.denominator ? Value(*row.denominator) : Value{},
                 row.value ? Value(*row.value) : Value{},
                 row.note.empty() ? Value{} : Value(row.note)};
    report.rows.push_back(std::move(cells));
  }
  return report;
}

Result<std::vector<CoverageRow>> figures_of(const Lens& lens, const Ask& ask, RegionGrain grain,
                                            bool by_year) {
  const CoverageQuery query{ask.program, grain, by_year, lens.as_of(), lens.scope()};
  return figures(lens, query);
}

Result<Report> programmes(const Lens& lens, const Ask& ask) {
  const auto rows = figures_of(lens, ask, RegionGrain::None, false);
  if (!rows) return tl::make_unexpected(rows.error());
  return figure_report(lens, *rows);
}

// ------------------------------------------------------------------ time and way
Result<Report> trend_year(const Lens& lens, const Ask& ask) {
  PivotQuery query;
  query.by = ask.program.empty() ? std::vector<std::string>{"program_tree", "year"}
                                 : std::vector<std::string>{"year"};
  return by(lens, ask, query);
}

Result<Report> trend_month(const Lens& lens, const Ask& ask) {
  PivotQuery query;
  query.by = {"month"};
  if (ask.year != 0) query.filters.push_back({"year", {std::to_string(ask.year)}});
  return by(lens, ask, query);
}

// Whoever passed a later stage passed those before it, whether or not the log has them.
Result<Report> funnel(const Lens& lens, const Ask& ask) {
  Scan scan = lens.scan(lens.cube().participations);
  scan.every_status = true;
  if (!ask.program.empty()) {
    scan.filters.push_back(
        lens.filter(From::Fact, Column::Program, [&](const std::string& program) {
          const auto line = lens.up_the_tree(program);
          return std::find(line.begin(), line.end(), ask.program) != line.end();
        }));
  }
  Groups groups;
  for (int stage = 1; stage <= kStages; ++stage) groups.add(std::to_string(stage));
  scan.axes.push_back(
      lens.axis_of_many(From::Fact, Column::Status, groups, [&](const std::string& status) {
        std::vector<std::string> passed;
        for (int stage = 1; stage <= stage_of(status); ++stage) {
          passed.push_back(std::to_string(stage));
        }
        return passed;
      }));
  std::array<std::int64_t, kStages> reached{};
  for (const CellCount& one : count(lens.cube(), scan)) reached[one.cell] = one.distinct;
  Report report = begin(lens, {code("stage", "coverage.stage"),
                               {"value", Kind::Number, {}},
                               {"of_first", Kind::Share, {}}});
  for (int stage = 0; stage < kStages; ++stage) {
    const auto at = static_cast<std::size_t>(stage);
    report.rows.push_back(
        Row{std::to_string(stage + 1), reached[at], share(reached[at], reached[0])});
  }
  return report;
}

// A plan of several years: what its years so far add up to against the line straight to its end.
Result<Report> on_track(const Lens& lens, const Ask& ask) {
  const std::string program = ask.program.empty() ? "CITY_FIVE_YEAR" : ask.program;
  const std::vector<CoverageRow> nothing;
  if (lens.program(program) == nullptr) return figure_report(lens, nothing);
  Ask about = ask;
  about.program = program;
  const auto rows = figures_of(lens, about, RegionGrain::Unit, true);
  if (!rows) return tl::make_unexpected(rows.error());
  struct Plan {
    std::int64_t first = 0;
    std::int64_t last = 0;
    std::int64_t planned = 0;
    std::int64_t reached = 0;
    bool several = false;
  };
  std::map<std::string, Plan> plans;
  const auto family = lens.family_of(program);
  for (const fact::Target& target : *lens.cube().targets) {
    const bool ours = std::find(family.begin(), family.end(), target.program) != family.end();
    if (!ours || !lens.sees(target.key.scope) || target.year == 0) continue;
    const std::string unit = lens.regions().unit_of(target.region);
    Plan& plan = plans[unit.empty() ? std::string(kProvince) : unit];
    plan.first = plan.first == 0 ? target.year : std::min(plan.first, target.year);
    plan.last = std::max(plan.last, target.year);
    plan.planned += target.value;
  }
  for (const CoverageRow& row : *rows) {
    const auto plan = plans.find(row.region.value_or(std::string(kUnknownRegion)));
    if (row.rule != 'Q' || plan == plans.end()) continue;
    plan->second.several |= row.note == "several_metrics";
    if (!row.year || (*row.year >= plan->second.first && *row.year <= plan->second.last)) {
      plan->second.reached += row.numerator;
    }
  }
  Report report = begin(lens, {code("program", "program"),
                               code("region", "region"),
                               {"first_year", Kind::Text, {}},
                               {"last_year", Kind::Text, {}},
                               {"numerator", Kind::Number, {}},
                               {"denominator", Kind::Number, {}},
                               {"value", Kind::Share, {}},
                               {"line", Kind::Share, {}},
                               code("note", "coverage.note")});
  for (const auto& [region, plan] : plans) {
    const double line = linear_share(plan.first, plan.last - plan.first + 1, lens.as_of());
    const double reached =
        plan.planned == 0 ? 0
                          : static_cast<double>(plan.reached) / static_cast<double>(plan.planned);
    const bool known = !plan.several && plan.planned > 0;
    report.rows.push_back(Row{program, region, std::to_string(plan.first),
                              std::to_string(plan.last), plan.reached, plan.planned,
                              known ? Value(reached) : Value{}, line,
                              std::string(plan.several        ? "several_metrics"
                                          : plan.planned == 0 ? "no_target_set"
                                          : reached >= line   ? "on_track"
                                                              : "behind")});
  }
  if (plans.empty()) {
    report.rows.push_back(
        Row{program, {}, {}, {}, std::int64_t{0}, {}, {}, {}, std::string("no_target_set")});
  }
  return report;
}

// ------------------------------------------------------------------ overlap
// Facts come by owner: the programmes of one person stand together.
Result<Report> overlap(const Lens& lens, const Ask& ask) {
  Scan scan = lens.reached();
  scan.filters.push_back(lens.filter(From::Subject, Column::Type,
                                     [](const std::string& type) { return type == "person"; }));
  const Cube& cube = lens.cube();
  const Code programs = cube.words->of(Column::Program).size();
  std::vector<std::uint32_t> together(static_cast<std::size_t>(programs) * programs);
  std::vector<Code> mine;
  std::uint32_t owner = kNoOwner;
  const auto settle = [&] {
    std::sort(mine.begin(), mine.end());
    mine.erase(std::unique(mine.begin(), mine.end()), mine.end());
    for (const Code a : mine) {
      for (const Code b : mine) together[static_cast<std::size_t>(a) * programs + b] += a <= b;
    }
    mine.clear();
  };
  visit(cube, scan, [&](const Chunk& chunk, std::uint32_t row) {
    if (chunk.owner[row] != owner) settle();
    owner = chunk.owner[row];
    mine.push_back(chunk.column(Column::Program)[row]);
  });
  settle();
  Report report = begin(lens, {code("program", "program"),
                               code("other", "program"),
                               {"numerator", Kind::Number, {}},
                               {"denominator", Kind::Number, {}},
                               {"value", Kind::Share, {}}});
  const auto pair = [&](Code a, Code b) {
    return together[static_cast<std::size_t>(std::min(a, b)) * programs + std::max(a, b)];
  };
  for (Code a = 0; a < programs; ++a) {
    for (Code b = a + 1; b < programs; ++b) {
      const std::int64_t both = pair(a, b);
      const std::string& left = cube.text(Column::Program, a);
      const std::string& right = cube.text(Column::Program, b);
      if (both == 0 || (!ask.program.empty() && left != ask.program && right != ask.program)) {
        continue;
      }
      const std::int64_t either = std::int64_t{pair(a, a)} + pair(b, b) - both;
      const bool masked = !ask.own_office.empty() && both < kSmallest;
      report.masked += masked;
      report.rows.push_back(Row{left, right, masked ? Value(Masked{}) : Value(both), either,
                                masked ? Value(Masked{}) : share(both, either)});
    }
  }
  return report;
}

// ------------------------------------------------------------------ places
/// How unevenly: 0 when all have the same, towards 1 when one has all (Gini, Variabilità e
/// mutabilità, 1912).
double gini(std::vector<std::int64_t> values) {
  std::sort(values.begin(), values.end());
  double weighted = 0;
  double sum = 0;
  for (std::size_t at = 0; at < values.size(); ++at) {
    weighted += static_cast<double>(at + 1) * static_cast<double>(values[at]);
    sum += static_cast<double>(values[at]);
  }
  const auto n = static_cast<double>(values.size());
  return sum == 0 ? 0 : 2 * weighted / (n * sum) - (n + 1) / n;
}

Result<Report> layout(const Lens& lens, const Ask& ask) {
  PivotQuery query;
  query.fact = "person";
  query.by = {"region"};
  query.own_office = ask.own_office;
  const auto counted = pivot(lens, query);
  if (!counted) return counted;
  std::map<std::string, Value> people;
  for (const std::string& county : lens.regions().counties()) {
    if (lens.regions().within(county, lens.scope())) people[county] = std::int64_t{0};
  }
  for (const Row& row : counted->rows) people[std::get<std::string>(row[0])] = row[1];
  std::int64_t all = 0;
  std::vector<std::int64_t> values;
  for (const auto& [region, value] : people) {
    const auto* number = std::get_if<std::int64_t>(&value);
    all += number == nullptr ? 0 : *number;
    if (region != kUnknownRegion && number != nullptr) values.push_back(*number);
  }
  Report report = begin(lens, {code("region", "region"),
                               {"value", Kind::Number, {}},
                               {"share", Kind::Share, {}},
                               {"spread", Kind::Share, {}}});
  report.masked = counted->masked;
  for (const auto& [region, value] : people) {
    const auto* number = std::get_if<std::int64_t>(&value);
    report.rows.push_back(
        Row{region, value, number == nullptr ? Value(Masked{}) : share(*number, all), {}});
  }
  // A total beside hidden cells would tell them.
  report.rows.push_back(Row{std::string(kAll),
                            report.masked == 0 ? Value(all) : Value(Masked{}),
                            {},
                            gini(std::move(values))});
  return report;
}

/// How many places of each grain the participations of each programme reach.
Result<Report> rural_reach(const Lens& lens, const Ask& ask) {
  Groups programs;
  Groups places;
  Scan scan = lens.reached();
  scan.axes.push_back(
      lens.axis_of_many(From::Fact, Column::Program, programs, [&](const std::string& program) {
        auto line = lens.up_the_tree(program);
        std::erase_if(line, [&](const std::string& one) {
          return !ask.program.empty() && one != ask.program;
        });
        return line;
      }));
  scan.axes.push_back(lens.axis(From::Fact, Column::Region, places, [&](const std::string& region) {
    return lens.regions().within(region, kProvince) ? region : std::string();
  }));
  const std::uint64_t size = std::max(1U, places.size());
  struct Reach {
    std::set<std::string> counties;
    std::set<std::string> towns;
    std::int64_t villages = 0;
    std::set<std::string> with_two;
  };
  std::map<std::string, Reach> reached;
  for (const CellCount& one : count(lens.cube(), scan)) {
    const std::string& place = places.name(static_cast<std::uint32_t>(one.cell % size));
    Reach& reach = reached[programs.name(static_cast<std::uint32_t>(one.cell / size))];
    const std::string county = lens.regions().county_of(place);
    if (!county.empty()) reach.counties.insert(county);
    if (place.size() >= 9) reach.towns.insert(place.substr(0, 9));
    if (place.size() < 12) continue;
    ++reach.villages;
    if (one.distinct >= 2) reach.with_two.insert(place);
  }
  std::array<std::int64_t, 2> all{};  // towns, villages
  for (const Term* term : lens.codes().terms("region")) {
    const bool fine = term->code.size() == 9 || term->code.size() == 12;
    if (!fine || !term->successor.empty()) continue;
    if (lens.regions().within(term->code, lens.scope())) ++all[term->code.size() == 12 ? 1 : 0];
  }
  const auto counties = std::count_if(
      lens.regions().counties().begin(), lens.regions().counties().end(),
      [&](const std::string& county) { return lens.regions().within(county, lens.scope()); });
  Report report = begin(lens, {code("program", "program"),
                               {"counties", Kind::Number, {}},
                               {"of_counties", Kind::Number, {}},
                               {"towns", Kind::Number, {}},
                               {"of_towns", Kind::Number, {}},
                               {"villages", Kind::Number, {}},
                               {"villages_with_two", Kind::Number, {}},
                               {"of_villages", Kind::Number, {}}});
  for (const auto& [program, reach] : reached) {
    report.rows.push_back(Row{program, std::int64_t(reach.counties.size()), std::int64_t{counties},
                              std::int64_t(reach.towns.size()), all[0], reach.villages,
                              std::int64_t(reach.with_two.size()), all[1]});
  }
  return report;
}

// ------------------------------------------------------------------ chains
constexpr std::string_view kChains[] = {"chain_innovation", "chain_industry", "chain_capital",
                                        "chain_policy", "chain_talent"};

// As FIVE_CHAINS counts: an industry has a chain when one of its links in force is of it.
Result<Report> five_chains(const Lens& lens, const Ask&) {
  std::map<std::string, std::set<std::string>> chains;
  for (const Term* term : lens.codes().terms("industry")) {
    if (term->level == 2) chains[term->code];
  }
  for (const LinkFact& link : *lens.cube().links) {
    const fact::Link& row = link.row;
    const bool is_chain =
        std::find(std::begin(kChains), std::end(kChains), row.relation) != std::end(kChains);
    if (!is_chain || !lens.sees(row.key.scope) || !in_force(row.start, row.end, lens.as_of())) {
      continue;
    }
    chains[or_unknown(lens.industry_of(row))].insert(row.relation);
  }
  std::vector<ReportColumn> columns = {code("industry", "industry")};
  for (const std::string_view chain : kChains) {
    columns.push_back({std::string(chain), Kind::Number, {}});
  }
  columns.push_back(code("missing", "link_type"));
  Report report = begin(lens, std::move(columns));
  for (const auto& [industry, there] : chains) {
    Row row = {industry};
    std::string missing;
    for (const std::string_view chain : kChains) {
      const bool has = there.contains(std::string(chain));
      row.emplace_back(std::int64_t{has});
      if (!has) missing.append(missing.empty() ? "" : "|").append(chain);
    }
    row.emplace_back(std::move(missing));
    report.rows.push_back(std::move(row));
  }
  return report;
}

// ------------------------------------------------------------------ languages and countries
/// All terms of a scheme with a flag, with what was counted; those that nobody has stay in sight.
Report against_list(const Lens& lens, const Ask& ask, const Report& counted,
                    const std::string& column, std::string_view flag) {
  std::map<std::string, Value> values;
  for (const Term* term : lens.codes().terms(column)) {
    if (term->has(flag)) values[term->code] = std::int64_t{0};
  }
  for (const Row& row : counted.rows) {
    const auto& text = std::get<std::string>(row[0]);
    const auto terms = lens.codes().named(column, text);
    const auto at = values.find(terms.empty() ? text : terms.front()->code);
    if (at == values.end()) continue;
    auto* sum = std::get_if<std::int64_t>(&at->second);
    const auto* more = std::get_if<std::int64_t>(&row[1]);
    if (sum != nullptr && more != nullptr) {
      *sum += *more;
    } else {
      at->second = Masked{};
    }
  }
  Report report = begin(
      lens, {code(column, column), {"value", Kind::Number, {}}, code("note", "coverage.note")});
  report.masked = ask.own_office.empty() ? 0 : counted.masked;
  for (const auto& [term, value] : values) {
    const bool nobody = value == Value(std::int64_t{0});
    report.rows.push_back(Row{term, value, nobody ? Value(std::string("nobody")) : Value{}});
  }
  return report;
}

Result<Report> languages(const Lens& lens, const Ask& ask) {
  PivotQuery query;
  query.fact = "person";
  query.by = {"language"};
  query.own_office = ask.own_office;
  const auto counted = pivot(lens, query);
  if (!counted) return counted;
  return against_list(lens, ask, *counted, "language", "non_common");
}

Result<Report> countries(const Lens& lens, const Ask& ask) {
  PivotQuery query;
  query.by = {"country"};
  const auto counted = by(lens, ask, query);
  if (!counted) return counted;
  return against_list(lens, ask, *counted, "country", "belt_road_2018");
}

// ------------------------------------------------------------------ exits, money, liaison
Result<Report> exits(const Lens& lens, const Ask& ask) {
  PivotQuery query;
  query.by = {"exit_reason", "status", "year"};
  query.measure = "rows";
  query.all_statuses = true;
  query.filters.push_back({"status", {"exited", "revoked", "exit_pending", "appealed"}});
  return by(lens, ask, query);
}

Result<Report> fund_use(const Lens& lens, const Ask& ask) {
  PivotQuery money;
  money.fact = "fund_entry";
  money.by = {"program_tree", "type"};
  money.measure = "sum";
  if (!ask.program.empty()) money.filters.push_back({"program_tree", {ask.program}});
  const auto entries = pivot(lens, money);
  if (!entries) return entries;
  PivotQuery people;
  people.by = {"program_tree"};
  const auto results = pivot(lens, people);
  if (!results) return results;
  struct Use {
    std::map<std::string, std::int64_t> by_type;
    std::int64_t paid = 0;
    std::int64_t results = 0;
  };
  std::map<std::string, Use> uses;
  for (const Row& row : entries->rows) {
    const auto& type = std::get<std::string>(row[1]);
    const std::int64_t fen = std::get<std::int64_t>(row[2]);
    Use& use = uses[std::get<std::string>(row[0])];
    use.by_type[type] += fen;
    use.paid += paid_share(type) * fen;
  }
  for (const Row& row : results->rows) {
    const auto use = uses.find(std::get<std::string>(row[0]));
    if (use != uses.end()) use->second.results = std::get<std::int64_t>(row[1]);
  }
  Report report = begin(lens, {code("program", "program"),
                               {"budget", Kind::Money, {}},
                               {"allocation", Kind::Money, {}},
                               {"disbursement", Kind::Money, {}},
                               {"award", Kind::Money, {}},
                               {"return", Kind::Money, {}},
                               {"numerator", Kind::Money, {}},
                               {"value", Kind::Share, {}},
                               {"results", Kind::Number, {}},
                               {"cost_per_result", Kind::Money, {}},
                               code("note", "coverage.note")});
  for (auto& [program, use] : uses) {
    if (!ask.program.empty() && program != ask.program) continue;
    const bool masked = !ask.own_office.empty() && use.results > 0 && use.results < kSmallest;
    report.masked += masked;
    const Value cost = use.results > 0 ? Value(use.paid / use.results) : Value{};
    report.rows.push_back(
        Row{program, use.by_type["budget"], use.by_type["allocation"], use.by_type["disbursement"],
            use.by_type["award"], use.by_type["return"], use.paid,
            share(use.paid, use.by_type["budget"]), masked ? Value(Masked{}) : Value(use.results),
            masked ? Value(Masked{}) : cost,
            use.by_type["budget"] > 0 ? Value{} : Value(std::string("no_budget_set"))});
  }
  return report;
}

// 20.8: experts with somebody who keeps in touch with them, and whether that happened in the year.
Result<Report> liaison(const Lens& lens, const Ask& ask) {
  const std::int64_t year = year_asked(lens, ask);
  const Cube& cube = lens.cube();
  struct Touch {
    std::int64_t experts = 0;
    std::set<std::uint32_t> linked;
    std::set<std::uint32_t> met;
  };
  std::map<std::string, Touch> by_unit;
  const auto unit_of = [&](const std::string& region) {
    const std::string unit = lens.regions().unit_of(region);
    return or_unknown(unit.empty() ? region : unit);
  };
  Groups units;
  Scan experts = lens.people();
  experts.filters.push_back(lens.filter(From::Fact, Column::Role,
                                        [](const std::string& role) { return role == "expert"; }));
  experts.axes.push_back(lens.axis(From::Fact, Column::Region, units, unit_of));
  for (const CellCount& one : count(cube, experts)) {
    by_unit[units.name(static_cast<std::uint32_t>(one.cell))].experts = one.distinct;
  }
  std::set<std::uint32_t> linked;
  for (const LinkFact& link : *cube.links) {
    if (link.row.relation != "liaison" || !lens.sees(link.row.key.scope) ||
        !in_force(link.row.start, link.row.end, lens.as_of())) {
      continue;
    }
    for (const std::uint32_t owner : {link.from, link.to}) {
      if (owner != kNoOwner) linked.insert(owner);
    }
  }
  std::set<std::uint32_t> met;
  const auto family = lens.family_of("EXPERT_LIAISON");
  const auto add_met = [&](Scan scan) {
    scan.filters.push_back(
        lens.filter(From::Fact, Column::Program, [&](const std::string& program) {
          return std::find(family.begin(), family.end(), program) != family.end();
        }));
    visit(cube, scan, [&](const Chunk& chunk, std::uint32_t row) {
      if (chunk.day[row] == kFromEver) return;
      if (date_of_day(chunk.day[row]).year == year) met.insert(chunk.owner[row]);
    });
  };
  add_met(lens.reached());
  add_met(lens.seats());
  visit(cube, experts, [&](const Chunk& chunk, std::uint32_t row) {
    const std::string& region = cube.text(Column::Region, chunk.column(Column::Region)[row]);
    Touch& touch = by_unit[unit_of(region)];
    const std::uint32_t owner = chunk.owner[row];
    if (linked.contains(owner)) touch.linked.insert(owner);
    if (linked.contains(owner) && met.contains(owner)) touch.met.insert(owner);
  });
  Report report = begin(lens, {code("region", "region"),
                               {"year", Kind::Text, {}},
                               {"linked", Kind::Number, {}},
                               {"numerator", Kind::Number, {}},
                               {"denominator", Kind::Number, {}},
                               {"value", Kind::Share, {}}});
  for (const auto& [unit, touch] : by_unit) {
    const auto in_touch = static_cast<std::int64_t>(touch.met.size());
    report.rows.push_back(Row{unit, std::to_string(year),
                              static_cast<std::int64_t>(touch.linked.size()), in_touch,
                              touch.experts, share(in_touch, touch.experts)});
  }
  return report;
}

// ------------------------------------------------------------------ supply and demand
Result<Report> supply_demand(const Lens& lens, const Ask& ask) {
  const Cube& cube = lens.cube();
  struct Market {
    std::int64_t asked = 0;
    std::int64_t filled = 0;
    std::int64_t experts = 0;
    std::int64_t serving = 0;
    std::int64_t short_seats = 0;
  };
  std::map<std::pair<std::string, std::string>, Market> markets;
  Groups disciplines;
  Groups units;
  const auto field = [&](From from) {
    return lens.axis(from, Column::Discipline, disciplines, [&](const std::string& text) {
      const auto line = lens.codes().chain("discipline", text);
      return or_unknown(line.empty() ? text : line.back()->code);
    });
  };
  const auto place = [&](From from) {
    return lens.axis(from, Column::Region, units, [&](const std::string& region) {
      const std::string unit = lens.regions().unit_of(region);
      return or_unknown(unit.empty() ? region : unit);
    });
  };
  const auto collect = [&](Scan scan, From from, std::int64_t Market::*into, bool sum) {
    scan.axes.push_back(field(from));
    scan.axes.push_back(place(from));
    const std::uint64_t size = scan.axes.back().size;
    for (const CellCount& one : count(cube, scan)) {
      const auto& discipline = disciplines.name(static_cast<std::uint32_t>(one.cell / size));
      const auto& unit = units.name(static_cast<std::uint32_t>(one.cell % size));
      markets[{discipline, unit}].*into += sum ? one.sum : one.distinct;
    }
  };
  const auto only_experts = [&](Scan scan) {
    scan.filters.push_back(lens.filter(From::Fact, Column::Role,
                                       [](const std::string& role) { return role == "expert"; }));
    return scan;
  };
  collect(lens.asked(), From::Fact, &Market::asked, true);
  const std::vector<std::int64_t> seats = filled_seats(lens);
  Scan filled = lens.asked();
  filled.owner_values = &seats;
  collect(filled, From::Fact, &Market::filled, true);
  collect(only_experts(lens.people()), From::Fact, &Market::experts, false);
  Scan serving = lens.seats();
  lens.only_eligible(serving, "expert");
  collect(serving, From::Subject, &Market::serving, false);
  std::vector<std::int64_t> missing(cube.need_owners);
  for (const auto& chunk : cube.needs) {
    for (std::size_t row = 0; row < chunk->size(); ++row) {
      const std::pair wanted{chunk->id[row], std::int64_t{0}};
      const auto at = std::lower_bound(ask.shortages.begin(), ask.shortages.end(), wanted);
      if (at != ask.shortages.end() && at->first == chunk->id[row]) {
        missing[chunk->owner[row]] = at->second;
      }
    }
  }
  Scan short_seats = lens.asked();
  short_seats.owner_values = &missing;
  collect(short_seats, From::Fact, &Market::short_seats, true);
  Report report = begin(lens, {code("discipline", "discipline"),
                               code("region", "region"),
                               {"denominator", Kind::Number, {}},
                               {"numerator", Kind::Number, {}},
                               {"value", Kind::Share, {}},
                               {"experts", Kind::Number, {}},
                               {"serving", Kind::Number, {}},
                               {"short", Kind::Number, {}}});
  for (const auto& [at, market] : markets) {
    report.rows.push_back(Row{at.first, at.second, market.asked, market.filled,
                              share(market.filled, market.asked), market.experts, market.serving,
                              market.short_seats});
  }
  return report;
}

// ------------------------------------------------------------------ eligibility
// Of each programme with rule E: who is eligible, who of them was reached, and whose eligibility
// nobody knows because the record is not checked yet.
Result<Report> eligibility(const Lens& lens, const Ask& ask) {
  const auto rows = figures_of(lens, ask, RegionGrain::None, false);
  if (!rows) return tl::make_unexpected(rows.error());
  Scan scan = lens.scan(lens.cube().subjects);
  scan.statuses = lens.passing(Column::Status, [](const std::string& status) {
    return one_of(status, {"", "draft", "submitted", "returned", "suspended"});
  });
  scan.filters.push_back(lens.filter(From::Fact, Column::Type,
                                     [](const std::string& type) { return type == "person"; }));
  Scan experts = scan;
  experts.filters.push_back(lens.filter(From::Fact, Column::Role,
                                        [](const std::string& role) { return role == "expert"; }));
  const auto people_in = [&](const Scan& one) {
    std::int64_t sum = 0;
    for (const CellCount& cell : count(lens.cube(), one)) sum += cell.distinct;
    return sum;
  };
  const std::int64_t unknown = people_in(scan);
  const std::int64_t unknown_experts = people_in(experts);
  Report report = begin(lens, {code("program", "program"),
                               {"numerator", Kind::Number, {}},
                               {"denominator", Kind::Number, {}},
                               {"value", Kind::Share, {}},
                               {"eligibility_unknown", Kind::Number, {}},
                               code("note", "coverage.note")});
  for (const CoverageRow& row : *rows) {
    const fact::Program* program = lens.program(row.program);
    if (row.rule != 'E' || program->unit == "due_review") continue;
    report.rows.push_back(Row{row.program, row.numerator,
                              row.denominator ? Value(*row.denominator) : Value{},
                              row.value ? Value(*row.value) : Value{},
                              program->unit == "expert" ? unknown_experts : unknown,
                              row.note.empty() ? Value{} : Value(row.note)});
  }
  return report;
}

// What a figure is made of: the participations that count, to be opened one by one.
Result<Report> rows_behind(const Lens& lens, const Ask& ask) {
  constexpr std::size_t kMostRows = 1'000;
  const Cube& cube = lens.cube();
  Scan scan = lens.reached();
  const auto keep = [&](Column column, const Lens::Test& test) {
    scan.filters.push_back(lens.filter(From::Fact, column, test));
  };
  if (!ask.program.empty()) {
    keep(Column::Program, [&](const std::string& program) {
      const auto line = lens.up_the_tree(program);
      return std::find(line.begin(), line.end(), ask.program) != line.end();
    });
  }
  if (!ask.region.empty()) {
    keep(Column::Region, [&](const std::string& region) {
      return ask.region == kUnknownRegion ? region.empty()
                                          : lens.regions().within(region, ask.region);
    });
  }
  if (ask.year != 0) {
    keep(Column::Month,
         [&](const std::string& month) { return month.substr(0, 4) == std::to_string(ask.year); });
  }
  Report report = begin(lens, {{"id", Kind::Text, {}},
                               code("program", "program"),
                               code("subject_type", "subject_type"),
                               code("region", "region"),
                               {"month", Kind::Text, {}},
                               code("status", "participation_status")});
  visit(cube, scan, [&](const Chunk& chunk, std::uint32_t row) {
    if (report.rows.size() == kMostRows) return;
    const auto text = [&](Column column) { return cube.text(column, chunk.column(column)[row]); };
    report.rows.push_back(
        Row{id_text(chunk.id[row]), text(Column::Program),
            cube.text(Column::Type, cube.of_subject(chunk.owner[row], Column::Type)),
            or_unknown(text(Column::Region)), text(Column::Month), text(Column::Status)});
  });
  return report;
}

constexpr Question kQuestions[] = {
    {"programmes", Chart::None, programmes},
    {"trend_year", Chart::Line, trend_year},
    {"trend_month", Chart::Line, trend_month},
    {"funnel", Chart::Bar, funnel},
    {"on_track", Chart::Column, on_track},
    {"overlap", Chart::None, overlap},
    {"layout", Chart::Column, layout},
    {"five_chains", Chart::None, five_chains},
    {"rural_reach", Chart::Column, rural_reach},
    {"languages", Chart::Bar, languages},
    {"countries", Chart::Bar, countries},
    {"exits", Chart::Column, exits},
    {"fund_use", Chart::Column, fund_use},
    {"liaison", Chart::Column, liaison},
    {"supply_demand", Chart::None, supply_demand},
    {"eligibility", Chart::Column, eligibility},
    {"rows", Chart::None, rows_behind},
};

}  // namespace

std::span<const Question> questions() {
  return kQuestions;
}

Result<Report> answer(const Lens& lens, std::string_view name, const Ask& ask) {
  const auto* question = std::find_if(std::begin(kQuestions), std::end(kQuestions),
                                      [&](const Question& one) { return one.name == name; });
  if (question == std::end(kQuestions)) {
    return fail(ErrorCode::NotFound, "coverage.question", {}, {std::string(name)});
  }
  if (!ask.program.empty() && lens.program(ask.program) == nullptr) {
    return fail(ErrorCode::NotFound, "coverage.program", "program");
  }
  auto report = question->answer(lens, ask);
  if (!report) return report;
  report->name = name;
  report->rule = "coverage.question." + std::string(name) + ".rule";
  report->chart = question->chart;
  return report;
}

}  // namespace chucai::coverage
