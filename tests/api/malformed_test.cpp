// Requests that no honest client sends, made from the contract: every answer is one of ours, none
// is a failure of ours. CHUCAI_SEED makes another series.
#include <catch2/catch.hpp>

#include <cstdlib>
#include <random>

#include "api/service.h"
#include "registry/service/records.h"
#include "registry/service/tokens.h"
#include "tests/api/contract.h"
#include "tests/support/builders.h"
#include "tests/support/http_client.h"
#include "tests/support/test_registry.h"

using namespace chucai;
using namespace chucai::testing;

namespace {

const std::vector<std::string> kPathParts = {"E1",
                                             "0",
                                             "-1",
                                             "0000000000001",
                                             "%2e%2e",
                                             "%2F",
                                             "%00",
                                             "%ff%fe",
                                             "%E6%B2%88",
                                             "%F0%9F%98%80",
                                             "'%20OR%201=1--",
                                             "999999999999999999999999",
                                             "%",
                                             "%zz",
                                             std::string(3000, 'a')};
const std::vector<std::string> kQueryValues = {"",
                                               "0",
                                               "-1",
                                               "1e999",
                                               "99999999999999999999",
                                               "%",
                                               "%ff",
                                               "a%00b",
                                               "%27;DROP%20TABLE",
                                               "2018-02-30",
                                               "true",
                                               "[]",
                                               "%E8%8C%B6",
                                               std::string(2000, 'x')};
const std::vector<std::string> kJsonValues = {"null",
                                              "true",
                                              "0",
                                              "-1",
                                              "1e400",
                                              "123456789012345678901234567890",
                                              "0.1",
                                              "\"\"",
                                              "\"420106\"",
                                              "\"2018-13-45\"",
                                              "\"=1+1\"",
                                              "\"\\u0000\"",
                                              "\"\\ud800\"",
                                              "[]",
                                              "{}",
                                              "[[[[1]]]]",
                                              "[\"a\",1,null]",
                                              "\"\xff\xfe\"",
                                              "\"" + std::string(70'000, 'a') + "\"",
                                              "\"\xF0\xA0\xAE\xB7\"",
                                              "{\"a\":{\"b\":[{}]}}"};
const std::vector<std::string> kBodies = {"",
                                          "{",
                                          "[]",
                                          "null",
                                          "\"text\"",
                                          "{\"name\":}",
                                          "{\"name\":\"a\",\"name\":\"b\"}",
                                          "\xEF\xBB\xBF{}",
                                          std::string(200, '\0'),
                                          std::string(5'000, '['),
                                          "{}{}",
                                          "<a/>",
                                          "name=a&b=c",
                                          std::string(1'100'000, ' ')};
const std::vector<std::string> kFields = {"If-Match: \"1\"\r\n",
                                          "If-Match: *\r\n",
                                          "If-Match: W/\"x\"\r\n",
                                          "If-Match: \"99999999999999999999999\"\r\n",
                                          "Idempotency-Key: a\r\n",
                                          "Idempotency-Key: a b\r\n",
                                          "X-On-Behalf-Of: E1\r\n",
                                          "X-On-Behalf-Of: -1\r\n",
                                          "Accept-Language: xx;q=9,en\r\n",
                                          "Accept-Encoding: gzip;q=0\r\n",
                                          "Content-Type: text/csv\r\n",
                                          "Content-Type: application/json;charset=utf-16\r\n",
                                          "Content-Type: multipart/form-data\r\n",
                                          "Cookie: __Host-chucai=x; __Host-chucai=y\r\n",
                                          "X-Requested-With: chucai\r\n",
                                          "X-Request-Id: ../../etc\r\n",
                                          "Range: bytes=0-1\r\n",
                                          "Accept: application/xml\r\n"};

class Sender {
 public:
  explicit Sender(unsigned seed) : random_(seed), matching_(*registry_) {
    Person person = a_person("沈茶山", "420106198503010007");
    person.expert_no = "E1";
    person.roles = {"expert"};
    REQUIRE(create_record(*registry_, province_office(), type_of<Person>(), person));
    for (const char* role : {"province_admin", "system_admin", "auditor", "registrar"}) {
      const auto token =
          add_token(*registry_, local_operator("tests"), role, role, "420106", Date{2018, 12, 31});
      REQUIRE(token);
      tokens_.push_back("Authorization: Bearer " + *token + "\r\n");
    }
    tokens_.push_back("");
    tokens_.push_back("Authorization: Bearer cct_0\r\n");
    auto server = start_service({}, *registry_, matching_);
    REQUIRE(server);
    server_ = std::move(*server);
  }

  void send_one() {
    const AskedOperation& operation = any(operations_);
    const std::string target = path(operation) + query(operation);
    const std::string content = body(operation);
    const std::string head = fields();
    const auto reply = testing::http(server_->port(), operation.method, target, content, head);
    INFO(operation.method << " " << target.substr(0, 300) << "\n"
                          << head << "\n"
                          << content.substr(0, 300));
    REQUIRE(reply);
    INFO(reply->status << " " << reply->body.substr(0, 300));
    CHECK(reply->status < 500);
    if (reply->status >= 400) {
      CHECK(reply->header("content-type") == "application/problem+json");
      CHECK_FALSE(json_field(reply->body, "code").empty());
    }
  }

 private:
  std::size_t below(std::size_t count) {
    return std::uniform_int_distribution<std::size_t>(0, count - 1)(random_);
  }
  bool one_in(std::size_t count) { return below(count) == 0; }
  template <class T>
  const T& any(const std::vector<T>& from) {
    return from[below(from.size())];
  }

  std::string path(const AskedOperation& operation) {
    std::string path = operation.path;
    for (auto open = path.find('{'); open != std::string::npos; open = path.find('{')) {
      path.replace(open, path.find('}') - open + 1, one_in(3) ? kPathParts[0] : any(kPathParts));
    }
    return path;
  }

  std::string query(const AskedOperation& operation) {
    std::string text;
    for (std::size_t i = below(3); i > 0; --i) {
      const bool known = !operation.query.empty() && !one_in(5);
      text += (text.empty() ? "?" : "&") + (known ? any(operation.query) : "planet") + "=" +
              any(kQueryValues);
    }
    return text;
  }

  std::string body(const AskedOperation& operation) {
    if (operation.method == "GET" || operation.method == "DELETE") return {};
    if (operation.members.empty() || one_in(4)) return any(kBodies);
    std::string text = "{";
    for (std::size_t i = 1 + below(4); i > 0; --i) {
      const std::string name = one_in(8) ? "planet" : any(operation.members);
      text += (text.size() > 1 ? "," : "") + ("\"" + name) + "\":" + any(kJsonValues);
    }
    return text + "}";
  }

  std::string fields() {
    std::string text = one_in(3) ? any(tokens_) : tokens_[0];
    for (std::size_t i = below(3); i > 0; --i) text += any(kFields);
    return text;
  }

  std::mt19937 random_;
  TestRegistry registry_;
  Matching matching_;
  std::vector<std::string> tokens_;
  const std::vector<AskedOperation> operations_ = Contract().operations();
  std::unique_ptr<http::Server> server_;
};

void send_many(int count) {
  const char* given = std::getenv("CHUCAI_SEED");
  const unsigned seed = given ? static_cast<unsigned>(std::atoi(given)) : 2018;
  INFO("CHUCAI_SEED=" << seed);
  Sender sender(seed);
  for (int i = 0; i < count; ++i) sender.send_one();
}

}  // namespace

TEST_CASE("what no honest client sends is answered with a problem, never with a failure", "[api]") {
  send_many(500);
}

TEST_CASE("ten thousand malformed requests are each answered", "[api][.slow]") {
  send_many(10'000);
}
