#include "registry/coverage/pivot.h"

#include <algorithm>
#include <map>

#include "registry/coverage/suppress.h"
#include "registry/domain/rules/coverage.h"
#include "registry/domain/text.h"

namespace chucai::coverage {
namespace {

constexpr std::uint64_t kMostMargined = 200'000;  // cells of a table in which some are hidden
constexpr std::size_t kIndustryDigits = 2;
constexpr std::size_t kYearDigits = 4;

/// How a code becomes the name of a group.
enum class Grain : std::uint8_t { Asis, Tree, Unit, County, Town, Village, Year, Top, Parts };

struct Dimension {
  std::string_view name;
  From from;
  Column column;
  Grain grain;
  Kind kind;
  std::string_view scheme;
};

constexpr Dimension kProgram{"program",   From::Fact, Column::Program,
                             Grain::Asis, Kind::Term, "program"};
constexpr Dimension kProgramTree{"program_tree", From::Fact, Column::Program,
                                 Grain::Tree,    Kind::Term, "program"};
constexpr Dimension kRegion{"region",      From::Fact, Column::Region,
                            Grain::County, Kind::Term, "region"};
constexpr Dimension kUnit{"unit", From::Fact, Column::Region, Grain::Unit, Kind::Term, "region"};
constexpr Dimension kTown{"town", From::Fact, Column::Region, Grain::Town, Kind::Term, "region"};
constexpr Dimension kVillage{"village",      From::Fact, Column::Region,
                             Grain::Village, Kind::Term, "region"};
constexpr Dimension kYear{"year", From::Fact, Column::Month, Grain::Year, Kind::Text, ""};
constexpr Dimension kMonth{"month", From::Fact, Column::Month, Grain::Asis, Kind::Text, ""};
constexpr Dimension kStatus(std::string_view scheme) {
  return {"status", From::Fact, Column::Status, Grain::Asis, Kind::Term, scheme};
}
constexpr Dimension kIndustry(From from) {
  return {"industry", from, Column::Industry, Grain::Top, Kind::Term, "industry"};
}
constexpr Dimension kDiscipline(From from) {
  return {"discipline", from, Column::Discipline, Grain::Top, Kind::Term, "discipline"};
}
constexpr Dimension kCategory(From from) {
  return {"category", from, Column::Category, Grain::Asis, Kind::Term, "talent_category"};
}
constexpr Dimension kLanguage(From from) {
  return {"language", from, Column::Language, Grain::Parts, Kind::Term, "language"};
}
constexpr Dimension kHome{"home",        From::Subject, Column::Region,
                          Grain::County, Kind::Term,    "region"};
constexpr Dimension kSubjectType{"subject_type", From::Subject, Column::Type,
                                 Grain::Asis,    Kind::Term,    "subject_type"};

constexpr Dimension kOfParticipation[] = {
    kProgram,
    kProgramTree,
    kRegion,
    kUnit,
    kTown,
    kVillage,
    kYear,
    kMonth,
    kStatus("participation_status"),
    {"exit_reason", From::Fact, Column::Reason, Grain::Asis, Kind::Term, "exit_reason"},
    {"country", From::Fact, Column::Country, Grain::Asis, Kind::Text, ""},
    kSubjectType,
    kHome,
    kIndustry(From::Subject),
    kDiscipline(From::Subject),
    kCategory(From::Subject),
    kLanguage(From::Subject)};
constexpr Dimension kOfPerson[] = {
    kRegion,
    kUnit,
    kTown,
    kVillage,
    kStatus("person_status"),
    kIndustry(From::Fact),
    kDiscipline(From::Fact),
    kCategory(From::Fact),
    kLanguage(From::Fact),
    {"role", From::Fact, Column::Role, Grain::Asis, Kind::Term, "person_role"}};
constexpr Dimension kOfNeed[] = {kProgram,
                                 kProgramTree,
                                 kRegion,
                                 kUnit,
                                 kTown,
                                 kVillage,
                                 kYear,
                                 kMonth,
                                 kStatus("need_status"),
                                 kIndustry(From::Fact),
                                 kDiscipline(From::Fact)};
constexpr Dimension kOfEngagement[] = {kProgram,
                                       kProgramTree,
                                       kRegion,
                                       kUnit,
                                       kYear,
                                       kMonth,
                                       kStatus("engagement_status"),
                                       kIndustry(From::Fact),
                                       kDiscipline(From::Fact),
                                       kHome,
                                       kCategory(From::Subject)};
constexpr Dimension kOfFundEntry[] = {
    kProgram,
    kProgramTree,
    kRegion,
    kUnit,
    kYear,
    kMonth,
    {"type", From::Fact, Column::Type, Grain::Asis, Kind::Term, "fund_type"}};
constexpr Dimension kOfAssessment[] = {kProgram, kProgramTree, kRegion,     kUnit,
                                       kYear,    kMonth,       kSubjectType};
constexpr Dimension kOfTarget[] = {kProgram, kProgramTree, kRegion,
                                   kUnit,    kYear,        kIndustry(From::Fact)};

struct Fact {
  std::string_view name;
  Table Cube::*table;
  std::span<const Dimension> dimensions;
  Scan (Lens::*counted)() const;  ///< null: all count
  Kind sum;                       ///< what amounts are
};

constexpr Fact kFacts[] = {
    {"participation", &Cube::participations, kOfParticipation, &Lens::reached, Kind::Number},
    {"person", &Cube::subjects, kOfPerson, &Lens::people, Kind::Number},
    {"need", &Cube::needs, kOfNeed, &Lens::asked, Kind::Number},
    {"engagement", &Cube::engagements, kOfEngagement, &Lens::seats, Kind::Number},
    {"fund_entry", &Cube::funds, kOfFundEntry, nullptr, Kind::Money},
    {"assessment", &Cube::assessments, kOfAssessment, nullptr, Kind::Number},
    {"target", &Cube::target_facts, kOfTarget, nullptr, Kind::Number},
};

template <class Named>
const Named* named(std::span<const Named> all, std::string_view name) {
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Named& one) { return one.name == name; });
  return found == all.end() ? nullptr : &*found;
}

