#include "api/handlers/one_person.h"

#include "api/handlers/paging.h"
#include "api/json/duplicate_codec.h"
#include "api/json/reader.h"
#include "registry/service/merge_people.h"
#include "registry/service/records.h"

namespace chucai {
namespace {

using http::Request;
using http::Response;

DuplicateView view_of(const Registry& registry, const Request& request) {
  return {registry.messages(), request.language, {request.principal.role}};
}

// The id of somebody in scope who is asked for by id or expert number, merged or not.
Result<std::int64_t> person_named(Registry& registry, const Request& request,
                                  std::string_view id_or_number) {
  if (const auto id = parse_id(id_or_number)) return *id;
  return find_record(registry, request.principal, type_of<Person>(), id_or_number)
      .map([](const std::unique_ptr<Record>& record) { return record->id; });
}

Result<MergeRequest> merge_request(Registry& registry, const Request& request) {
  const auto json = parse_json(request.body);
  if (!json) return tl::make_unexpected(json.error());
  std::vector<Problem> problems;
  JsonFields fields(*json, "", problems);
  const auto other = fields.text("other", JsonFields::Presence::Required);
  MergeRequest merge;
  merge.take = fields.texts("take").value_or(std::vector<std::string>{});
  merge.reason = fields.text("reason").value_or("");
  fields.refuse_unknown();
  if (!problems.empty()) return fail_all("json.invalid", std::move(problems));
  const auto survivor = person_named(registry, request, request.param("id"));
  if (!survivor) return tl::make_unexpected(survivor.error());
  const auto id = person_named(registry, request, *other);
  if (!id) return tl::make_unexpected(id.error());
  merge.survivor = *survivor;
  merge.other = *id;
  return merge;
}

}  // namespace

MoreMembers likely_twins(Registry& registry) {
  return [&registry](JsonWriter& json, const Request& request, const Record& person) -> Done {
    const auto twins = duplicates_of(registry, request.principal, person.id);
    if (!twins) return tl::make_unexpected(twins.error());
    if (twins->empty()) return {};
    json.key("likely_twins");
    write_likely_twins(json, *twins, person.id, view_of(registry, request));
    return {};
  };
}

http::Handler duplicates_handler(Registry& registry) {
  return [&registry](const Request& request) -> Result<Response> {
    const std::string_view band = request.query_value("band");
    if (!band.empty() && band_named(band) == Band::No) {
      return fail(ErrorCode::InvalidArgument, "query.parameter", "band");
    }
    const auto page = list_duplicates(registry, request.principal, band_named(band),
                                      request.query_value("cursor"), page_limit(request));
    if (!page) return tl::make_unexpected(page.error());
    return Response::json(200, duplicates_json(*page, view_of(registry, request)));
  };
}

http::Handler distinct_handler(Registry& registry) {
  return [&registry](const Request& request) -> Result<Response> {
    const auto pair = parse_id(request.param("pair"));
    if (!pair) return fail(ErrorCode::NotFound, "person.pair.absent");
    const Done marked = mark_distinct(registry, request.principal, *pair);
    if (!marked) return tl::make_unexpected(marked.error());
    return Response::no_content();
  };
}

http::Handler merge_handler(Registry& registry) {
  return [&registry](const Request& request) -> Result<Response> {
    const auto merge = merge_request(registry, request);
    if (!merge) return tl::make_unexpected(merge.error());
    const auto report = merge_people(registry, request.principal, *merge);
    if (!report) return tl::make_unexpected(report.error());
    return Response::json(200, merge_json(*report));
  };
}

http::Handler unmerge_handler(Registry& registry) {
  return [&registry](const Request& request) -> Result<Response> {
    const auto person = person_named(registry, request, request.param("id"));
    if (!person) return tl::make_unexpected(person.error());
    const auto report = unmerge_people(registry, request.principal, *person);
    if (!report) return tl::make_unexpected(report.error());
    return Response::json(200, unmerge_json(*report));
  };
}

}  // namespace chucai
