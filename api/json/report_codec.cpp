#include "api/json/report_codec.h"

#include "api/json/writer.h"
#include "importers/workbook_writer.h"

namespace chucai {
namespace {

using coverage::Kind;

constexpr std::string_view kMaskedText = "<3";

std::string_view kind_name(Kind kind) {
  switch (kind) {
    case Kind::Text:
      return "text";
    case Kind::Term:
      return "term";
    case Kind::Number:
      return "number";
    case Kind::Money:
      return "money_fen";
    case Kind::Share:
      break;
  }
  return "share";
}

void write_value(JsonWriter& json, const coverage::Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) {
    json.value(*text);
  } else if (const auto* number = std::get_if<std::int64_t>(&value)) {
    json.value(*number);
  } else if (const auto* share = std::get_if<double>(&value)) {
    json.value(*share);
  } else if (std::holds_alternative<coverage::Masked>(value)) {
    json.value(kMaskedText);
  } else {
    json.null();
  }
}

std::string csv_text(const coverage::Value& value) {
  if (std::holds_alternative<std::monostate>(value)) return {};
  if (const auto* text = std::get_if<std::string>(&value)) return importers::csv_field(*text);
  JsonWriter json;
  write_value(json, value);
  std::string text = std::move(json).take();
  return text.front() == '"' ? std::string(kMaskedText) : text;
}

}  // namespace

std::string report_json(const Registry& registry, const coverage::Report& report,
                        Language language) {
  const ReportWords words = words_of(registry, report, language);
  JsonWriter json;
  json.begin_object()
      .field("name", report.name)
      .field("title", words.title)
      .field("rule_text", words.rule)
      .field("as_of", to_text(report.as_of))
      .field("scope", report.scope)
      .field("version", report.version)
      .field("masked", report.masked);
  json.key("columns").begin_array();
  for (std::size_t at = 0; at < report.columns.size(); ++at) {
    json.begin_object()
        .field("name", report.columns[at].name)
        .field("title", words.headers[at])
        .field("kind", kind_name(report.columns[at].kind))
        .field("scheme", report.columns[at].scheme)
        .end_object();
  }
  json.end_array().key("rows").begin_array();
  for (const auto& row : report.rows) {
    json.begin_array();
    for (const coverage::Value& value : row) write_value(json, value);
    json.end_array();
  }
  json.end_array().end_object();
  return std::move(json).take();
}

std::string report_csv(const coverage::Report& report) {
  std::string csv = "\xEF\xBB\xBF";
  for (std::size_t at = 0; at < report.columns.size(); ++at) {
    csv += (at == 0 ? "" : ",") + report.columns[at].name;
  }
  csv += "\r\n";
  for (const auto& row : report.rows) {
    for (std::size_t at = 0; at < row.size(); ++at) csv += (at == 0 ? "" : ",") + csv_text(row[at]);
    csv += "\r\n";
  }
  return csv;
}

std::string questions_json(const Registry& registry, Language language) {
  JsonWriter json;
  json.begin_object().key("items").begin_array();
  for (const coverage::Question& question : coverage::questions()) {
    const std::string key = "coverage.question." + std::string(question.name);
    json.begin_object()
        .field("name", question.name)
        .field("title", registry.messages().text({key, {}, {}}, language))
        .field("rule_text", registry.messages().text({key + ".rule", {}, {}}, language))
        .end_object();
  }
  json.end_array().end_object();
  return std::move(json).take();
}

}  // namespace chucai
