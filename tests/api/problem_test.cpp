#include "api/http/problem.h"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

#include "api/json/reader.h"

using namespace chucai;
using namespace chucai::http;

namespace {

const Messages& messages() {
  static const Messages loaded = *Messages::load(embedded_codes());
  return loaded;
}

std::string text(const JsonValue& json, std::string_view name) {
  const JsonValue* value = json.member(name);
  const auto* found = value ? value->as<std::string>() : nullptr;
  return found ? *found : "absent";
}

JsonValue body_of(const Response& response) {
  auto json = parse_json(response.body);
  REQUIRE(json);
  return std::move(*json);
}

}  // namespace

TEST_CASE("a failure is told in the reader's language, its cause is not", "[http]") {
  const Error error{ErrorCode::Internal, {"http.internal", {}, {}}, {}, "SQL: near \"DROP\""};
  const Response response = problem_response(error, {messages(), Language::English, "r-1"});
  CHECK(response.status == 500);
  CHECK(response.content_type == "application/problem+json");
  CHECK(response.body.find("DROP") == std::string::npos);
  const JsonValue json = body_of(response);
  CHECK(text(json, "type") == "about:blank");
  CHECK(text(json, "title") == "Internal server error");
  CHECK(text(json, "code") == "http.internal");
  CHECK(text(json, "request_id") == "r-1");
  CHECK(*json.member("status")->as<std::int64_t>() == 500);
  CHECK(json.member("errors") == nullptr);
  const Response chinese = problem_response(error, {messages(), Language::Chinese, "r-1"});
  CHECK(text(body_of(chinese), "title") == "内部错误");
}

TEST_CASE("every problem of a validation has its pointer", "[http]") {
  const Error error{ErrorCode::InvalidArgument,
                    {"json.invalid", {}, {}},
                    {{"json.required", "/name", {}}, {"json.too_deep", "a/b", {"32"}}},
                    {}};
  const JsonValue json = body_of(problem_response(error, {messages(), Language::English, "r"}));
  const auto& errors = *json.member("errors")->as<JsonValue::Array>();
  REQUIRE(errors.size() == 2);
  CHECK(text(errors[0], "pointer") == "/name");
  CHECK(text(errors[0], "code") == "json.required");
  CHECK(text(errors[0], "detail") == "This is required");
  CHECK(text(errors[1], "pointer") == "/a~1b");
  CHECK(text(errors[1], "detail") == "Nested deeper than 32 levels");
}

TEST_CASE("a failure of one field names it too", "[http]") {
  const Error error{ErrorCode::Conflict, {"json.duplicate", "id_no", {}}, {}, {}};
  const JsonValue json = body_of(problem_response(error, {messages(), Language::English, "r"}));
  const auto& errors = *json.member("errors")->as<JsonValue::Array>();
  REQUIRE(errors.size() == 1);
  CHECK(text(errors[0], "pointer") == "/id_no");
}

TEST_CASE("each failure class has its status, and the fields that go with it", "[http]") {
  using enum ErrorCode;
  const std::pair<ErrorCode, int> table[] = {
      {InvalidArgument, 400}, {Unauthenticated, 401}, {PermissionDenied, 403},
      {NotFound, 404},        {Conflict, 409},        {FailedPrecondition, 409},
      {TooLarge, 413},        {Unavailable, 503},     {Internal, 500}};
  for (const auto& [code, status] : table) {
    const Response response = problem_response(Error{code, {"json.invalid", {}, {}}},
                                               {messages(), Language::English, "r"});
    CHECK(response.status == status);
    CHECK(first(response.headers, "Retry-After").empty() == (status != 503));
    CHECK(first(response.headers, "WWW-Authenticate").empty() == (status != 401));
  }
}

TEST_CASE("every reason and status that api/ can give has its words", "[http]") {
  std::size_t found = 0;
  const std::regex reason("\"((?:http|json)\\.[a-z_.]+[a-z])\"");
  for (const char* folder : {"/api/http", "/api/json"}) {
    for (const auto& entry :
         std::filesystem::directory_iterator(std::string(CHUCAI_SOURCE_DIR) + folder)) {
      if (entry.path().extension() != ".cpp") continue;
      std::ifstream in(entry.path());
      std::stringstream source;
      source << in.rdbuf();
      const std::string code = source.str();
      for (std::sregex_iterator match(code.begin(), code.end(), reason), end; match != end;
           ++match) {
        INFO((*match)[1].str());
        CHECK(messages().knows((*match)[1].str()));
        ++found;
      }
    }
  }
  CHECK(found > 50);
  for (const int status :
       {400, 401, 403, 404, 405, 408, 409, 413, 414, 415, 417, 431, 500, 501, 503, 505}) {
    CHECK(messages().knows("http.status." + std::to_string(status)));
  }
}
