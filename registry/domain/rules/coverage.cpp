#include "registry/domain/rules/coverage.h"

#include <algorithm>

#include "registry/domain/text.h"

namespace chucai {

Done parse_dimensions(std::string_view by, CoverageQuery& query) {
  for (const std::string& dimension : split_list(by)) {
    if (dimension == "region") {
      query.by_region = RegionGrain::County;
    } else if (dimension == "unit") {
      query.by_region = RegionGrain::Unit;
    } else if (dimension == "year") {
      query.by_year = true;
    } else if (dimension != "program") {
      return fail(ErrorCode::InvalidArgument, "coverage.by", "by", {dimension});
    }
  }
  return {};
}

bool counts_as_reached(std::string_view status) {
  return one_of(status, {"selected", "in_post", "extended", "completed", "graduated",
                         "exit_pending", "appealed", "exited", "approved", "granted", "expired"});
}

bool leaves_no_result(const CodeBook& codes, std::string_view exit_reason) {
  const Term* reason = codes.find("exit_reason", exit_reason);
  return reason != nullptr && reason->has("no_result");
}

bool ended_early(std::string_view status) {
  return one_of(status, {"exited", "revoked"});
}

bool was_due_to_end(std::string_view status) {
  return ended_early(status) || one_of(status, {"exit_pending", "appealed"});
}

bool is_asked(std::string_view status) {
  return !one_of(status, {"", "draft", "submitted", "cancelled"});
}

int paid_share(std::string_view fund_type) {
  if (fund_type == "return") return -1;
  return one_of(fund_type, {"disbursement", "award"}) ? 1 : 0;
}

bool is_budget(std::string_view fund_type) {
  return fund_type == "budget";
}

bool counts_by(Date on, Date as_of) {
  return !on || !as_of || first_day(on) <= first_day(as_of);
}

bool in_force(Date from, Date to, Date as_of) {
  return counts_by(from, as_of) && (!to || !as_of || last_day(to) >= first_day(as_of));
}

bool is_on_time(const Milestone& milestone, Date as_of) {
  if (milestone.status != "done" || !counts_by(milestone.closed_on, as_of)) return false;
  return !milestone.closed_on || !milestone.due ||
         first_day(milestone.closed_on) <= last_day(milestone.due);
}

double linear_share(std::int64_t first_year, std::int64_t years, Date as_of) {
  const auto year = static_cast<std::int16_t>(first_year);
  const auto behind = static_cast<std::int16_t>(first_year + years);
  const std::int64_t begin = first_day(Date{year, 1, 1});
  const std::int64_t end = first_day(Date{behind, 1, 1});
  const double passed = static_cast<double>(first_day(as_of) + 1 - begin);
  return std::clamp(passed / static_cast<double>(end - begin), 0.0, 1.0);
}

int stage_of(std::string_view status) {
  constexpr std::string_view kWay[] = {"nominated",  "applied",  "screening", "under_review",
                                       "publicised", "selected", "in_post"};
  const auto* at = std::find(std::begin(kWay), std::end(kWay), status);
  if (at != std::end(kWay)) return static_cast<int>(at - std::begin(kWay)) + 1;
  if (one_of(status, {"eligible"})) return 1;
  if (one_of(status, {"approved"})) return 6;
  return counts_as_reached(status) ? kStages : 0;
}

}  // namespace chucai
