// Why seats stay empty. For each need with an empty seat: nobody is eligible; or a set of needs
// competes for too few people, which a recount proves (Hall's theorem); or people could be freed by
// a chain of changes that costs more than the empty seat.
#pragma once

#include <cstdint>
#include <vector>

#include "matcher/assignment.h"
#include "matcher/instance.h"

namespace chucai::matcher {

/// Needs that together ask for more than can be had: seats > slots + edges, so that in every plan
/// at least seats - slots - edges of their seats stay empty.
/// Proof: each candidate of `needs` is among `experts`, or it is one of `edges`.
struct CompetingSet {
  std::vector<std::uint32_t> needs;    ///< ascending
  std::vector<std::uint32_t> experts;  ///< ascending; every slot of theirs serves `needs`
  std::uint64_t seats = 0;             ///< asked for by `needs`
  std::uint64_t slots = 0;             ///< capacity of `experts`
  /// Candidates of `needs` outside `experts`; each can fill one seat of that need, and does.
  std::uint64_t edges = 0;
};

/// One move of a chain: `need` would take `expert`, whom the next step's need would give up.
struct ChainStep {
  std::uint32_t need = 0;
  std::uint32_t expert = 0;

  bool operator==(const ChainStep&) const = default;
};

enum class ShortageCause {
  NoCandidate,  ///< nobody is eligible at all
  Competition,  ///< `set` proves it
  PricedOut,    ///< `chain` would fill a seat, at `chain_cost` more than the empty seat costs now
  Rule,         ///< a rule of the office binds; plans under constraints alone
};

struct Shortage {
  std::uint32_t need = 0;
  std::uint32_t empty_seats = 0;
  ShortageCause cause = ShortageCause::NoCandidate;
  std::uint32_t set = 0;           ///< index into ShortageReport::sets, for Competition
  std::vector<ChainStep> chain{};  ///< cheapest one, ending at a free slot, for PricedOut
  std::int64_t chain_cost = 0;     ///< >= 0, for PricedOut
};

struct ShortageReport {
  std::vector<Shortage> shortages;  ///< by need
  std::vector<CompetingSet> sets;   ///< needs that compete with each other share one
};

/// Explains every empty seat of a plan that verify() accepts. Each search stays within the needs
/// and experts that compete with the short one, and is cut short where a wide set proves it
/// already.
ShortageReport explain_shortages(const Instance& instance, const Plan& plan);

}  // namespace chucai::matcher
