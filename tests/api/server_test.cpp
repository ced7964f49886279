// The real server on 127.0.0.1, driven by raw sockets.
#include "api/http/server.h"

#include <Poco/InflatingStream.h>
#include <catch2/catch.hpp>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <vector>

#include "api/json/reader.h"
#include "tests/support/http_client.h"

using namespace chucai;
using namespace chucai::http;
using chucai::testing::HttpClient;
using chucai::testing::HttpReply;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t kSmallBody = 1000;
constexpr std::size_t kUpload = 8 << 20;

// Holds handlers until opened.
class Gate {
 public:
  void pass() {
    std::unique_lock lock(mutex_);
    ++waiting_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return open_; });
  }
  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  // False when fewer than `count` came within 5 s.
  bool wait_for(std::size_t count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, 5s, [&] { return waiting_ >= count; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t waiting_ = 0;
  bool open_ = false;
};

class Log {
 public:
  void add(const std::string& line) {
    const std::lock_guard lock(mutex_);
    lines_.push_back(line);
  }
  std::vector<std::string> lines() {
    const std::lock_guard lock(mutex_);
    return lines_;
  }

 private:
  std::mutex mutex_;
  std::vector<std::string> lines_;
};

// For tests in which somebody is to be cut; on a busy machine others would be cut too.
Deadlines hasty() {
  Deadlines deadlines;
  deadlines.head = 400ms;
  deadlines.idle = 600ms;
  deadlines.transfer = 400ms;
  return deadlines;
}

Result<Response> text(std::string body) {
  return Response{200, "text/plain; charset=utf-8", std::move(body), {}};
}

const Messages& messages() {
  static const Messages loaded = *Messages::load(embedded_codes());
  return loaded;
}

class TestServer {
 public:
  explicit TestServer(ServerConfig config = {}) {
    config.log = [this](const std::string& line) { log.add(line); };
    auto router = Router::build(routes());
    REQUIRE(router);
    auto started = Server::start(std::move(config), std::move(*router), authorizer(), messages());
    REQUIRE(started);
    server = std::move(*started);
    port = server->port();
  }
  ~TestServer() { gate.open(); }

  Log log;
  Gate gate;
  std::atomic<int> uploads = 0;
  std::uint16_t port = 0;
  std::unique_ptr<Server> server;

 private:
  static Authorizer authorizer() {
    return [](const Request& request, std::string_view permission) -> Result<Principal> {
      if (request.header("authorization") != "Bearer good") {
        return fail(ErrorCode::Unauthenticated, "http.test.who");
      }
      if (permission == "never") return fail(ErrorCode::PermissionDenied, "http.test.denied");
      return Principal{"tester", "auditor", "420000"};
    };
  }

  std::vector<Route> routes() {
    const std::string anyone(kAnyone);
    return {
        {"GET", "/healthz", anyone, [](const Request&) { return text("ok"); }, Lane::Health},
        {"GET", "/hello/{name}", anyone,
         [](const Request& r) { return text("hello " + std::string(r.param("name"))); }},
        {"POST", "/echo", anyone, [](const Request& r) { return text(r.body); }, Lane::Normal,
         kSmallBody},
        {"GET", "/echo", anyone, [](const Request& r) { return text(r.body + "|" + r.remote); }},
        {"GET", "/query", anyone,
         [](const Request& r) { return text(std::string(r.query_value("q"))); }},
        {"GET", "/secret", "read", [](const Request& r) { return text(r.principal.actor); }},
        {"GET", "/never", "never", [](const Request&) { return text("no"); }},
        {"POST", "/upload", "read",
         [this](const Request& r) {
           ++uploads;
           return text(std::to_string(r.body.size()));
         },
         Lane::Normal, kUpload},
        {"GET", "/big/{bytes}", anyone,
         [](const Request& r) {
           return text(std::string(std::stoul(std::string(r.param("bytes"))), 'x'));
         }},
        {"GET", "/throw", anyone,
         [](const Request&) -> Result<Response> { throw std::runtime_error("secret cause"); }},
        {"GET", "/throw-int", anyone, [](const Request&) -> Result<Response> { throw 7; }},
        {"GET", "/fail", anyone,
         [](const Request&) -> Result<Response> {
           return fail(ErrorCode::InvalidArgument, "json.required", "name");
         }},
        {"DELETE", "/thing", anyone,
         [](const Request&) -> Result<Response> { return Response::no_content(); }},
        {"GET", "/cached", anyone,
         [](const Request&) -> Result<Response> {
           return Response{304, "text/plain", "never sent", {{"ETag", "\"v1\""}}};
         }},
        {"GET", "/inject", anyone,
         [](const Request& r) -> Result<Response> {
           return Response::no_content().with("X-Echo", std::string(r.query_value("q")));
         }},
        {"GET", "/wait", anyone,
         [this](const Request&) {
           gate.pass();
           return text("released");
         }},
        {"POST", "/hold", anyone,
         [this](const Request& r) {
           gate.pass();
           return text(std::to_string(r.body.size()));
         },
         Lane::Normal, kUpload},
        {"GET", "/heavy", anyone,
         [this](const Request&) {
           gate.pass();
           return text("released");
         },
         Lane::Heavy},
    };
  }
};

std::string unzipped(const std::string& packed) {
  std::istringstream in(packed);
  Poco::InflatingInputStream gzip(in, Poco::InflatingStreamBuf::STREAM_GZIP);
  std::ostringstream out;
  out << gzip.rdbuf();
  return out.str();
}

int status(const std::optional<HttpReply>& reply) {
  return reply ? reply->status : 0;
}

std::string code(const std::optional<HttpReply>& reply) {
  if (!reply) return "no reply";
  const auto json = parse_json(reply->body);
  const JsonValue* member = json ? json->member("code") : nullptr;
  return member ? *member->as<std::string>() : "no problem";
}

// The slowest of 200 answers beside `count` idle and as many dripping clients, all of which are
// answered in the end.
// Everybody is answered while `count` clients are silent and as many send a byte now and then.
void answers_beside(int count) {
  ServerConfig config;
  config.max_per_address = 4000;
  config.deadlines.idle = config.deadlines.head = 60s;
  TestServer server(config);
  std::vector<HttpClient> idle;
  std::vector<HttpClient> dripping;
  for (int i = 0; i < count; ++i) {
    REQUIRE(status(idle.emplace_back(server.port).request("GET", "/hello/a")) == 200);
    REQUIRE(dripping.emplace_back(server.port).send("GET /hello/a"));
  }
  for (int i = 0; i < 200; ++i) {
    REQUIRE(dripping[static_cast<std::size_t>(i)].send("a"));
    REQUIRE(status(testing::http(server.port, "GET", "/hello/b")) == 200);
  }
  for (HttpClient& client : idle) REQUIRE(status(client.request("GET", "/hello/a")) == 200);
  for (HttpClient& client : dripping) {
    REQUIRE(client.send(" HTTP/1.1\r\nHost: x\r\n\r\n"));
    REQUIRE(status(client.receive()) == 200);
  }
}

}  // namespace

