// The table of readings beside ICU, which it was taken from.
#include "registry/domain/pinyin.h"

#include <unicode/translit.h>
#include <unicode/unistr.h>
#include <catch2/catch.hpp>

#include "registry/domain/csv_text.h"
#include "registry/domain/text.h"

using namespace chucai;

namespace {

const Pinyin& shipped() {
  static const Pinyin pinyin = *Pinyin::load(embedded_codes());
  return pinyin;
}

}  // namespace

TEST_CASE("names sound as they are read", "[codes]") {
  CHECK(shipped().of("张伟") == "zhang wei");
  CHECK(shipped().of("萧红") == shipped().of("肖红"));
  CHECK(shipped().of("阿迪力买买提") == "a di li mai mai ti");
  CHECK(shipped().of("Jean张") == "Jean zhang");
  CHECK(shipped().of("张Jean") == "zhang Jean");
  CHECK(shipped().of("péter") == "péter");
  CHECK(shipped().of("").empty());
  CHECK(shipped().syllable(U'a').empty());
}

TEST_CASE("every reading is the one that ICU gives", "[codes]") {
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<icu::Transliterator> latin(
      icu::Transliterator::createInstance("Han-Latin; Latin-ASCII; Lower", UTRANS_FORWARD, status));
  REQUIRE(U_SUCCESS(status));
  CsvTable table(*find_file(embedded_codes(), "pinyin.csv"));
  std::size_t characters = 0;
  while (table.next()) {
    const std::string syllable(table.at(table.column("syllable")));
    const std::string_view all = table.at(table.column("characters"));
    std::string expected;
    icu::UnicodeString text;
    for (std::size_t at = 0; at < all.size(); ++characters) {
      text.append(static_cast<UChar32>(next_code_point(all, at))).append(u'|');
      expected += syllable + "|";
    }
    latin->transliterate(text);
    std::string read;
    text.toUTF8String(read);
    CHECK(read == expected);
  }
  REQUIRE(table.finish());
  CHECK(characters == 26690);
}
