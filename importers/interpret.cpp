#include "importers/interpret.h"

#include <algorithm>
#include <set>

#include "registry/domain/date.h"
#include "registry/domain/field_policy.h"
#include "registry/domain/identity.h"
#include "registry/domain/party.h"
#include "registry/domain/person.h"
#include "registry/domain/project.h"
#include "registry/domain/text.h"

namespace chucai::importers {
namespace {

constexpr std::int64_t kFenPerTenThousandYuan = 1'000'000;
constexpr std::int64_t kFenPerYuan = 100;
constexpr std::int64_t kHundredthsPerPoint = 100;
constexpr std::string_view kResident = "111";
constexpr std::string_view kPassport = "414";
constexpr std::string_view kProvince = "420000";
// The reasons that the rules give for the same.
constexpr const char* kBirthContradicts = "person.birth.contradicts";
constexpr const char* kSexContradicts = "person.sex.contradicts";
constexpr const char* kSeveralNames = "name.several";
constexpr const char* kMaskedNumber = "person.id_no.masked";

Finding info(std::string reason) {
  return {std::move(reason), Severity::Info, {}};
}
Finding warning(std::string reason) {
  return {std::move(reason), Severity::Warning, {}};
}

/// What an export shows instead of a contact or a number.
bool is_mask(const Field& field, std::string_view text) {
  return field.sensitivity >= Sensitivity::Contact && field.type != FieldType::Sealed &&
         text.find("**") != std::string_view::npos;
}

/// Hardly any cell can be 清空 or a mask, which is told without understanding it.
bool may_stand_apart(std::string_view raw) {
  return raw.find('*') != std::string_view::npos || raw.find("清") != std::string_view::npos;
}

/// 全省 in a list of service regions means the province.
bool is_whole_province(std::string_view folded) {
  return folded == "全省" || folded == "省内" || folded == "湖北" || folded == "湖北省" ||
         folded == "湖北省内";
}

/// Columns that no field takes.
bool is_no_field(const Column& column) {
  return column.reading == Reading::Ignored || column.reading == Reading::RecordId;
}

std::string text_of(const Cell* cell) {
  return cell == nullptr ? "" : read_text(cell->text).value;
}

}  // namespace

std::string as_written(const Column& column) {
  return std::string(kAsWritten) + std::string(column.header);
}

bool says_birth(std::string_view id_type) {
  return id_type == kResident || id_type == "112" || id_type == "113" || id_type == "554";
}

const CellFinding* Draft::doubt() const {
  const auto found = std::find_if(findings.begin(), findings.end(), [](const CellFinding& f) {
    if (f.finding.severity != Severity::Warning) return false;
    return f.column->reading == Reading::Identity || f.column->reading == Reading::RecordId ||
           f.finding.reason == kBirthContradicts || f.finding.reason == kSexContradicts ||
           f.finding.reason == kSeveralNames;
  });
  return found == findings.end() ? nullptr : &*found;
}

struct RowInterpreter::Work {
  const Row* row;
  Draft draft;