TEST_CASE("a request is answered with the fields that every answer has", "[http]") {
  TestServer server;
  const auto reply =
      testing::http(server.port, "GET", "/hello/%E6%A5%9A", {}, "X-Request-Id: abc-1\r\n");
  REQUIRE(reply);
  CHECK(reply->status == 200);
  CHECK(reply->body == "hello 楚");
  CHECK(reply->head.rfind("HTTP/1.1 200 OK\r\n", 0) == 0);
  CHECK(reply->header("x-request-id") == "abc-1");
  CHECK(reply->header("x-content-type-options") == "nosniff");
  CHECK(reply->header("cache-control") == "no-store");
  CHECK(reply->header("content-security-policy").rfind("default-src 'none'", 0) == 0);
  CHECK(reply->header("referrer-policy") == "no-referrer");
  CHECK(reply->header("connection") == "keep-alive");
  CHECK(reply->header("date").size() == 29);
  CHECK(server.server->url() == "http://127.0.0.1:" + std::to_string(server.port));
}

TEST_CASE("an unusable request id is replaced, and no answer carries a planted field", "[http]") {
  TestServer server;
  const auto reply = testing::http(server.port, "GET", "/hello/a", {}, "X-Request-Id: a b\"c\r\n");
  REQUIRE(reply);
  CHECK(reply->header("x-request-id").size() == 13);
  const auto planted = testing::http(server.port, "GET", "/inject?q=a%0D%0AX-Evil:%20b");
  REQUIRE(planted);
  CHECK(planted->headers.count("x-evil") == 0);
  CHECK(planted->header("x-echo") == "aX-Evil: b");
}

