// The hard rules: what excludes an expert from a need, whatever the score. Each has a stable name,
// which explanations, counts and messages.csv share. They are compiled to bit and number tests, so
// that a whole province can be counted for one need.
//
// Policy. What cannot be excludes: who left, who said no, who lacks the language, who has no
// service or day left. What is wished for (期望职称, 期望学历, days, way and place of service)
// costs points (rank.h), and excludes only where the need is firm about it: long posts are, and
// plans are about days. Only what is known excludes: a blank passes, as does a need that does not
// say.
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
  Exit,       ///< left the register: exited, archived, merged
  Status,     ///< not active in it
  Already,    ///< serves this need, or declined it, was rejected or broke off
  Never,      ///< the unit that asks was not satisfied with an earlier service, or broke it off
  Conflict,   ///< employed by the unit that asks
  There,      ///< serving another need of the unit that asks
  Rotation,   ///< a long post again with the unit where the last one was
  Programme,  ///< education below what the need's programme admits
  Language,   ///< lacks a language asked for
  Title,      ///< firm: title below the floor
  Education,  ///< firm: education below the floor
  Mode,       ///< firm: serves only in another way
  Region,     ///< firm: serves other regions only, and cannot serve this need remotely
  Post,       ///< holds a long post in the need's window
  Load,       ///< services of the year used up
  Days,       ///< no day left this year; firm: too few for the need
  Window,     ///< engaged on all days of the need's window
};
inline constexpr std::size_t kRules = 17;

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
    const NeedView* need;
    std::uint8_t modes;
    bool languages_known;  ///< false: asks for a language that no expert has
    std::bitset<kLanguages> languages;
    std::vector<bool> served_by;  ///< by service region: does it hold the need's region?
    std::uint32_t requester;      ///< as a number; 0 blank or nobody's employer or host
    std::uint32_t requester_uscc;
    std::int64_t days;
    std::int64_t days_needed;         ///< days that must be left
    std::vector<PersonId> closed_to;  ///< sorted
  };

  /// Compiles the pool; `regions` must outlive the rules.
  Rules(std::span<const Expert> experts, const RegionMap& regions);

  /// `need` must outlive the demand.
  Demand compile(const NeedView& need) const;
  /// The first rule that excludes the expert (index into the pool), or nullopt. O(1) but for the
  /// few regions, engagements and exclusions listed.
  std::optional<Rule> first_failing(const Demand& demand, std::uint32_t expert) const;
  /// Services that the expert can still take this year.
  std::uint32_t services_left(std::uint32_t expert) const;
  /// Days left this year; nullopt where the expert does not say.
  std::optional<std::int64_t> days_left(std::uint32_t expert) const;
  /// True when the expert names the need's region, or one that holds it, as one to serve in;
  /// nullopt where the expert names none.
  std::optional<bool> is_willing(const Demand& demand, std::uint32_t expert) const;
  /// True when the expert is known to speak what is asked for.
  bool speaks(const Demand& demand, std::uint32_t expert) const;

 private:
  enum Flag : std::uint8_t { kActive = 1, kExited = 2, kHasHosts = 4 };

  /// An engagement with a unit, past or in force.
  struct Host {
    std::uint32_t requester;
    bool unhappy;  ///< dissatisfied, or broken off
    bool in_force;
    bool long_post;
    std::int64_t first_day;
    std::int64_t last_day;
  };
  struct Profile {
    PersonId id;
    std::uint8_t flags;
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
    std::uint32_t hosts_begin;  // in hosts_
    std::uint32_t hosts_end;
  };

  using Numbers = std::unordered_map<std::string, std::uint32_t>;
  /// The number of a text, given on first sight; 0 for blank.
  static std::uint32_t intern(Numbers& numbers, const std::string& text);
  static std::uint32_t number_of(const Numbers& numbers, const std::string& text);

  void add_hosts(const Expert& expert);
  std::span<const Host> hosts(const Profile& profile) const;
  std::optional<Rule> failing_with_host(const Demand& demand, const Profile& profile) const;
  std::optional<Rule> failing_wish(const Demand& demand, std::uint32_t expert) const;
  std::optional<Rule> failing_time(const Demand& demand, const Profile& profile) const;

  const RegionMap* regions_;
  Numbers units_;          // names and credit codes of employers and hosts
  Numbers languages_;      // number - 1: bit
  Numbers service_areas_;  // number - 1: place in Demand::served_by
  std::vector<Profile> profiles_;
  std::vector<std::uint32_t> areas_;  // of each expert, number - 1
  std::vector<Host> hosts_;           // of each expert
};

}  // namespace chucai::matcher
