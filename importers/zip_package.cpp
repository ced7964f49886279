#include "importers/zip_package.h"

#include <zip.h>

#include <algorithm>

#include "importers/refusals.h"

namespace chucai::importers {
namespace {

/// Lower case, forward slashes, no leading slash: some writers disagree with themselves on these.
std::string normalised(std::string_view name) {
  std::string out;
  for (char c : name) {
    if (c == '\\') c = '/';
    if (c == '/' && out.empty()) continue;
    out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

struct PartCloser {
  void operator()(zip_file* part) const { zip_fclose(part); }
};

}  // namespace

void ZipPackage::Closer::operator()(zip* archive) const {
  zip_discard(archive);
}

ZipPackage::ZipPackage(zip* archive, const Limits& limits) : archive_(archive), limits_(limits) {}

Result<ZipPackage> ZipPackage::open(const std::filesystem::path& path, const Limits& limits) {
  int code = 0;
  zip* archive = zip_open(path.c_str(), ZIP_RDONLY, &code);
  if (archive == nullptr) return damaged("zip", "zip_open " + std::to_string(code));
  ZipPackage package(archive, limits);
  if (auto done = package.index(); !done) return tl::make_unexpected(done.error());
  return package;
}

Done ZipPackage::index() {
  const auto count = static_cast<std::uint64_t>(zip_get_num_entries(archive_.get(), 0));
  if (count > limits_.entries) {
    return too_large("import.file.entries", limits_.entries);
  }
  for (std::uint64_t i = 0; i < count; ++i) {
    zip_stat_t entry;
    zip_stat_init(&entry);
    if (zip_stat_index(archive_.get(), i, 0, &entry) != 0 || entry.name == nullptr) continue;
    encrypted_ = encrypted_ || entry.encryption_method != ZIP_EM_NONE;
    entries_.emplace(normalised(entry.name), Entry{i, 0});
  }
  return {};
}

bool ZipPackage::has(std::string_view part) const {
  return entries_.contains(normalised(part));
}

Done ZipPackage::within_limits(std::string_view part, std::uint64_t inflated,
                               std::uint64_t packed) const {
  const std::uint64_t ratio = inflated / std::max<std::uint64_t>(packed, 1);
  const bool steep = (inflated > limits_.ratio_free_bytes && ratio > limits_.ratio) ||
                     (inflated > limits_.huge_bytes && ratio > limits_.huge_ratio);
  if (!steep && inflated_ <= limits_.inflated_bytes) return {};
  return fail(ErrorCode::TooLarge, "import.file.bomb", {}, {std::string(part)});
}

Done ZipPackage::read(std::string_view part, const std::function<Done(std::string_view)>& take) {
  const auto found = entries_.find(normalised(part));
  if (found == entries_.end()) return damaged(part, "no such part");
  Entry& entry = found->second;
  zip_stat_t stat;
  zip_stat_init(&stat);
  zip_stat_index(archive_.get(), entry.index, 0, &stat);
  const std::unique_ptr<zip_file, PartCloser> stream(
      zip_fopen_index(archive_.get(), entry.index, 0));
  if (!stream) return damaged(part, zip_strerror(archive_.get()));

  std::string block(64 * 1024, '\0');
  std::uint64_t inflated = 0;
  for (;;) {
    const zip_int64_t size = zip_fread(stream.get(), block.data(), block.size());
    if (size < 0) return damaged(part, "zip_fread");
    if (size == 0) break;
    inflated += static_cast<std::uint64_t>(size);
    if (inflated > entry.inflated) {
      inflated_ += inflated - entry.inflated;
      entry.inflated = inflated;
    }
    if (auto done = within_limits(part, inflated, stat.comp_size); !done) return done;
    if (auto done = take({block.data(), static_cast<std::size_t>(size)}); !done) return done;
  }
  if (inflated != stat.size) return damaged(part, "size differs");
  return {};
}

}  // namespace chucai::importers
