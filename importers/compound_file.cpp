#include "importers/compound_file.h"

#include <algorithm>

#include "importers/little_endian.h"
#include "importers/refusals.h"
#include "registry/domain/text.h"

namespace chucai::importers {
namespace {

constexpr std::size_t kHeaderBytes = 512;
constexpr std::size_t kHeaderTables = 109;  // table sectors that the header names itself
constexpr std::size_t kEntryBytes = 128;
constexpr std::uint32_t kMiniSectorBytes = 64;
constexpr std::uint32_t kLastRegular = 0xFFFFFFFA;  // above: free, end of chain, table sectors
constexpr std::uint8_t kStorage = 1;
constexpr std::uint8_t kStream = 2;

tl::unexpected<Error> broken(std::string cause) {
  return damaged("OLE2", std::move(cause));
}

/// ASCII of an UTF-16 name, lower case; the names that matter are ASCII.
std::string entry_name(std::string_view entry) {
  const std::size_t bytes = std::min<std::size_t>(u16(entry, 64), 64);
  std::string name;
  for (std::size_t at = 0; at + 2 < bytes; at += 2) {
    const std::uint16_t c = u16(entry, at);
    name += c < 0x80 ? static_cast<char>(c) : '?';
  }
  return fold(name);
}

void append_numbers(std::string_view bytes, std::vector<std::uint32_t>& out) {
  for (std::size_t at = 0; at + 4 <= bytes.size(); at += 4) out.push_back(u32(bytes, at));
}

}  // namespace

Result<CompoundFile> CompoundFile::open(const std::filesystem::path& path, const Limits& limits) {
  auto file = InputFile::open(path);
  if (!file) return tl::make_unexpected(file.error());
  CompoundFile compound(std::move(*file), limits);
  if (auto done = compound.read_header(); !done) return tl::make_unexpected(done.error());
  return compound;
}

Done CompoundFile::read_header() {
  std::string header(kHeaderBytes, '\0');
  const auto size = file_.read_at(0, header);
  if (!size) return tl::make_unexpected(size.error());
  if (*size < kHeaderBytes) return broken("header");
  const std::uint16_t shift = u16(header, 30);
  if (shift != 9 && shift != 12) return broken("sector size");
  sector_bytes_ = 1U << shift;
  mini_cutoff_ = u32(header, 56);
  if (auto done = read_allocation(header); !done) return done;
  if (auto done = read_directory(u32(header, 48)); !done) return done;
  const std::uint32_t mini_table = u32(header, 60);
  if (mini_table >= kLastRegular) return {};
  const auto sectors = chain(mini_table, next_);
  if (!sectors) return tl::make_unexpected(sectors.error());
  const auto bytes = sector_bytes(*sectors);
  if (!bytes) return tl::make_unexpected(bytes.error());
  append_numbers(*bytes, mini_next_);
  auto mini_stream = chain(mini_start_, next_);
  if (!mini_stream) return tl::make_unexpected(mini_stream.error());
  mini_stream_ = std::move(*mini_stream);
  return {};
}

/// The sectors of the allocation table stand in the header and, for large files, in a list of
/// further sectors, the last number of each of which is the next.
Done CompoundFile::read_allocation(std::span<const char> header_bytes) {
  const std::string_view header(header_bytes.data(), header_bytes.size());
  const std::size_t most = file_.size() / sector_bytes_ + 1;
  std::vector<std::uint32_t> tables;
  for (std::size_t i = 0; i < kHeaderTables; ++i) tables.push_back(u32(header, 76 + 4 * i));
  std::uint32_t more = u32(header, 68);
  for (std::size_t steps = 0; more < kLastRegular; ++steps) {
    if (steps > most) return broken("list of tables has a loop");
    const auto bytes = sector_bytes({more});
    if (!bytes) return tl::make_unexpected(bytes.error());
    append_numbers(*bytes, tables);
    more = tables.back();
    tables.pop_back();
  }
  std::erase_if(tables, [](std::uint32_t sector) { return sector >= kLastRegular; });
  if (tables.size() > most) return broken("too many tables");
  const auto bytes = sector_bytes(tables);
  if (!bytes) return tl::make_unexpected(bytes.error());
  append_numbers(*bytes, next_);
  return {};
}

Done CompoundFile::read_directory(std::uint32_t start) {
  const auto sectors = chain(start, next_);
  if (!sectors) return tl::make_unexpected(sectors.error());
  const auto bytes = sector_bytes(*sectors);
  if (!bytes) return tl::make_unexpected(bytes.error());
  const std::size_t count = bytes->size() / kEntryBytes;
  if (count > limits_.entries) return too_large("import.file.entries", limits_.entries);
  const auto entry = [&](std::size_t i) {
    return std::string_view(*bytes).substr(i * kEntryBytes, kEntryBytes);
  };
  if (count == 0) return broken("directory");
  mini_start_ = u32(entry(0), 116);

  // The root's children form a binary tree; its balance is nobody's concern here.
  std::vector<bool> seen(count);
  std::vector<std::uint32_t> pending = {u32(entry(0), 76)};
  while (!pending.empty()) {
    const std::uint32_t at = pending.back();
    pending.pop_back();
    if (at >= count || seen[at]) continue;
    seen[at] = true;
    const std::string_view child = entry(at);
    const std::uint64_t size = sector_bytes_ == 512 ? u32(child, 120) : u64(child, 120);
    if (u8(child, 66) == kStream || u8(child, 66) == kStorage) {
      entries_.emplace(entry_name(child), Entry{u32(child, 116), size});
    }
    pending.push_back(u32(child, 68));
    pending.push_back(u32(child, 72));
  }
  return {};
}

Result<std::vector<std::uint32_t>> CompoundFile::chain(
    std::uint32_t start, const std::vector<std::uint32_t>& next) const {
  std::vector<std::uint32_t> sectors;
  for (std::uint32_t at = start; at < kLastRegular; at = next[at]) {
    if (at >= next.size() || sectors.size() > next.size()) return broken("chain of sectors");
    sectors.push_back(at);
  }
  return sectors;
}

Result<std::string> CompoundFile::sector_bytes(const std::vector<std::uint32_t>& sectors) const {
  std::string bytes(sectors.size() * sector_bytes_, '\0');
  if (auto done = read_sectors(sectors, 0, bytes); !done) return tl::make_unexpected(done.error());
  return bytes;
}

/// Neighbouring sectors are read at once.
Done CompoundFile::read_sectors(const std::vector<std::uint32_t>& sectors, std::uint64_t offset,
                                std::span<char> out) const {
  while (!out.empty()) {
    std::size_t at = offset / sector_bytes_;
    const std::uint64_t within = offset % sector_bytes_;
    if (at >= sectors.size()) return broken("stream is longer than its sectors");
    const std::uint64_t begin = (std::uint64_t{sectors[at]} + 1) * sector_bytes_ + within;
    std::uint64_t size = sector_bytes_ - within;
    while (size < out.size() && at + 1 < sectors.size() && sectors[at + 1] == sectors[at] + 1) {
      size += sector_bytes_;
      ++at;
    }
    size = std::min<std::uint64_t>(size, out.size());
    const auto got = file_.read_at(begin, out.first(static_cast<std::size_t>(size)));
    if (!got) return tl::make_unexpected(got.error());
    if (*got < size) return broken("file ends early");
    out = out.subspan(static_cast<std::size_t>(size));
    offset += size;
  }
  return {};
}

bool CompoundFile::has(std::string_view name) const {
  return entries_.contains(fold(name));
}

Result<CompoundFile::Stream> CompoundFile::stream(std::string_view name) const {
  const auto found = entries_.find(fold(name));
  if (found == entries_.end()) return broken("no stream " + std::string(name));
  const Entry& entry = found->second;
  const bool mini = entry.size < mini_cutoff_;
  auto sectors = chain(entry.start, mini ? mini_next_ : next_);
  if (!sectors) return tl::make_unexpected(sectors.error());
  return Stream{std::string(name), entry.size, mini, std::move(*sectors)};
}

Result<std::size_t> CompoundFile::read(const Stream& stream, std::uint64_t offset,
                                       std::span<char> out) const {
  if (offset >= stream.size) return 0;
  const std::size_t size =
      static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), stream.size - offset));
  out = out.first(size);
  if (!stream.in_mini_stream) {
    if (auto done = read_sectors(stream.sectors, offset, out); !done) {
      return tl::make_unexpected(done.error());
    }
    return size;
  }
  while (!out.empty()) {
    const std::size_t at = offset / kMiniSectorBytes;
    const std::uint64_t within = offset % kMiniSectorBytes;
    if (at >= stream.sectors.size()) return broken("stream is longer than its sectors");
    const std::size_t piece =
        std::min<std::size_t>(out.size(), static_cast<std::size_t>(kMiniSectorBytes - within));
    const std::uint64_t begin = std::uint64_t{stream.sectors[at]} * kMiniSectorBytes + within;
    if (auto done = read_sectors(mini_stream_, begin, out.first(piece)); !done) {
      return tl::make_unexpected(done.error());
    }
    out = out.subspan(piece);
    offset += piece;
  }
  return size;
}

}  // namespace chucai::importers
