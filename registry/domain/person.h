// A person (人员). Talent (人才) and expert (专家) are roles of one person, never two records.
#pragma once

#include <optional>

#include "registry/domain/record.h"

namespace chucai {

struct Person : Record {
  std::string name;
  std::string sex;  ///< scheme sex
  Date birth;
  std::string nationality;  ///< scheme country, alpha-2
  std::string id_type;      ///< scheme id_type
  /// Identity number in clear: set in drafts and by reveal only; a loaded person has its mask.
  std::string id_no;
  std::string ethnic;
  std::string native_place;
  std::string political;
  std::string education;
  std::string degree;
  std::string school;
  std::string major;
  Date work_start;
  std::string employer;
  std::string employer_uscc;
  std::string post;
  std::string title;        ///< professional title as a name (高级工程师)
  std::string title_grade;  ///< scheme title_grade
  std::string skill_grade;
  std::string talent_category;
  std::string industry;
  std::string industry_text;  ///< as written, where the code does not say it
  std::string discipline;
  std::string discipline_text;
  std::string region;
  std::string region_text;
  std::string phone;
  std::string email;
  std::string note;
  std::string expert_no;  ///< 专家编号 that an office gave; unique
  std::vector<std::string> research;
  std::vector<std::string> languages;
  std::vector<std::string> honours;
  std::vector<std::string> service_modes;
  std::vector<std::string> service_regions;
  std::optional<std::int64_t> days_per_year;
  std::vector<std::string> roles;  ///< scheme person_role: talent, expert
  std::string status;              ///< scheme person_status

  bool operator==(const Person&) const = default;
};

using PersonId = Id<Person>;

template <>
const RecordType& type_of<Person>();

namespace role {
inline constexpr std::string_view kTalent = "talent";
inline constexpr std::string_view kExpert = "expert";
}  // namespace role

/// True when the person holds the role.
bool holds(const Person& person, std::string_view role);
/// Adds the role; a role held already stays once.
void add_role(Person& person, std::string_view role);

}  // namespace chucai
