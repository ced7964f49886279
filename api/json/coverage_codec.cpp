#include "api/json/coverage_codec.h"

#include "api/json/writer.h"
#include "importers/workbook_writer.h"

namespace chucai {
namespace {

std::string number_text(double value) {
  JsonWriter json;
  json.value(value);
  return std::move(json).take();
}

void write_row(JsonWriter& json, const CoverageRow& row, const std::string& text) {
  json.begin_object().field("program", row.program).key("region");
  if (row.region) {
    json.value(*row.region);
  } else {
    json.null();
  }
  json.key("year");
  if (row.year) {
    json.value(*row.year);
  } else {
    json.null();
  }
  json.field("rule", std::string_view(&row.rule, 1)).field("numerator", row.numerator);
  json.key("denominator");
  if (row.denominator) {
    json.value(*row.denominator);
  } else {
    json.null();
  }
  json.key("value");
  if (row.value) {
    json.value(*row.value);
  } else {
    json.null();
  }
  json.key("note");
  if (row.note.empty()) {
    json.null();
  } else {
    json.value(row.note);
  }
  json.field("rule_text", text).end_object();
}

}  // namespace

std::string rule_text(char rule, const Messages& messages, Language language) {
  const char lower = static_cast<char>(rule - 'A' + 'a');
  return messages.text({std::string("coverage.rule.") + lower, {}, {}}, language);
}

std::string coverage_json(const std::vector<CoverageRow>& rows, const CoverageQuery& query,
                          const Messages& messages, Language language) {
  JsonWriter json;
  json.begin_object().field("as_of", to_text(query.as_of)).field("scope", query.scope);
  json.key("rows").begin_array();
  for (const CoverageRow& row : rows) {
    write_row(json, row, rule_text(row.rule, messages, language));
  }
  json.end_array().end_object();
  return std::move(json).take();
}

std::string coverage_csv(const std::vector<CoverageRow>& rows, const CoverageQuery& query,
                         const Messages& messages, Language language) {
  std::string csv =
      "\xEF\xBB\xBF"
      "program,region,year,rule,numerator,denominator,value,note,as_of,rule_text\r\n";
  for (const CoverageRow& row : rows) {
    csv += row.program + "," + row.region.value_or("") + ",";
    csv += (row.year ? std::to_string(*row.year) : "") + "," + row.rule + ",";
    csv += std::to_string(row.numerator) + ",";
    csv += (row.denominator ? std::to_string(*row.denominator) : "") + ",";
    csv += (row.value ? number_text(*row.value) : "") + "," + row.note + ",";
    csv += to_text(query.as_of) + "," +
           importers::csv_field(rule_text(row.rule, messages, language)) + "\r\n";
  }
  return csv;
}

}  // namespace chucai
