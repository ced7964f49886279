#include "importers/export.h"

#include <utility>

#include "registry/domain/identity.h"
#include "registry/domain/party.h"
#include "registry/domain/project.h"
#include "registry/domain/text.h"

namespace chucai::importers {
namespace {

constexpr std::string_view kProvince = "420000";
constexpr std::string_view kWholeProvince = "全省";
constexpr std::int64_t kFenPerTenThousandYuan = 1'000'000;

std::string mask_email(std::string_view email) {
  const std::size_t at = email.find('@');
  if (at == std::string_view::npos || at == 0) return email.empty() ? "" : "***";
  return std::string(email.substr(0, 1)) + "***" + std::string(email.substr(at));
}

std::string masked_text(const Field& field, std::string text) {
  if (text.empty()) return text;
  if (field.type == FieldType::Sealed) return mask_identity(text);
  if (field.sensitivity != Sensitivity::Contact) return text;
  return field.name == "email" ? mask_email(text) : mask_phone(text);
}

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

Exporter::Exporter(const Kind& kind, const CodeBook& codes, const RegionMap& regions,
                   Masking masking, Referred referred, std::vector<std::string> extra_headers)
    : kind_(kind),
      type_(kind.type()),
      codes_(codes),
      regions_(regions),
      masking_(masking),
      referred_(std::move(referred)),
      extra_headers_(std::move(extra_headers)) {
  for (const Column& column : kind.columns) {
    if (column.presence != Presence::TakenOnly) columns_.push_back(&column);
  }
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
    return found == record.extra.end() ? std::string() : found->second;
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
  const Field* field = type_.field(column.field);
  const Value value = field == nullptr ? Value{} : field->get(record);
  switch (column.reading) {
    case Reading::Ignored:
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
    case Reading::Identity:
    case Reading::Uscc: {
      std::string text = to_text(value);
      return masking_ == Masking::Masked ? masked_text(*field, std::move(text)) : text;
    }
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
    if (shown.field == "id_no") return identity_number(*id);
    return referred_ ? referred_(type, *id, shown.field) : std::string();
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
  std::string number = referred_(type, id, record->number);
  if (!number.empty()) return number;
  return type == "person" ? identity_number(id) : referred_(type, id, "name");
}

std::string Exporter::identity_number(std::int64_t person) const {
  const std::string number = referred_ ? referred_("person", person, "id_no") : std::string();
  return masking_ == Masking::Masked ? mask_identity(number) : number;
}

}  // namespace chucai::importers
