#include "matcher/instance.h"

#include <catch2/catch.hpp>
#include <random>

#include "tests/support/small_market.h"

using namespace chucai;
using namespace chucai::matcher;

namespace {

/// Two experts, two needs, three candidates: 16 + 2 + 2 + 8 + 12 + 24 bytes.
Instance sample() {
  return testing::instance_of({1, 2}, {{1, 100, {{0, 5}, {1, 7}}}, {2, 90, {{1, 3}}}});
}

std::string reason_of(const std::string& bytes) {
  const auto read = read_instance(bytes);
  REQUIRE_FALSE(read);
  return read.error().problem.reason + '|' + read.error().problem.where;
}

constexpr std::size_t kFirst = 16 + 2 + 2 + 8;  // offset of first[] in the sample's bytes
constexpr std::size_t kExpert = kFirst + 12;
constexpr std::size_t kCost = kExpert + 12;

}  // namespace

TEST_CASE("an instance reads back as it was written", "[matcher]") {
  std::mt19937 random(1);
  for (int round = 0; round < 200; ++round) {
    const Instance instance = testing::random_instance(random, {});
    const auto bytes = write_instance(instance);
    REQUIRE(bytes);
    const auto read = read_instance(*bytes);
    REQUIRE(read);
    CHECK(*read == instance);
  }
}

TEST_CASE("the byte form is the published one", "[matcher]") {
  const std::string bytes = write_instance(sample()).value();
  CHECK(bytes.size() == 64);
  CHECK(bytes.substr(0, 20) == std::string("CHM1\2\0\0\0\2\0\0\0\3\0\0\0\1\2\1\2", 20));
}

TEST_CASE("a damaged instance is refused with the place", "[matcher]") {
  std::string bytes = write_instance(sample()).value();
  SECTION("wrong magic") {
    bytes[3] = '2';
    CHECK(reason_of(bytes) == "instance.magic|");
  }
  SECTION("every cut") {
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      CHECK_FALSE(read_instance(std::string_view(bytes).substr(0, size)));
    }
  }
  SECTION("a byte too many") {
    CHECK(reason_of(bytes + 'x') == "instance.size|");
  }
  SECTION("counts that would overflow 32 bits") {
    for (std::size_t at = 4; at < 16; ++at) bytes[at] = '\xff';
    CHECK(reason_of(bytes) == "instance.size|");
  }
  SECTION("offsets that do not begin at 0") {
    bytes[kFirst] = 1;
    CHECK(reason_of(bytes) == "instance.offsets|need 0");
  }
  SECTION("offsets that fall") {
    bytes[kFirst + 4] = 9;
    CHECK(reason_of(bytes) == "instance.offsets|need 1");
  }
  SECTION("an unknown expert") {
    bytes[kExpert + 8] = 2;
    CHECK(reason_of(bytes) == "instance.expert|need 1, candidate 0");
  }
  SECTION("an expert named twice in a row") {
    bytes[kExpert + 4] = 0;
    CHECK(reason_of(bytes) == "instance.duplicate|need 0, candidate 1");
  }
  SECTION("costs out of order") {
    bytes[kCost] = 8;
    CHECK(reason_of(bytes) == "instance.order|need 0, candidate 1");
  }
  SECTION("equal costs with experts out of order") {
    std::swap(bytes[kExpert], bytes[kExpert + 4]);
    bytes[kCost] = 7;
    CHECK(reason_of(bytes) == "instance.order|need 0, candidate 1");
  }
}

TEST_CASE(
    "no single damaged byte of an instance is a crash or an instance that breaks its promises",
    "[matcher]") {
  const std::string bytes = write_instance(sample()).value();
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    for (int value = 0; value < 256; ++value) {
      std::string damaged = bytes;
      damaged[at] = static_cast<char>(value);
      if (const auto read = read_instance(damaged)) CHECK(check(*read));
    }
  }
}

TEST_CASE("costs that could leave 63 bits are refused", "[matcher]") {
  Instance instance;
  for (int need = 0; need < 3; ++need) instance.add_need(0xffffffff, kDearestEmptySeat, {});
  const auto done = check(instance);
  REQUIRE_FALSE(done);
  CHECK(done.error().problem.reason == "instance.overflow");
}

TEST_CASE("an empty seat dearer than the solver can tell from unreachable is refused",
          "[matcher]") {
  Instance instance;
  instance.add_need(1, kDearestEmptySeat + 1, {});
  const auto done = check(instance);
  REQUIRE_FALSE(done);
  CHECK(done.error().problem.reason == "instance.unfilled_cost");
}

TEST_CASE("a capacity that the byte form cannot hold is refused", "[matcher]") {
  const auto bytes = write_instance(testing::instance_of({256}, {}));
  REQUIRE_FALSE(bytes);
  CHECK(bytes.error().problem.reason == "instance.byte");
}
