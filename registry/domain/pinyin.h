// How Chinese names sound: toneless pinyin by a table of one reading a character
// (registry/codes/pinyin.csv), so that 肖红 and 萧红 can be compared.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "registry/domain/embedded.h"
#include "registry/domain/result.h"

namespace chucai {

class Pinyin {
 public:
  /// Reads pinyin.csv. Errors: Internal "codes.malformed" naming file and line.
  static Result<Pinyin> load(std::span<const EmbeddedFile> codes);

  /// The syllable of one character ("wei"); empty when the table has none.
  std::string_view syllable(char32_t character) const;
  /// What a text sounds like: 张伟 -> "zhang wei". Characters without a reading stay, accented
  /// Latin letters too.
  std::string of(std::string_view text) const;

 private:
  std::vector<std::string> syllables_;
  std::unordered_map<char32_t, std::uint16_t> by_character_;
};

}  // namespace chucai