/// The groups that a text of a column falls into.
std::vector<std::string> groups_of(const Lens& lens, const Dimension& dimension,
                                   const std::string& text) {
  const auto cut = [&](std::size_t digits) {
    return std::vector{or_unknown(text.size() >= digits ? text.substr(0, digits) : "")};
  };
  switch (dimension.grain) {
    case Grain::Asis:
      break;
    case Grain::Tree: {
      auto line = lens.up_the_tree(text);
      return line.empty() ? std::vector{or_unknown(text)} : line;
    }
    case Grain::Unit: {
      const std::string unit = lens.regions().unit_of(text);
      return {or_unknown(unit.empty() ? text : unit)};
    }
    case Grain::County:
      return {or_unknown(text.substr(0, 6))};
    case Grain::Town:
      return cut(9);
    case Grain::Village:
      return cut(12);
    case Grain::Year:
      return cut(kYearDigits);
    case Grain::Top: {
      if (dimension.column == Column::Industry) {
        return {or_unknown(text.substr(0, kIndustryDigits))};
      }
      const auto line = lens.codes().chain(dimension.scheme, text);
      return {or_unknown(line.empty() ? text : line.back()->code)};
    }
    case Grain::Parts: {
      auto parts = split_list(text);
      return parts.empty() ? std::vector{std::string(kUnknownRegion)} : parts;
    }
  }
  return {or_unknown(text)};
}

