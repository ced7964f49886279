#include "api/handlers/lifecycles.h"

#include <set>

#include "api/json/writer.h"
#include "registry/domain/rules/transitions.h"

namespace chucai {
namespace {

using http::Request;
using http::Response;

void write_step(JsonWriter& json, const Transition& step) {
  json.begin_object().field("from", step.from).field("to", step.to).key("needs").begin_array();
  for (const std::string_view field : step.needs) {
    if (!field.empty()) json.value(field);
  }
  json.end_array().end_object();
}

}  // namespace

http::Handler lifecycles_handler() {
  return [](const Request& request) -> Result<Response> {
    const std::string_view type = request.query_value("type");
    if (!has_lifecycle(type)) return fail(ErrorCode::InvalidArgument, "query.parameter", "type");
    JsonWriter json;
    json.begin_object().key("items").begin_array();
    std::set<std::pair<std::string_view, std::string_view>> seen;  // a kind may be in two tables
    for (std::size_t part = 0;; ++part) {
      const auto steps = steps_of(type, request.query_value("kind"), part);
      if (steps.empty()) break;
      for (const Transition& step : steps) {
        const bool first = seen.emplace(step.from, step.to).second;
        if (first && may_step(step.who, request.principal.role)) write_step(json, step);
      }
    }
    json.end_array().end_object();
    return Response::json(200, std::move(json).take());
  };
}

}  // namespace chucai
