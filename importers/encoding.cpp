#include "importers/encoding.h"

#include <errno.h>
#include <iconv.h>

#include <cstring>
#include <memory>
#include <string>

#include "importers/file.h"
#include "registry/domain/text.h"

namespace chucai::importers {
namespace {

// Above this many non-ASCII characters a GB 18030 text cannot pass for UTF-8 by chance.
constexpr std::size_t kTinyFileCharacters = 64;

tl::unexpected<Error> undecodable() {
  return fail(ErrorCode::InvalidArgument, "import.file.encoding");
}

const char* iconv_name(Encoding encoding) {
  switch (encoding) {
    case Encoding::Utf8:
      return "UTF-8";
    case Encoding::Utf16Le:
      return "UTF-16LE";
    case Encoding::Utf16Be:
      return "UTF-16BE";
    case Encoding::Gb18030:
      return "GB18030";
  }
  return "";
}

const iconv_t kNoIconv = reinterpret_cast<iconv_t>(-1);

bool is_utf16(std::string_view head, std::size_t nul_parity) {
  // Western and Chinese rosters alike hold ASCII digits and commas, whose high byte is NUL.
  std::size_t nul[2] = {0, 0};
  for (std::size_t i = 0; i < head.size(); ++i) nul[i % 2] += head[i] == '\0';
  return nul[nul_parity] > head.size() / 20 && nul[1 - nul_parity] == 0;
}

bool starts_with(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

/// What the strict UTF-8 reading of a file says about it.
struct Utf8Census {
  bool valid = true;
  bool only_two_byte = true;
  std::size_t non_ascii = 0;
};

/// `text` is valid: its lead bytes tell.
void count(std::string_view text, Utf8Census& census) {
  constexpr unsigned char kLeadOfTwo = 0xC0;
  constexpr unsigned char kLeadOfThree = 0xE0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    census.non_ascii += byte >= kLeadOfTwo ? 1 : 0;
    census.only_two_byte &= byte < kLeadOfThree;
  }
}

Result<Utf8Census> census_of(InputFile& file) {
  Utf8Census census;
  Decoder decoder(iconv_name(Encoding::Utf8));
  std::string text;
  for (;;) {
    const auto block = file.next();
    if (!block) return tl::make_unexpected(block.error());
    if (block->empty()) break;
    text.clear();
    if (!decoder.feed(*block, text)) {
      census.valid = false;
      return census;
    }
    count(text, census);
  }
  census.valid = decoder.complete();
  return census;
}

/// How many bytes at the end of a text begin a character without ending it.
std::size_t unfinished(std::string_view text) {
  for (std::size_t size = 1; size <= std::min<std::size_t>(3, text.size()); ++size) {
    const auto byte = static_cast<unsigned char>(text[text.size() - size]);
    if (byte < 0x80) return 0;
    if (byte < 0xC0) continue;  // one that goes on
    const std::size_t length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2;
    return length > size ? size : 0;
  }
  return 0;
}

/// All non-ASCII characters of a text are Han or Chinese punctuation.
bool reads_as_chinese(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = next_code_point(text, at);
    if (c >= 0x80 && !is_han(c) && !(c >= 0x3000 && c <= 0x303F) && !(c >= 0xFF00 && c <= 0xFFEF)) {
      return false;
    }
  }
  return true;
}

/// Strict GB 18030; `text` gets the decoded text when the file is small.
Result<bool> is_gb18030(InputFile& file, std::string& text) {
  Decoder decoder(iconv_name(Encoding::Gb18030));
  std::string decoded;
  bool first = true;
  for (;;) {
    const auto block = file.next();
    if (!block) return tl::make_unexpected(block.error());
    if (block->empty()) return decoder.complete();
    decoded.clear();
    if (!decoder.feed(*block, decoded)) return false;
    if (std::exchange(first, false)) text = decoded;
  }
}

std::optional<TextFormat> by_mark(std::string_view head) {
  if (starts_with(head, "\xEF\xBB\xBF")) return TextFormat{Encoding::Utf8, 3};
  if (starts_with(head, "\xFF\xFE")) return TextFormat{Encoding::Utf16Le, 2};
  if (starts_with(head, "\xFE\xFF")) return TextFormat{Encoding::Utf16Be, 2};
  if (starts_with(head, "\x84\x31\x95\x33")) return TextFormat{Encoding::Gb18030, 4};
  if (is_utf16(head, 1)) return TextFormat{Encoding::Utf16Le, 0};
  if (is_utf16(head, 0)) return TextFormat{Encoding::Utf16Be, 0};
  return std::nullopt;
}

}  // namespace

