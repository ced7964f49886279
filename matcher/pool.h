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
  std::string requester;  ///< folded name; empty when unknown
  std::string region;     ///< where it was
  int year = 0;           ///< of its end; 0 unknown
  bool long_post = false;

  bool operator==(const PastService&) const = default;
};

/// An engagement in force: where somebody is, and until when.
struct Standing {
  std::string requester;  ///< folded name
  std::int64_t first_day = 0;
  std::int64_t last_day = 0;  ///< both days since 1970, included
  bool long_post = false;

  bool operator==(const Standing&) const = default;
};

/// What somebody wrote: evidence for its authors.
struct WrittenWork {
  std::int64_t id = 0;
  std::vector<PersonId> authors;
  std::string title;
  std::string summary;
  int year = 0;  ///< 0 unknown

  bool operator==(const WrittenWork&) const = default;
};

/// What a need insists on, as bits; other floors and modes are wishes and cost points only.
namespace firm {
inline constexpr std::uint8_t kTitle = 1;
inline constexpr std::uint8_t kEducation = 2;
inline constexpr std::uint8_t kMode = 4;
inline constexpr std::uint8_t kRegion = 8;
inline constexpr std::uint8_t kDays = 16;
inline constexpr std::uint8_t kAll = 31;
}  // namespace firm

/// The two settings of one mechanism: a few days of advice, or a post of half a year and more.
enum class Setting : std::uint8_t { Short, Long };
inline constexpr std::size_t kSettings = 2;

/// A person with the expert role, in one planning year.
struct Expert {
  PersonId id;
  bool active = true;            ///< in the register and not suspended
  bool exited = false;           ///< left the register for good: exited, archived or merged
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
  int year = 0;                         ///< the planning year that these figures are of
  std::string text;                     ///< research terms, discipline names, subject studied
  std::vector<std::string> research;    ///< the terms one by one
  std::string native_place;             ///< as written: ties to a place beyond the employer's
  bool rural_honour = false;            ///< honoured for service to villages (科技特派员)
  std::vector<PastService> past;
  std::vector<Standing> standing;

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
  Setting setting = Setting::Short;
  std::uint8_t firm = 0;                           ///< bits of namespace firm
  Education programme_floor = Education::Unknown;  ///< what its programme admits at least
  bool rural = false;                ///< of a village, or named as rural revitalisation
  std::int64_t first_day = 0;        ///< window, days since 1970, both included
  std::int64_t last_day = 0;         ///< 0: no window given
  std::vector<PersonId> closed_to;   ///< serving it already, or declined, rejected, broken off
  std::vector<PersonId> applicants;  ///< enrolled, shortlisted or invited for it

  bool operator==(const NeedView&) const = default;
};

}  // namespace chucai::matcher