TEST_CASE("unknown paths and methods are told apart", "[http]") {
  TestServer server;
  CHECK(code(testing::http(server.port, "GET", "/nowhere")) == "http.path.unknown");
  const auto wrong = testing::http(server.port, "PUT", "/echo");
  CHECK(status(wrong) == 405);
  CHECK(wrong->header("allow") == "OPTIONS, GET, HEAD, POST");
  const auto options = testing::http(server.port, "OPTIONS", "/echo");
  CHECK(status(options) == 204);
  CHECK(options->header("allow") == "OPTIONS, GET, HEAD, POST");
  const auto trace = testing::http(server.port, "TRACE", "/echo");
  CHECK(status(trace) == 501);
  CHECK(trace->header("connection") == "close");
  CHECK(trace->header("content-type") == "application/problem+json");
}

TEST_CASE("problems speak the reader's language", "[http]") {
  TestServer server;
  const auto english = testing::http(server.port, "GET", "/fail", {}, "Accept-Language: en\r\n");
  REQUIRE(english);
  CHECK(english->status == 400);
  CHECK(english->body.find("This is required") != std::string::npos);
  CHECK(english->body.find("\"pointer\":\"/name\"") != std::string::npos);
  const auto chinese = testing::http(server.port, "GET", "/fail");
  REQUIRE(chinese);
  CHECK(chinese->body.find("此项必填") != std::string::npos);
}

TEST_CASE("permission is asked before the handler, and nobody is let in by default", "[http]") {
  TestServer server;
  const auto nobody = testing::http(server.port, "GET", "/secret");
  CHECK(status(nobody) == 401);
  CHECK(nobody->header("www-authenticate").rfind("Bearer", 0) == 0);
  CHECK(status(testing::http(server.port, "GET", "/never", {}, "Authorization: Bearer good\r\n")) ==
        403);
  const auto known =
      testing::http(server.port, "GET", "/secret", {}, "Authorization: Bearer good\r\n");
  REQUIRE(known);
  CHECK(known->body == "tester");
}

TEST_CASE("an exception in a handler becomes a 500 with the request id, its cause only a log line",
          "[http]") {
  TestServer server;
  HttpClient client(server.port);
  for (const char* path : {"/throw", "/throw-int"}) {
    const auto reply = client.request("GET", path, {}, "X-Request-Id: r-7\r\n");
    CHECK(status(reply) == 500);
    CHECK(code(reply) == "http.internal");
    CHECK(reply->body.find("\"request_id\":\"r-7\"") != std::string::npos);
    CHECK(reply->body.find("secret") == std::string::npos);
  }
  CHECK(status(client.request("GET", "/hello/still-here")) == 200);
  server.server->stop();
  bool logged = false;
  for (const std::string& line : server.log.lines()) {
    logged |=
        line.find("secret cause") != std::string::npos && line.find("r-7") != std::string::npos;
  }
  CHECK(logged);
}

