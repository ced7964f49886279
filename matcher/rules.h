// The hard rules: what excludes an expert from a need, whatever the score. Each has a stable name,
// which explanations, counts and messages.csv share. They are compiled to bit and number tests, so
// that a whole province can be counted for one need.
//
// Policy: only what is known excludes. A blank title, education, language, mode, service region or
// number of days passes (and earns fewer points, see rank.h), as does a need that does not say.
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "matcher/pool.h"
#include "registry/domain/region_map.h"

namespace chucai::matcher {

/// In the order in which they are tested; the first that fails is named.
enum class Rule : std::uint8_t {
  Status,     ///< not active in the register
  Already,    ///< serves this need, or declined it, was rejected or broke off
  Conflict,   ///< employed by the unit that asks
  Title,      ///< title below the floor
  Education,  ///< education below the floor
  Language,   ///< lacks a language asked for
  Mode,       ///< serves on site only, or remotely only, and the need wants the other
  Region,     ///< serves other regions only, and cannot serve this need remotely
  Load,       ///< services of the year used up
  Days,       ///< too few days left this year
};
inline constexpr std::size_t kRules = 10;

/// "rule.title": also the key of its wording in messages.csv.
std::string_view rule_name(Rule rule);

/// Languages that a pool can tell apart.
inline constexpr std::size_t kLanguages = 256;

/// How many experts each rule excludes; `counts[r]` belongs to Rule r.
using RuleCounts = std::array<std::uint32_t, kRules>;

class Rules {
 public:
  /// A need made ready to be tested against many experts.
  struct Demand {
    std::uint8_t title_floor;
    Education education_floor;
    std::uint8_t modes;
    bool languages_known;  ///< false: asks for a language that no expert has
    std::bitset<kLanguages> languages;
    std::vector<bool> served_by;  ///< by service region: does it hold the need's region?
    std::uint32_t requester;      ///< as a number; 0 blank or nobody's employer
    std::uint32_t requester_uscc;
    std::int64_t days;
    std::vector<PersonId> closed_to;  ///< sorted
  };

  /// Compiles the pool; `regions` must outlive the rules.
  Rules(std::span<const Expert> experts, const RegionMap& regions);

  Demand compile(const NeedView& need) const;
  /// The first rule that excludes the expert (index into the pool), or nullopt. O(1) but for the
  /// few regions and exclusions listed.
  std::optional<Rule> first_failing(const Demand& demand, std::uint32_t expert) const;
  /// Services that the expert can still take this year.
  std::uint32_t services_left(std::uint32_t expert) const;
  /// Days left this year; nullopt where the expert does not say.
  std::optional<std::int64_t> days_left(std::uint32_t expert) const;

 private:
  struct Profile {
    PersonId id;
    bool active;
    std::uint8_t title_grade;
    Education education;
    std::uint8_t modes;
    std::bitset<kLanguages> languages;
    std::uint32_t employer;
    std::uint32_t employer_uscc;
    std::uint32_t services_left;
    std::optional<std::int64_t> days_left;
    std::uint32_t areas_begin;  // in areas_
    std::uint32_t areas_end;
  };

  using Numbers = std::unordered_map<std::string, std::uint32_t>;
  /// The number of a text, given on first sight; 0 for blank.
  static std::uint32_t intern(Numbers& numbers, const std::string& text);
  static std::uint32_t number_of(const Numbers& numbers, const std::string& text);

  const RegionMap* regions_;
  Numbers employers_;      // names and credit codes
  Numbers languages_;      // number - 1: bit
  Numbers service_areas_;  // number - 1: place in Demand::served_by
  std::vector<Profile> profiles_;
  std::vector<std::uint32_t> areas_;  // of each expert, number - 1
};

}  // namespace chucai::matcher
