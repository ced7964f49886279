#include "api/handlers/reports.h"

#include "api/json/review_codec.h"
#include "registry/domain/embedded.h"
#include "registry/service/reviews.h"

namespace chucai {
/// api/openapi.json
std::span<const EmbeddedFile> embedded_contract();

namespace {

using http::Request;
using http::Response;

}  // namespace

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
