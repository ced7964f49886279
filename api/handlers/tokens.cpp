#include "api/handlers/tokens.h"

#include "api/handlers/request_parts.h"
#include "api/json/account_codec.h"
#include "api/json/writer.h"
#include "registry/domain/ids.h"
#include "registry/service/tokens.h"

namespace chucai {

using http::Request;
using http::Response;

http::Handler list_tokens_handler(Registry& registry) {
  return [&registry](const Request& request) -> Result<Response> {
    const auto tokens = list_tokens(registry, request.principal);
    if (!tokens) return tl::make_unexpected(tokens.error());
    return Response::json(200, tokens_json(*tokens));
  };
}

http::Handler add_token_handler(Registry& registry) {
  return [&registry](const Request& request) -> Result<Response> {
    const auto texts = texts_of(request, {"label", "role", "region", "expires", "person"});
    if (!texts) return tl::make_unexpected(texts.error());
    const auto expires = parse_date((*texts)[3]);
    if (!expires) return fail(ErrorCode::InvalidArgument, "field.date", "expires");
    const auto token = add_token(registry, request.principal, (*texts)[0], (*texts)[1], (*texts)[2],
                                 *expires, (*texts)[4]);
    if (!token) return tl::make_unexpected(token.error());
    JsonWriter json;
    json.begin_object().field("token", *token).end_object();
    return Response::json(201, std::move(json).take());
  };
}

http::Handler revoke_token_handler(Registry& registry) {
  return [&registry](const Request& request) -> Result<Response> {
    const auto id = parse_id(request.param("id"));
    if (!id) return fail(ErrorCode::NotFound, "token.absent");
    if (const Done done = revoke_token(registry, request.principal, *id); !done) {
      return tl::make_unexpected(done.error());
    }
    return Response::no_content();
  };
}

}  // namespace chucai
