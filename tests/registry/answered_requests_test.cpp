// A request that is sent twice with its key.
#include <catch2/catch.hpp>

#include <atomic>
#include <thread>

#include "registry/service/answered_requests.h"
#include "registry/storage/database.h"
#include "tests/support/contract.h"
#include "tests/support/outcomes.h"

using namespace chucai;
using namespace chucai::testing;

namespace {

const RequestKey kKey{"token:desk", "6f9c0d1e", "POST /api/v1/people\n\n{}"};

RequestKey with(RequestKey key, std::string RequestKey::*member, std::string value) {
  key.*member = std::move(value);
  return key;
}

void the_second_has_the_answer_of_the_first(Registry& registry) {
  const auto first = begin_request(registry, kKey);
  REQUIRE(reason(first) == "");
  CHECK_FALSE(*first);
  CHECK(reason(begin_request(registry, kKey)) == "request.unanswered");
  REQUIRE(keep_answer(registry, kKey, "沈茶山"));
  const auto second = begin_request(registry, kKey);
  REQUIRE(reason(second) == "");
  CHECK(*second == "沈茶山");
}

void a_key_is_of_one_request_and_one_asker(Registry& registry) {
  REQUIRE(begin_request(registry, kKey));
  const auto other = begin_request(registry, with(kKey, &RequestKey::request, "another"));
  CHECK(reason(other) == "request.key.other");
  const auto elsewhere = begin_request(registry, with(kKey, &RequestKey::actor, "token:desk6"));
  REQUIRE(reason(elsewhere) == "");
  CHECK_FALSE(*elsewhere);
}

void a_refused_request_leaves_its_key_free(Registry& registry) {
  REQUIRE(begin_request(registry, kKey));
  REQUIRE(drop_request(registry, kKey));
  const auto again = begin_request(registry, with(kKey, &RequestKey::request, "mended"));
  REQUIRE(reason(again) == "");
  CHECK_FALSE(*again);
}

void a_key_that_is_none_is_refused(Registry& registry) {
  for (const std::string& key : {std::string(), std::string("a b"), std::string(129, 'a'),
                                 std::string("a\x01"), std::string("键")}) {
    CHECK(reason(begin_request(registry, with(kKey, &RequestKey::key, key))) == "request.key");
  }
}

void of_racing_senders_one_goes_first(Registry& registry) {
  constexpr int kSenders = 8;
  std::atomic<int> first{0};
  std::atomic<int> told{0};
  std::vector<std::thread> senders;
  for (int i = 0; i < kSenders; ++i) {
    senders.emplace_back([&] {
      const auto begun = begin_request(registry, kKey);
      if (begun && !*begun) ++first;
      if (reason(begun) == "request.unanswered") ++told;
    });
  }
  for (std::thread& sender : senders) sender.join();
  CHECK(first == 1);
  CHECK(told == kSenders - 1);
}

const Case<> kCases[] = {
    {"the second has the answer of the first", the_second_has_the_answer_of_the_first},
    {"a key is of one request and one asker", a_key_is_of_one_request_and_one_asker},
    {"a refused request leaves its key free", a_refused_request_leaves_its_key_free},
    {"a key that is none is refused", a_key_that_is_none_is_refused},
    {"of racing senders one goes first", of_racing_senders_one_goes_first},
};

}  // namespace

TEST_CASE("requests with a key are done once on SQLite", "[registry]") {
  pass_on_sqlite(kCases);
}

TEST_CASE("requests with a key are done once on MariaDB", "[registry][mariadb]") {
  pass_on_mariadb(kCases);
}
