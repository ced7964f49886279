#include "importers/text_arena.h"

#include <catch2/catch.hpp>
#include <random>

using namespace chucai;
using namespace chucai::importers;

TEST_CASE("texts come back by number, whether they fit in memory or not", "[importers]") {
  std::mt19937 random(7);
  for (const std::size_t in_memory : {std::size_t{1} << 30, std::size_t{1000}}) {
    TextArena arena(1 << 30, in_memory);
    std::vector<std::string> texts;
    for (int i = 0; i < 3000; ++i) {
      const std::size_t size = i % 500 == 0 ? 200'000 : random() % 40;
      texts.emplace_back(size, static_cast<char>('a' + i % 26));
      REQUIRE(arena.append(texts.back()));
    }
    REQUIRE(arena.size() == texts.size());
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const std::size_t at = (i * 7919) % texts.size();
      const auto text = arena.at(at);
      REQUIRE(text);
      REQUIRE(*text);
      REQUIRE(**text == texts[at]);
    }
    CHECK_FALSE(*arena.at(texts.size()));
  }
}

TEST_CASE("an arena refuses what goes over its limit", "[importers]") {
  TextArena arena(10);
  REQUIRE(arena.append("0123456789"));
  const Done more = arena.append("x");
  REQUIRE_FALSE(more);
  CHECK(more.error().problem.reason == "import.file.strings");
}