TEST_CASE("the access log has one JSON line per request, without query or path values", "[http]") {
  TestServer server;
  testing::http(server.port, "GET", "/hello/zhang?phone=13800001111", {}, "X-Request-Id: r-1\r\n");
  testing::http(server.port, "GET", "/nowhere/zhang?phone=13800001111", {},
                "X-Request-Id: r-2\r\n");
  HttpClient(server.port).request("GET", "/%zz");
  server.server->stop();
  const auto lines = server.log.lines();
  REQUIRE(lines.size() == 3);
  CHECK(lines[0].rfind(
            R"({"event":"request","method":"GET","route":"/hello/{name}","status":200,"ms":)", 0) ==
        0);
  CHECK(lines[1].find(R"("route":"","status":404)") != std::string::npos);
  CHECK(lines[2].find(R"("status":400)") != std::string::npos);
  for (const std::string& line : lines) {
    CHECK(parse_json(line));
    CHECK(line.find("zhang") == std::string::npos);
    CHECK(line.find("138") == std::string::npos);
  }
}

TEST_CASE("every smuggling attempt is refused, closes, and smuggles nothing", "[http]") {
  TestServer server;
  const std::string smuggled = "GET /hello/smuggled HTTP/1.1\r\nHost: x\r\n\r\n";
  const std::string post = "POST /echo HTTP/1.1\r\nHost: x\r\n";
  const std::string cases[] = {
      post + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + smuggled,
      post + "Content-Length: 0\r\nContent-Length: 44\r\n\r\n" + smuggled,
      post + "Content-Length: -1\r\n\r\n" + smuggled,
      post + "Content-Length: 0x0\r\n\r\n" + smuggled,
      post + "Content-Length: 5x\r\n\r\nhello" + smuggled,
      post + "Content-Length : 0\r\n\r\n" + smuggled,
      post + "Transfer-Encoding: chunked\r\n\r\nZZ\r\n" + smuggled,
      post + "Transfer-Encoding: chunked\r\n\r\n-1\r\n" + smuggled,
      post + "Transfer-Encoding: chunked\r\n\r\n5\r\nhelloXX0\r\n\r\n" + smuggled,
      post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + smuggled,
      post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n0\r\n\r\n" + smuggled,
      post + "Host: y\r\nContent-Length: 0\r\n\r\n" + smuggled,
      "POST /echo HTTP/1.1\r\nContent-Length: 0\r\n\r\n" + smuggled,
      "POST /echo HTTP/1.1\nHost: x\nContent-Length: 0\n\n" + smuggled,
      post + "X: a\r\n Content-Length: 44\r\nContent-Length: 0\r\n\r\n" + smuggled,
      post + "X: a\rContent-Length: 44\r\nContent-Length: 0\r\n\r\n" + smuggled,
      "TRACE /echo HTTP/1.1\r\nHost: x\r\n\r\n" + smuggled,
      "POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + smuggled,
  };
  for (const std::string& bytes : cases) {
    INFO(bytes);
    HttpClient client(server.port);
    CHECK(client.send(bytes));
    const auto reply = client.receive();
    REQUIRE(reply);
    CHECK((reply->status == 400 || reply->status == 501));
    CHECK(reply->header("connection") == "close");
    CHECK_FALSE(client.receive("GET", 1000ms));
  }
  CHECK(status(testing::http(server.port, "GET", "/healthz")) == 200);
}

TEST_CASE("pipelined requests are answered in their order", "[http]") {
  TestServer server;
  HttpClient client(server.port);
  std::string bytes;
  for (int i = 0; i < 50; ++i) {
    bytes += "GET /hello/" + std::to_string(i) + " HTTP/1.1\r\nHost: x\r\n\r\n";
    bytes += "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc";
    bytes +=
        "\r\nPOST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: "
        "chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n";
    bytes += "GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n";
  }
  REQUIRE(client.send(bytes));
  for (int i = 0; i < 50; ++i) {
    const auto hello = client.receive();
    REQUIRE(hello);
    CHECK(hello->body == "hello " + std::to_string(i));
    CHECK(client.receive().value_or(HttpReply{}).body == "abc");
    CHECK(client.receive().value_or(HttpReply{}).body == "hi");
    CHECK(status(client.receive()) == 404);
  }
}

TEST_CASE("a request may come a byte at a time, if fast enough", "[http]") {
  TestServer server;
  HttpClient client(server.port);
  for (const char byte :
       std::string("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello")) {
    REQUIRE(client.send({&byte, 1}));
  }
  CHECK(client.receive().value_or(HttpReply{}).body == "hello");
}

