// A bare assignment instance: experts with slots, needs with seats, and what each seat costs with
// each candidate. It knows no names; the registry's plan and the CHM1 files both come down to it.
//
//   auto instance = matcher::read_instance(bytes);              // checked
//   auto plan = matcher::Assignment(*instance).solve();         // matcher/assignment.h
//   auto proof = matcher::verify(*instance, plan);              // matcher/verify.h
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "registry/domain/result.h"

namespace chucai::matcher {

/// One expert who may take a seat of a need, at a cost.
struct Candidate {
  std::uint32_t expert = 0;
  std::uint32_t cost = 0;

  auto operator<=>(const Candidate&) const = default;
};

/// The last number is the solver's mark of what is beyond reach.
inline constexpr std::uint32_t kDearestEmptySeat = 0xfffffffe;

/// Shapes: `capacity[e]` belongs to expert e, `headcount[n]` and `unfilled_cost[n]` to need n;
/// `candidates[first[n] .. first[n + 1])` are those of need n, by cost, then expert, each expert at
/// most once. An expert takes at most one seat of a need.
struct Instance {
  std::vector<std::uint32_t> capacity;
  std::vector<std::uint32_t> headcount;
  std::vector<std::uint32_t> unfilled_cost;  ///< of each seat that stays empty
  std::vector<std::uint32_t> first{0};       ///< needs() + 1 offsets
  std::vector<Candidate> candidates;

  std::uint32_t experts() const { return static_cast<std::uint32_t>(capacity.size()); }
  std::uint32_t needs() const { return static_cast<std::uint32_t>(headcount.size()); }
  std::span<const Candidate> row(std::uint32_t need) const {
    return std::span(candidates).subspan(first[need], first[need + 1] - first[need]);
  }
  /// Appends a need; its candidates must be sorted as above.
  void add_need(std::uint32_t heads, std::uint32_t unfilled, std::span<const Candidate> sorted);

  bool operator==(const Instance&) const = default;
};

/// Checks every promise of Instance, that no empty seat costs more than kDearestEmptySeat and that
/// no sum of costs can leave 63 bits. O(candidates).
/// Errors: InvalidArgument `instance.*` naming the need and the candidate by number from 0.
Done check(const Instance& instance);

/// Checks one need of an instance by itself: its row and the cost of its empty seat. `seen` has a
/// place for each expert, all 0 at first, and serves needs of different numbers in turn.
/// Errors: those of check().
Done check_need(std::uint32_t need, std::uint32_t unfilled, std::span<const Candidate> row,
                std::vector<std::uint32_t>& seen);

/// Reads the CHM1 form, all numbers little endian: "CHM1"; u32 experts E, needs N, candidates M;
/// u8 capacity[E]; u8 headcount[N]; u32 unfilled_cost[N]; u32 first[N+1]; u32 expert[M];
/// u32 cost[M].
/// Errors: InvalidArgument `instance.magic`, `instance.size`, and those of check().
Result<Instance> read_instance(std::string_view bytes);

/// Writes the same form.
/// Errors: TooLarge `instance.byte` for a capacity or headcount above 255, which CHM1 cannot hold.
Result<std::string> write_instance(const Instance& instance);

}  // namespace chucai::matcher
