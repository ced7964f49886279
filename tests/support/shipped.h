// The shipped code tables, parsed once per test program.
#pragma once

#include <catch2/catch.hpp>

#include "registry/domain/code_book.h"
#include "registry/domain/messages.h"
#include "registry/domain/region_map.h"

namespace chucai::testing {

inline const CodeBook& shipped_book() {
  static const CodeBook book = [] {
    auto codes = shipped_codes();
    if (!codes) FAIL(codes.error().problem.reason);
    return std::move(*codes);
  }();
  return book;
}

inline const RegionMap& shipped_regions() {
  static const RegionMap regions(shipped_book());
  return regions;
}

inline const Messages& shipped_messages() {
  static const Messages messages = [] {
    auto loaded = Messages::load(embedded_codes());
    if (!loaded) FAIL(loaded.error().problem.reason);
    return std::move(*loaded);
  }();
  return messages;
}

}  // namespace chucai::testing
