#include "api/json/privacy_codec.h"

#include "api/json/record_codec.h"
#include "api/json/writer.h"

namespace chucai {
namespace {

// The dossier is handed to the person whom it is about.
const Viewer kSubject{"expert_self", Place::Within, true};

void write_corrections(JsonWriter& json, const std::vector<Correction>& corrections) {
  json.key("corrections").begin_array();
  for (const Correction& correction : corrections) {
    json.begin_object().field("at", utc_text(correction.at)).field("actor", correction.actor);
    json.key("before").begin_object();
    for (const auto& [name, text] : correction.before) json.field(name, text);
    json.end_object().end_object();
  }
  json.end_array();
}

void write_trail(JsonWriter& json, const std::vector<AuditLine>& trail) {
  json.key("trail").begin_array();
  for (const AuditLine& line : trail) {
    json.begin_object()
        .field("at", utc_text(line.at))
        .field("actor", line.actor)
        .field("role", line.role)
        .field("action", line.action)
        .field("detail", line.detail)
        .end_object();
  }
  json.end_array();
}

void write_time(JsonWriter& json, std::string_view name, std::int64_t at) {
  json.key(name);
  if (at == 0) {
    json.null();
  } else {
    json.value(utc_text(at));
  }
}

void write_export(JsonWriter& json, const UnmaskedExport& request) {
  json.begin_object()
      .field("id", id_text(request.id))
      .field("kind", request.kind)
      .field("program", request.program)
      .field("region", request.region)
      .field("purpose", request.purpose)
      .field("case", request.case_number)
      .field("requested_by", request.requested_by)
      .field("approved_by", request.approved_by);
  write_time(json, "requested_at", request.requested_at);
  write_time(json, "approved_at", request.approved_at);
  write_time(json, "fetched_at", request.fetched_at);
  json.end_object();
}

}  // namespace

std::string dossier_json(const Dossier& dossier) {
  JsonWriter json;
  json.begin_object().key("person");
  write_record(json, type_of<Person>(), dossier.person, kSubject);
  json.key("records").begin_array();
  for (const auto& [type, record] : dossier.records) {
    json.begin_object().field("type", type->name).key("record");
    write_record(json, *type, *record, kSubject);
    json.end_object();
  }
  json.end_array();
  write_corrections(json, dossier.corrections);
  write_trail(json, dossier.trail);
  json.key("hold");
  if (dossier.hold) {
    json.value(*dossier.hold);
  } else {
    json.null();
  }
  json.end_object();
  return std::move(json).take();
}

std::string audit_events_json(const std::vector<AuditLine>& lines, int limit) {
  JsonWriter json;
  json.begin_object().key("items").begin_array();
  for (const AuditLine& line : lines) {
    json.begin_object()
        .field("id", id_text(line.id))
        .field("at", utc_text(line.at))
        .field("actor", line.actor)
        .field("role", line.role)
        .field("action", line.action)
        .field("record_type", line.record_type)
        .field("record", id_text(line.record_id))
        .field("detail", line.detail)
        .end_object();
  }
  json.end_array().key("next_cursor");
  if (lines.size() < static_cast<std::size_t>(limit)) {
    json.null();
  } else {
    json.value(id_text(lines.back().id));
  }
  json.end_object();
  return std::move(json).take();
}

std::string retention_json(const std::vector<RetentionLine>& lines) {
  JsonWriter json;
  json.begin_object().key("rules").begin_array();
  for (const RetentionLine& line : lines) {
    json.begin_object()
        .field("rule", line.rule)
        .field("action", line.action)
        .field("basis", line.basis)
        .field("due", line.due)
        .field("held", line.held)
        .field("done", line.done)
        .end_object();
  }
  json.end_array().end_object();
  return std::move(json).take();
}

std::string export_json(const UnmaskedExport& request) {
  JsonWriter json;
  write_export(json, request);
  return std::move(json).take();
}

std::string exports_json(const std::vector<UnmaskedExport>& requests) {
  JsonWriter json;
  json.begin_object().key("items").begin_array();
  for (const UnmaskedExport& request : requests) write_export(json, request);
  json.end_array().end_object();
  return std::move(json).take();
}

}  // namespace chucai
