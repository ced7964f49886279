// Record identifiers: made by the application, below 2^63, never reused, opaque outside.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace chucai {

/// Identifier of one record of type R; an Id<Need> cannot be passed as an Id<Person>.
template <class R>
struct Id {
  std::int64_t value = 0;  ///< 0: none

  explicit operator bool() const { return value != 0; }
  auto operator<=>(const Id&) const = default;
};

/// The outside form: 13 characters of 0-9 a-z without i l o u. Empty for 0.
std::string id_text(std::int64_t value);

/// Reads the outside form; nullopt for anything else.
std::optional<std::int64_t> parse_id(std::string_view text);

/// Hands out increasing ids: milliseconds since 2020 in the upper bits, then a random start that
/// counts up within the millisecond. Unique within a process; two processes collide only when they
/// draw the same 22 random bits in the same millisecond, and the primary key then refuses the row.
/// One per process, used by one thread at a time (the writer's).
class IdSource {
 public:
  /// `seed`: random bits of this process.
  explicit IdSource(std::uint64_t seed) : state_(seed) {}
  /// The next id, at wall time `now_us` (microseconds UTC).
  std::int64_t next(std::int64_t now_us);

 private:
  std::uint64_t state_;
  std::int64_t last_ = 0;
};

}  // namespace chucai
