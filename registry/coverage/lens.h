// How one reader on one day sees a cube: what lies in scope, what counts, and the groups into which
// codes fall. Figures, pivots and questions are built from the scans that it makes.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "registry/coverage/scan.h"
#include "registry/domain/region_map.h"

namespace chucai::coverage {

/// Names of groups in the order in which they came up.
class Groups {
 public:
  std::uint32_t add(const std::string& name) {
    const auto [at, is_new] = index_.emplace(name, static_cast<std::uint32_t>(names_.size()));
    if (is_new) names_.push_back(name);
    return at->second;
  }
  const std::string& name(std::uint32_t group) const { return names_[group]; }
  std::uint32_t size() const { return static_cast<std::uint32_t>(names_.size()); }

 private:
  std::vector<std::string> names_;
  std::unordered_map<std::string, std::uint32_t> index_;
};

/// The code tables of a register, as figures read them. They must outlive it.
struct Tables {
  const CodeBook& codes;
  const RegionMap& regions;
};

class Lens {
 public:
  /// Everything must outlive the lens. `as_of`: the day of the figures; before `today` statuses are
  /// read from the log.
  Lens(const Cube& cube, const Tables& tables, std::string scope, Date as_of, Date today);

  const Cube& cube() const { return cube_; }
  const CodeBook& codes() const { return tables_.codes; }
  const RegionMap& regions() const { return tables_.regions; }
  const std::string& scope() const { return scope_; }
  Date as_of() const { return as_of_; }
  bool is_past() const { return past_; }
  Date today() const { return today_; }

  bool sees(std::string_view scope_of_row) const {
    return scope_of_row >= range_.from && scope_of_row < range_.below;
  }
  /// True when a row of this date counts by the day.
  bool counts(Date on) const;

  /// A scan of what is in scope and dated by the day.
  Scan scan(const Table& table) const;
  /// The same of participations that count as reached.
  Scan reached() const;
  /// The same of engagements that fill a seat.
  Scan seats() const;
  /// The same of needs that were asked for.
  Scan asked() const;
  /// People in scope who are in the register.
  Scan people() const;
  /// Filters on subjects: people in scope in the register, experts among them.
  void only_eligible(Scan& scan, std::string_view unit) const;

  using Test = std::function<bool(const std::string&)>;
  /// Which codes of a column pass.
  std::vector<std::uint8_t> passing(Column column, const Test& test) const;
  Filter filter(From from, Column column, const Test& test) const;
  /// The groups of a column's codes by the name that each falls under; no name: under none.
  using Name = std::function<std::string(const std::string&)>;
  Axis axis(From from, Column column, Groups& groups, const Name& name) const;
  /// Codes that fall under several names.
  using Names = std::function<std::vector<std::string>(const std::string&)>;
  Axis axis_of_many(From from, Column column, Groups& groups, const Names& names) const;
  /// Months by year; the unknown year is the name "".
  Axis years(Groups& groups) const;

  /// Each programme and those above it.
  std::vector<std::string> up_the_tree(const std::string& program) const;
  /// The programme and all below it.
  std::vector<std::string> family_of(std::string_view program) const;
  const fact::Program* program(std::string_view code) const;
  /// The organization or project of this id in scope, or null.
  const fact::Organization* organization(std::int64_t id) const;
  const ProjectFact* project(std::int64_t id) const;
  /// The industry of an organization or project in scope; empty of anything else.
  std::string_view industry_of(const fact::Party& party) const;
  /// The industry of a link in the grain that rules count: one that it names, else that of a party.
  std::string_view industry_of(const fact::Link& link) const;

 private:
  const Cube& cube_;
  const Tables tables_;
  std::string scope_;
  CodeRange range_;
  Date as_of_;
  bool past_;
  Date today_;
  std::unordered_map<std::string_view, const fact::Program*> programs_;
};

/// `name`, or "unknown" for an empty one, which stays in sight.
std::string or_unknown(std::string_view name);

/// Seats that are filled of each need, by its owner number, never more than were asked for.
std::vector<std::int64_t> filled_seats(const Lens& lens);

}  // namespace chucai::coverage
