// The oracle of the coverage figures: rows read by plain SQL, statuses of a past day by a query on
// the log for each of them, and the rules walked row by row with sets of text. Slow and obvious; it
// shares no code with registry/coverage.
#pragma once

#include "registry/domain/principal.h"
#include "registry/domain/region_map.h"
#include "registry/domain/rules/coverage.h"
#include "registry/storage/database.h"

namespace chucai::testing {

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

/// All facts in scope; statuses as of a day, or those of today.
CoverageFacts load_coverage_facts(Connection& db, const Scope& scope, Date as_of);

/// The figures that the query asks for.
std::vector<CoverageRow> recount(const CoverageFacts& facts, const CodeBook& codes,
                                 const RegionMap& regions, const CoverageQuery& query);

}  // namespace chucai::testing