bool passes(const Lens& lens, const Dimension& dimension, const std::string& text,
            const std::vector<std::string>& wanted) {
  if (dimension.column == Column::Region) {
    return std::any_of(wanted.begin(), wanted.end(), [&](const std::string& region) {
      return region == kUnknownRegion ? text.empty() : lens.regions().within(text, region);
    });
  }
  std::vector<std::string> groups = dimension.column == Column::Program
                                        ? lens.up_the_tree(text)
                                        : groups_of(lens, dimension, text);
  if (groups.empty()) groups.push_back(or_unknown(text));
  return std::any_of(groups.begin(), groups.end(), [&](const std::string& group) {
    return std::find(wanted.begin(), wanted.end(), group) != wanted.end();
  });
}

/// The last group takes all codes once more.
void add_total(Axis& axis) {
  Axis with_total;
  with_total.from = axis.from;
  with_total.column = axis.column;
  for (std::size_t code = 0; code + 1 < axis.begin.size(); ++code) {
    with_total.next_code();
    for (std::uint32_t at = axis.begin[code]; at < axis.begin[code + 1]; ++at) {
      with_total.add(axis.groups[at]);
    }
    with_total.add(axis.size);
  }
  with_total.finish();
  with_total.size = axis.size + 1;
  axis = std::move(with_total);
}

class Pivot {
 public:
  Pivot(const Lens& lens, const PivotQuery& query) : lens_(lens), query_(query) {}

  Result<Report> run() {
    if (const Done read = prepare(); !read) return tl::make_unexpected(read.error());
    const bool margins = query_.totals || !query_.own_office.empty();
    std::uint64_t cells = 1;
    for (Axis& axis : scan_.axes) {
      if (margins) add_total(axis);
      cells *= axis.size;
    }
    std::vector<CellCount> counts = count(lens_.cube(), scan_);
    std::vector<std::uint8_t> hidden;
    if (!query_.own_office.empty()) {
      if (cells > kMostMargined) return fail(ErrorCode::TooLarge, "pivot.cells");
      hidden = hidden_cells(margined(counts, cells));
    }
    return written(counts, hidden, margins);
  }

 private:
  Done prepare() {
    fact_ = named(std::span<const Fact>(kFacts), query_.fact);
    if (fact_ == nullptr) {
      return fail(ErrorCode::InvalidArgument, "pivot.fact", "fact", {query_.fact});
    }
    if (!query_.measure.empty() && !one_of(query_.measure, {"subjects", "rows", "sum"})) {
      return fail(ErrorCode::InvalidArgument, "pivot.measure", "measure", {query_.measure});
    }
    if (query_.by.size() > kMostDimensions) {
      return fail(ErrorCode::InvalidArgument, "pivot.dimensions", "by",
                  {std::to_string(kMostDimensions)});
    }
    const bool all = query_.all_statuses || fact_->counted == nullptr;
    scan_ = all ? lens_.scan(lens_.cube().*(fact_->table)) : (lens_.*(fact_->counted))();
    if (all && query_.fact == "person") {
      scan_.filters.push_back(lens_.filter(
          From::Fact, Column::Type, [](const std::string& type) { return type == "person"; }));
    }
    if (!query_.own_office.empty()) {
      scan_.own_office = lens_.cube().code(Column::Office, query_.own_office);
    }
    for (const auto& [name, wanted] : query_.filters) {
      if (const Done done = add_filter(name, wanted); !done) return done;
    }
    groups_.resize(query_.by.size());
    for (std::size_t at = 0; at < query_.by.size(); ++at) {
      const Dimension* dimension = named(fact_->dimensions, query_.by[at]);
      if (dimension == nullptr) return unknown_dimension(query_.by[at]);
      dimensions_.push_back(dimension);
      scan_.axes.push_back(lens_.axis_of_many(
          dimension->from, dimension->column, groups_[at],
          [&](const std::string& text) { return groups_of(lens_, *dimension, text); }));
    }
    return {};
  }

  tl::unexpected<Error> unknown_dimension(const std::string& name) const {
    return fail(ErrorCode::InvalidArgument, "pivot.dimension", "by",
                {name, join(dimensions_of(fact_->name), ", ")});
  }

