#include "api/handlers/reports.h"

#include "api/json/review_codec.h"
#include "api/json/writer.h"
#include "registry/domain/embedded.h"
#include "registry/service/reviews.h"

namespace chucai {
/// api/openapi.json
std::span<const EmbeddedFile> embedded_contract();

namespace {

using http::Request;
using http::Response;

constexpr std::size_t kTermLimit = 500;

void write_term(JsonWriter& json, const Term& term) {
  json.begin_object()
      .field("scheme", term.scheme)
      .field("code", term.code)
      .field("name", term.shown())
      .field("name_en", term.name_en)
      .field("parent", term.parent)
      .field("level", std::int64_t{term.level})
      .field("flags", term.flags)
      .field("successor", term.successor)
      .end_object();
}

std::vector<const Term*> chosen_terms(const CodeBook& codes, const Request& request,
                                      std::string_view scheme) {
  const std::string_view text = request.query_value("q");
  if (!text.empty()) return codes.named(scheme, text);
  std::vector<const Term*> chosen;
  const std::string_view parent = request.query_value("parent");
  for (const Term* term : codes.terms(scheme)) {
    if (!parent.empty() && term->parent != parent) continue;
    chosen.push_back(term);
    if (chosen.size() == kTermLimit) break;
  }
  return chosen;
}

}  // namespace

http::Handler terms_handler(Registry& registry) {
  return [&registry](const Request& request) -> Result<Response> {
    const std::string_view scheme = request.query_value("scheme");
    if (!registry.codes().has_scheme(scheme)) {
      return fail(ErrorCode::InvalidArgument, "terms.scheme", "scheme");
    }
    JsonWriter json;
    json.begin_object().key("items").begin_array();
    for (const Term* term : chosen_terms(registry.codes(), request, scheme)) {
      write_term(json, *term);
    }
    json.end_array().end_object();
    return Response::json(200, std::move(json).take());
  };
}

http::Handler reviews_handler(Registry& registry) {
  return [&registry](const Request& request) -> Result<Response> {
    const auto reviews = overdue_reviews(registry, request.principal);
    if (!reviews) return tl::make_unexpected(reviews.error());
    const auto money = clawbacks(registry, request.principal);
    if (!money) return tl::make_unexpected(money.error());
    return Response::json(200, reviews_json(*reviews, *money));
  };
}

http::Handler contract_handler() {
  return [](const Request&) -> Result<Response> {
    return Response::json(200, std::string(embedded_contract().front().text));
  };
}

http::Handler health_handler() {
  return
      [](const Request&) -> Result<Response> { return Response::json(200, R"({"status":"ok"})"); };
}

http::Handler ready_handler(Registry& registry) {
  return [&registry](const Request&) -> Result<Response> {
    const auto schema = current_schema(registry.database());
    if (!schema) return tl::make_unexpected(schema.error());
    if (*schema != newest_schema()) {
      return fail(ErrorCode::Unavailable, "registry.schema_behind", {},
                  {std::to_string(*schema), std::to_string(newest_schema())});
    }
    JsonWriter json;
    json.begin_object().field("status", "ready").field("schema", std::int64_t{*schema});
    json.end_object();
    return Response::json(200, std::move(json).take());
  };
}

}  // namespace chucai
