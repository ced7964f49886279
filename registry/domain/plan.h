// A plan (方案): the computed assignment of experts to all open needs of a year.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace chucai {

/// One filled seat.
struct PlanSeat {
  std::int64_t need = 0;
  std::int64_t person = 0;
  std::int64_t score = 0;  ///< 0..10000
};

/// Why seats of one need stay empty.
struct PlanShortage {
  std::int64_t need = 0;
  std::int64_t unfilled = 0;
  std::string cause;   ///< reason key of messages.csv
  std::string detail;  ///< competing needs and people, counts; never personal data
};

struct Plan {
  std::int64_t id = 0;
  std::int64_t year = 0;
  std::string status;  ///< scheme plan_status
  std::int64_t created_at = 0;
  std::string created_by;
  std::int64_t adopted_at = 0;
  std::int64_t cost = 0;        ///< sum of 10000 - score over filled seats
  std::int64_t seat_count = 0;  ///< seats asked for
  std::int64_t filled = 0;
  /// What no plan can beat: seats filled, and at that number the cost. Equal to the plan's own
  /// where experts' days a year did not bind; they cannot be part of an exact flow.
  std::int64_t bound_filled = 0;
  std::int64_t bound_cost = 0;
  bool verified = false;  ///< an independent check accepted the plan's proof
  std::string office;     ///< region that it was made for
  std::vector<PlanSeat> seats;
  std::vector<PlanShortage> shortages;

  /// True when the proof shows that no plan is better.
  bool optimal() const { return verified && filled == bound_filled && cost == bound_cost; }
};

}  // namespace chucai
