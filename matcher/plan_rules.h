// What an office asks of a plan beyond seats and days, in the register's terms: quotas and floors
// over needs and experts, pairs fixed and ruled out, groups to be served alike. plan.h turns them
// into constraints on the bare instance, where they stay exact.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "matcher/constraints.h"
#include "matcher/pool.h"

namespace chucai::matcher {

/// Seats filled of some needs, at least and at most.
struct NeedQuota {
  std::string name;
  std::vector<NeedId> needs;
  std::uint32_t at_least = 0;
  std::uint32_t at_most = kNoQuota;
};

/// Seats filled by some experts, at least and at most.
struct ExpertQuota {
  std::string name;
  std::vector<PersonId> experts;
  std::uint32_t at_least = 0;
  std::uint32_t at_most = kNoQuota;
};

struct PlanPair {
  NeedId need;
  PersonId person;

  bool operator==(const PlanPair&) const = default;
};

/// Needs to be served as fully as other groups are; the lowest tier first.
struct ServedAlike {
  std::string name;
  std::vector<NeedId> needs;
  std::uint32_t tier = 0;
};

/// Needs and experts that take no part in the plan are passed over in groups; a pair of them is an
/// error.
struct PlanRules {
  std::vector<NeedQuota> need_quotas;
  std::vector<ExpertQuota> expert_quotas;
  std::vector<PlanPair> pinned;
  std::vector<PlanPair> forbidden;
  std::vector<ServedAlike> served_alike;

  bool empty() const {
    return need_quotas.empty() && expert_quotas.empty() && pinned.empty() && forbidden.empty() &&
           served_alike.empty();
  }
};

}  // namespace chucai::matcher