  const Cell* cell(const Bound* bound) const {
    return bound == nullptr ? nullptr : row->at(bound->index);
  }
  void say(const Bound& bound, Finding finding) {
    draft.findings.push_back({bound.column, std::move(finding)});
  }
  bool said(const Bound& bound) const {
    return std::any_of(draft.findings.begin(), draft.findings.end(),
                       [&](const CellFinding& f) { return f.column == bound.column; });
  }
  template <class T>
  void keep(const Bound& bound, Understood<T> understood, const Value& value) {
    if (understood.finding) say(bound, std::move(*understood.finding));
    bound.field->set(*draft.record, value);
  }
  void keep_text(const Bound& bound, Understood<std::string> text) {
    Value value = text.value.empty() ? Value{} : Value{text.value};
    keep(bound, std::move(text), value);
  }
  void keep_number(const Bound& bound, Understood<std::optional<std::int64_t>> number) {
    Value value = number.value ? Value{*number.value} : Value{};
    keep(bound, std::move(number), value);
  }
  void set(const RecordType& type, std::string_view field, const Value& value) {
    if (const Field* found = type.field(field)) found->set(*draft.record, value);
  }
  std::string text(const RecordType& type, std::string_view field) const {
    const Field* found = type.field(field);
    return found == nullptr ? std::string() : to_text(found->get(*draft.record));
  }
};

RowInterpreter::RowInterpreter(const Kind& kind, const Header& header,
                               const Understanding& understanding)
    : kind_(kind), type_(kind.type()), header_(header), with_(understanding) {
  for (const SheetColumn& column : header.columns) {
    const Column* known = column.column;
    if (known == nullptr || is_no_field(*known)) continue;
    bounds_.push_back({column.column, type_.field(column.column->field), column.index});
  }
}

const RowInterpreter::Bound* RowInterpreter::bound(std::string_view field, Reading reading) const {
  const auto found = std::find_if(bounds_.begin(), bounds_.end(), [&](const Bound& b) {
    return b.column->field == field && b.column->reading == reading;
  });
  return found == bounds_.end() ? nullptr : &*found;
}

/// The columns of the cells that hold no value of their own: 清空, and masks of what the register
/// knows.
std::vector<std::uint32_t> RowInterpreter::set_apart(const Row& row, Work& work) const {
  std::vector<std::uint32_t> apart;
  for (const Bound& bound : bounds_) {
    const Cell* cell = row.at(bound.index);
    if (cell == nullptr || cell->kind != CellKind::Text || !may_stand_apart(cell->text)) continue;
    const std::string text = text_of(cell);
    const bool clears = text == kClear;
    if (!clears && (bound.field == nullptr || !is_mask(*bound.field, text))) continue;
    if (clears) work.draft.cleared.push_back(bound.column);
    work.say(bound, info(clears ? "cell.cleared" : "cell.masked"));
    apart.push_back(bound.index);
  }
  return apart;
}

void RowInterpreter::read_record_id(const Row& row, Draft& draft) const {
  for (const SheetColumn& column : header_.columns) {
    if (column.column == nullptr || column.column->reading != Reading::RecordId) continue;
    const std::string text = text_of(row.at(column.index));
    if (text.empty()) continue;
    draft.record_id = parse_id(text).value_or(0);
    if (draft.record_id == 0) draft.findings.push_back({column.column, warning("row.id_unknown")});
  }
}

/// Columns that no table knows stay beside the record under their headers.
void RowInterpreter::keep_extra(const Row& row, Draft& draft) const {
  for (const SheetColumn& column : header_.columns) {
    if (column.column != nullptr || column.header.empty()) continue;
    const std::string text = text_of(row.at(column.index));
    // "***": what an export shows of a contact that an office keeps.
    if (text.empty() || text == kHiddenExtra || must_not_be_kept(column.header)) continue;
    if (text == kClear) {
      draft.cleared_extra.push_back(column.header);
    } else {
      draft.record->extra[column.header] = text;
    }
  }
}

/// Nothing that somebody typed is lost: what a cell says beyond the value that was taken from it
/// stays beside the record.
void RowInterpreter::keep_as_written(Work& work) const {
  for (const CellFinding& found : std::vector<CellFinding>(work.draft.findings)) {
    const bool partly = found.finding.reason == "cell.several";
    const bool said = one_of(found.finding.reason, {kBirthContradicts, kSexContradicts});
    if ((found.finding.severity != Severity::Warning && !partly) || said) continue;
    const Bound* bound = nullptr;
    for (const Bound& one : bounds_) {
      if (one.column == found.column) bound = &one;
    }
    const Cell* cell = work.cell(bound);
    if (cell == nullptr || cell->kind == CellKind::Error || cell->kind == CellKind::Formula)
      continue;
    if (bound->field == nullptr || bound->field->type == FieldType::Sealed ||
        bound->field->type == FieldType::Ref)
      continue;
    const std::string text = text_of(cell);
    std::map<std::string, std::string>& extra = work.draft.record->extra;
    const auto whole = extra.find(std::string(bound->column->header));
    const bool kept = (whole != extra.end() && whole->second == text) ||
                      to_text(bound->field->get(*work.draft.record)) == text;
    if (!kept) extra[as_written(*bound->column)] = text;
  }
}

Draft RowInterpreter::interpret(const Row& written) const {
  Work work{&written, {}};
  Row values;  // without what stands apart
  if (const auto apart = set_apart(written, work); !apart.empty()) {
    values = written;
    std::erase_if(values.cells, [&](const Cell& cell) {
      return std::find(apart.begin(), apart.end(), cell.column) != apart.end();
    });
    work.row = &values;
  }
  const Row& row = *work.row;
  work.draft.record = type_.make();
  for (const Bound& bound : bounds_) {
    const Cell* cell = row.at(bound.index);
    if (cell == nullptr) continue;
    if (cell->kind == CellKind::Error) {
      work.say(bound, warning("cell.error"));
    } else if (cell->kind == CellKind::Formula) {
      work.say(bound, warning("cell.formula"));
    } else {
      read_cell(bound, *cell, work);
    }
  }
  settle_identity(work);
  settle_birth(work);
  settle_region(work);
  settle_code("industry", work);
  settle_code("discipline", work);
  settle_title_grade(work);
  settle_subject(work);
  settle_parties(work);
  settle_milestone(work);
  keep_extra(row, work.draft);
  keep_as_written(work);
  read_record_id(row, work.draft);
  if (!with_.program.empty() && work.text(type_, "program").empty()) {
    work.set(type_, "program", with_.program);
  }
  note_blanks(work);
  note_lacking(work);
  return std::move(work.draft);
}

void RowInterpreter::read_cell(const Bound& bound, const Cell& cell, Work& work) const {
  switch (bound.column->reading) {
    case Reading::Code:
    case Reading::CodeList:
      return read_terms(bound, cell, work);
    case Reading::RegionList:
      return read_regions(bound, cell, work);
    case Reading::Reference:
    case Reading::PersonNumber:
    case Reading::Subject:
      return read_reference(bound, cell, work);
    case Reading::Ignored:
    case Reading::RecordId:
    case Reading::Referred:
    case Reading::BirthDate:  // these wait for the cells that decide them
    case Reading::BirthMonth:
    case Reading::Identity:
    case Reading::CodeNumber:
    case Reading::NameOfCode:
    case Reading::Branch:
    case Reading::RegionCode:
    case Reading::RegionName:
    case Reading::Party:
    case Reading::MilestoneName:
    case Reading::MilestoneDue:
    case Reading::MilestoneStatus:
      return;
    case Reading::Text:
    case Reading::Name:
    case Reading::Employer:
    case Reading::Date:
    case Reading::List:
    case Reading::Title:
    case Reading::Integer:
    case Reading::TenThousandYuan:
    case Reading::Yuan:
    case Reading::Hundredths:
    case Reading::Phone:
    case Reading::Email:
    case Reading::Uscc:
      return read_plain(bound, cell, work);
  }
}

void RowInterpreter::read_plain(const Bound& bound, const Cell& cell, Work& work) const {
  switch (bound.column->reading) {
    case Reading::Name:
      return work.keep_text(bound, read_name(cell.text));
    case Reading::Employer:
      return work.keep_text(bound, read_employer(cell.text));
    case Reading::Title:
      return work.keep_text(bound, read_title(with_.codes, cell.text));
    case Reading::Phone:
      return work.keep_text(bound, read_phone(cell));
    case Reading::Email:
      return work.keep_text(bound, read_email(cell.text));
    case Reading::Uscc:
      return work.keep_text(bound, read_uscc(cell));
    case Reading::Integer:
      return work.keep_number(bound, read_integer(cell.text));
    case Reading::TenThousandYuan:
      return work.keep_number(bound, read_money(cell.text, kFenPerTenThousandYuan));
    case Reading::Yuan:
      return work.keep_number(bound, read_money(cell.text, kFenPerYuan));
    case Reading::Hundredths:
      return work.keep_number(bound, read_money(cell.text, kHundredthsPerPoint));
    case Reading::Date: {
      const auto date = read_date(cell, {with_.today, false});
      return work.keep(bound, date, date.value.date ? Value{date.value.date} : Value{});
    }
    case Reading::List: {
      std::vector<std::string> parts = read_list(cell.text);
      return bound.field->set(*work.draft.record,
                              parts.empty() ? Value{} : Value{std::move(parts)});
    }
    default:
      return work.keep_text(bound, read_text(cell.text));
  }
}

// What no table knows stays beside the record under its header, so that nothing is lost.
void RowInterpreter::read_terms(const Bound& bound, const Cell& cell, Work& work) const {
  const bool list = bound.column->reading == Reading::CodeList;
  const std::string text = read_text(cell.text).value;
  const std::vector<std::string> parts = list ? split_list(text) : std::vector<std::string>{text};
  std::vector<std::string> known;
  for (const std::string& part : parts) {
    const auto term = read_term(with_.codes, bound.field->scheme, part);
    if (!term.value.empty()) known.push_back(term.value);
    if (!term.finding) continue;
    if (!work.said(bound)) work.say(bound, *term.finding);
    if (term.value.empty()) work.draft.record->extra[std::string(bound.column->header)] = text;
  }
  if (known.empty()) return;
  bound.field->set(*work.draft.record, list ? Value{std::move(known)} : Value{known.front()});
}

void RowInterpreter::read_regions(const Bound& bound, const Cell& cell, Work& work) const {
  const std::string text = read_text(cell.text).value;
  std::vector<std::string> known;
  for (const std::string& part : split_list(text)) {
    const RegionMatch match = is_whole_province(fold(part))
                                  ? RegionMatch{RegionMatch::Kind::Exact, std::string(kProvince)}
                                  : with_.regions.resolve(part, kProvince);
    if (!match.code.empty()) {
      known.push_back(match.code);
      continue;
    }
    if (!work.said(bound)) work.say(bound, warning("region.unknown"));
    work.draft.record->extra[std::string(bound.column->header)] = text;
  }
  if (!known.empty()) bound.field->set(*work.draft.record, Value{std::move(known)});
}

void RowInterpreter::read_reference(const Bound& bound, const Cell& cell, Work& work) const {
  const std::string_view header = bound.column->header;
  std::string_view type = bound.field->scheme;
  if (one_of(header, {"证件号码", "护照号", "专家编号"})) type = "person";
  if (header == "统一社会信用代码") type = "organization";
  if (header == "项目编号") type = "project";
  const bool is_number =
      one_of(header, {"证件号码", "护照号"}) || bound.column->reading == Reading::PersonNumber;
  std::string key = is_number ? read_person_number(bound, cell, work) : text_of(&cell);
  if (key.empty()) return;
  work.draft.references.push_back({bound.column, record_type(type), std::move(key)});
}

// A resident number, else a passport of the country that the row names.
std::string RowInterpreter::read_person_number(const Bound& bound, const Cell& cell,
                                               Work& work) const {
  const auto number = read_identity(cell, kResident);
  if (!number.value.empty() && !number.finding) return number.value;
  if (const std::string passport = passport_key(cell, work); !passport.empty()) return passport;
  if (!number.finding) return number.value;
  const bool masked = number.finding->reason == kMaskedNumber;
  work.say(bound, masked ? info("cell.masked") : *number.finding);
  return number.value;
}

std::string RowInterpreter::passport_key(const Cell& cell, const Work& work) const {
  Person person;
  for (const SheetColumn& column : header_.columns) {
    if (column.header != "国籍") continue;
    person.nationality =
        read_term(with_.codes, "country", text_of(work.row->at(column.index))).value;
  }
  person.id_type = kPassport;
  person.id_no = person.nationality.empty() ? "" : read_identity(cell, kPassport).value;
  return type_of<Person>().identity_key(person);
}

void RowInterpreter::settle_identity(Work& work) const {
  const Bound* number = bound("id_no", Reading::Identity);
  const Cell* cell = work.cell(number);
  if (cell == nullptr || work.said(*number)) return;
  const std::string type = work.text(type_, "id_type");
  auto understood = read_identity(*cell, type.empty() ? kResident : std::string_view(type));
  if (understood.finding && understood.finding->reason == kMaskedNumber) {
    work.draft.masked_number = normalise_space(cell->text);
  }
  if (!understood.value.empty() && type.empty()) work.set(type_, "id_type", std::string(kResident));
  const std::string sex = work.text(type_, "sex");
  const Bound* sex_column = bound("sex", Reading::Code);
  const bool resident = !understood.value.empty() && says_birth(work.text(type_, "id_type"));
  if (resident && sex_column != nullptr && !sex.empty() && sex != sex_of(understood.value)) {
    work.say(*sex_column, warning(kSexContradicts));
  }
  work.keep_text(*number, std::move(understood));
}

// The identity number knows the day; the cell decides whether they are about the same birth.
void RowInterpreter::settle_birth(Work& work) const {
  const Bound* by_month = bound("birth", Reading::BirthMonth);
  const Bound* birth = by_month != nullptr ? by_month : bound("birth", Reading::BirthDate);
  if (birth == nullptr || work.said(*birth)) return;
  const std::string number = work.text(type_, "id_no");
  Date known =
      !number.empty() && says_birth(work.text(type_, "id_type")) ? birth_of(number) : Date{};
  const Cell* cell = work.cell(birth);
  auto written =
      cell == nullptr ? Understood<WrittenDate>{} : read_date(*cell, {with_.today, true});
  Date date = written.value.date;
  if (known && date && !may_be_equal(date, known)) {
    written.finding = warning(kBirthContradicts);
  } else if (known) {
    if (by_month != nullptr && !(date && date.day != 0)) known.day = 0;
    const bool completes = cell != nullptr && date != known;
    date = known;
    if (completes) written.finding = info("date.completed");
  }
  work.keep(*birth, written, date ? Value{date} : Value{});
}

void RowInterpreter::settle_region(Work& work) const {
  const Bound* code_column = bound("region", Reading::RegionCode);
  const Bound* name_column = bound("region_text", Reading::RegionName);
  const std::string code_text = code_column == nullptr || work.said(*code_column)
                                    ? ""
                                    : fold(text_of(work.cell(code_column)));
  const std::string name = text_of(work.cell(name_column));
  std::string code;
  if (!code_text.empty()) {
    const RegionMatch match = with_.regions.resolve(code_text, with_.region);
    code = match.code;
    if (match.kind == RegionMatch::Kind::Retired) work.say(*code_column, info("region.retired"));
    if (code.empty()) work.say(*code_column, warning("region.unknown"));
  }
  const bool as_kept = !code.empty() && name == with_.regions.full_name(code);
  if (!name.empty() && !as_kept) code = settle_region_name(*name_column, name, code, work);
  if (!code.empty()) work.set(type_, "region", code);
}

/// What a region name says beside `code` (empty: none) and the code that the two come to.
std::string RowInterpreter::settle_region_name(const Bound& bound, const std::string& name,
                                               std::string code, Work& work) const {
  const RegionMatch match = with_.regions.resolve(name, with_.region);
  const bool apart = !match.code.empty() && !code.empty() &&
                     !with_.regions.within(code, match.code) &&
                     !with_.regions.within(match.code, code);
  if (code.empty()) code = match.code;
  if (apart) {
    work.say(bound, warning("region.contradicts"));
  } else if (match.kind == RegionMatch::Kind::Retired) {
    work.say(bound, info("region.retired"));
  } else if (code.empty()) {
    const bool ambiguous = match.kind == RegionMatch::Kind::Ambiguous;
    work.say(bound, warning(ambiguous ? "region.ambiguous" : "region.unknown"));
    work.set(type_, "region_text", name);
  } else if (fold(name) != fold(with_.regions.full_name(code))) {
    work.say(bound, info("region.rewritten"));
  }
  return code;
}

void RowInterpreter::settle_code(std::string_view code_field, Work& work) const {
  const std::string text_field = std::string(code_field) + "_text";
  const Bound* code_column = bound(code_field, Reading::CodeNumber);
  const Bound* name_column = bound(text_field, Reading::NameOfCode);
  const std::string code_text = text_of(work.cell(code_column));
  const std::string name = text_of(work.cell(name_column));
  const Field* field = type_.field(code_field);
  if (field == nullptr) return;
  const Term* term = nullptr;
  if (!is_placeholder(code_text)) {
    const auto found = with_.codes.named(field->scheme, code_text);
    term = found.empty() ? nullptr : found.front();
    if (term == nullptr) work.say(*code_column, warning("code.unknown"));
  }
  if (term == nullptr && !name.empty()) term = only_term(with_.codes, field->scheme, name);
  if (term != nullptr) field->set(*work.draft.record, Value{term->code});
  const bool says_more = !name.empty() && (term == nullptr || fold(term->shown()) != fold(name));
  if (says_more) work.set(type_, text_field, name);
}

void RowInterpreter::settle_title_grade(Work& work) const {
  constexpr std::string_view kFlag = "grade:";
  const std::string title = work.text(type_, "title");
  if (title.empty() || !work.text(type_, "title_grade").empty()) return;
  const auto terms = with_.codes.named("title_name", title);
  if (terms.empty()) return;
  for (const std::string& flag : terms.front()->flags) {
    if (!flag.starts_with(kFlag)) continue;
    const auto grade = read_term(with_.codes, "title_grade", flag.substr(kFlag.size()));
    if (!grade.value.empty()) work.set(type_, "title_grade", grade.value);
  }
}

// A participation that names neither person, unit nor project is the region's own.
void RowInterpreter::settle_subject(Work& work) const {
  if (kind_.column(Reading::Subject) == nullptr) return;
  const std::string region = work.text(type_, "region");
  const auto& references = work.draft.references;
  const auto subject = std::find_if(references.begin(), references.end(), [](const auto& named) {
    return named.column->reading == Reading::Subject;
  });
  if (subject != references.end()) {
    work.set(type_, "subject_type", std::string(subject->type->name));
  } else if (region.size() == 6) {
    work.set(type_, "subject_type", std::string("region"));
    work.set(type_, "subject", region);
  }
}

void RowInterpreter::settle_parties(Work& work) const {
  for (const Bound& bound : bounds_) {
    const Cell* cell = work.cell(&bound);
    if (bound.column->reading != Reading::Party || cell == nullptr || work.said(bound)) continue;
    const Field* kind = party_type_field(type_, *bound.field);
    settle_party(bound, to_text(kind->get(*work.draft.record)), *cell, work);
  }
}

// A record is looked up by the number that offices give; a place of a code table by code or name.
void RowInterpreter::settle_party(const Bound& bound, const std::string& kind, const Cell& cell,
                                  Work& work) const {
  const std::string text = text_of(&cell);
  const PartyNaming naming = party_naming(kind);
  if (is_placeholder(text) || naming == PartyNaming::Unknown) return;
  if (naming != PartyNaming::TermCode) {
    const auto number = read_identity(cell, kResident);
    const bool is_identity = kind == "person" && !number.value.empty();
    work.draft.references.push_back(
        {bound.column, record_type(kind), is_identity ? number.value : text});
    return;
  }
  std::string code;
  if (kind == "region") {
    code = with_.regions.resolve(text, with_.region).code;
  } else if (const Term* term = only_term(with_.codes, kind, text)) {
    code = term->code;
  }
  if (code.empty()) return work.say(bound, warning("code.unknown"));
  bound.field->set(*work.draft.record, code);
}

// The three cells of a row make one milestone; the planner puts the rows of a project together.
void RowInterpreter::settle_milestone(Work& work) const {
  const Bound* name = bound("milestones", Reading::MilestoneName);
  const std::string text = text_of(work.cell(name));
  if (is_placeholder(text)) return;
  Milestone milestone{text, {}, {}, {}};
  std::replace(milestone.name.begin(), milestone.name.end(), '|', '/');
  const Bound* due = bound("milestones", Reading::MilestoneDue);
  if (const Cell* cell = work.cell(due)) {
    const auto date = read_date(*cell, {with_.today, false});
    if (date.finding) work.say(*due, *date.finding);
    milestone.due = date.value.date;
  }
  const Bound* status = bound("milestones", Reading::MilestoneStatus);
  if (const Cell* cell = work.cell(status)) {
    const auto term = read_term(with_.codes, "milestone_status", text_of(cell));
    if (term.finding) work.say(*status, *term.finding);
    milestone.status = term.value;
  }
  name->field->set(*work.draft.record, std::vector<std::string>{to_text(milestone)});
}

void RowInterpreter::note_blanks(Work& work) const {
  for (const Bound& bound : bounds_) {
    if (bound.column->presence != Presence::Noticed || work.said(bound)) continue;
    const std::string text = text_of(work.cell(&bound));
    if (is_placeholder(text)) work.say(bound, {"missing", Severity::Notice, {}});
  }
}

void RowInterpreter::note_lacking(Work& work) const {
  std::set<std::string_view> referred;
  for (const PendingReference& reference : work.draft.references) {
    referred.insert(reference.column->field);
  }
  for (const Column& column : kind_.columns) {
    if (column.presence != Presence::Required || referred.contains(column.field)) continue;
    if (work.text(type_, column.field).empty()) {
      work.draft.lacking = &column;
      return;
    }
  }
  // A need without a place can be matched with nobody; either of two columns may say it.
  const Column* place = kind_.name == "needs" ? kind_.column(Reading::RegionCode) : nullptr;
  if (place != nullptr && work.text(type_, place->field).empty()) work.draft.lacking = place;
}

}  // namespace chucai::importers
