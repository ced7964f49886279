#include "api/http/router.h"

#include <catch2/catch.hpp>

using namespace chucai;
using namespace chucai::http;

namespace {

Handler nothing() {
  return [](const Request&) -> Result<Response> { return Response::no_content(); };
}

Route route(std::string method, std::string pattern) {
  return {std::move(method), std::move(pattern), "read", nothing()};
}

using Segments = std::vector<std::string>;

std::string pattern_of(const RouteMatch& match) {
  return match.route ? match.route->method + " " + match.route->pattern : "none";
}

}  // namespace

TEST_CASE("a literal segment wins over a parameter", "[http]") {
  const auto router = Router::build({route("GET", "/needs/{id}"), route("GET", "/needs/open"),
                                     route("GET", "/needs/{id}/matches"), route("GET", "/"),
                                     route("POST", "/needs/open/close")});
  REQUIRE(router);
  CHECK(pattern_of(router->match("GET", {"needs", "open"})) == "GET /needs/open");
  CHECK(pattern_of(router->match("GET", {""})) == "GET /");
  CHECK(pattern_of(router->match("GET", {"needs", "open", "matches"})) ==
        "GET /needs/{id}/matches");
  const auto match = router->match("GET", {"needs", "a/b", "matches"});
  CHECK(match.params == Pairs{{"id", "a/b"}});
  for (const Segments& path : {Segments{"needs"},
                               {"needs", ""},
                               {"needs", "a", ""},
                               {"Needs", "a"},
                               {"needs", "a", "matches", "x"},
                               {"", "needs"}}) {
    CHECK(pattern_of(router->match("GET", path)) == "none");
    CHECK(router->match("GET", path).allow.empty());
  }
}

TEST_CASE("a wrong method names the right ones", "[http]") {
  const auto router =
      Router::build({route("GET", "/a"), route("POST", "/a"), route("DELETE", "/b")});
  REQUIRE(router);
  CHECK(router->match("PUT", {"a"}).allow == "OPTIONS, GET, HEAD, POST");
  CHECK(pattern_of(router->match("HEAD", {"a"})) == "GET /a");
  CHECK(router->match("HEAD", {"b"}).allow == "OPTIONS, DELETE");
}

TEST_CASE("a last parameter may take the rest of the path", "[http]") {
  const auto router = Router::build(
      {route("GET", "/{file*}"), route("GET", "/api/{id}"), route("GET", "/api/v1/x")});
  REQUIRE(router);
  CHECK(router->match("GET", {"css", "a.css"}).params == Pairs{{"file", "css/a.css"}});
  CHECK(router->match("GET", {""}).params == Pairs{{"file", ""}});
  CHECK(pattern_of(router->match("GET", {"api", "v1"})) == "GET /api/{id}");
  CHECK(pattern_of(router->match("GET", {"api", "v1", "y"})) == "GET /{file*}");
}

TEST_CASE("a badly declared route is refused when the table is built", "[http]") {
  const auto refused = [](std::vector<Route> routes) {
    const auto router = Router::build(std::move(routes));
    return !router && router.error().problem.reason == "http.route";
  };
  Route open = route("GET", "/a");
  open.permission.clear();
  Route greedy = route("POST", "/a");
  greedy.max_body = kLargestBodyLimit + 1;
  Route idle = route("GET", "/a");
  idle.handler = nullptr;
  CHECK(refused({open}));
  CHECK(refused({greedy}));
  CHECK(refused({idle}));
  CHECK(refused({route("GET", "a")}));
  CHECK(refused({route("GET", "/{rest*}/a")}));
  CHECK(refused({route("GET", "/a/{x}"), route("GET", "/a/{y}")}));
  CHECK_FALSE(refused({route("GET", "/a/{x}"), route("POST", "/a/{x}")}));
}
