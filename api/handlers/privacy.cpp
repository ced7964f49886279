#include "api/handlers/privacy.h"

#include "api/handlers/passing_file.h"
#include "api/handlers/request_parts.h"
#include "api/json/privacy_codec.h"
#include "api/json/writer.h"
#include "importers/columns.h"
#include "importers/export_records.h"
#include "registry/service/audit.h"
#include "registry/service/records.h"
#include "registry/service/reveal.h"

namespace chucai {
namespace {

using http::Request;
using http::Response;

Result<std::int64_t> person_of(Registry& registry, const Request& request) {
  return find_record(registry, request.principal, type_of<Person>(), request.param("id"))
      .map([](const std::unique_ptr<Record>& person) { return person->id; });
}

Result<std::int64_t> export_of(const Request& request) {
  const auto id = parse_id(request.param("id"));
  if (!id) return fail(ErrorCode::NotFound, "export.absent");
  return *id;
}

Result<std::string> unmasked_csv(Registry& registry, const Principal& principal,
                                 const UnmaskedExport& request) {
  const PassingFile file(registry, "csv");
  auto writer = importers::create_csv(file.path());
  if (!writer) return tl::make_unexpected(writer.error());
  const importers::ExportOptions options{request.kind, request.program, request.region,
                                         request.purpose + " #" + request.case_number,
                                         kUnmaskedRows};
  const auto rows = importers::export_records(registry, principal, options, **writer);
  if (!rows) return tl::make_unexpected(rows.error());
  return file.content();
}

}  // namespace

http::Handler reveal_handler(Registry& registry) {
  return [&registry](const Request& request) -> Result<Response> {
    const auto texts = texts_of(request, {"field", "purpose", "case"});
    if (!texts) return tl::make_unexpected(texts.error());
    const auto person = person_of(registry, request);
    if (!person) return tl::make_unexpected(person.error());
    const auto value =
        reveal_field(registry, request.principal, {*person, (*texts)[0], (*texts)[1], (*texts)[2]});
    if (!value) return tl::make_unexpected(value.error());
    JsonWriter json;
    json.begin_object().field("value", *value).end_object();
    return Response::json(200, std::move(json).take());
  };
}

http::Handler dossier_handler(Registry& registry) {
  return [&registry](const Request& request) -> Result<Response> {
    const auto person = person_of(registry, request);
    if (!person) return tl::make_unexpected(person.error());
    const auto dossier = read_dossier(registry, request.principal, *person);
    if (!dossier) return tl::make_unexpected(dossier.error());
    return Response::json(200, dossier_json(*dossier));
  };
}

http::Handler hold_handler(Registry& registry) {
  return [&registry](const Request& request) -> Result<Response> {
    const auto texts = texts_of(request, {"reason"});
    if (!texts) return tl::make_unexpected(texts.error());
    const auto person = person_of(registry, request);
    if (!person) return tl::make_unexpected(person.error());
    const Done done = hold_person(registry, request.principal, *person, texts->front());
    if (!done) return tl::make_unexpected(done.error());
    return Response::no_content();
  };
}

http::Handler erase_handler(Registry& registry) {
  return [&registry](const Request& request) -> Result<Response> {
    const auto texts = texts_of(request, {"basis"});
    if (!texts) return tl::make_unexpected(texts.error());
    const auto person = person_of(registry, request);
    if (!person) return tl::make_unexpected(person.error());
    const Done done = erase_person(registry, request.principal, *person, texts->front());
    if (!done) return tl::make_unexpected(done.error());
    return Response::no_content();
  };
}

http::Handler audit_events_handler(Registry& registry) {
  return [&registry](const Request& request) -> Result<Response> {
    const auto id_in = [&](std::string_view name) -> Result<std::int64_t> {
      const std::string_view text = request.query_value(name);
      if (text.empty()) return 0;
      const auto id = parse_id(text);
      if (!id) return fail(ErrorCode::InvalidArgument, "query.parameter", std::string(name));
      return *id;
    };
    const auto record = id_in("record");
    if (!record) return tl::make_unexpected(record.error());
    const auto before = id_in("cursor");
    if (!before) return tl::make_unexpected(before.error());
    const AuditQuery query{std::string(request.query_value("actor")),
                           std::string(request.query_value("action")),
                           std::string(request.query_value("record_type")),
                           *record,
                           *before,
                           page_limit(request)};
    const auto lines = read_trail(registry, request.principal, query);
    if (!lines) return tl::make_unexpected(lines.error());
    return Response::json(200, audit_events_json(*lines, query.limit));
  };
}

http::Handler request_export_handler(Registry& registry) {
  return [&registry](const Request& request) -> Result<Response> {
    const auto texts = texts_of(request, {"kind", "program", "region", "purpose", "case"});
    if (!texts) return tl::make_unexpected(texts.error());
    UnmaskedExport draft;
    draft.kind = (*texts)[0];
    draft.program = (*texts)[1];
    draft.region = (*texts)[2];
    draft.purpose = (*texts)[3];
    draft.case_number = (*texts)[4];
    if (!importers::find_kind(draft.kind)) {
      return fail(ErrorCode::InvalidArgument, "import.kind", "kind");
    }
    const auto id = request_export(registry, request.principal, draft);
    if (!id) return tl::make_unexpected(id.error());
    draft.id = *id;
    draft.requested_by = request.principal.actor;
    return Response::json(201, export_json(draft))
        .with("Location", "/api/v1/exports/" + id_text(*id) + "/file");
  };
}

http::Handler list_exports_handler(Registry& registry) {
  return [&registry](const Request& request) -> Result<Response> {
    const auto requests = list_exports(registry, request.principal);
    if (!requests) return tl::make_unexpected(requests.error());
    return Response::json(200, exports_json(*requests));
  };
}

http::Handler approve_export_handler(Registry& registry) {
  return [&registry](const Request& request) -> Result<Response> {
    const auto id = export_of(request);
    if (!id) return tl::make_unexpected(id.error());
    const Done done = approve_export(registry, request.principal, *id);
    if (!done) return tl::make_unexpected(done.error());
    return Response::no_content();
  };
}

http::Handler fetch_export_handler(Registry& registry) {
  return [&registry](const Request& request) -> Result<Response> {
    const auto id = export_of(request);
    if (!id) return tl::make_unexpected(id.error());
    const auto granted = fetch_export(registry, request.principal, *id);
    if (!granted) return tl::make_unexpected(granted.error());
    const auto csv = unmasked_csv(registry, request.principal, *granted);
    if (!csv) return tl::make_unexpected(csv.error());
    return Response{200, "text/csv; charset=utf-8", *csv, {}}.with(
        "Content-Disposition", "attachment; filename=\"" + granted->kind + ".csv\"");
  };
}

}  // namespace chucai
