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

}  // namespace

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
