#include "registry/domain/ids.h"

#include <algorithm>

namespace chucai {
namespace {

// Crockford's base 32: no i l o u, so that an id read aloud is written down right.
constexpr std::string_view kDigits = "0123456789abcdefghjkmnpqrstvwxyz";
constexpr std::size_t kIdLength = 13;
constexpr std::int64_t kEpoch2020Ms = 1'577'836'800'000;
constexpr int kRandomBits = 22;

// SplitMix64: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014.
std::uint64_t next_random(std::uint64_t& state) {
  std::uint64_t z = (state += 0x9e3779b97f4a7c15ULL);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

}  // namespace

std::string id_text(std::int64_t value) {
  if (value <= 0) return {};
  std::string text(kIdLength, '0');
  auto rest = static_cast<std::uint64_t>(value);
  for (std::size_t i = kIdLength; i-- > 0; rest >>= 5) text[i] = kDigits[rest & 31];
  return text;
}

std::optional<std::int64_t> parse_id(std::string_view text) {
  if (text.size() != kIdLength || text.front() > '7') return std::nullopt;
  std::uint64_t value = 0;
  for (const char c : text) {
    const auto digit = kDigits.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    value = value << 5 | digit;
  }
  if (value == 0 || value >> 63 != 0) return std::nullopt;
  return static_cast<std::int64_t>(value);
}

std::int64_t IdSource::next(std::int64_t now_us) {
  const std::int64_t milliseconds = std::max<std::int64_t>(now_us / 1000 - kEpoch2020Ms, 0);
  const std::int64_t base = milliseconds << kRandomBits;
  if (last_ == 0 || base > last_) {
    // Random also on a clock that stands before 2020: two processes must not count from 1. Half of
    // the range is left for counting up within the millisecond.
    last_ = base | static_cast<std::int64_t>(next_random(state_) >> (64 - kRandomBits + 1));
  } else {
    ++last_;
  }
  return last_;
}

}  // namespace chucai
