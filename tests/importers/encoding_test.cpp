#include "importers/encoding.h"

#include <catch2/catch.hpp>

#include "tests/importers/files.h"

using namespace chucai;
using namespace chucai::importers;
using namespace chucai::importers::testing;
using namespace std::string_literals;

namespace {

/// "utf8 text" and so on, or the reason of the refusal.
std::string decoded(const std::string& bytes) {
  const TemporaryFolder folder;
  const auto path = folder.file("a.csv", bytes);
  const auto format = detect_encoding(path);
  if (!format) return format.error().problem.reason;
  static const char* const kNames[] = {"utf8 ", "utf16le ", "utf16be ", "gb18030 "};
  std::string text = kNames[static_cast<std::size_t>(format->encoding)];
  const Done done = decode_file(path, *format, [&](std::string_view block) -> Done {
    text += block;
    return {};
  });
  return done ? text : done.error().problem.reason;
}

}  // namespace

TEST_CASE("byte order marks decide and are dropped", "[importers]") {
  CHECK(decoded("\xEF\xBB\xBF姓名") == "utf8 姓名");
  CHECK(decoded("\xFF\xFE\x37\x75,\0"s) == "utf16le 由,"s.replace(8, 3, "\xE7\x94\xB7"));
  CHECK(decoded("\xFE\xFF\x75\x37\0,"s) == "utf16be 男,");
}

TEST_CASE("UTF-16 without a mark is known by its NUL bytes", "[importers]") {
  CHECK(decoded("1\0,\0\x37\x75\n\0"s) == "utf16le 1,男\n");
  CHECK(decoded("\0001\0,\x75\x37\0\n"s) == "utf16be 1,男\n");
}

TEST_CASE("strict UTF-8 comes before strict GB 18030", "[importers]") {
  CHECK(decoded("姓名,男\n") == "utf8 姓名,男\n");
  CHECK(decoded("\xD0\xD5\xC3\xFB,\xC4\xD0\n") == "gb18030 姓名,男\n");
}

TEST_CASE("a tiny GB 18030 file that is valid UTF-8 by chance is still read as Chinese",
          "[importers]") {
  CHECK(decoded("\xC5\xAE") == "gb18030 女");  // valid UTF-8: U+016E
  std::string western;
  for (int i = 0; i < 100; ++i) western += "caf\xC3\xA9,";
  CHECK(decoded(western) == "utf8 " + western);  // too many to be chance
}

TEST_CASE("characters outside GBK need the four-byte forms", "[importers]") {
  CHECK(decoded("\xD0\xD5\xC3\xFB,\x95\x32\x82\x36\n") == "gb18030 姓名,𠀀\n");
}

TEST_CASE("what is neither is refused", "[importers]") {
  CHECK(decoded("\xD0\xD5\xC3\xFB,\x80\xFF\n") == "import.file.encoding");
  CHECK(decoded("abc\0defg\0"s) == "import.file.encoding");
  CHECK(decoded("\xEF\xBB\xBF"
                "a\xFF") == "import.file.encoding");
}

TEST_CASE("the decision rests on the whole file", "[importers]") {
  std::string text(200'000, 'a');
  CHECK(decoded(text + "\xC4\xD0\xD0\xD4").substr(0, 8) == "gb18030 ");
  CHECK(decoded(text + "男").substr(0, 5) == "utf8 ");
  CHECK(decoded(text + "\xE7") == "import.file.encoding");  // cut within a character
}
