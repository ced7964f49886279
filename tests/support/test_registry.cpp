#include "tests/support/test_registry.h"

#include <atomic>
#include <stdexcept>

#include "registry/service/reveal.h"

namespace chucai::testing {
namespace {

template <class T>
T checked(Result<T> result) {
  if (!result)
    throw std::runtime_error(result.error().problem.reason + ": " + result.error().cause);
  return std::move(*result);
}

}  // namespace

TestRegistry::TestRegistry(std::string database_url) {
  options_.data_folder = folder_.file("data");
  options_.database_url = std::move(database_url);
  options_.today = Date{2018, 6, 30};
  auto clock =
      std::make_shared<std::atomic<std::int64_t>>(1'790'000'000'000'000);  // 2026-09-21 UTC
  options_.now_us = [clock] { return *clock += 1'000'000; };
  registry_ = checked(Registry::init(options_));
}

void TestRegistry::reopen() {
  registry_.reset();
  registry_ = checked(Registry::open(options_));
}

Principal province_office() {
  return {"province", "province_admin", "420000"};
}

Principal county_office(const std::string& region) {
  return {"office " + region, "office_admin", region};
}

Result<std::string> reveal_identity(Registry& registry, const Principal& principal,
                                    std::int64_t person, const std::string& purpose) {
  return reveal_field(registry, principal, {person, "id_no", purpose, "2018-7"});
}

}  // namespace chucai::testing