  Done add_filter(const std::string& name, const std::vector<std::string>& wanted) {
    const Dimension* dimension = named(fact_->dimensions, name);
    if (dimension == nullptr) return unknown_dimension(name);
    scan_.filters.push_back(lens_.filter(
        dimension->from, dimension->column,
        [&](const std::string& text) { return passes(lens_, *dimension, text, wanted); }));
    return {};
  }

  Margined margined(const std::vector<CellCount>& counts, std::uint64_t cells) const {
    Margined table;
    for (const Axis& axis : scan_.axes) table.sizes.push_back(axis.size);
    table.values.assign(cells, 0);
    table.is_foreign.assign(cells, 0);
    for (const CellCount& one : counts) {
      table.values[one.cell] = one.distinct;
      table.is_foreign[one.cell] = one.foreign ? 1 : 0;
    }
    return table;
  }

  Report written(const std::vector<CellCount>& counts, const std::vector<std::uint8_t>& hidden,
                 bool margins) const {
    Report report{"pivot",       "coverage.pivot",     {}, {}, Chart::Column, lens_.as_of(),
                  lens_.scope(), lens_.cube().version, 0};
    for (const Dimension* dimension : dimensions_) {
      report.columns.push_back(
          {std::string(dimension->name), dimension->kind, std::string(dimension->scheme)});
    }
    const bool is_sum = query_.measure == "sum";
    report.columns.push_back({"value", is_sum ? fact_->sum : Kind::Number, {}});
    for (const CellCount& one : counts) {
      std::vector<Value> row(dimensions_.size());
      std::uint64_t rest = one.cell;
      bool is_total = false;
      for (std::size_t at = dimensions_.size(); at-- > 0;) {
        const std::uint32_t size = scan_.axes[at].size;
        const auto group = static_cast<std::uint32_t>(rest % size);
        rest /= size;
        const bool all = margins && group + 1 == size;
        is_total |= all;
        row[at] = all ? std::string(kAll) : groups_[at].name(group);
      }
      if (is_total && !query_.totals) continue;
      if (!hidden.empty() && hidden[one.cell] != 0) {
        row.emplace_back(Masked{});
        ++report.masked;
      } else {
        row.emplace_back(is_sum                     ? one.sum
                         : query_.measure == "rows" ? std::int64_t{one.rows}
                                                    : std::int64_t{one.distinct});
      }
      report.rows.push_back(std::move(row));
    }
    std::sort(report.rows.begin(), report.rows.end(), before);
    return report;
  }

  // By the names of the groups; totals behind what they are totals of.
  static bool before(const std::vector<Value>& a, const std::vector<Value>& b) {
    for (std::size_t at = 0; at + 1 < a.size(); ++at) {
      const auto& left = std::get<std::string>(a[at]);
      const auto& right = std::get<std::string>(b[at]);
      if (left == right) continue;
      if (left == kAll || right == kAll) return right == kAll;
      return left < right;
    }
    return false;
  }

  const Lens& lens_;
  const PivotQuery& query_;
  const Fact* fact_ = nullptr;
  Scan scan_;
  std::vector<const Dimension*> dimensions_;
  std::vector<Groups> groups_;
};

}  // namespace

std::vector<std::string_view> fact_names() {
  std::vector<std::string_view> names;
  for (const Fact& fact : kFacts) names.push_back(fact.name);
  return names;
}

std::vector<std::string_view> dimensions_of(std::string_view fact) {
  std::vector<std::string_view> names;
  const Fact* found = named(std::span<const Fact>(kFacts), fact);
  if (found == nullptr) return names;
  for (const Dimension& dimension : found->dimensions) names.push_back(dimension.name);
  return names;
}

Result<Report> pivot(const Lens& lens, const PivotQuery& query) {
  return Pivot(lens, query).run();
}

}  // namespace chucai::coverage
