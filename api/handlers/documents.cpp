#include "api/handlers/documents.h"

#include "api/json/writer.h"
#include "registry/service/documents.h"

namespace chucai {

using http::Request;
using http::Response;

http::Handler attach_file_handler(Registry& registry) {
  return [&registry](const Request& request) -> Result<Response> {
    const auto file = attach_file(registry, request.principal, request.param("id"), request.body);
    if (!file) return tl::make_unexpected(file.error());
    JsonWriter json;
    json.begin_object()
        .field("digest", file->digest)
        .field("media_type", file->media_type)
        .field("byte_count", file->byte_count)
        .end_object();
    return Response::json(201, std::move(json).take());
  };
}

http::Handler read_file_handler(Registry& registry) {
  return [&registry](const Request& request) -> Result<Response> {
    auto found = read_file_of(registry, request.principal, request.param("id"));
    if (!found) return tl::make_unexpected(found.error());
    Response response;
    response.content_type = found->file.media_type;
    response.body = std::move(found->bytes);
    return std::move(response)
        .with("Content-Disposition", "attachment")
        .with("X-Content-Type-Options", "nosniff");
  };
}

}  // namespace chucai
