#include "importers/xlsx_text.h"

#include <charconv>
#include <utility>

#include "importers/refusals.h"
#include "registry/domain/text.h"

namespace chucai::importers {
namespace {

constexpr std::size_t kEscapeSize = 7;  // _xHHHH_

std::optional<char32_t> escape_at(std::string_view text, std::size_t at) {
  if (at + kEscapeSize > text.size() || text[at] != '_' || text[at + 1] != 'x' ||
      text[at + kEscapeSize - 1] != '_') {
    return std::nullopt;
  }
  unsigned value = 0;
  const char* first = text.data() + at + 2;
  const auto [end, error] = std::from_chars(first, first + 4, value, 16);
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (error != std::errc{} || end != first + 4 || value == 0 || surrogate) return std::nullopt;
  return static_cast<char32_t>(value);
}

}  // namespace

std::optional<CellReference> parse_reference(std::string_view text) {
  CellReference place;
  std::uint32_t column = 0;
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    char c = text[at];
    if (c == '$') continue;
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (c < 'A' || c > 'Z') break;
    column = column * 26 + static_cast<std::uint32_t>(c - 'A') + 1;
    if (column > 1'000'000) return std::nullopt;
  }
  const char* last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data() + at, last, place.row);
  if (column == 0 || error != std::errc{} || end != last || place.row == 0) return std::nullopt;
  place.column = column - 1;
  return place;
}

std::string unescaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    if (const auto code_point = escape_at(text, at)) {
      append_code_point(out, *code_point);
      at += kEscapeSize;
    } else {
      out += text[at++];
    }
  }
  return out;
}

void RichText::start(std::string_view element) {
  if (element == "rPh") in_phonetic_ = true;
  if (element == "t") in_text_ = true;
}

void RichText::end(std::string_view element) {
  if (element == "rPh") in_phonetic_ = false;
  if (element == "t") in_text_ = false;
}

Done RichText::text(std::string_view text, std::size_t limit) {
  if (!in_text_ || in_phonetic_) return {};
  if (text_.size() + text.size() > limit) {
    return too_large("import.file.cell", limit);
  }
  text_ += text;
  return {};
}

std::string RichText::take() {
  return unescaped(std::exchange(text_, {}));
}

}  // namespace chucai::importers
