#include "api/http/framing.h"

#include <catch2/catch.hpp>

#include <random>
#include <string>

using namespace chucai;
using namespace chucai::http;

namespace {

std::string head_of(std::string_view fields) {
  return "GET /a HTTP/1.1\r\nHost: x\r\n" + std::string(fields) + "\r\n";
}

// 0 when the head is accepted, else the status of the refusal.
int status_of_head(std::string_view block) {
  const auto head = parse_head(block);
  return head ? 0 : head.error().status;
}

struct Decoded {
  BodyReader::State state;
  std::string body;
  std::string rest;
};

// Feeds `bytes` in pieces of `step`.
Decoded decode(const Head& head, std::string_view bytes, std::size_t step,
               std::size_t limit = 1000) {
  BodyReader reader(head, limit);
  std::string buffer;
  auto state = reader.feed(buffer);
  for (std::size_t at = 0; at < bytes.size() && state == BodyReader::State::Reading; at += step) {
    buffer += bytes.substr(at, step);
    state = reader.feed(buffer);
  }
  return {state, reader.take(), buffer};
}

Head chunked_head() {
  Head head;
  head.chunked = true;
  return head;
}

}  // namespace

TEST_CASE("a plain head is read and decoded", "[http]") {
  const auto head = parse_head(
      "POST /people/%E6%9D%8E/a%2Fb?q=%E8%8C%B6+x&empty=&flag&=v HTTP/1.1\r\n"
      "hOsT: example.org:8080\r\nContent-Length: 12\r\nX-Note: \t some text \r\n\r\n");
  REQUIRE(head);
  CHECK(head->method == "POST");
  CHECK(head->segments == std::vector<std::string>{"people", "李", "a/b"});
  CHECK(head->query == Pairs{{"q", "茶 x"}, {"empty", ""}, {"flag", ""}, {"", "v"}});
  CHECK(first(head->headers, "x-note") == "some text");
  CHECK(head->content_length == 12);
  CHECK(head->keep_alive);
}

TEST_CASE("heads that open the way to request smuggling are refused", "[http]") {
  struct Case {
    const char* fields;
    int status;
  };
  const Case cases[] = {
      {"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", 400},
      {"Content-Length: 5\r\nContent-Length: 6\r\n", 400},
      {"Content-Length: 5\r\nContent-Length: 5\r\n", 400},
      {"Content-Length: 5, 5\r\n", 400},
      {"Content-Length: -1\r\n", 400},
      {"Content-Length: +5\r\n", 400},
      {"Content-Length: 5x\r\n", 400},
      {"Content-Length: 0x5\r\n", 400},
      {"Content-Length: \r\n", 400},
      {"Content-Length: 99999999999999999999\r\n", 400},
      {"Content-Length : 5\r\n", 400},
      {"Transfer-Encoding : chunked\r\n", 400},
      {"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", 400},
      {"Transfer-Encoding: xchunked\r\n", 501},
      {"Transfer-Encoding: gzip, chunked\r\n", 501},
      {"Transfer-Encoding: chunked, identity\r\n", 501},
      {"Transfer-Encoding: identity\r\n", 501},
      {"Transfer-Encoding:\r\n", 501},
      {"Transfer-Encoding: \x0b"
       "chunked\r\n",
       400},
      {"Host: y\r\n", 400},
      {"X: a\r\n folded\r\n", 400},
      {"X: a\r\n\tfolded\r\n", 400},
      {" X: a\r\n", 400},
      {"X: a\nY: b\r\n", 400},
      {"X: a\rY: b\r\n", 400},
      {"no colon\r\n", 400},
      {": no name\r\n", 400},
      {"X\xC3\xA9: a\r\n", 400},
      {"X: a\x01\r\n", 400},
      {"X: a\x7F\r\n", 400},
      {"X: \xFF\r\n", 400},
      {"Expect: 200-ok\r\n", 417},
      {"Content-Encoding: gzip\r\n", 415},
  };
  for (const Case& each : cases) {
    INFO(each.fields);
    CHECK(status_of_head(head_of(each.fields)) == each.status);
  }
  const std::string nul = std::string("X: a") + '\0' + "b\r\n";
  CHECK(status_of_head(head_of(nul)) == 400);
  CHECK(status_of_head(head_of("Transfer-Encoding: Chunked\r\n")) == 0);
  CHECK(status_of_head(head_of("X: 中文\r\n")) == 0);
}

