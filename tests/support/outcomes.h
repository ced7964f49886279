// How a call ended, as one text that a failing check prints.
#pragma once

#include <string>

#include "registry/domain/result.h"

namespace chucai::testing {

/// The reason of a failure; empty: it succeeded.
template <class T>
std::string reason(const Result<T>& result) {
  return result ? "" : result.error().problem.reason;
}

}  // namespace chucai::testing
