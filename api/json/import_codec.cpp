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

/// How the sheets of the file were understood.
void write_sheets(JsonWriter& json, const importers::ImportPlan& plan) {
  json.key("sheets").begin_array();
  for (const importers::PlannedSheet& sheet : plan.sheets) {
    json.begin_object();
    write_text_or_null(json, "name", sheet.name);
    json.field("hidden", sheet.hidden)
        .field("read", sheet.header.has_value())
        .field("hidden_rows", std::int64_t{sheet.hidden_rows});
    if (sheet.header) json.field("header_row", std::int64_t{sheet.header->row});
    json.key("columns").begin_array();
    for (const importers::SheetColumn& column :
         sheet.header ? sheet.header->columns : std::vector<importers::SheetColumn>{}) {
      json.begin_object().field("header", column.header);
      write_text_or_null(json, "column", column.column ? column.column->header : "");
      json.field("by", importers::to_text(column.by)).end_object();
    }
    json.end_array().end_object();
  }
  json.end_array();
}

/// Rows that hold no data, each with its reason.
void write_skipped(JsonWriter& json, const importers::ImportPlan& plan, const Messages& messages,
                   Language language) {
  json.key("skipped").begin_array();
  for (const importers::SkippedRow& row : plan.skipped) {
    const std::string reason = "row.skipped." + std::string(importers::to_text(row.is));
    json.begin_object();
    write_text_or_null(json, "sheet", plan.sheets[row.sheet].name);
    json.field("row", std::int64_t{row.row})
        .field("code", reason)
        .field("message", messages.text({reason, {}, {}}, language))
        .end_object();
  }
  json.end_array();
}

/// What stored records would say instead, as the viewer may see it.
void write_updates(JsonWriter& json, const importers::ImportPlan& plan, const Viewer& viewer) {
  const RecordType& type = plan.kind->type();
  json.key("updates").begin_array();
  for (const importers::PlannedRow& row : plan.rows) {
    if (row.verdict != importers::Verdict::Updated) continue;
    json.begin_object();
    write_text_or_null(json, "sheet", plan.sheets[row.sheet].name);
    json.field("row", std::int64_t{row.row}).key("fields").begin_array();
    for (const importers::FieldChange& change : row.changed) {
      const Field* field = type.field(change.field);
      json.begin_object().field("field", change.field);
      if (field) {
        write_text_or_null(json, "before", shown_text(viewer, *field, change.before).value_or(""));
        write_text_or_null(json, "after", shown_text(viewer, *field, change.after).value_or(""));
      }
      json.end_object();
    }
    json.end_array().end_object();
  }
  json.end_array();
}

}  // namespace

std::string import_json(const importers::ImportOutcome& outcome, double seconds,
                        const ImportView& view) {
  const auto& [messages, language, viewer] = view;
  JsonWriter json;
  json.begin_object();
  write_counts(json, outcome.counts);
  write_text_or_null(json, "batch", id_text(outcome.batch));
  write_text_or_null(json, "same_file", id_text(outcome.same_file));
  write_text_or_null(json, "continues", id_text(outcome.continues));
  write_sheets(json, outcome.plan);
  write_skipped(json, outcome.plan, messages, language);
  write_updates(json, outcome.plan, viewer);
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
    write_text_or_null(json, "continues", batch.continues == 0 ? "" : id_text(batch.continues));
    write_counts(json, batch.counts);
    json.end_object();
  }
  json.end_array().end_object();
  return std::move(json).take();
}

std::string mappings_json(const std::vector<ColumnMapping>& mappings) {
  JsonWriter json;
  json.begin_object().key("items").begin_array();
  for (const ColumnMapping& mapping : mappings) {
    json.begin_object()
        .field("office", mapping.office)
        .field("kind", mapping.kind)
        .field("header", mapping.header)
        .field("column", mapping.target)
        .field("actor", mapping.actor)
        .field("learned_at", utc_text(mapping.learned_at))
        .end_object();
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
