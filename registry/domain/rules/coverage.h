// The coverage rules (覆盖率), stated once: which rows count, against which denominator. Pure:
// facts in, figures out. A figure without a target or a denominator has no value and says why.
//   Q quota    distinct counted subjects / target
//   E eligible distinct eligible people counted / eligible people
//   U units    regions, organizations, industries ... reached / those in scope
//   D demand   seats filled / seats asked for
//   F funds    paid out / budget
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "registry/domain/code_book.h"
#include "registry/domain/date.h"
#include "registry/domain/region_map.h"
#include "registry/domain/result.h"

namespace chucai {

/// What the rules read, one struct a record type, without personal data.
struct CoverageFacts {
  struct Program {
    std::string code;
    std::string parent;
    std::string rule;
    std::string rule2;
    std::string counted;
    std::string unit;
  };
  struct Person {
    std::int64_t id = 0;
    std::string region;
    std::string industry;
    std::string discipline;
    std::vector<std::string> languages;
    bool active = false;
    bool expert = false;
  };
  struct Organization {
    std::int64_t id = 0;
    std::string kind;
    std::string region;
    std::string industry;
  };
  struct Participation {
    std::string program;
    std::string subject_type;
    std::int64_t subject = 0;
    std::string region;
    std::string status;
    Date on;  ///< selected, else started; unknown when neither is
  };
  struct Need {
    std::int64_t id = 0;
    std::string program;
    std::string region;
    std::string industry;
    std::string status;
    Date on;
    std::int64_t headcount = 0;
  };
  struct Engagement {
    std::int64_t need = 0;
    std::int64_t person = 0;
    bool fills_seat = false;
  };
  struct Round {
    std::string program;
    std::string region;
    std::string industry;
    Date on;
  };
  struct Target {
    std::string program;
    std::string region;
    std::string metric;
    std::int64_t year = 0;
    std::int64_t value = 0;
  };
  std::vector<Program> programs;
  std::vector<Person> people;
  std::vector<Organization> organizations;
  std::vector<Participation> participations;
  std::vector<Need> needs;
  std::vector<Engagement> engagements;
  std::vector<Round> rounds;
  std::vector<Target> targets;
};

/// How figures are split beside the programme and its rules.
enum class RegionGrain { None, County, Unit };

struct CoverageQuery {
  std::string program;  ///< code; empty: every programme
  RegionGrain by_region = RegionGrain::None;
  bool by_year = false;
  Date as_of;         ///< later rows do not count
  std::string scope;  ///< region code; denominators count inside it
};

/// One figure. `numerator / denominator = value` where there is a denominator above 0.
struct CoverageRow {
  std::string program;
  std::optional<std::string> region;  ///< six digits, "unknown", or absent when not split
  std::optional<std::int64_t> year;   ///< absent when not split or not known
  char rule = 'Q';
  std::int64_t numerator = 0;
  std::optional<std::int64_t> denominator;
  std::optional<double> value;
  std::string
      note;  ///< "no_target_set", "no_demand", "no_budget_set", "several_metrics" ...; empty

  bool operator==(const CoverageRow&) const = default;
};

/// Reads "region,year", "unit", "program" ... into the query. Errors: InvalidArgument
/// "coverage.by" naming the dimension.
Done parse_dimensions(std::string_view by, CoverageQuery& query);

/// Every figure that the query asks for, by programme, rule, region, year. A programme has at least
/// one row per rule, data or not. A subject counts once per row, also up the programme tree.
/// Errors: NotFound "coverage.program".
Result<std::vector<CoverageRow>> coverage(const CoverageFacts& facts, const CodeBook& codes,
                                          const RegionMap& regions, const CoverageQuery& query);

/// True when a participation in this status counts as reached.
bool counts_as_reached(std::string_view participation_status);

}  // namespace chucai
