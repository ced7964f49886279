#include "importers/biff_records.h"

#include <algorithm>

#include "importers/little_endian.h"
#include "importers/refusals.h"
#include "registry/domain/text.h"

namespace chucai::importers {
namespace {

constexpr std::size_t kWindowBytes = 64 * 1024;
constexpr std::size_t kHeadBytes = 4;
constexpr std::uint16_t kContinue = 0x3C;
constexpr char32_t kReplacement = 0xFFFD;

enum TextFlags : std::uint8_t { kWide = 0x01, kPhonetic = 0x04, kRich = 0x08 };

}  // namespace

/// The next `size` bytes behind the current record, fewer at the end of the stream.
Result<std::string_view> BiffRecords::peek(std::size_t size) {
  if (window_.size() - at_ < size) {
    window_.erase(0, at_);
    at_ = 0;
    const std::size_t kept = window_.size();
    window_.resize(std::max(size, kWindowBytes));
    const auto got = file_.read(stream_, read_to_, std::span(window_).subspan(kept));
    if (!got) return tl::make_unexpected(got.error());
    window_.resize(kept + *got);
    read_to_ += *got;
  }
  return std::string_view(window_).substr(at_, size);
}

Result<bool> BiffRecords::next() {
  const auto head = peek(kHeadBytes);
  if (!head) return tl::make_unexpected(head.error());
  const std::uint16_t id = u16(*head, 0);
  const std::size_t size = u16(*head, 2);
  if (head->size() < kHeadBytes || (id == 0 && size == 0)) return false;
  const auto record = peek(kHeadBytes + size);
  if (!record) return tl::make_unexpected(record.error());
  if (record->size() < kHeadBytes + size) return damaged(stream_.name, "record cut off");
  id_ = id;
  body_ = record->substr(kHeadBytes);
  at_ += record->size();
  return true;
}

void BiffRecords::seek(std::uint64_t offset) {
  window_.clear();
  at_ = 0;
  read_to_ = offset;
  body_ = {};
}

Done ContinuedBody::more() {
  const auto next = records_.next();
  if (!next) return tl::make_unexpected(next.error());
  if (!*next || records_.id() != kContinue) return damaged("Workbook", "text goes on nowhere");
  at_ = 0;
  return {};
}

Result<std::uint8_t> ContinuedBody::byte() {
  while (at_ >= records_.body().size()) {
    if (auto done = more(); !done) return tl::make_unexpected(done.error());
  }
  return u8(records_.body(), at_++);
}

template <class T>
Result<T> ContinuedBody::integer() {
  T value = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    const auto next = byte();
    if (!next) return tl::make_unexpected(next.error());
    value = static_cast<T>(value | static_cast<T>(static_cast<T>(*next) << (8 * i)));
  }
  return value;
}

Result<std::uint16_t> ContinuedBody::word() {
  return integer<std::uint16_t>();
}

Result<std::uint32_t> ContinuedBody::double_word() {
  return integer<std::uint32_t>();
}

Done ContinuedBody::skip(std::uint64_t size) {
  while (size > 0) {
    if (at_ >= records_.body().size()) {
      if (auto done = more(); !done) return done;
      continue;
    }
    const std::uint64_t here = std::min<std::uint64_t>(size, records_.body().size() - at_);
    at_ += static_cast<std::size_t>(here);
    size -= here;
  }
  return {};
}

Done ContinuedBody::characters(std::uint32_t count, bool wide, std::u16string& out) {
  while (count > 0) {
    const std::string_view rest = records_.body().substr(std::min(at_, records_.body().size()));
    const std::size_t width = wide ? 2 : 1;
    const std::uint32_t here =
        static_cast<std::uint32_t>(std::min<std::size_t>(count, rest.size() / width));
    for (std::uint32_t i = 0; i < here; ++i) {
      out += static_cast<char16_t>(wide ? u16(rest, i * width) : u8(rest, i));
    }
    at_ += here * width;
    count -= here;
    if (count == 0) break;
    if (auto done = more(); !done) return done;
    const auto flags = byte();
    if (!flags) return tl::make_unexpected(flags.error());
    wide = (*flags & kWide) != 0;
  }
  return {};
}

Result<std::string> ContinuedBody::text(std::uint32_t count, std::size_t limit) {
  const auto flags = byte();
  if (!flags) return tl::make_unexpected(flags.error());
  std::uint64_t behind = 0;
  if ((*flags & kRich) != 0) {
    const auto runs = word();
    if (!runs) return tl::make_unexpected(runs.error());
    behind += 4 * std::uint64_t{*runs};
  }
  if ((*flags & kPhonetic) != 0) {
    const auto size = double_word();
    if (!size) return tl::make_unexpected(size.error());
    behind += *size;
  }
  if (count > limit) return too_large("import.file.cell", limit);
  std::u16string text;
  if (auto done = characters(count, (*flags & kWide) != 0, text); !done) {
    return tl::make_unexpected(done.error());
  }
  if (auto done = skip(behind); !done) return tl::make_unexpected(done.error());
  return utf8_of(text);
}

std::string utf8_of(std::u16string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    char32_t c = text[at];
    const bool high = c >= 0xD800 && c < 0xDC00;
    const bool low_follows =
        at + 1 < text.size() && text[at + 1] >= 0xDC00 && text[at + 1] < 0xE000;
    if (high && low_follows) {
      c = 0x10000 + ((c - 0xD800) << 10) + (text[++at] - 0xDC00U);
    } else if (c >= 0xD800 && c < 0xE000) {
      c = kReplacement;
    }
    if (c != 0) append_code_point(out, c);
  }
  return out;
}

}  // namespace chucai::importers