TEST_CASE("HEAD, 204 and 304 have no body, and the connection goes on", "[http]") {
  TestServer server;
  HttpClient client(server.port);
  const auto head = client.request("HEAD", "/hello/abc");
  REQUIRE(head);
  CHECK(head->status == 200);
  CHECK(head->header("content-length") == "9");
  const auto deleted = client.request("DELETE", "/thing");
  REQUIRE(deleted);
  CHECK(deleted->head.rfind("HTTP/1.1 204 No Content\r\n", 0) == 0);
  CHECK(deleted->headers.count("content-length") == 0);
  CHECK(deleted->headers.count("content-type") == 0);
  const auto cached = client.request("GET", "/cached");
  REQUIRE(cached);
  CHECK(cached->status == 304);
  CHECK(cached->headers.count("content-length") == 0);
  CHECK(cached->header("etag") == "\"v1\"");
  CHECK(client.request("GET", "/hello/b").value_or(HttpReply{}).body == "hello b");
}

TEST_CASE("HTTP/1.0 and Connection: close end the connection after the answer", "[http]") {
  TestServer server;
  for (const char* bytes : {"GET /hello/a HTTP/1.0\r\n\r\n",
                            "GET /hello/a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"}) {
    HttpClient client(server.port);
    REQUIRE(client.send(bytes));
    const auto reply = client.receive();
    REQUIRE(reply);
    CHECK(reply->body == "hello a");
    CHECK(reply->header("connection") == "close");
    CHECK(reply->headers.count("transfer-encoding") == 0);
    CHECK(client.closes());
  }
}

TEST_CASE("100 Continue comes after the checks, and only then", "[http]") {
  TestServer server;
  const std::string expect = "Authorization: Bearer good\r\nExpect: 100-continue\r\n";
  SECTION("granted: the body is asked for") {
    HttpClient client(server.port);
    REQUIRE(
        client.send("POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n" + expect + "\r\n"));
    CHECK(status(client.receive("HEAD")) == 100);
    REQUIRE(client.send("hello"));
    CHECK(client.receive().value_or(HttpReply{}).body == "5");
    CHECK(status(client.request("GET", "/hello/a")) == 200);
  }
  SECTION("not granted: refused without a byte of it") {
    HttpClient client(server.port);
    REQUIRE(client.send(
        "POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n"));
    CHECK(status(client.receive()) == 401);
  }
  SECTION("too large: refused without a byte of it") {
    HttpClient client(server.port);
    REQUIRE(client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n" + expect +
                        "\r\n"));
    CHECK(status(client.receive()) == 413);
  }
  SECTION("unknown path") {
    HttpClient client(server.port);
    REQUIRE(client.send("POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n" + expect +
                        "\r\n"));
    CHECK(status(client.receive()) == 404);
  }
}

TEST_CASE("bodies have a limit per route, and a refusal reaches who is still sending", "[http]") {
  TestServer server;
  CHECK(status(testing::http(server.port, "POST", "/echo", std::string(kSmallBody, 'a'))) == 200);
  const auto large = testing::http(server.port, "POST", "/echo", std::string(kSmallBody + 1, 'a'));
  CHECK(status(large) == 413);
  CHECK(code(large) == "http.body.large");

  const std::string huge(4 << 20, 'a');
  const auto refused = testing::http(server.port, "POST", "/echo", huge);
  CHECK(status(refused) == 413);
  const std::string good = "Authorization: Bearer good\r\n";
  const auto uploaded = testing::http(server.port, "POST", "/upload", huge, good);
  REQUIRE(uploaded);
  CHECK(uploaded->body == std::to_string(huge.size()));

  HttpClient chunked(server.port);
  REQUIRE(
      chunked.send("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3E9\r\n"));
  CHECK(status(chunked.receive()) == 413);
}

