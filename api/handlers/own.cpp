#include "api/handlers/own.h"

#include "api/json/reader.h"
#include "api/json/record_codec.h"
#include "api/json/writer.h"
#include "registry/service/own_records.h"

namespace chucai {
namespace {

using http::Request;
using http::Response;

template <class R>
Response answer(const R& record, const Request& request) {
  JsonWriter json;
  write_record(json, type_of<R>(), record, {request.principal.role});
  return Response::json(200, std::move(json).take());
}

}  // namespace

http::Handler own_person_handler(Registry& registry) {
  return [&registry](const Request& request) -> Result<Response> {
    const auto person = own_person(registry, request.principal);
    if (!person) return tl::make_unexpected(person.error());
    return answer(*person, request);
  };
}

http::Handler own_engagements_handler(Registry& registry) {
  return [&registry](const Request& request) -> Result<Response> {
    const auto engagements = own_engagements(registry, request.principal);
    if (!engagements) return tl::make_unexpected(engagements.error());
    JsonWriter json;
    json.begin_object().key("items").begin_array();
    for (const Engagement& engagement : *engagements) {
      write_record(json, type_of<Engagement>(), engagement, {request.principal.role});
    }
    json.end_array().end_object();
    return Response::json(200, std::move(json).take());
  };
}

http::Handler answer_offer_handler(Registry& registry) {
  return [&registry](const Request& request) -> Result<Response> {
    const auto json = parse_json(request.body);
    if (!json) return tl::make_unexpected(json.error());
    std::vector<Problem> problems;
    JsonFields fields(*json, "", problems);
    const auto status = fields.text("status", JsonFields::Presence::Required);
    const auto reason = fields.text("decline_reason");
    fields.refuse_unknown();
    if (!problems.empty()) return fail_all("json.invalid", std::move(problems));
    const auto answered = answer_offer(registry, request.principal, request.param("id"), *status,
                                       reason.value_or(""));
    if (!answered) return tl::make_unexpected(answered.error());
    return answer(*answered, request);
  };
}

}  // namespace chucai
