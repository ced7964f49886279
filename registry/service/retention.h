// How long data is kept: rules as data (registry/codes/retention.csv), tried before they are
// applied.
#pragma once

#include <string>
#include <vector>

#include "registry/service/registry.h"

namespace chucai {

/// What one rule found and did.
struct RetentionLine {
  std::string rule;
  std::string
      action;  ///< "erase" a person, "drop" a staged import or what undoing would bring back
  std::string basis;
  std::int64_t due = 0;   ///< past its time
  std::int64_t held = 0;  ///< of these kept by a hold
  std::int64_t done = 0;  ///< 0 in a dry run
};

enum class RetentionMode { DryRun, Apply };

/// Every rule in the order of the file. People are erased one transaction each, as erase_person()
/// does. Errors: those of erase_person; Internal for a malformed rule.
Result<std::vector<RetentionLine>> apply_retention(Registry& registry, const Principal& principal,
                                                   RetentionMode mode);

}  // namespace chucai