TEST_CASE("nobody uploads without permission", "[http]") {
  TestServer server;
  HttpClient client(server.port);
  REQUIRE(client.send(
      "POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 8000000\r\n\r\nfirst bytes"));
  const auto reply = client.receive();
  CHECK(status(reply) == 401);
  CHECK(reply->header("connection") == "close");
  CHECK(server.uploads == 0);
}

TEST_CASE("bodies of all requests together have a limit, those at work included", "[http]") {
  ServerConfig config;
  config.body_memory = 3 << 20;
  TestServer server(config);
  const std::string body(2'000'000, 'a');
  HttpClient held(server.port);
  REQUIRE(held.send("POST /hold HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000\r\n\r\n" + body));
  REQUIRE(server.gate.wait_for(1));
  const auto busy = testing::http(server.port, "POST", "/hold", body);
  CHECK(status(busy) == 503);
  CHECK(busy.value_or(HttpReply{}).header("retry-after") == "2");
  server.gate.open();
  CHECK(held.receive().value_or(HttpReply{}).body == "2000000");
  for (int i = 0; i < 3; ++i)
    CHECK(status(testing::http(server.port, "POST", "/hold", body)) == 200);
}

TEST_CASE("slow clients are cut at the deadline of their phase", "[http]") {
  ServerConfig config;
  config.deadlines = hasty();
  TestServer server(config);
  const auto dripped = [&](std::string_view start, std::string_view drip) {
    HttpClient client(server.port);
    client.send(start);
    for (int i = 0; i < 40 && client.send(drip); ++i) {
      if (auto reply = client.receive("GET", 50ms)) return reply->status;
    }
    return 0;
  };
  SECTION("a head that drips") {
    CHECK(dripped("GET /hello/a HTTP/1.1\r\nHost: x\r\n", "X: y\r\n") == 408);
  }
  SECTION("a body that drips") {
    CHECK(dripped("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\n", "a") == 408);
  }
  SECTION("a chunked body that drips") {
    CHECK(dripped("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
                  "1\r\na\r\n") == 408);
  }
  SECTION("a connection that says nothing") {
    HttpClient client(server.port);
    CHECK(client.closes());
  }
  SECTION("a connection that falls silent after an answer") {
    HttpClient client(server.port);
    CHECK(status(client.request("GET", "/hello/a")) == 200);
    CHECK(client.closes());
  }
}

TEST_CASE("a client that does not read its answer is cut, the others are not", "[http]") {
  ServerConfig config;
  config.deadlines = hasty();
  TestServer server(config);
  HttpClient deaf(server.port);
  REQUIRE(deaf.send("GET /big/30000000 HTTP/1.1\r\nHost: x\r\n\r\n"));
  CHECK(status(testing::http(server.port, "GET", "/hello/a")) == 200);
  CHECK(deaf.resets());
}

TEST_CASE("a large answer arrives whole", "[http]") {
  TestServer server;
  const auto reply = testing::http(server.port, "GET", "/big/10000000");
  REQUIRE(reply);
  CHECK(reply->body == std::string(10'000'000, 'x'));
}

TEST_CASE("300 idle and 300 dripping clients keep nobody from an answer", "[http]") {
  answers_beside(300);
}

TEST_CASE("1000 idle and 1000 dripping clients keep nobody from an answer", "[http][.slow]") {
  answers_beside(1000);
}

TEST_CASE("handlers that hang starve neither health checks nor another lane", "[http]") {
  ServerConfig config;
  config.normal = {2, 2};
  config.heavy = {1, 1};
  TestServer server(config);
  std::vector<HttpClient> held;
  const auto hold = [&](const char* path) {
    held.emplace_back(server.port);
    REQUIRE(held.back().send("GET " + std::string(path) + " HTTP/1.1\r\nHost: x\r\n\r\n"));
  };
  hold("/heavy");
  REQUIRE(server.gate.wait_for(1));
  hold("/heavy");  // waits in the queue
  CHECK(status(testing::http(server.port, "GET", "/hello/a")) == 200);
  const auto busy = testing::http(server.port, "GET", "/heavy");
  CHECK(status(busy) == 503);
  CHECK(code(busy) == "http.busy");
  CHECK(busy->header("retry-after") == "2");

  hold("/wait");
  hold("/wait");
  REQUIRE(server.gate.wait_for(3));
  hold("/wait");
  hold("/wait");
  CHECK(status(testing::http(server.port, "GET", "/hello/a")) == 503);
  CHECK(status(testing::http(server.port, "GET", "/healthz")) == 200);
  server.gate.open();
  for (HttpClient& client : held) CHECK(client.receive().value_or(HttpReply{}).body == "released");
}

