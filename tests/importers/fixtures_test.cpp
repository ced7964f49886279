// Files that real programs wrote (tests/data/spreadsheets, made by make_fixtures.py there), each
// beside what a reader must find in it.
#include <catch2/catch.hpp>

#include <fstream>
#include <set>

#include "importers/sniff.h"
#include "tests/importers/files.h"

using namespace chucai;
using namespace chucai::importers;
using namespace chucai::importers::testing;

namespace {

const std::filesystem::path kFolder =
    std::filesystem::path(CHUCAI_SOURCE_DIR) / "tests/data/spreadsheets";

std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::filesystem::path> fixtures() {
  std::set<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
    const std::string ending = entry.path().extension();
    if (ending != ".py" && ending != ".txt") files.insert(entry.path());
  }
  return {files.begin(), files.end()};
}

}  // namespace

TEST_CASE("what other programs wrote is read as it was meant", "[importers]") {
  const auto files = fixtures();
  REQUIRE(files.size() >= 12);
  for (const auto& path : files) {
    INFO(path.filename());
    const std::string expected = bytes_of(path.string() + ".txt");
    CHECK_FALSE(expected.empty());
    CHECK(transcript_of(open_table(path)) == expected);
  }
}

TEST_CASE("a fixture with a bit flipped or its end cut off is read or refused, never a crash",
          "[importers]") {
  const TemporaryFolder folder;
  for (const auto& path : fixtures()) {
    const std::string good = bytes_of(path);
    INFO(path.filename());
    for (std::size_t i = 0; i < 150; ++i) {
      std::string bad = good;
      const std::size_t at = good.size() * i / 150;
      bad[at] = static_cast<char>(bad[at] ^ (1 << (i % 8)));
      if (i % 10 == 9) bad.resize(at + 1);
      const std::string text = transcript_of(open_table(folder.file("bad", bad)));
      INFO(i);
      const bool answered = text.starts_with("import.file.") || !text.empty() || i % 10 == 9;
      REQUIRE(answered);
    }
  }
}
