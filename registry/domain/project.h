// A project (项目): a funded or tracked undertaking inside a programme, with its milestones.
// Supervised tasks (督办事项) are milestones too.
#pragma once

#include <optional>

#include "registry/domain/person.h"

namespace chucai {

/// One step of a project (里程碑). Kept inside the project as one line of text, in the order given.
struct Milestone {
  std::string name;
  Date due;
  std::string status;  ///< scheme milestone_status; empty: not said
  Date closed_on;      ///< when it became done; unknown: not said

  bool operator==(const Milestone&) const = default;
};

struct Project : Record {
  std::string number;  ///< 项目编号 that an office gave; unique
  std::string name;
  std::string kind;     ///< 项目类别 as written
  std::string program;  ///< code
  std::string host;     ///< 承担单位
  std::string host_uscc;
  std::string region;
  std::string region_text;
  std::string industry;
  std::string industry_text;
  std::string discipline;
  std::string discipline_text;
  std::string lead_name;  ///< 项目负责人 as written
  PersonId lead;          ///< the same person in the register, where known
  Date start;
  Date end;
  std::optional<std::int64_t> budget_fen;
  std::vector<std::string> milestones;  ///< each as to_text(Milestone); names are unique
  std::vector<std::string> countries;   ///< 合作国家, scheme country
  std::string summary;
  std::string status;  ///< scheme project_status

  bool operator==(const Project&) const = default;
};

using ProjectId = Id<Project>;

template <>
const RecordType& type_of<Project>();

/// "中期检查 | 2018-06-30 | done | 2018-06-21"; parts at the end that are empty are left out.
std::string to_text(const Milestone& milestone);
/// Reads that form; nullopt for a blank name, a bad date or more than four parts.
std::optional<Milestone> parse_milestone(std::string_view text);
/// Dates the milestones of `list` that are done and were not in `before`: they closed on `today`.
void close_milestones(std::vector<std::string>& list, const std::vector<std::string>& before,
                      Date today);
/// Adds the milestones of `more` to `list`: one of the same name is replaced where it says
/// something else, and keeps what the newer one does not say. Lines that do not parse are added as
/// they are.
void add_milestones(std::vector<std::string>& list, const std::vector<std::string>& more);

}  // namespace chucai
