#include "matcher/constraints.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace chucai::matcher {
namespace {

using Set = std::vector<std::uint32_t>;

bool holds_all(const Set& outer, const Set& inner) {
  Set sorted = outer;
  std::sort(sorted.begin(), sorted.end());
  return std::all_of(inner.begin(), inner.end(), [&](std::uint32_t member) {
    return std::binary_search(sorted.begin(), sorted.end(), member);
  });
}

}  // namespace

// From the largest set to the smallest: all members of a set must lie in the same innermost set so
// far, which is its parent.
Result<Nesting> nest(const std::vector<std::string>& names, const std::vector<Set>& sets,
                     std::uint32_t members) {
  Nesting nesting{Set(sets.size(), Nesting::kNoRule), Set(members, Nesting::kNoRule)};
  Set order(sets.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return sets[a].size() > sets[b].size();
  });
  Set seen_in(members, Nesting::kNoRule);
  for (const std::uint32_t rule : order) {
    for (const std::uint32_t member : sets[rule]) {
      if (member >= members || std::exchange(seen_in[member], rule) == rule) {
        return fail(ErrorCode::InvalidArgument, "constraints.member", {},
                    {names[rule], std::to_string(member)});
      }
    }
    std::uint32_t& parent = nesting.parent[rule];
    for (const std::uint32_t member : sets[rule]) {
      const std::uint32_t outer = nesting.innermost[member];
      if (outer == parent) continue;
      // One of the two rules, the inner one if they nest, does not hold every member.
      const std::uint32_t inner = outer == Nesting::kNoRule ? parent : outer;
      if (!holds_all(sets[inner], sets[rule])) {
        return fail(ErrorCode::InvalidArgument, "constraints.crossed", {},
                    {names[inner], names[rule]});
      }
      parent = inner;
    }
    for (const std::uint32_t member : sets[rule]) nesting.innermost[member] = rule;
  }
  return nesting;
}

}  // namespace chucai::matcher
