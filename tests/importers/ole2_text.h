// Compound files and record streams written by hand, for what no program at hand writes.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace chucai::importers::testing {

inline std::string le16(std::uint32_t value) {
  return {static_cast<char>(value & 0xFF), static_cast<char>(value >> 8 & 0xFF)};
}
inline std::string le32(std::uint32_t value) {
  return le16(value & 0xFFFF) + le16(value >> 16);
}

/// One record of a workbook stream.
inline std::string record(std::uint16_t id, const std::string& body) {
  return le16(id) + le16(static_cast<std::uint32_t>(body.size())) + body;
}

/// A compound file with 512-byte sectors: sector 0 the allocation table, sector 1 the directory
/// (root and at most three streams), the streams behind it, padded past the mini stream.
inline std::string compound_file(const std::vector<std::pair<std::string, std::string>>& streams) {
  constexpr std::uint32_t kEnd = 0xFFFFFFFE;
  std::vector<std::uint32_t> table = {0xFFFFFFFD, kEnd};
  std::string body;
  const auto entry = [](const std::string& name, char type, std::uint32_t right,
                        std::uint32_t child, std::uint32_t start, std::uint32_t size) {
    std::string text;
    for (const char c : name) text += {c, '\0'};
    const std::uint32_t bytes = static_cast<std::uint32_t>(text.size()) + 2;
    text.resize(64);
    text += le16(bytes) + type + '\1' + le32(~0U) + le32(right) + le32(child);
    text.resize(116);
    return text + le32(start) + le32(size) + le32(0);
  };
  std::string directory = entry("Root Entry", 5, ~0U, 1, kEnd, 0);
  for (std::size_t i = 0; i < streams.size(); ++i) {
    std::string bytes = streams[i].second;
    bytes.resize((std::max<std::size_t>(bytes.size(), 4096) + 511) / 512 * 512);
    const auto start = static_cast<std::uint32_t>(table.size());
    const auto sectors = static_cast<std::uint32_t>(bytes.size() / 512);
    for (std::uint32_t s = 1; s < sectors; ++s) table.push_back(start + s);
    table.push_back(kEnd);
    const bool last = i + 1 == streams.size();
    directory += entry(streams[i].first, 2, last ? ~0U : static_cast<std::uint32_t>(i) + 2, ~0U,
                       start, static_cast<std::uint32_t>(bytes.size()));
    body += bytes;
  }
  directory.resize(512);
  table.resize(128, ~0U);
  std::string allocation;
  for (const std::uint32_t next : table) allocation += le32(next);

  std::string header = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
  header.resize(24);
  header += le16(0x3E) + le16(3) + le16(0xFFFE) + le16(9) + le16(6);
  header.resize(44);
  header += le32(1) + le32(1) + le32(0) + le32(4096) + le32(kEnd) + le32(0) + le32(kEnd) + le32(0);
  header += le32(0);
  while (header.size() < 512) header += le32(~0U);
  return header + allocation + directory + body;
}

}  // namespace chucai::importers::testing
