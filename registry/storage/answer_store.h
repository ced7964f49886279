// Requests that carried a key, and what they were answered (sealed).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "registry/storage/database.h"

namespace chucai {

struct AnsweredRequest {
  std::string request;                ///< digest of what was asked
  std::optional<std::string> sealed;  ///< nullopt: not answered, or nobody knows how
};

/// The request kept under the digest of its key.
std::optional<AnsweredRequest> load_answered(Connection& db, std::string_view digest);
/// Conflict "storage.unique" from the database when one is kept under that digest.
void begin_answered(Connection& db, std::string_view digest, std::string_view request,
                    std::int64_t now_us);
void finish_answered(Connection& db, std::string_view digest, std::string_view sealed);
void forget_answered(Connection& db, std::string_view digest);
/// Forgets every request begun before.
void sweep_answered(Connection& db, std::int64_t before_us);

}  // namespace chucai
