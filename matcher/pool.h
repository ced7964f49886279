// What the matcher knows of experts and needs: plain values, joined from the registry's records by
// matcher/pool_builder.h. Blank is unknown everywhere, and what is unknown never excludes: it
// passes the hard rules and earns fewer points.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "registry/domain/need.h"
#include "registry/domain/person.h"

namespace chucai::matcher {

/// Highest education, comparable. A need's floor is one of these too.
enum class Education : std::uint8_t { Unknown, BelowCollege, College, Bachelor, Master, Doctor };

/// Ways of serving, as bits.
namespace mode {
inline constexpr std::uint8_t kUnknown = 0;
inline constexpr std::uint8_t kOnSite = 1;
inline constexpr std::uint8_t kRemote = 2;
inline constexpr std::uint8_t kAny = kOnSite | kRemote;
}  // namespace mode

/// How an earlier service of an expert ended.
enum class Outcome : std::uint8_t { Completed, Satisfied, Dissatisfied, Terminated };

/// One earlier service.
struct PastService {
  std::string discipline;  ///< of the need served; empty when that has none
  Outcome outcome = Outcome::Completed;

  bool operator==(const PastService&) const = default;
};

/// A person with the expert role, in one planning year.
struct Expert {
  PersonId id;
  bool active = true;            ///< in the register and not suspended, exited or merged
  std::uint8_t title_grade = 0;  ///< 1 full senior (正高级) .. 5 lowest; 0 unknown
  Education education = Education::Unknown;
  std::vector<std::string> disciplines;  ///< scheme discipline; usually one
  std::string industry;                  ///< scheme industry
  std::string region;                    ///< scheme region
  std::string employer;                  ///< folded name
  std::string employer_uscc;
  std::vector<std::string> languages;  ///< scheme language
  std::uint8_t modes = mode::kUnknown;
  std::vector<std::string> service_regions;  ///< scheme region; 420000 is all of the province
  std::optional<std::int64_t> days_per_year;
  std::uint32_t services_per_year = 0;  ///< limit of services in a year
  std::uint32_t services_taken = 0;     ///< engagements that count as load this year
  std::int64_t days_taken = 0;          ///< days of those engagements
  std::string text;                     ///< research terms, discipline names, subject studied
  std::vector<PastService> past;

  bool operator==(const Expert&) const = default;
};

/// A need, or a question of the moment ("who could help Xuan'en with tea"), which has no id.
struct NeedView {
  NeedId id;
  std::string requester;  ///< folded name
  std::string requester_uscc;
  std::string region;
  std::string industry;
  std::vector<std::string> disciplines;  ///< scheme discipline; several when a name is ambiguous
  std::string text;                      ///< name, field and description as written
  std::uint8_t title_floor = 0;          ///< grade 1..4 that is asked for or better; 0 any
  Education education_floor = Education::Unknown;  ///< Unknown: any
  std::vector<std::string> languages;
  std::uint8_t modes = mode::kAny;  ///< a way that suits the need; any one will do
  std::uint32_t seats = 1;          ///< still to be filled
  std::optional<std::int64_t> days;
  std::vector<PersonId> closed_to;   ///< serving it already, or declined, rejected, broken off
  std::vector<PersonId> applicants;  ///< enrolled, shortlisted or invited for it

  bool operator==(const NeedView&) const = default;
};

}  // namespace chucai::matcher
