// Seeded assignment instances that look like a province: disciplines of Zipf size, cities, experts
// with 1..4 slots, needs with 1..5 seats, about `degree` candidates a need, costs 0..10000, empty
// seats 100000..109000. One need in 33 asks for the same few people, so that shortages are real.
// The same arguments give the same instance everywhere; data/matching/expected.txt rests on it.
#pragma once

#include "matcher/instance.h"

namespace chucai::testing {

enum class MarketMode {
  Spread = 0,     ///< candidates drawn from the need's discipline and city
  Contended = 1,  ///< the best by cost of a pool four times as large: all want the same people
  Tight = 2,      ///< one expert in eight of each group is eligible: seats ~ slots
};

struct MarketSpec {
  std::uint32_t experts;
  std::uint32_t needs;
  std::uint32_t degree;
  std::uint64_t seed;
  MarketMode mode;
};

matcher::Instance make_market(const MarketSpec& spec);

}  // namespace chucai::testing
