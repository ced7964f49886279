#include "importers/text_arena.h"

#include "importers/refusals.h"

namespace chucai::importers {
namespace {

constexpr std::size_t kGroup = 64;            // texts that share a base: their ends fit 32 bits
constexpr std::size_t kSpillBytes = 1 << 20;  // written at a time once the file is in use
constexpr std::size_t kBlockBytes = 64 * 1024;
constexpr std::size_t kCachedBlocks = 256;  // 16 MiB: rows mostly ask for neighbours

tl::unexpected<Error> cannot_spill(std::string cause) {
  return fail(ErrorCode::Unavailable, "import.file.spill", {}, {}, std::move(cause));
}

}  // namespace

TextArena::TextArena(std::uint64_t limit, std::size_t in_memory)
    : limit_(limit), in_memory_(in_memory) {}
TextArena::TextArena(TextArena&&) noexcept = default;
TextArena::~TextArena() = default;

Done TextArena::append(std::string_view text) {
  if (size_ + text.size() > limit_) return too_large("import.file.strings", limit_ >> 20);
  if (ends_.size() % kGroup == 0) bases_.push_back(size_);
  tail_ += text;
  size_ += text.size();
  ends_.push_back(static_cast<std::uint32_t>(size_ - bases_.back()));
  const std::size_t keep = file_ ? kSpillBytes : in_memory_;
  return tail_.size() > keep ? spill() : Done{};
}

Done TextArena::spill() {
  if (!file_) {
    file_.reset(std::tmpfile());
    if (!file_) return cannot_spill("tmpfile");
    cache_.resize(kCachedBlocks);
  }
  const bool written = std::fseek(file_.get(), 0, SEEK_END) == 0 &&
                       std::fwrite(tail_.data(), 1, tail_.size(), file_.get()) == tail_.size();
  if (!written) return cannot_spill("fwrite");
  for (Block& block : cache_) block = {};
  spilled_ += tail_.size();
  std::string().swap(tail_);
  return {};
}

std::uint64_t TextArena::end_of(std::size_t index) const {
  return bases_[index / kGroup] + ends_[index];
}

Result<std::optional<std::string_view>> TextArena::at(std::size_t index) {
  if (index >= ends_.size()) return std::nullopt;
  const std::uint64_t begin = index == 0 ? 0 : end_of(index - 1);
  const std::uint64_t end = end_of(index);
  if (begin < spilled_) return from_file(begin, end);
  return std::string_view(tail_).substr(begin - spilled_, end - begin);
}

// A spill writes whole texts, so that none lies partly in the file.
Result<std::optional<std::string_view>> TextArena::from_file(std::uint64_t begin,
                                                             std::uint64_t end) {
  joined_.clear();
  while (begin < end) {
    const auto found = block(begin / kBlockBytes);
    if (!found) return tl::make_unexpected(found.error());
    const std::size_t from = begin % kBlockBytes;
    const std::string_view piece =
        std::string_view((*found)->bytes).substr(from, static_cast<std::size_t>(end - begin));
    if (piece.empty()) return cannot_spill("short file");
    joined_ += piece;
    begin += piece.size();
  }
  return std::string_view(joined_);
}

Result<const TextArena::Block*> TextArena::block(std::uint64_t number) {
  Block& block = cache_[number % cache_.size()];
  if (block.number == number) return &block;
  block.bytes.resize(kBlockBytes);
  if (std::fseek(file_.get(), static_cast<long>(number * kBlockBytes), SEEK_SET) != 0) {
    return cannot_spill("fseek");
  }
  block.bytes.resize(std::fread(block.bytes.data(), 1, kBlockBytes, file_.get()));
  block.number = number;
  return &block;
}

}  // namespace chucai::importers
