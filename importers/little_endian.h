// Integers of binary files, read without assuming how they are aligned.
#pragma once

#include <bit>
#include <cstdint>
#include <string_view>

namespace chucai::importers {

/// The unsigned integer at `at`; zero where `data` is too short.
template <class T>
T little_endian(std::string_view data, std::size_t at) {
  if (at > data.size() || data.size() - at < sizeof(T)) return 0;
  T value = 0;
  for (std::size_t i = sizeof(T); i-- > 0;) {
    value = static_cast<T>(static_cast<std::uint64_t>(value) << 8 |
                           static_cast<unsigned char>(data[at + i]));
  }
  return value;
}

inline std::uint8_t u8(std::string_view data, std::size_t at) {
  return little_endian<std::uint8_t>(data, at);
}
inline std::uint16_t u16(std::string_view data, std::size_t at) {
  return little_endian<std::uint16_t>(data, at);
}
inline std::uint32_t u32(std::string_view data, std::size_t at) {
  return little_endian<std::uint32_t>(data, at);
}
inline std::uint64_t u64(std::string_view data, std::size_t at) {
  return little_endian<std::uint64_t>(data, at);
}
/// An IEEE double.
inline double f64(std::string_view data, std::size_t at) {
  return std::bit_cast<double>(u64(data, at));
}

}  // namespace chucai::importers
