// What the coverage rules read of each record, one struct a type, without personal data. Read by
// storage/coverage_store, kept in columns by registry/coverage.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "registry/domain/date.h"
#include "registry/domain/project.h"

namespace chucai {

/// Where a row stands: its record, who sees it, who keeps it.
struct FactKey {
  std::int64_t id = 0;
  std::string scope;   ///< region that decides who sees it
  std::string office;  ///< region of the office that keeps it
};

namespace fact {

struct Program {
  std::string code;
  std::string parent;
  std::string rule;
  std::string rule2;
  std::string counted;
  std::string unit;
  FactKey key{};
};

struct Person {
  std::string region;
  std::string industry;
  std::string discipline;
  std::vector<std::string> languages;
  std::string status;
  bool expert = false;
  std::string category{};
  FactKey key{};
};

struct Organization {
  std::string kind;
  std::string region;
  std::string industry;
  FactKey key{};
};

/// A record by its id, anything else by its code (party.h).
struct Party {
  std::string type;
  std::int64_t id = 0;
  std::string code;
};

struct Participation {
  std::string program;
  Party subject;
  std::string region;
  std::string status;
  Date on;  ///< selected, else started; unknown when neither is
  std::string exit_reason{};
  std::string country{};  ///< 国别 as written, where the programme asks for one
  FactKey key{};
};

struct Need {
  std::string program;
  std::string region;
  std::string industry;
  std::string discipline;
  std::string status;
  Date on;
  std::int64_t headcount = 0;
  FactKey key{};
};

struct Engagement {
  std::int64_t need = 0;
  std::int64_t person = 0;
  std::string status;
  Date on;  ///< enrolled, else started
  FactKey key{};
};

struct Round {
  std::string program;
  std::string region;
  std::string industry;
  Date on;
  FactKey key{};
};

struct Target {
  std::string program;
  std::string region;
  std::string metric;
  std::int64_t year = 0;
  std::int64_t value = 0;
  std::string dimension{};  ///< an industry, where a plan is by industry
  std::string source{};     ///< document that sets it
  FactKey key{};
};

struct FundEntry {
  std::string program;
  std::string region;
  std::string type;
  Date on;
  std::int64_t amount_fen = 0;
  FactKey key{};
};

struct Project {
  std::string program;
  std::string region;
  std::string industry;
  std::string status;
  std::vector<Milestone> milestones;
  FactKey key{};
};

struct Assessment {
  std::string program;  ///< that it is done for, else the scheme's code
  Party subject;
  std::string region;
  Date on;
  std::int64_t score_hundredths = 0;
  FactKey key{};
};

struct Link {
  std::string program;
  std::string relation;
  Party from;
  Party to;
  std::string region;
  Date start;
  Date end;
  FactKey key{};
};

struct Document {
  std::string program;
  std::string region;
  Date from;  ///< in force, else issued
  Date to;
  FactKey key{};
};

/// A record reached a status; entries of one record in the order in which they count.
struct StatusEntry {
  std::int64_t record = 0;
  Date on;  ///< unknown: from ever
  std::string status;
};

}  // namespace fact
}  // namespace chucai
