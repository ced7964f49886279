// Small assignment instances: written by hand, or random with every awkward case in them.
#pragma once

#include <algorithm>
#include <random>
#include <vector>

#include "matcher/instance.h"

namespace chucai::testing {

/// One need, written out.
struct NeedRow {
  std::uint32_t heads;
  std::uint32_t unfilled;
  std::vector<matcher::Candidate> candidates;  ///< {expert, cost}, in any order
};

inline matcher::Instance instance_of(std::vector<std::uint32_t> capacity,
                                     std::vector<NeedRow> needs) {
  matcher::Instance instance;
  instance.capacity = std::move(capacity);
  for (NeedRow& need : needs) {
    std::sort(need.candidates.begin(), need.candidates.end(), [](const auto& a, const auto& b) {
      return std::pair(a.cost, a.expert) < std::pair(b.cost, b.expert);
    });
    instance.add_need(need.heads, need.unfilled, need.candidates);
  }
  return instance;
}

/// How large a random instance may get, and how its numbers are spread.
struct SmallSpec {
  std::uint32_t max_experts = 8;
  std::uint32_t max_needs = 8;
  std::uint32_t max_heads = 4;
  std::uint32_t max_capacity = 3;
  std::uint32_t max_cost = 20;      ///< small: many ties
  std::uint32_t max_unfilled = 60;  ///< below max_cost at times: seats priced out
};

/// Includes needs without candidates or seats, more heads than candidates, experts without slots.
inline matcher::Instance random_instance(std::mt19937& random, const SmallSpec& spec) {
  const auto upto = [&](std::uint32_t limit) {
    return static_cast<std::uint32_t>(random()) % (limit + 1);
  };
  std::vector<std::uint32_t> capacity(1 + upto(spec.max_experts - 1));
  for (auto& slots : capacity) slots = upto(spec.max_capacity);
  std::vector<NeedRow> needs(upto(spec.max_needs));
  const std::uint32_t density = 1 + upto(9);
  for (NeedRow& need : needs) {
    need.heads = upto(spec.max_heads);
    need.unfilled = upto(spec.max_unfilled);
    for (std::uint32_t expert = 0; expert < capacity.size(); ++expert) {
      if (upto(9) < density) need.candidates.push_back({expert, upto(spec.max_cost)});
    }
  }
  return instance_of(std::move(capacity), std::move(needs));
}

}  // namespace chucai::testing
