#include "importers/compound_file.h"

#include <catch2/catch.hpp>

#include "tests/importers/files.h"
#include "tests/importers/ole2_text.h"

using namespace chucai;
using namespace chucai::importers;
using namespace chucai::importers::testing;

TEST_CASE("streams are found by name and read from any place", "[importers]") {
  const TemporaryFolder folder;
  std::string long_text;
  for (int i = 0; i < 2000; ++i) long_text += std::to_string(i) + ' ';
  const auto path = folder.file("a", compound_file({{"Workbook", long_text}, {"Other", "short"}}));
  const auto file = CompoundFile::open(path, Limits{});
  REQUIRE(file);
  CHECK(file->has("WORKBOOK"));
  CHECK_FALSE(file->has("Book"));
  const auto stream = file->stream("Workbook");
  REQUIRE(stream);
  for (const std::size_t at : {std::size_t{0}, std::size_t{511}, std::size_t{5000}}) {
    std::string out(700, '\0');
    const auto size = file->read(*stream, at, out);
    REQUIRE(size);
    CHECK(out == long_text.substr(at, 700));
  }
  std::string beyond(10, '\0');
  CHECK(file->read(*stream, 1 << 20, beyond) == std::size_t{0});
}

TEST_CASE("loops and sectors outside the file are damage", "[importers]") {
  const TemporaryFolder folder;
  std::string loop = compound_file({{"Workbook", "x"}});
  loop.replace(512 + 4 * 3, 4, le32(2));  // the second sector of the stream leads to its first
  const auto looped = CompoundFile::open(folder.file("loop", loop), Limits{});
  REQUIRE(looped);
  CHECK(looped->stream("Workbook").error().problem.reason == "import.file.damaged");

  std::string outside = compound_file({{"Workbook", "x"}});
  outside.replace(512 + 4, 4, le32(5'000'000));  // of the directory
  const auto opened = CompoundFile::open(folder.file("outside", outside), Limits{});
  REQUIRE_FALSE(opened);
  CHECK(opened.error().problem.reason == "import.file.damaged");

  CHECK_FALSE(CompoundFile::open(folder.file("short", "\xD0\xCF\x11\xE0"), Limits{}));
}
