// The coverage rules (覆盖率), stated once: which rows count, and as what. Pure: one row in, one
// answer out. Figures are put together from them in registry/coverage; a figure without a target or
// a denominator has no value and says why.
//   Q quota    distinct counted subjects / target
//   E eligible distinct eligible people counted / eligible people
//   U units    regions, organizations, industries ... reached / those in scope
//   D demand   seats filled / seats asked for
//   F funds    paid out and awarded less what came back / budget, in fen
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "registry/domain/code_book.h"
#include "registry/domain/date.h"
#include "registry/domain/project.h"
#include "registry/domain/result.h"

namespace chucai {

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

/// What a row whose place nobody knows falls under.
inline constexpr std::string_view kUnknownRegion = "unknown";

/// Reads "region,year", "unit", "program" ... into the query. Errors: InvalidArgument
/// "coverage.by" naming the dimension.
Done parse_dimensions(std::string_view by, CoverageQuery& query);

/// True when a participation in this status counts as reached. One that ended early did reach; it
/// is taken back by being revoked, declined or refused only, so that figures never shrink by
/// themselves.
bool counts_as_reached(std::string_view participation_status);
/// True when an exit for this reason (scheme exit_reason) means that nothing came of it.
bool leaves_no_result(const CodeBook& codes, std::string_view exit_reason);
/// True of a participation that ended before its term.
bool ended_early(std::string_view participation_status);
/// True when its exit was due for a decision, taken or not.
bool was_due_to_end(std::string_view participation_status);
/// True of a need that was asked for: accepted, and not taken back.
bool is_asked(std::string_view need_status);
/// What money of a type (scheme fund_type) adds to what was paid: 1, -1 or 0.
int paid_share(std::string_view fund_type);
/// True of money that was budgeted.
bool is_budget(std::string_view fund_type);
/// True when a row of this date counts on `as_of`; one without a date counts from ever.
bool counts_by(Date on, Date as_of);
/// True while something that holds from `from` to `to` is in force on `as_of`.
bool in_force(Date from, Date to, Date as_of);
/// True when a milestone was closed by its due date, as far as is known on `as_of`.
bool is_on_time(const Milestone& milestone, Date as_of);
/// Where a line straight through the years would stand: the share of `years` that has passed on
/// `as_of`, between 0 and 1, of a plan from the first day of `first_year` on.
double linear_share(std::int64_t first_year, std::int64_t years, Date as_of);
/// The stage of the selection that a status stands at, 1 to kStages, passed by all at later ones;
/// 0: it stands beside the way (declined, rejected ...).
int stage_of(std::string_view participation_status);
inline constexpr int kStages = 7;

}  // namespace chucai
