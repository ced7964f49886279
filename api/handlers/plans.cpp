#include "api/handlers/plans.h"

#include "api/json/match_codec.h"
#include "api/json/reader.h"
#include "registry/service/plans.h"

namespace chucai {
namespace {

using http::Request;
using http::Response;

Result<std::int64_t> plan_id(const Request& request) {
  const auto id = parse_id(request.param("id"));
  if (!id) return fail(ErrorCode::NotFound, "plan.absent");
  return *id;
}

}  // namespace

http::Handler list_plans_handler(Registry& registry) {
  return [&registry](const Request& request) -> Result<Response> {
    const auto plans = list_kept_plans(registry, request.principal);
    if (!plans) return tl::make_unexpected(plans.error());
    return Response::json(200, plans_json(*plans));
  };
}

http::Handler make_plan_handler(Registry& registry, Matching& matching) {
  return [&registry, &matching](const Request& request) -> Result<Response> {
    std::int64_t year = 0;
    if (!request.body.empty()) {
      const auto json = parse_json(request.body);
      if (!json) return tl::make_unexpected(json.error());
      std::vector<Problem> problems;
      JsonFields fields(*json, "", problems);
      year = fields.integer("year").value_or(0);
      fields.refuse_unknown();
      if (!problems.empty()) return fail_all("json.invalid", std::move(problems));
    }
    auto plan = matching.plan(request.principal, year);
    if (!plan) return tl::make_unexpected(plan.error());
    const auto id = keep_plan(registry, request.principal, *plan);
    if (!id) return tl::make_unexpected(id.error());
    const auto kept = find_plan(registry, request.principal, *id);
    if (!kept) return tl::make_unexpected(kept.error());
    return Response::json(201, plan_json(*kept, registry.messages(), request.language))
        .with("Location", "/api/v1/plans/" + id_text(*id));
  };
}

http::Handler get_plan_handler(Registry& registry) {
  return [&registry](const Request& request) -> Result<Response> {
    const auto id = plan_id(request);
    if (!id) return tl::make_unexpected(id.error());
    const auto plan = find_plan(registry, request.principal, *id);
    if (!plan) return tl::make_unexpected(plan.error());
    return Response::json(200, plan_json(*plan, registry.messages(), request.language));
  };
}

http::Handler adopt_plan_handler(Registry& registry) {
  return [&registry](const Request& request) -> Result<Response> {
    const auto id = plan_id(request);
    if (!id) return tl::make_unexpected(id.error());
    if (const Done adopted = adopt_plan(registry, request.principal, *id); !adopted) {
      return tl::make_unexpected(adopted.error());
    }
    return Response::no_content();
  };
}

}  // namespace chucai