TEST_CASE("a handler past its deadline is answered for", "[http]") {
  ServerConfig config;
  config.deadlines.handler = 200ms;
  TestServer server(config);
  HttpClient client(server.port);
  const auto reply =
      client.request("GET", "/wait", {}, "X-Request-Id: late\r\nAccept-Language: en\r\n");
  CHECK(status(reply) == 503);
  CHECK(code(reply) == "http.timeout");
  CHECK(reply->header("x-request-id") == "late");
  CHECK(reply->body.find("took too long") != std::string::npos);
  CHECK(client.closes());
}

TEST_CASE("one address cannot take every connection", "[http]") {
  ServerConfig config;
  config.max_per_address = 3;
  SECTION("beyond its share it is told to come back") {
    TestServer server(config);
    HttpClient a(server.port), b(server.port), c(server.port);
    for (HttpClient* client : {&a, &b, &c})
      CHECK(status(client->request("GET", "/hello/a")) == 200);
    HttpClient fourth(server.port);
    CHECK(status(fourth.receive()) == 503);
    a.finish_sending();
    CHECK(a.closes());
    CHECK(status(testing::http(server.port, "GET", "/hello/a")) == 200);
  }
  SECTION("a trusted proxy is not counted, and says who asks") {
    config.trusted_proxies = {"127.0.0.1", "10.0.0.9"};
    TestServer server(config);
    std::vector<HttpClient> clients;
    for (int i = 0; i < 10; ++i) clients.emplace_back(server.port);
    const auto remote = [&](const std::string& forwarded) {
      return testing::http(server.port, "GET", "/echo", {},
                           "X-Forwarded-For: " + forwarded + "\r\n")
          .value_or(HttpReply{})
          .body;
    };
    CHECK(remote("1.2.3.4, 5.6.7.8, 10.0.0.9") == "|5.6.7.8");
    CHECK(remote("5.6.7.8") == "|5.6.7.8");
    CHECK(remote("evil\"text") == "|127.0.0.1");
  }
  SECTION("without trust the forwarding field is not believed") {
    TestServer server(config);
    const auto reply =
        testing::http(server.port, "GET", "/echo", {}, "X-Forwarded-For: 5.6.7.8\r\n");
    CHECK(reply.value_or(HttpReply{}).body == "|127.0.0.1");
  }
}

TEST_CASE("when connections run out the idle ones give way", "[http]") {
  ServerConfig config;
  config.max_connections = 10;
  TestServer server(config);
  std::vector<HttpClient> idle;
  for (int i = 0; i < 7; ++i) {
    idle.emplace_back(server.port);
    const auto reply = idle.back().request("GET", "/hello/a");
    CHECK(reply.value_or(HttpReply{}).header("connection") == "keep-alive");
  }
  const auto crowded = testing::http(server.port, "GET", "/hello/a");
  CHECK(crowded.value_or(HttpReply{}).header("connection") == "close");
  std::vector<HttpClient> silent;
  for (int i = 0; i < 10; ++i) silent.emplace_back(server.port);
  std::this_thread::sleep_for(50ms);
  HttpClient late(server.port);
  CHECK(status(late.receive()) == 503);
}

