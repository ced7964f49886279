// The coverage rules (覆盖率), stated once: which rows count, against which denominator. Pure:
// facts in, figures out. A figure without a target or a denominator has no value and says why.
//   Q quota    distinct counted subjects / target
//   E eligible distinct eligible people counted / eligible people
//   U units    regions, organizations, industries ... reached / those in scope
//   D demand   seats filled / seats asked for
//   F funds    paid out and awarded less what came back / budget, in fen
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "registry/domain/code_book.h"
#include "registry/domain/date.h"
#include "registry/domain/project.h"
#include "registry/domain/region_map.h"
#include "registry/domain/result.h"

namespace chucai {

/// What the rules read, one struct a record type, without personal data. Statuses are those of the
/// as-of date, as the status log has them.
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
    std::string exit_reason{};
    std::string country{};  ///< 国别 as written, where the programme asks for one
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
    std::string dimension{};  ///< an industry, where a plan is by industry
  };
  struct FundEntry {
    std::string program;
    std::string region;
    std::string type;
    Date on;
    std::int64_t amount_fen = 0;
  };
  struct Project {
    std::int64_t id = 0;
    std::string program;
    std::string region;
    std::string industry;
    bool terminated = false;
    std::vector<Milestone> milestones;
  };
  /// A record by its id, anything else by its code (party.h).
  struct Party {
    std::string type;
    std::int64_t id = 0;
    std::string code;
  };
  struct Assessment {
    std::string program;  ///< that it is done for, else the scheme's code
    Party subject;
    std::string region;
    Date on;
  };
  struct Link {
    std::string program;
    std::string relation;
    Party from;
    Party to;
    std::string region;
    Date start;
    Date end;
  };
  struct Document {
    std::int64_t id = 0;
    std::string program;
    std::string region;
    Date from;  ///< in force, else issued
    Date to;
  };
  std::vector<Program> programs;
  std::vector<Person> people;
  std::vector<Organization> organizations;
  std::vector<Participation> participations;
  std::vector<Need> needs;
  std::vector<Engagement> engagements;
  std::vector<Round> rounds;
  std::vector<Target> targets;
  std::vector<FundEntry> funds{};
  std::vector<Project> projects{};
  std::vector<Assessment> assessments{};
  std::vector<Link> links{};
  std::vector<Document> documents{};
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
  /// "no_target_set", "no_demand", "no_budget_set", "several_metrics" ...; for rule F with results
  /// "cost_per_result_fen:N"; else empty.
  std::string note;

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

/// True when a participation in this status counts as reached. One that ended early did reach; it
/// is taken back by being revoked, declined or refused only, so that figures never shrink by
/// themselves.
bool counts_as_reached(std::string_view participation_status);

}  // namespace chucai
