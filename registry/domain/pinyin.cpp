#include "registry/domain/pinyin.h"

#include "registry/domain/csv_text.h"
#include "registry/domain/text.h"

namespace chucai {

Result<Pinyin> Pinyin::load(std::span<const EmbeddedFile> codes) {
  const EmbeddedFile* file = find_file(codes, "pinyin.csv");
  if (file == nullptr) return fail(ErrorCode::Internal, "codes.malformed", {}, {"pinyin.csv", "0"});
  CsvTable table(*file);
  const std::size_t syllable = table.column("syllable");
  const std::size_t characters = table.column("characters");
  Pinyin pinyin;
  pinyin.by_character_.reserve(file->text.size() / 3);
  while (table.next()) {
    const auto place = static_cast<std::uint16_t>(pinyin.syllables_.size());
    pinyin.syllables_.emplace_back(table.at(syllable));
    const std::string_view all = table.at(characters);
    for (std::size_t at = 0; at < all.size();) {
      pinyin.by_character_.emplace(next_code_point(all, at), place);
    }
  }
  if (const Done sound = table.finish(); !sound) return tl::make_unexpected(sound.error());
  return pinyin;
}

std::string_view Pinyin::syllable(char32_t character) const {
  const auto found = by_character_.find(character);
  return found == by_character_.end() ? std::string_view() : syllables_[found->second];
}

std::string Pinyin::of(std::string_view text) const {
  std::string sound;
  bool after_syllable = false;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t character = next_code_point(text, at);
    const std::string_view read = syllable(character);
    if (!sound.empty() && (after_syllable || !read.empty())) sound += ' ';
    if (read.empty()) {
      append_code_point(sound, character);
    } else {
      sound += read;
    }
    after_syllable = !read.empty();
  }
  return sound;
}

}  // namespace chucai
