// The console's files over the handler itself: what a browser with and without gzip gets, what it
// need not fetch again, and which paths are pages.
#include <catch2/catch.hpp>

#include "api/handlers/console_files.h"
#include "api/http/wire.h"

using namespace chucai;

namespace {

std::string packed(const std::string& text) {
  http::Response response;
  response.content_type = "text/html";
  response.body = text + std::string(2000, ' ');  // above what compress() leaves alone
  http::compress(response, "gzip");
  REQUIRE(response.body.size() < 1000);
  return response.body;
}

class Console {
 public:
  http::Response get(const std::string& path, http::Pairs headers = {}) const {
    http::Request request;
    request.params = {{"path", path}};
    request.headers = std::move(headers);
    auto response = handler_(request);
    if (response) return *response;
    CHECK(response.error().problem.reason == "http.path.unknown");
    http::Response absent;
    absent.status = 404;
    return absent;
  }

 private:
  std::string page_ = packed("<!doctype html>");
  std::string script_ = packed("export default 1");
  std::vector<EmbeddedFile> files_ = {{"index.html", page_}, {"assets/index.js", script_}};
  http::Handler handler_ = console_handler(files_);
};

}  // namespace

TEST_CASE("a file of the console comes as it was packed, or inflated", "[api]") {
  const Console console;
  const http::Response gzip = console.get("assets/index.js", {{"accept-encoding", "gzip, br"}});
  CHECK(gzip.content_type == "text/javascript; charset=utf-8");
  CHECK(http::first(gzip.headers, "Content-Encoding") == "gzip");
  CHECK(http::inflated(gzip.body).starts_with("export default 1"));
  const http::Response plain = console.get("assets/index.js");
  CHECK(http::first(plain.headers, "Content-Encoding") == "identity");
  CHECK(plain.body.starts_with("export default 1"));
  CHECK(http::first(plain.headers, "Vary") == "Accept-Encoding");
  CHECK(http::first(plain.headers, "Content-Security-Policy").find("default-src 'self'") == 0);
}

TEST_CASE("a browser that has a file is told so", "[api]") {
  const Console console;
  const http::Response first = console.get("");
  CHECK(http::first(first.headers, "Cache-Control") == "no-cache");
  const std::string tag(http::first(first.headers, "ETag"));
  const http::Response again = console.get("", {{"if-none-match", "\"x\", " + tag}});
  CHECK(again.status == 304);
  CHECK(again.body.empty());
  CHECK(console.get("assets/index.js", {{"if-none-match", tag}}).status == 200);
}

TEST_CASE("paths of the console are its page, others are unknown", "[api]") {
  const Console console;
  for (const char* path : {"", "people", "people/E1/edit", "docs/import"}) {
    INFO(path);
    CHECK(console.get(path).body.starts_with("<!doctype html>"));
  }
  for (const char* path : {"api", "api/v1/nothing", "assets/gone.js", "../index.html", "a.php"}) {
    INFO(path);
    CHECK(console.get(path).status == 404);
  }
}

TEST_CASE("a build without the console knows none of its paths", "[api]") {
  http::Request request;
  request.params = {{"path", ""}};
  CHECK_FALSE(console_handler({})(request));
}