TEST_CASE("request lines are read strictly", "[http]") {
  struct Case {
    const char* line;
    int status;
  };
  const Case cases[] = {
      {"GET / HTTP/1.1", 0},
      {"GET  / HTTP/1.1", 400},
      {"GET / HTTP/1.1 ", 400},
      {"GET /", 400},
      {"GET / HTTP/2.0", 505},
      {"GET / HTTP/1.2", 505},
      {"GET / HTTP/1.10", 400},
      {"GET / http/1.1", 400},
      {"get / HTTP/1.1", 501},
      {"TRACE / HTTP/1.1", 501},
      {"CONNECT x:1 HTTP/1.1", 501},
      {"G\xC3\x89T / HTTP/1.1", 400},
      {"GET http://x/ HTTP/1.1", 400},
      {"OPTIONS * HTTP/1.1", 400},
      {"GET /a#b HTTP/1.1", 400},
      {"GET /\xE6\x9D\x8E HTTP/1.1", 400},
      {"GET /%zz HTTP/1.1", 400},
      {"GET /%4 HTTP/1.1", 400},
      {"GET /%00 HTTP/1.1", 400},
      {"GET /%FF HTTP/1.1", 400},
      {"GET /a%0D%0Ab HTTP/1.1", 400},
      {"GET /a/../b HTTP/1.1", 400},
      {"GET /%2e%2E/b HTTP/1.1", 400},
      {"GET /./b HTTP/1.1", 400},
      {"GET /?q=%zz HTTP/1.1", 400},
      {"GET /?q=%00 HTTP/1.1", 400},
      {"GET /... HTTP/1.1", 0},
      {"GET /?a=b?c=/d HTTP/1.1", 0},
      {"", 400},
  };
  for (const Case& each : cases) {
    INFO(each.line);
    CHECK(status_of_head(std::string(each.line) + "\r\nHost: x\r\n\r\n") == each.status);
  }
}

TEST_CASE("HTTP/1.1 needs exactly one host, HTTP/1.0 none", "[http]") {
  CHECK(status_of_head("GET / HTTP/1.1\r\n\r\n") == 400);
  CHECK(status_of_head("GET / HTTP/1.1\r\nHost:\r\n\r\n") == 400);
  CHECK(status_of_head("GET / HTTP/1.1\r\nHost: a b\r\n\r\n") == 400);
  CHECK(status_of_head("GET / HTTP/1.1\r\nHost: a@b\r\n\r\n") == 400);
  CHECK(status_of_head("GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n") == 0);
  CHECK(status_of_head("GET / HTTP/1.0\r\n\r\n") == 0);
  CHECK(status_of_head("GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n") == 400);
  CHECK(status_of_head("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n") == 400);
  CHECK_FALSE(parse_head("GET / HTTP/1.0\r\n\r\n")->keep_alive);
  CHECK_FALSE(parse_head(head_of("Connection: foo, Close\r\n"))->keep_alive);
}

TEST_CASE("heads have limits", "[http]") {
  const std::string target(kMaxTargetBytes, 'a');
  CHECK(status_of_head("GET /" + target + " HTTP/1.1\r\nHost: x\r\n\r\n") == 414);
  CHECK(status_of_head("GET /" + target.substr(1) + " HTTP/1.1\r\nHost: x\r\n\r\n") == 0);
  CHECK(status_of_head(head_of("X: " + std::string(kMaxHeadBytes, 'a') + "\r\n")) == 431);
  std::string fields;
  for (std::size_t i = 1; i < kMaxHeaderFields; ++i) fields += "A: b\r\n";
  CHECK(status_of_head(head_of(fields)) == 0);
  CHECK(status_of_head(head_of(fields + "A: b\r\n")) == 431);
}

TEST_CASE("the end of a head is found however the bytes are cut", "[http]") {
  const std::string bytes = "GET / HTTP/1.1\r\nHost: x\r\n\r\nrest\n\n";
  for (std::size_t step = 1; step <= bytes.size(); ++step) {
    std::size_t scanned = 0;
    std::optional<std::size_t> length;
    std::size_t given = 0;
    while (!length && given < bytes.size()) {
      given = std::min(given + step, bytes.size());
      length = head_length(std::string_view(bytes).substr(0, given), scanned);
    }
    INFO(step);
    CHECK(length == bytes.find("rest"));
  }
  std::size_t scanned = 0;
  CHECK(head_length("GET / HTTP/1.1\nHost: x\n\n", scanned) == 24);
}

