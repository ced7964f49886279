// The peer: LEMON's NetworkSimplex on the same instance, as oracle of the tests and as the other
// side of the benchmark.
#pragma once

#include <cstdint>
#include <memory>

#include "matcher/instance.h"

namespace chucai::testing {

class LemonSimplex {
 public:
  /// Builds the flow network.
  explicit LemonSimplex(const matcher::Instance& instance);
  ~LemonSimplex();

  /// Solves and returns the optimal cost.
  std::int64_t solve();

 private:
  struct Network;
  std::unique_ptr<Network> network_;
};

}  // namespace chucai::testing