// glibc's iconv stops at the first wrong sequence, which is what makes this strict. UTF-8 is only
// checked: that costs a third of converting it into itself.
Decoder::Decoder(const char* charset)
    : is_utf8_(std::string_view(charset) == iconv_name(Encoding::Utf8)),
      handle_(is_utf8_ ? kNoIconv : iconv_open("UTF-8", charset)) {}

Decoder::~Decoder() {
  if (handle_ != kNoIconv) iconv_close(handle_);
}

bool Decoder::feed(std::string_view bytes, std::string& out) {
  if (is_utf8_) return check(bytes, out);
  if (handle_ == kNoIconv) return false;
  rest_ += bytes;
  char* in = rest_.data();
  std::size_t left = rest_.size();
  char buffer[16 * 1024];
  while (left > 0) {
    char* to = buffer;
    std::size_t room = sizeof buffer;
    const std::size_t code = iconv(handle_, &in, &left, &to, &room);
    out.append(buffer, sizeof buffer - room);
    if (code != static_cast<std::size_t>(-1) || errno == E2BIG) continue;
    if (errno != EINVAL) return false;
    break;  // an unfinished character: wait for the next block
  }
  rest_.erase(0, rest_.size() - left);
  return true;
}

bool Decoder::check(std::string_view bytes, std::string& out) {
  const std::size_t start = out.size();
  out += std::exchange(rest_, {});
  out += bytes;
  const std::size_t whole = out.size() - unfinished(std::string_view(out).substr(start));
  rest_ = out.substr(whole);
  out.resize(whole);
  return is_utf8(std::string_view(out).substr(start));
}

Result<TextFormat> detect_encoding(const std::filesystem::path& path) {
  auto file = InputFile::open(path);
  if (!file) return tl::make_unexpected(file.error());
  const auto head = file->next();
  if (!head) return tl::make_unexpected(head.error());
  if (const auto marked = by_mark(*head)) return *marked;
  if (head->find('\0') != std::string_view::npos) return undecodable();

  file->seek(0);
  const auto census = census_of(*file);
  if (!census) return tl::make_unexpected(census.error());
  const bool doubtful =
      census->non_ascii > 0 && census->only_two_byte && census->non_ascii <= kTinyFileCharacters;
  if (census->valid && !doubtful) return TextFormat{Encoding::Utf8, 0};

  file->seek(0);
  std::string text;
  const auto gb = is_gb18030(*file, text);
  if (!gb) return tl::make_unexpected(gb.error());
  if (census->valid && !(*gb && reads_as_chinese(text))) return TextFormat{Encoding::Utf8, 0};
  if (*gb) return TextFormat{Encoding::Gb18030, 0};
  return undecodable();
}

Done decode_file(const std::filesystem::path& path, TextFormat format,
                 const std::function<Done(std::string_view)>& take) {
  auto file = InputFile::open(path);
  if (!file) return tl::make_unexpected(file.error());
  file->seek(static_cast<long>(format.bom_bytes));
  Decoder decoder(iconv_name(format.encoding));
  std::string text;
  for (;;) {
    const auto block = file->next();
    if (!block) return tl::make_unexpected(block.error());
    if (block->empty()) break;
    text.clear();
    if (!decoder.feed(*block, text)) return undecodable();
    if (auto done = take(text); !done) return done;
  }
  if (!decoder.complete()) return undecodable();
  return {};
}

}  // namespace chucai::importers
