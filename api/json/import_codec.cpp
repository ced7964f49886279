#include "api/json/import_codec.h"

#include "api/json/record_codec.h"
#include "api/json/writer.h"
#include "registry/service/import_batches.h"

namespace chucai {
namespace {

void write_counts(JsonWriter& json, const ImportCounts& counts) {
  json.field("rows", counts.rows)
      .field("new", counts.added)
      .field("updated", counts.updated)
      .field("same", counts.same)
      .field("duplicate", counts.duplicate)
      .field("review", counts.review)
      .field("refused", counts.refused);
}

void write_text_or_null(JsonWriter& json, std::string_view name, std::string_view text) {
  json.key(name);
  if (text.empty()) {
    json.null();
  } else {
    json.value(text);
  }
}

}  // namespace

std::string import_json(const importers::ImportOutcome& outcome, double seconds,
                        const Messages& messages, Language language) {
  JsonWriter json;
  json.begin_object();
  write_counts(json, outcome.counts);
  write_text_or_null(json, "batch", id_text(outcome.batch));
  write_text_or_null(json, "same_file", id_text(outcome.same_file));
  json.field("seconds", seconds).key("issues").begin_array();
  for (const importers::Issue& issue : outcome.plan.issues) {
    json.begin_object();
    write_text_or_null(json, "sheet", outcome.plan.sheets[issue.sheet].name);
    json.field("row", std::int64_t{issue.row});
    write_text_or_null(json, "column", issue.column);
    json.field("code", issue.finding.reason)
        .field("severity", importers::to_text(issue.finding.severity))
        .field("message", messages.text({issue.finding.reason, {}, issue.finding.params}, language))
        .end_object();
  }
  json.end_array().end_object();
  return std::move(json).take();
}

std::string batches_json(const std::vector<ImportBatch>& batches) {
  JsonWriter json;
  json.begin_object().key("items").begin_array();
  for (const ImportBatch& batch : batches) {
    json.begin_object()
        .field("id", id_text(batch.id))
        .field("kind", batch.kind)
        .field("file_name", batch.file_name)
        .field("office", batch.office)
        .field("mode", batch.mode)
        .field("status", batch.status)
        .field("created_at", utc_text(batch.created_at));
    write_counts(json, batch.counts);
    json.end_object();
  }
  json.end_array().end_object();
  return std::move(json).take();
}

std::string undo_json(std::int64_t batch, const UndoReport& report) {
  JsonWriter json;
  json.begin_object()
      .field("batch", id_text(batch))
      .field("removed", report.removed)
      .field("restored", report.restored)
      .key("kept_rows")
      .begin_array();
  for (const std::int64_t row : report.kept_rows) json.value(row);
  json.end_array().end_object();
  return std::move(json).take();
}

}  // namespace chucai
