#include "api/handlers/reports.h"

#include "api/json/coverage_codec.h"
#include "api/json/review_codec.h"
#include "api/json/writer.h"
#include "registry/domain/embedded.h"
#include "registry/service/coverage_report.h"
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

http::Handler coverage_handler(Registry& registry) {
  return [&registry](const Request& request) -> Result<Response> {
    CoverageQuery query;
    for (const auto& [name, text] : request.query) {
      if (name == "program") {
        query.program = text;
      } else if (name == "by") {
        if (const Done parsed = parse_dimensions(text, query); !parsed) {
          return tl::make_unexpected(parsed.error());
        }
      } else if (name == "as_of") {
        const auto date = parse_date(text);
        if (!date) return fail(ErrorCode::InvalidArgument, "field.date", "as_of");
        query.as_of = *date;
      } else if (name != "format" || (text != "json" && text != "csv")) {
        return fail(ErrorCode::InvalidArgument, "query.parameter", name);
      }
    }
    const auto rows = coverage_report(registry, request.principal, query);
    if (!rows) return tl::make_unexpected(rows.error());
    if (request.query_value("format") == "csv") {
      Response response;
      response.content_type = "text/csv; charset=utf-8";
      response.body = coverage_csv(*rows, query, registry.messages(), request.language);
      return std::move(response).with("Content-Disposition",
                                      "attachment; filename=\"coverage.csv\"");
    }
    return Response::json(200, coverage_json(*rows, query, registry.messages(), request.language));
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

}  // namespace chucai