TEST_CASE("a chunked body is decoded however the bytes are cut", "[http]") {
  const std::string bytes =
      "5\r\nhello\r\nC;x=\"y\"\r\n, \r\n world\r\n\r\n0\r\nX-Sum: 1\r\n\r\nGET";
  for (std::size_t step = 1; step <= bytes.size(); ++step) {
    INFO(step);
    const Decoded decoded = decode(chunked_head(), bytes, step);
    CHECK(decoded.state == BodyReader::State::Complete);
    CHECK(decoded.body == "hello, \r\n world\r\n");
    CHECK(std::string("GET").rfind(decoded.rest, 0) == 0);
  }
}

TEST_CASE("malformed chunks are refused", "[http]") {
  for (const char* bytes :
       {"ZZ\r\n", "-1\r\nx", "+5\r\nhello", "0x5\r\nhello", " 5\r\nhello", "5 \r\nhello", "\r\n",
        ";x\r\n", "123456789\r\n", "5\nhello\r\n", "5\r\nhelloX\r\n", "5\r\nhello\n0\r\n",
        "5;a\x01\r\nhello\r\n", "5;a\rb\r\nhello\r\n", "0\r\nbad trailer\r\n\r\n",
        "0\r\nX : a\r\n\r\n", "0\r\n\n"}) {
    INFO(bytes);
    CHECK(decode(chunked_head(), bytes, 100).state == BodyReader::State::Refused);
    CHECK(decode(chunked_head(), bytes, 1).state == BodyReader::State::Refused);
  }
  CHECK(decode(chunked_head(), std::string(300, '1'), 50).state == BodyReader::State::Refused);
  CHECK(decode(chunked_head(), "0\r\n" + std::string(200, 'a'), 50).state ==
        BodyReader::State::Reading);
  std::string trailers = "0\r\n";
  for (int i = 0; i < 50; ++i) trailers += "A: " + std::string(100, 'b') + "\r\n";
  CHECK(decode(chunked_head(), trailers, 50).state == BodyReader::State::Refused);
}

TEST_CASE("a body over the limit is refused before it is read", "[http]") {
  Head head;
  head.content_length = 11;
  BodyReader reader(head, 10);
  std::string nothing;
  CHECK(reader.feed(nothing) == BodyReader::State::Refused);
  CHECK(reader.refusal().status == 413);
  CHECK(decode(head, "hello world", 3, 11).body == "hello world");

  CHECK(decode(chunked_head(), "6\r\nhello \r\n5\r\n", 100, 10).state ==
        BodyReader::State::Refused);
  CHECK(decode(chunked_head(), "6\r\nhello \r\n4\r\nwrld\r\n0\r\n\r\n", 100, 10).state ==
        BodyReader::State::Complete);
  CHECK(decode(chunked_head(), "FFFFFFFF\r\n", 100).state == BodyReader::State::Refused);
}

TEST_CASE("random bytes are refused or read, never more than that", "[http]") {
  std::mt19937 random(5);
  const std::string good = "POST /a?b=c HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n";
  int accepted = 0;
  for (int i = 0; i < 50'000; ++i) {
    std::string block = good;
    for (auto hits = 1 + random() % 3; hits > 0; --hits) {
      block[random() % block.size()] = static_cast<char>(random() % 256);
    }
    const auto head = parse_head(block);
    if (!head) {
      CHECK(head.error().status >= 400);
      continue;
    }
    ++accepted;
    CHECK(head->path.front() == '/');
    for (const auto& [name, value] : head->headers) {
      CHECK(value.find_first_of("\r\n") == std::string::npos);
    }
  }
  CHECK(accepted > 0);
}

TEST_CASE("languages and codings are weighed", "[http]") {
  CHECK(accepted_language("") == Language::Chinese);
  CHECK(accepted_language("en") == Language::English);
  CHECK(accepted_language("en-GB,en;q=0.8,zh;q=0.9") == Language::English);
  CHECK(accepted_language("zh-CN,zh;q=0.9,en;q=0.8") == Language::Chinese);
  CHECK(accepted_language("fr, en;q=0.1") == Language::English);
  CHECK(accepted_language("fr, de") == Language::Chinese);
  CHECK(accepts_gzip("deflate, GZIP;q=0.5"));
  CHECK_FALSE(accepts_gzip("gzip;q=0"));
  CHECK_FALSE(accepts_gzip("gzip;q=0.000, br"));
  CHECK_FALSE(accepts_gzip(""));
}
