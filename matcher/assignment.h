// The exact plan of an instance: successive shortest paths with prices (the Hungarian method for
// experts with several slots), one seat at a time, each search ending at the first free expert.
// The prices that prove the plan best come with it; matcher/verify.h checks them without this code.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "matcher/instance.h"

namespace chucai::matcher {

/// One seat of a need, filled.
struct Seat {
  std::uint32_t need = 0;
  std::uint32_t expert = 0;

  auto operator<=>(const Seat&) const = default;
};

/// A plan and its proof. Shapes: `unfilled[n]` and `value[n]` belong to need n, `price[e]` to
/// expert e.
struct Plan {
  std::vector<Seat> seats;              ///< by need, then expert
  std::int64_t cost = 0;                ///< of the filled seats and of the empty ones
  std::vector<std::uint32_t> unfilled;  ///< seats left empty
  /// What one more slot of the expert would save; 0 while a slot is free.
  std::vector<std::uint32_t> price;
  /// What one more seat of the need would cost.
  std::vector<std::uint32_t> value;

  std::uint64_t empty_seats() const;
};

/// Solver of one instance. Building and solving are apart so that each can be timed.
class Assignment {
 public:
  /// Packs the instance, which must satisfy check(). O(experts + needs + candidates).
  explicit Assignment(const Instance& instance);
  ~Assignment();
  Assignment(const Assignment&) = delete;
  Assignment& operator=(const Assignment&) = delete;

  /// The cheapest plan: every seat filled by a candidate or empty at its cost. Same instance, same
  /// plan. Cost: about 1.5 candidates read per seat while experts are plenty; one search over the
  /// connected market per seat at worst (see README, Cost). Call once.
  Plan solve();

 private:
  class Engine;
  std::unique_ptr<Engine> engine_;
};

}  // namespace chucai::matcher
