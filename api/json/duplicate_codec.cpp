#include "api/json/duplicate_codec.h"

namespace chucai {
namespace {

void write_evidence(JsonWriter& json, const DuplicatePair& pair, const DuplicateView& view) {
  json.field("score", std::int64_t{pair.score})
      .field("band", to_text(pair.band))
      .key("reasons")
      .begin_array();
  for (const auto& [reason, points] : pair.evidence) {
    json.begin_object()
        .field("code", reason)
        .field("points", std::int64_t{points})
        .field("text", view.messages.text({reason, {}, {}}, view.language))
        .end_object();
  }
  json.end_array();
}

void write_counts(JsonWriter& json, std::string_view name,
                  const std::map<std::string, int>& counts) {
  json.key(name).begin_object();
  for (const auto& [type, count] : counts) json.field(type, std::int64_t{count});
  json.end_object();
}

}  // namespace

void write_pair(JsonWriter& json, const DuplicatePair& pair, const DuplicateView& view) {
  json.begin_object().field("id", id_text(pair.id));
  write_evidence(json, pair, view);
  json.key("people").begin_array();
  for (const Person* person : {&pair.one, &pair.other}) {
    write_record(json, type_of<Person>(), *person, view.viewer);
  }
  json.end_array().end_object();
}

std::string duplicates_json(const DuplicatePage& page, const DuplicateView& view) {
  JsonWriter json;
  json.begin_object().key("items").begin_array();
  for (const DuplicatePair& pair : page.pairs) write_pair(json, pair, view);
  json.end_array();
  write_next_cursor(json, page.next_cursor);
  json.end_object();
  return std::move(json).take();
}

void write_likely_twins(JsonWriter& json, std::span<const DuplicatePair> pairs, std::int64_t person,
                        const DuplicateView& view) {
  const Field& name = *type_of<Person>().field("name");
  json.begin_array();
  for (const DuplicatePair& pair : pairs) {
    const Person& twin = pair.one.id == person ? pair.other : pair.one;
    json.begin_object()
        .field("pair", id_text(pair.id))
        .field("person", id_text(twin.id))
        .field("name", shown_text(view.viewer, name, twin.name).value_or(""));
    write_evidence(json, pair, view);
    json.end_object();
  }
  json.end_array();
}

std::string merge_json(const MergeReport& report) {
  JsonWriter json;
  json.begin_object()
      .field("merge", id_text(report.merge))
      .field("survivor", id_text(report.survivor))
      .field("changed", report.changed);
  write_counts(json, "moved", report.moved);
  write_counts(json, "duplicates", report.duplicates);
  json.end_object();
  return std::move(json).take();
}

std::string unmerge_json(const UnmergeReport& report) {
  JsonWriter json;
  json.begin_object()
      .field("survivor", id_text(report.survivor))
      .field("other", id_text(report.other));
  write_counts(json, "moved", report.moved);
  json.key("kept").begin_array();
  for (const KeptChange& change : report.kept) {
    json.begin_object().field("type", change.record_type).field("id", id_text(change.record_id));
    if (!change.field.empty()) json.field("field", change.field);
    json.end_object();
  }
  json.end_array().end_object();
  return std::move(json).take();
}

}  // namespace chucai
