#include "importers/export.h"

#include <utility>

#include "registry/domain/ids.h"
#include "registry/domain/party.h"
#include "registry/domain/project.h"
#include "registry/domain/text.h"

namespace chucai::importers {
namespace {

constexpr std::string_view kProvince = "420000";
constexpr std::string_view kWholeProvince = "全省";
constexpr std::int64_t kFenPerTenThousandYuan = 1'000'000;

std::vector<std::string> items(const Value& value) {
  if (const auto* list = std::get_if<std::vector<std::string>>(&value)) return *list;
  const std::string text = to_text(value);
  return text.empty() ? std::vector<std::string>{} : std::vector<std::string>{text};
}

std::string month_of(const Value& value) {
  const Date* date = std::get_if<Date>(&value);
  return date == nullptr ? "" : to_text(Date{date->year, date->month, 0});
}

}  // namespace

std::string ten_thousand_yuan(std::int64_t fen) {
  // A leading 1 keeps the noughts of the decimals; one of them always stays.
  std::string decimals = std::to_string(fen % kFenPerTenThousandYuan + kFenPerTenThousandYuan);
  while (decimals.size() > 2 && decimals.ends_with('0')) decimals.pop_back();
  return std::to_string(fen / kFenPerTenThousandYuan) + "." + decimals.substr(1);
}

std::string from_hundredths(std::int64_t hundredths) {
  std::string decimals = std::to_string(hundredths % 100 + 100).substr(1);
  while (decimals.ends_with('0')) decimals.pop_back();
  return std::to_string(hundredths / 100) + (decimals.empty() ? "" : "." + decimals);
}

Exporter::Exporter(const Kind& kind, const CodeBook& codes, const RegionMap& regions, Viewer viewer,
                   Referred referred, std::vector<std::string> extra_headers, RecordIds ids)
    : kind_(kind),
      type_(kind.type()),
      codes_(codes),
      regions_(regions),
      viewer_(std::move(viewer)),
      referred_(std::move(referred)),
      extra_headers_(std::move(extra_headers)) {
  for (const Column& column : kind.columns) {
    if (column.presence != Presence::TakenOnly) columns_.push_back(&column);
  }
  if (ids == RecordIds::Named) columns_.push_back(find_column(kind, "系统编号"));
  std::erase_if(extra_headers_,
                [&](const std::string& header) { return kind_.column(header) != nullptr; });
}

std::vector<std::string> Exporter::header() const {
  std::vector<std::string> header;
  for (const Column* column : columns_) header.emplace_back(column->header);
  header.insert(header.end(), extra_headers_.begin(), extra_headers_.end());
  return header;
}

std::size_t Exporter::parts(const Record& record) const {
  const Column* column = kind_.column(Reading::MilestoneName);
  if (column == nullptr) return 1;
  return std::max<std::size_t>(1, items(type_.field(column->field)->get(record)).size());
}

std::vector<std::string> Exporter::row(const Record& record, std::size_t part) const {
  const auto extra = [&](std::string_view header) {
    const auto found = record.extra.find(std::string(header));
    if (found == record.extra.end() || !viewer_.sees_extra()) return std::string();
    return shown_extra(viewer_, found->second);
  };
  std::vector<std::string> cells;
  for (const Column* column : columns_) {
    std::string text = cell(*column, record, part);
    // What no table knew when it came in goes out as it came.
    cells.push_back(text.empty() ? extra(column->header) : std::move(text));
  }
  for (const std::string& header : extra_headers_) cells.push_back(extra(header));
  return cells;
}

std::string Exporter::milestone_cell(const Column& column, const Value& lines,
                                     std::size_t part) const {
  const std::vector<std::string> list = items(lines);
  const auto milestone = part < list.size() ? parse_milestone(list[part]) : std::nullopt;
  if (!milestone) return {};
  if (column.reading == Reading::MilestoneName) return milestone->name;
  if (column.reading == Reading::MilestoneDue) return to_text(milestone->due);
  return std::string(codes_.shown("milestone_status", milestone->status));
}

std::string Exporter::cell(const Column& column, const Record& record, std::size_t part) const {
  if (column.reading == Reading::RecordId) return id_text(record.id);
  const Field* field = type_.field(column.field);
  const Value value = field == nullptr ? Value{} : field->get(record);
  const Show show = field == nullptr ? Show::Full : viewer_.sees(*field);
  if (show == Show::Absent) return {};
  if (show == Show::Masked) return masked_text(*field, to_text(value));
  switch (column.reading) {
    case Reading::Ignored:
    case Reading::RecordId:
      return {};
    case Reading::Code:
    case Reading::CodeList:
    case Reading::RegionList:
      return term_names(column, *field, value);
    case Reading::NameOfCode:
    case Reading::RegionName:
    case Reading::Branch:
      return of_code(column, record);
    case Reading::BirthMonth:
      return month_of(value);
    case Reading::TenThousandYuan: {
      const auto* fen = std::get_if<std::int64_t>(&value);
      return fen == nullptr ? "" : ten_thousand_yuan(*fen);
    }
    case Reading::Yuan:
    case Reading::Hundredths: {
      const auto* number = std::get_if<std::int64_t>(&value);
      return number == nullptr ? "" : from_hundredths(*number);
    }
    case Reading::MilestoneName:
    case Reading::MilestoneDue:
    case Reading::MilestoneStatus:
      return milestone_cell(column, value, part);
    case Reading::Party:
      return party(column, record);
    case Reading::PersonNumber: {
      const auto* id = std::get_if<std::int64_t>(&value);
      return id == nullptr ? "" : identity_number(*id);
    }
    case Reading::Reference:
    case Reading::Subject:
    case Reading::Referred:
      return reference(column, record);
    case Reading::Text:
    case Reading::Name:
    case Reading::Employer:
    case Reading::Date:
    case Reading::BirthDate:
    case Reading::CodeNumber:
    case Reading::RegionCode:
    case Reading::List:
    case Reading::Title:
    case Reading::Integer:
    case Reading::Phone:
    case Reading::Email:
    case Reading::Identity:
    case Reading::Uscc:
      return to_text(value);
  }
  return {};
}

std::string Exporter::term_names(const Column& column, const Field& field,
                                 const Value& value) const {
  std::vector<std::string> names;
  for (const std::string& code : items(value)) {
    names.push_back(column.reading == Reading::RegionList
                        ? region_name(code)
                        : std::string(codes_.shown(field.scheme, code)));
  }
  return join_list(names);
}

/// In a list a prefecture-level unit goes by its own name, a county by its full one.
std::string Exporter::region_name(std::string_view code) const {
  if (code == kProvince) return std::string(kWholeProvince);
  if (regions_.unit_of(code) == code) return std::string(codes_.shown("region", code));
  return regions_.full_name(code);
}

std::string Exporter::of_code(const Column& column, const Record& record) const {
  const Field* field = type_.field(code_field_of(column.field));
  const std::string code = to_text(field->get(record));
  if (column.reading == Reading::Branch) {
    const auto line = codes_.chain(field->scheme, code);
    return line.empty() ? "" : line.back()->shown();
  }
  const std::string written = to_text(type_.field(column.field)->get(record));
  if (code.empty() || !written.empty()) return written;
  return column.reading == Reading::RegionName ? regions_.full_name(code)
                                               : std::string(codes_.shown(field->scheme, code));
}

/// 需求编号 and 专家编号 of an engagement, the subject of a participation, and the names beside
/// them.
std::string Exporter::reference(const Column& column, const Record& record) const {
  const Field* subject_type = type_.field("subject_type");
  const Field* field = type_.field(subject_type == nullptr ? "person" : "subject");
  std::string type = "person";
  if (subject_type != nullptr) type = to_text(subject_type->get(record));
  if (column.reading == Reading::Reference) {
    field = type_.field(column.field);
    type = field->scheme;
  }
  const Value value = field->get(record);
  const auto* number = std::get_if<std::int64_t>(&value);
  const auto id = number != nullptr ? std::optional(*number) : parse_id(to_text(value));
  if (!id) return {};

  struct Shown {
    std::string_view header;
    std::string_view type;
    std::string_view field;
  };
  static constexpr Shown kShown[] = {
      {"需求编号", "need", "number"},   {"专家编号", "person", "expert_no"},
      {"姓名", "person", "name"},       {"工作单位", "person", "employer"},
      {"证件号码", "person", "id_no"},  {"统一社会信用代码", "organization", "uscc"},
      {"项目编号", "project", "number"}};
  for (const Shown& shown : kShown) {
    if (shown.header != column.header || shown.type != type) continue;
    std::string text = told(type, *id, shown.field);
    const bool may_name_it = column.header == "专家编号" && hides_numbers();
    return text.empty() && may_name_it ? shown_id(type, *id) : text;
  }
  return {};
}

std::string Exporter::party(const Column& column, const Record& record) const {
  const Field& field = *type_.field(column.field);
  const std::string kind = to_text(party_type_field(type_, field)->get(record));
  const std::string name = to_text(field.get(record));
  if (party_naming(kind) != PartyNaming::RecordId) return name;
  const auto id = parse_id(name);
  return id ? shown_number(kind, *id) : std::string();
}

/// What an office knows the record by: its number, else its identity number or its name.
std::string Exporter::shown_number(std::string_view type, std::int64_t id) const {
  const RecordType* record = record_type(type);
  if (!referred_ || record == nullptr) return {};
  std::string number = told(type, id, record->number);
  if (!number.empty()) return number;
  if (type != "person") return told(type, id, "name");
  return hides_numbers() ? shown_id(type, id) : identity_number(id);
}

/// A masked number names nobody: what refers to a person gives the record's id, so that the sheet
/// can come in again.
bool Exporter::hides_numbers() const {
  return viewer_.sees(*record_type("person")->field("id_no")) != Show::Full;
}

/// The id of a record that the viewer may see at all.
std::string Exporter::shown_id(std::string_view type, std::int64_t id) const {
  return told(type, id, "name").empty() ? std::string() : id_text(id);
}

std::string Exporter::identity_number(std::int64_t person) const {
  return told("person", person, "id_no");
}

/// A field of another record, as the viewer may see it.
std::string Exporter::told(std::string_view type, std::int64_t id, std::string_view field) const {
  const RecordType* named = record_type(type);
  const Field* about = named == nullptr ? nullptr : named->field(field);
  if (about == nullptr || !referred_) return {};
  return shown_text(viewer_, *about, referred_(type, id, field)).value_or("");
}

}  // namespace chucai::importers
