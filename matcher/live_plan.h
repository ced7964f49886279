// A plan that stays best while its market changes: each change is repaired along shortest paths of
// the residual market instead of solving anew, and leaves the prices that prove the result.
//
//   LivePlan live(instance);                       // solves once
//   auto moved = live.set_capacity(expert, 0);     // withdrawn: who moves, and what it costs
//   LivePlan branch = live;                        // what if? change, compare, then
//   live = std::move(branch);                      // adopt it, or let it go
//
// Every change has an inverse that leads back to the same cost.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "matcher/assignment.h"
#include "matcher/instance.h"

namespace chucai::matcher {

/// What one change did to the plan.
struct Repair {
  std::int64_t cost_change = 0;  ///< empty seats included, also those that came or went
  std::vector<Seat> taken;       ///< filled now and not before, by need, then expert
  std::vector<Seat> left;        ///< filled before and not now
};

/// Needs and experts are numbered as in the instance; numbers are never used again. After every
/// change verify(instance(), plan()) holds. Not safe for use by several threads at once. Cost of a
/// change: the part of the market that it disturbs (see README, Cost).
class LivePlan {
 public:
  /// Solves `instance`, which must satisfy check(). O(candidates) on top of that.
  explicit LivePlan(const Instance& instance);
  ~LivePlan();
  LivePlan(const LivePlan& other);
  LivePlan& operator=(const LivePlan& other);
  LivePlan(LivePlan&& other) noexcept;
  LivePlan& operator=(LivePlan&& other) noexcept;

  /// Adds a need, whose number is the last one; `sorted` as Instance::add_need wants it. A need
  /// that changes its terms is taken out (headcount 0) and added anew.
  /// Errors: InvalidArgument of check().
  Result<Repair> add_need(std::uint32_t heads, std::uint32_t unfilled,
                          std::span<const Candidate> sorted);
  /// Seats that the need asks for; 0 cancels it.
  /// Errors: FailedPrecondition `live.pinned` for fewer than are pinned.
  Result<Repair> set_headcount(std::uint32_t need, std::uint32_t heads);
  /// Slots that the expert has; 0 withdraws.
  /// Errors: FailedPrecondition `live.pinned` for fewer than are pinned.
  Result<Repair> set_capacity(std::uint32_t expert, std::uint32_t slots);
  /// The expert may not serve the need, until allow().
  /// Errors: FailedPrecondition `live.pinned`; NotFound `live.pair` for no candidate or one that is
  /// forbidden.
  Result<Repair> forbid(std::uint32_t need, std::uint32_t expert);
  /// Errors: NotFound `live.pair` for a pair that is not forbidden.
  Result<Repair> allow(std::uint32_t need, std::uint32_t expert);
  /// The expert serves the need, until unpin().
  /// Errors: NotFound `live.pair` for no candidate, or one that is forbidden or pinned;
  /// FailedPrecondition `live.full` when need or expert has no place that is not pinned.
  Result<Repair> pin(std::uint32_t need, std::uint32_t expert);
  /// Errors: NotFound `live.pair` for a pair that is not pinned.
  Result<Repair> unpin(std::uint32_t need, std::uint32_t expert);

  std::uint32_t needs() const;
  std::uint32_t experts() const;
  /// Of all seats, pinned and empty ones included. O(1).
  std::int64_t cost() const;
  /// Seats pinned, by need, then expert.
  std::vector<Seat> pinned() const;
  /// The market as it stands, without pinned seats, their slots and forbidden pairs. O(candidates).
  Instance instance() const;
  /// The plan of instance() and its proof. O(needs + experts + seats log seats).
  Plan plan() const;

 private:
  class Market;
  std::unique_ptr<Market> market_;
};

}  // namespace chucai::matcher
