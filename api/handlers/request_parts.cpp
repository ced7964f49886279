#include "api/handlers/request_parts.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "api/json/reader.h"

namespace chucai {

namespace {

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return number;
}

}  // namespace

int page_limit(const http::Request& request) {
  constexpr std::int64_t kDefault = 50;
  constexpr std::int64_t kBeyondAnyPage = 1'000'000;
  const std::string_view text = request.query_value("limit");
  if (text.empty()) return kDefault;
  return static_cast<int>(std::min(whole_number(text).value_or(0), kBeyondAnyPage));
}

Result<std::int64_t> expected_version(const http::Request& request) {
  std::string_view tag = request.header("if-match");
  if (tag.size() > 2 && tag.front() == '"' && tag.back() == '"') {
    tag = tag.substr(1, tag.size() - 2);
  }
  const auto version = whole_number(tag);
  if (!version) return fail(ErrorCode::VersionMissing, "http.if_match", "If-Match");
  return *version;
}

std::string etag_of(std::int64_t version) {
  return "\"" + std::to_string(version) + "\"";
}

Result<Texts> texts_of(const http::Request& request,
                       std::initializer_list<std::string_view> names) {
  const auto json = parse_json(request.body);
  if (!json) return tl::make_unexpected(json.error());
  std::vector<Problem> problems;
  JsonFields fields(*json, "", problems);
  Texts texts;
  for (const std::string_view name : names) texts.push_back(fields.text(name).value_or(""));
  fields.refuse_unknown();
  if (!problems.empty()) return fail_all("json.invalid", std::move(problems));
  return texts;
}

std::string session_secret(const http::Request& request) {
  const std::string start = std::string(kSessionCookie) + "=";
  std::string_view rest = request.header("cookie");
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(';'), rest.size());
    std::string_view pair = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    while (pair.starts_with(' ')) pair.remove_prefix(1);
    if (pair.starts_with(start)) return std::string(pair.substr(start.size()));
  }
  return {};
}

}  // namespace chucai
