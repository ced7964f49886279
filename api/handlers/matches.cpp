#include "api/handlers/matches.h"

#include <charconv>

#include "api/json/match_codec.h"
#include "api/json/reader.h"

namespace chucai {
namespace {

using http::Request;
using http::Response;

constexpr std::size_t kDefaultTop = 10;
constexpr std::int64_t kLargestTop = 100;

Result<std::size_t> checked_top(std::int64_t top) {
  if (top < 1 || top > kLargestTop) {
    return fail(ErrorCode::InvalidArgument, "page.limit", "top", {std::to_string(kLargestTop)});
  }
  return static_cast<std::size_t>(top);
}

Result<std::size_t> top_of_query(const Request& request) {
  const std::string_view text = request.query_value("top");
  if (text.empty()) return kDefaultTop;
  std::int64_t top = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), top);
  if (error != std::errc{} || end != text.data() + text.size()) top = 0;
  return checked_top(top);
}

}  // namespace

http::Handler need_matches_handler(Registry& registry, Matching& matching) {
  return [&registry, &matching](const Request& request) -> Result<Response> {
    const auto top = top_of_query(request);
    if (!top) return tl::make_unexpected(top.error());
    const auto answer = matching.for_need(request.principal, request.param("id"), *top,
                                          request.query_value("why_not"));
    if (!answer) return tl::make_unexpected(answer.error());
    return Response::json(200, match_json(*answer, registry.messages(), request.language));
  };
}

http::Handler matches_handler(Registry& registry, Matching& matching) {
  return [&registry, &matching](const Request& request) -> Result<Response> {
    const auto json = parse_json(request.body);
    if (!json) return tl::make_unexpected(json.error());
    std::vector<Problem> problems;
    JsonFields fields(*json, "", problems);
    const auto need = fields.text("need");
    const auto expert = fields.text("expert");
    const matcher::Question question{
        fields.text("region").value_or(""), fields.text("industry").value_or(""),
        fields.text("discipline").value_or(""), fields.text("text").value_or("")};
    const auto asked = fields.integer("top");
    fields.refuse_unknown();
    if (!problems.empty()) return fail_all("json.invalid", std::move(problems));
    const auto top = checked_top(asked.value_or(kDefaultTop));
    if (!top) return tl::make_unexpected(top.error());
    if (expert) {
      const auto needs = matching.for_expert(request.principal, *expert, *top);
      if (!needs) return tl::make_unexpected(needs.error());
      return Response::json(200,
                            suited_json(*expert, *needs, registry.messages(), request.language));
    }
    const auto answer = need ? matching.for_need(request.principal, *need, *top, {})
                             : matching.for_question(request.principal, question, *top);
    if (!answer) return tl::make_unexpected(answer.error());
    return Response::json(200, match_json(*answer, registry.messages(), request.language));
  };
}

}  // namespace chucai
