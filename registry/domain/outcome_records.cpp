// Field tables of what programmes leave behind: projects, money, reviews, relations, papers, works;
// and of the terms that offices add.
#include "registry/domain/assessment.h"
#include "registry/domain/document.h"
#include "registry/domain/fund_entry.h"
#include "registry/domain/link.h"
#include "registry/domain/office_term.h"
#include "registry/domain/party.h"
#include "registry/domain/project.h"
#include "registry/domain/record_tables.h"
#include "registry/domain/text.h"
#include "registry/domain/work.h"

namespace chucai {
namespace {

using enum FieldType;

constexpr bool kRequired = true;

constexpr Field kProjectFields[] = {
    field<&Project::number>("number", Text, "", kRequired),
    field<&Project::name>("name", Text, "", kRequired),
    field<&Project::kind>("kind", Text),
    field<&Project::program>("program", Text),
    field<&Project::host>("host", Text),
    field<&Project::host_uscc>("host_uscc", Text),
    field<&Project::region>("region", Code, "region"),
    field<&Project::region_text>("region_text", Text),
    field<&Project::industry>("industry", Code, "industry"),
    field<&Project::industry_text>("industry_text", Text),
    field<&Project::discipline>("discipline", Code, "discipline"),
    field<&Project::discipline_text>("discipline_text", Text),
    field<&Project::lead_name>("lead_name", Text, "", false, Sensitivity::Personal),
    field<&Project::lead>("lead", Ref, "person"),
    field<&Project::start>("start", FieldType::Date),
    field<&Project::end>("end", FieldType::Date),
    field<&Project::budget_fen>("budget_fen", Integer),
    field<&Project::milestones>("milestones", List),
    field<&Project::countries>("countries", List, "country"),
    field<&Project::summary>("summary", Text),
    field<&Project::status>("status", Code, "project_status"),
};

constexpr Field kFundEntryFields[] = {
    field<&FundEntry::program>("program", Text, "", kRequired),
    field<&FundEntry::round>("round", Text),
    field<&FundEntry::region>("region", Code, "region"),
    field<&FundEntry::payee>("payee", Text, "", false, Sensitivity::Personal),
    field<&FundEntry::type>("type", Code, "fund_type", kRequired),
    field<&FundEntry::amount_fen>("amount_fen", Integer, "", kRequired),
    field<&FundEntry::on>("on", FieldType::Date, "", kRequired),
    field<&FundEntry::voucher>("voucher", Text),
};

constexpr Field kAssessmentFields[] = {
    field<&Assessment::subject_type>("subject_type", Code, "party_type", kRequired),
    field<&Assessment::subject>("subject", Text, "", kRequired),
    field<&Assessment::scheme>("scheme", Text, "", kRequired),
    field<&Assessment::period>("period", Text, "", kRequired),
    field<&Assessment::score_hundredths>("score_hundredths", Integer),
    field<&Assessment::grade>("grade", Text),
    field<&Assessment::on>("on", FieldType::Date),
    field<&Assessment::assessor>("assessor", Text),
    field<&Assessment::program>("program", Text),
    field<&Assessment::region>("region", Code, "region"),
};

constexpr Field kLinkFields[] = {
    field<&Link::from_type>("from_type", Code, "party_type", kRequired),
    field<&Link::from>("from", Text, "", kRequired),
    field<&Link::relation>("relation", Code, "link_type", kRequired),
    field<&Link::to_type>("to_type", Code, "party_type", kRequired),
    field<&Link::to>("to", Text, "", kRequired),
    field<&Link::start>("start", FieldType::Date),
    field<&Link::end>("end", FieldType::Date),
    field<&Link::note>("note", Text),
    field<&Link::program>("program", Text),
    field<&Link::region>("region", Code, "region"),
};

constexpr Field kDocumentFields[] = {
    field<&Document::name>("name", Text, "", kRequired),
    field<&Document::number>("number", Text),
    field<&Document::issuer>("issuer", Text),
    field<&Document::issued_on>("issued_on", FieldType::Date),
    field<&Document::valid_from>("valid_from", FieldType::Date),
    field<&Document::valid_to>("valid_to", FieldType::Date),
    field<&Document::level>("level", Text),
    field<&Document::region>("region", Code, "region"),
    field<&Document::program>("program", Text),
};

constexpr Field kWorkFields[] = {
    field<&Work::person>("person", Ref, "person", kRequired),
    field<&Work::title>("title", Text, "", kRequired),
    field<&Work::summary>("summary", Text),
    field<&Work::year>("year", Integer),
    field<&Work::kind>("kind", Text),
    field<&Work::authors>("authors", List),
    field<&Work::region>("region", Code, "region"),
};

constexpr Field kOfficeTermFields[] = {
    field<&OfficeTerm::scheme>("scheme", Text, "", kRequired),
    field<&OfficeTerm::code>("code", Text, "", kRequired),
    field<&OfficeTerm::name>("name", Text, "", kRequired),
    field<&OfficeTerm::name_en>("name_en", Text),
    field<&OfficeTerm::parent>("parent", Text),
    field<&OfficeTerm::aliases>("aliases", List),
    field<&OfficeTerm::valid_from>("valid_from", FieldType::Date),
    field<&OfficeTerm::valid_to>("valid_to", FieldType::Date),
    field<&OfficeTerm::flags>("flags", List),
};

std::string term_key(const Record& record) {
  const auto& term = static_cast<const OfficeTerm&>(record);
  return joined_key({term.scheme, term.code});
}

std::string project_key(const Record& record) {
  return static_cast<const Project&>(record).number;
}

// Without a voucher the same money to the same payee on the same day is the same entry.
std::string fund_key(const Record& record) {
  const auto& entry = static_cast<const FundEntry&>(record);
  if (!entry.voucher.empty()) return entry.voucher;
  return joined_key({entry.program, entry.round, entry.region, entry.payee, entry.type,
                     std::to_string(entry.amount_fen.value_or(0)), to_text(entry.on)});
}

std::string assessment_key(const Record& record) {
  const auto& assessment = static_cast<const Assessment&>(record);
  return joined_key(
      {assessment.subject_type, assessment.subject, assessment.scheme, assessment.period});
}

std::string link_key(const Record& record) {
  const auto& link = static_cast<const Link&>(record);
  return joined_key(
      {link.from_type, link.from, link.relation, link.to_type, link.to, to_text(link.start)});
}

std::string document_key(const Record& record) {
  const auto& document = static_cast<const Document&>(record);
  return document.number.empty() ? joined_key({document.name, document.issuer}) : document.number;
}

std::string work_key(const Record& record) {
  const auto& work = static_cast<const Work&>(record);
  return work.person ? joined_key({id_text(work.person.value), work.title}) : std::string();
}

}  // namespace

const Field* party_type_field(const RecordType& type, const Field& field) {
  return field.type == Text ? type.field(std::string(field.name) + "_type") : nullptr;
}

PartyNaming party_naming(std::string_view party_type) {
  if (party_type == "program") return PartyNaming::ProgramCode;
  if (one_of(party_type, {"region", "industry", "discipline"})) return PartyNaming::TermCode;
  return record_type(party_type) ? PartyNaming::RecordId : PartyNaming::Unknown;
}

template <>
const RecordType& type_of<Project>() {
  static const RecordType type{"project", "project",      "projects",           "number",
                               "region",  kProjectFields, make_record<Project>, project_key};
  return type;
}

template <>
const RecordType& type_of<FundEntry>() {
  static const RecordType type{"fund_entry", "fund_entry",     "fund-entries",         "voucher",
                               "region",     kFundEntryFields, make_record<FundEntry>, fund_key};
  return type;
}

template <>
const RecordType& type_of<Assessment>() {
  static const RecordType type{
      "assessment", "assessment",      "assessments",           "",
      "region",     kAssessmentFields, make_record<Assessment>, assessment_key};
  return type;
}

template <>
const RecordType& type_of<Link>() {
  static const RecordType type{"link",   "link",      "links",           "",
                               "region", kLinkFields, make_record<Link>, link_key};
  return type;
}

template <>
const RecordType& type_of<Document>() {
  static const RecordType type{"document", "document",      "documents",           "number",
                               "region",   kDocumentFields, make_record<Document>, document_key};
  return type;
}

template <>
const RecordType& type_of<OfficeTerm>() {
  static const RecordType type{
      "term", "office_term", "terms", "", "", kOfficeTermFields, make_record<OfficeTerm>, term_key};
  return type;
}

Term to_term(const OfficeTerm& term, const CodeBook& codes) {
  const Term* parent = codes.find(term.scheme, term.parent);
  Term made;
  made.scheme = term.scheme;
  made.code = term.code;
  made.name = term.name;
  made.name_en = term.name_en;
  made.parent = term.parent;
  made.aliases = term.aliases;
  made.flags = term.flags;
  made.valid_from = to_text(term.valid_from);
  made.valid_to = to_text(term.valid_to);
  made.level = parent ? parent->level + 1 : 1;
  return made;
}

bool is_closed_scheme(std::string_view scheme) {
  return scheme.ends_with("_status") ||
         one_of(scheme,
                {"region", "sex", "id_type", "role", "person_role", "program_kind", "coverage_rule",
                 "counted", "coverage_unit", "subject_type", "party_type", "fund_type",
                 "service_mode", "title_grade", "title_floor", "education_floor"});
}

template <>
const RecordType& type_of<Work>() {
  static const RecordType type{"work",   "work",      "works",           "",
                               "region", kWorkFields, make_record<Work>, work_key};
  return type;
}

}  // namespace chucai
