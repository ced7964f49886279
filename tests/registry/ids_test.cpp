#include "registry/domain/ids.h"

#include <catch2/catch.hpp>
#include <set>

using namespace chucai;

TEST_CASE("an id survives its outside form", "[domain]") {
  for (const std::int64_t value :
       {std::int64_t{1}, std::int64_t{0x123456789abcdef}, std::int64_t{0x7fffffffffffffff}}) {
    CHECK(id_text(value).size() == 13);
    CHECK(parse_id(id_text(value)) == value);
  }
  CHECK(id_text(0).empty());
}

TEST_CASE("what is no id is refused", "[domain]") {
  for (const char* text :
       {"", "0000000000000", "E000001", "zzzzzzzzzzzzz", "000000000000I", "00000000000011"}) {
    INFO(text);
    CHECK_FALSE(parse_id(text));
  }
}

TEST_CASE("ids grow and stay unique when many are made in one millisecond", "[domain]") {
  IdSource source(42);
  std::set<std::int64_t> seen;
  std::int64_t last = 0;
  for (int i = 0; i < 100'000; ++i) {
    const std::int64_t id = source.next(1'800'000'000'000'000 + i / 1000);
    CHECK_FALSE(id <= last);
    last = id;
    seen.insert(id);
  }
  CHECK(seen.size() == 100'000);
}

TEST_CASE("two processes on a clock before 2020 do not make the same ids", "[domain]") {
  IdSource one(1);
  IdSource other(2);
  std::set<std::int64_t> seen;
  for (int i = 0; i < 100; ++i) {
    CHECK(seen.insert(one.next(0)).second);
    CHECK(seen.insert(other.next(0)).second);
  }
}