TEST_CASE("large texts are compressed for who takes gzip", "[http]") {
  TestServer server;
  const auto packed =
      testing::http(server.port, "GET", "/big/100000", {}, "Accept-Encoding: gzip\r\n");
  REQUIRE(packed);
  CHECK(packed->header("content-encoding") == "gzip");
  CHECK(packed->header("vary") == "Accept-Encoding");
  CHECK(packed->body.size() < 1000);
  CHECK(unzipped(packed->body) == std::string(100'000, 'x'));
  const auto head =
      testing::http(server.port, "HEAD", "/big/100000", {}, "Accept-Encoding: gzip\r\n");
  CHECK(head.value_or(HttpReply{}).header("content-length") == packed->header("content-length"));
  const auto plain = testing::http(server.port, "GET", "/big/100000");
  REQUIRE(plain);
  CHECK(plain->headers.count("content-encoding") == 0);
  CHECK(plain->header("vary") == "Accept-Encoding");
  const auto small =
      testing::http(server.port, "GET", "/big/1024", {}, "Accept-Encoding: gzip\r\n");
  CHECK(small.value_or(HttpReply{}).headers.count("content-encoding") == 0);
}

TEST_CASE("a stop finishes what is in flight and takes nothing new", "[http]") {
  TestServer server;
  HttpClient waiting(server.port);
  HttpClient sending(server.port);
  HttpClient idle(server.port);
  REQUIRE(status(idle.request("GET", "/hello/a")) == 200);
  REQUIRE(waiting.send("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n"));
  REQUIRE(sending.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhe"));
  REQUIRE(server.gate.wait_for(1));
  std::thread stopper([&] { server.server->stop(); });
  CHECK(idle.closes());
  CHECK_THROWS(HttpClient(server.port));
  REQUIRE(sending.send("llo"));
  const auto echoed = sending.receive();
  REQUIRE(echoed);
  CHECK(echoed->body == "hello");
  CHECK(echoed->header("connection") == "close");
  server.gate.open();
  CHECK(waiting.receive().value_or(HttpReply{}).body == "released");
  stopper.join();
  server.server->stop();
}

TEST_CASE("a stop does not wait for ever for a client", "[http]") {
  ServerConfig config;
  config.deadlines.stop = 300ms;
  TestServer server(config);
  HttpClient sending(server.port);
  REQUIRE(sending.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhe"));
  CHECK_FALSE(sending.receive("GET", 100ms));
  const auto begun = std::chrono::steady_clock::now();
  server.server->stop();
  CHECK(std::chrono::steady_clock::now() - begun < HttpClient::kPatience);
}

TEST_CASE("clients that leave in any phase do no harm", "[http]") {
  TestServer server;
  for (int i = 0; i < 100; ++i) {
    HttpClient(server.port);
    HttpClient(server.port).send("GET /hel");
    HttpClient(server.port)
        .send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\nabc");
    HttpClient(server.port).send("GET /hello/a HTTP/1.1\r\nHost: x\r\n\r\n");
    HttpClient(server.port).send("GET /big/1000000 HTTP/1.1\r\nHost: x\r\n\r\n");
  }
  HttpClient half(server.port);
  REQUIRE(half.send("GET /hello/half HTTP/1.1\r\nHost: x\r\n\r\n"));
  half.finish_sending();
  CHECK(half.receive().value_or(HttpReply{}).body == "hello half");
}

TEST_CASE("many clients at once get each their own answer", "[http]") {
  TestServer server;
  std::atomic<int> right = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      HttpClient client(server.port);
      for (int i = 0; i < 200; ++i) {
        const std::string mine = std::to_string(t) + "-" + std::to_string(i);
        const bool post = i % 2 == 0;
        const auto reply = post ? client.request("POST", "/echo", mine)
                                : client.request("GET", "/query?q=" + mine);
        right += reply && reply->body == mine;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(right == 1600);
}

TEST_CASE("an address that cannot be listened on is an error, not an exception", "[http]") {
  TestServer server;
  ServerConfig config;
  config.port = server.port;
  auto router = Router::build({});
  REQUIRE(router);
  const auto second = Server::start(config, std::move(*router), {}, messages());
  REQUIRE_FALSE(second);
  CHECK(second.error().problem.reason == "http.listen");
  CHECK(second.error().problem.params ==
        std::vector<std::string>{"127.0.0.1:" + std::to_string(server.port)});
}
