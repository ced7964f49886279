// Text as offices write it, made comparable: strict UTF-8, width and space folding.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chucai {

/// True when `text` is well-formed UTF-8 (no overlong forms, surrogates or code points past
/// 10FFFF).
bool is_utf8(std::string_view text);
/// Decodes the code point at `at` and moves `at` behind it; `text` must be valid UTF-8.
char32_t next_code_point(std::string_view text, std::size_t& at);
/// Appends one code point.
void append_code_point(std::string& text, char32_t code_point);
/// Number of code points of valid UTF-8.
std::size_t code_points(std::string_view text);

/// Full-width ASCII to half-width, ideographic, no-break and other Unicode spaces to one blank,
/// zero-width characters dropped, runs of blanks and line breaks to one blank, ends trimmed.
std::string normalise_space(std::string_view text);
/// The same with full-width punctuation left as it is (（本部） and ， stay): for names and prose,
/// which are shown as they were written.
std::string tidy(std::string_view text);
/// normalise_space, then every blank dropped and ASCII letters lowered: the form in which names
/// and headers are compared.
std::string fold(std::string_view text);
/// True only if fold(text) == text, told from the bytes alone: most Chinese names need no copy.
bool surely_folded(std::string_view text);
/// Splits at 、 ， , ； ; / | and line breaks, each part normalised, empty parts dropped.
std::vector<std::string> split_list(std::string_view text);
/// Joins with the ideographic comma 、.
std::string join_list(const std::vector<std::string>& parts);
/// Joins texts with a separator between them.
template <class Texts>
std::string join(const Texts& texts, std::string_view separator) {
  std::string joined;
  bool first = true;
  for (const auto& text : texts) {
    if (!first) joined += separator;
    joined += text;
    first = false;
  }
  return joined;
}
/// True when `text` is one of `set`, compared as bytes.
bool one_of(std::string_view text, std::initializer_list<std::string_view> set);
/// True when the code point is a Han character (any plane).
bool is_han(char32_t code_point);

}  // namespace chucai
