// Whether requests can be served: what a load balancer asks every few seconds.
#pragma once

#include <cstdint>
#include <string_view>

#include "registry/service/registry.h"

namespace chucai {

/// Bytes of disk below which nothing more should be written.
inline constexpr std::uintmax_t kLeastSpace = 100'000'000;

/// Writes a small row and commits it. Errors: those of Database::write.
Done try_writing(Database& database, std::string_view value);

/// The schema, when the database answers, is of this version and takes a write, and its disk has
/// room. Errors: Unavailable "registry.schema_behind", "registry.no_space"; those of
/// Database::write. Cost: one small commit.
Result<int> check_ready(Registry& registry);

}  // namespace chucai
