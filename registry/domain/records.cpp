// The field tables of people, units, programmes, needs and engagements: one line a field, in the
// order in which people see them. Those of projects, money, reviews, relations, papers and works
// stand in outcome_records.cpp.
#include <algorithm>

#include "registry/domain/assessment.h"
#include "registry/domain/document.h"
#include "registry/domain/engagement.h"
#include "registry/domain/fund_entry.h"
#include "registry/domain/link.h"
#include "registry/domain/office_term.h"
#include "registry/domain/organization.h"
#include "registry/domain/participation.h"
#include "registry/domain/program.h"
#include "registry/domain/project.h"
#include "registry/domain/record_tables.h"
#include "registry/domain/text.h"
#include "registry/domain/work.h"

namespace chucai {
namespace {

using enum FieldType;
using enum Sensitivity;

constexpr bool kRequired = true;
constexpr bool kOptional = false;

constexpr Field kPersonFields[] = {
    field<&Person::expert_no>("expert_no", Text),
    field<&Person::name>("name", Text, "", kRequired, Personal),
    field<&Person::sex>("sex", Code, "sex", kOptional, Personal),
    field<&Person::birth>("birth", FieldType::Date, "", kOptional, Personal),
    field<&Person::nationality>("nationality", Code, "country"),
    field<&Person::id_type>("id_type", Code, "id_type"),
    field<&Person::id_no>("id_no", Sealed, "id_type", kOptional, Secret),
    field<&Person::ethnic>("ethnic", Code, "ethnic", kOptional, Personal),
    field<&Person::native_place>("native_place", Text, "", kOptional, Personal),
    field<&Person::political>("political", Code, "political", kOptional, Personal),
    field<&Person::education>("education", Code, "education"),
    field<&Person::degree>("degree", Code, "degree"),
    field<&Person::school>("school", Text),
    field<&Person::major>("major", Text),
    field<&Person::work_start>("work_start", FieldType::Date),
    field<&Person::employer>("employer", Text),
    field<&Person::employer_uscc>("employer_uscc", Text),
    field<&Person::post>("post", Text),
    field<&Person::title>("title", Text),
    field<&Person::title_grade>("title_grade", Code, "title_grade"),
    field<&Person::skill_grade>("skill_grade", Code, "skill_grade"),
    field<&Person::talent_category>("talent_category", Code, "talent_category"),
    field<&Person::industry>("industry", Code, "industry"),
    field<&Person::industry_text>("industry_text", Text),
    field<&Person::discipline>("discipline", Code, "discipline"),
    field<&Person::discipline_text>("discipline_text", Text),
    field<&Person::region>("region", Code, "region"),
    field<&Person::region_text>("region_text", Text),
    field<&Person::research>("research", List),
    field<&Person::languages>("languages", List, "language"),
    field<&Person::honours>("honours", List),
    field<&Person::service_modes>("service_modes", List, "service_mode"),
    field<&Person::service_regions>("service_regions", List, "region"),
    field<&Person::days_per_year>("days_per_year", Integer),
    field<&Person::phone>("phone", Text, "", kOptional, Contact),
    field<&Person::email>("email", Text, "", kOptional, Contact),
    field<&Person::note>("note", Text),
    field<&Person::roles>("roles", List, "person_role"),
    field<&Person::status>("status", Code, "person_status"),
};

constexpr Field kOrganizationFields[] = {
    field<&Organization::name>("name", Text, "", kRequired),
    field<&Organization::uscc>("uscc", Text),
    field<&Organization::kind>("kind", Code, "org_kind"),
    field<&Organization::level>("level", Text),
    field<&Organization::region>("region", Code, "region"),
    field<&Organization::industry>("industry", Code, "industry"),
    field<&Organization::parent>("parent", Text),
    field<&Organization::contact>("contact", Text, "", kOptional, Personal),
    field<&Organization::phone>("phone", Text, "", kOptional, Contact),
    field<&Organization::note>("note", Text),
};

constexpr Field kProgramFields[] = {
    field<&Program::code>("code", Text, "", kRequired),
    field<&Program::seed_item>("seed_item", Text),
    field<&Program::name_zh>("name_zh", Text),
    field<&Program::name_en>("name_en", Text),
    field<&Program::kind>("kind", Code, "program_kind", kRequired),
    field<&Program::parent>("parent", Text),
    field<&Program::rule>("rule", Code, "coverage_rule", kRequired),
    field<&Program::rule2>("rule2", Code, "coverage_rule"),
    field<&Program::counted>("counted", Code, "counted"),
    field<&Program::unit>("unit", Code, "coverage_unit"),
    field<&Program::coverage>("coverage", Text),
    field<&Program::lead_office>("lead_office", Text),
    field<&Program::exit_rule>("exit_rule", Text),
    field<&Program::import_columns>("import_columns", Text),
};

constexpr Field kRoundFields[] = {
    field<&Round::program>("program", Text, "", kRequired),
    field<&Round::label>("label", Text, "", kRequired),
    field<&Round::ordinal>("ordinal", Integer),
    field<&Round::start>("start", FieldType::Date),
    field<&Round::end>("end", FieldType::Date),
    field<&Round::place>("place", Text),
    field<&Round::region>("region", Code, "region"),
    field<&Round::industry>("industry", Code, "industry"),
    field<&Round::host>("host", Text),
    field<&Round::capacity>("capacity", Integer),
};

constexpr Field kTargetFields[] = {
    field<&Target::program>("program", Text, "", kRequired),
    field<&Target::year>("year", Integer, "", kRequired),
    field<&Target::region>("region", Code, "region"),
    field<&Target::dimension>("dimension", Text),
    field<&Target::metric>("metric", Text),
    field<&Target::value>("value", Integer, "", kRequired),
    field<&Target::source_doc>("source_doc", Text),
};

constexpr Field kParticipationFields[] = {
    field<&Participation::program>("program", Text, "", kRequired),
    field<&Participation::round>("round", Text),
    field<&Participation::subject_type>("subject_type", Code, "subject_type", kRequired),
    field<&Participation::subject>("subject", Text, "", kRequired),
    field<&Participation::status>("status", Code, "participation_status"),
    field<&Participation::selected_on>("selected_on", FieldType::Date),
    field<&Participation::host>("host", Text),
    field<&Participation::region>("region", Code, "region"),
    field<&Participation::tier>("tier", Text),
    field<&Participation::start>("start", FieldType::Date),
    field<&Participation::end>("end", FieldType::Date),
    field<&Participation::exit_on>("exit_on", FieldType::Date),
    field<&Participation::exit_reason>("exit_reason", Code, "exit_reason"),
    field<&Participation::note>("note", Text),
    field<&Participation::evidence>("evidence", Ref, "document"),
};

constexpr Field kNeedFields[] = {
    field<&Need::number>("number", Text, "", kRequired),
    field<&Need::requester>("requester", Text, "", kRequired),
    field<&Need::requester_uscc>("requester_uscc", Text),
    field<&Need::name>("name", Text, "", kRequired),
    field<&Need::kind>("kind", Text),
    field<&Need::region>("region", Code, "region"),
    field<&Need::region_text>("region_text", Text),
    field<&Need::industry>("industry", Code, "industry"),
    field<&Need::industry_text>("industry_text", Text),
    field<&Need::discipline>("discipline", Code, "discipline"),
    field<&Need::discipline_text>("discipline_text", Text),
    field<&Need::description>("description", Text),
    field<&Need::title_floor>("title_floor", Code, "title_floor"),
    field<&Need::education_floor>("education_floor", Code, "education_floor"),
    field<&Need::headcount>("headcount", Integer, "", kRequired),
    field<&Need::service_mode>("service_mode", Code, "service_mode"),
    field<&Need::days>("days", Integer),
    field<&Need::languages>("languages", List, "language"),
    field<&Need::open_date>("open_date", FieldType::Date),
    field<&Need::close_date>("close_date", FieldType::Date),
    field<&Need::budget_fen>("budget_fen", Integer),
    field<&Need::program>("program", Text),
    field<&Need::rural_category>("rural_category", Text),
    field<&Need::contact>("contact", Text, "", kOptional, Personal),
    field<&Need::phone>("phone", Text, "", kOptional, Contact),
    field<&Need::status>("status", Code, "need_status"),
};

constexpr Field kEngagementFields[] = {
    field<&Engagement::number>("number", Text, "", kRequired),
    field<&Engagement::need>("need", Ref, "need", kRequired),
    field<&Engagement::person>("person", Ref, "person", kRequired),
    field<&Engagement::enrolled_on>("enrolled_on", FieldType::Date),
    field<&Engagement::channel>("channel", Text),
    field<&Engagement::status>("status", Code, "engagement_status"),
    field<&Engagement::start>("start", FieldType::Date),
    field<&Engagement::end>("end", FieldType::Date),
    field<&Engagement::satisfaction>("satisfaction", Code, "satisfaction"),
    field<&Engagement::decline_reason>("decline_reason", Text),
    field<&Engagement::region>("region", Code, "region"),
};

std::string person_key(const Record& record) {
  return static_cast<const Person&>(record).expert_no;
}

// A resident number is one person whichever paper shows it; a passport only with its country.
std::string identity_key(const Record& record) {
  const auto& person = static_cast<const Person&>(record);
  if (person.id_no.empty()) return {};
  if (one_of(person.id_type, {"", "111", "112", "113", "554"})) {
    return joined_key({"resident", person.id_no});
  }
  return joined_key({person.id_type, person.nationality, person.id_no});
}

std::string organization_key(const Record& record) {
  const auto& organization = static_cast<const Organization&>(record);
  return organization.uscc.empty() ? joined_key({organization.name, organization.region})
                                   : organization.uscc;
}

std::string program_key(const Record& record) {
  return static_cast<const Program&>(record).code;
}

std::string round_key(const Record& record) {
  const auto& round = static_cast<const Round&>(record);
  return joined_key({round.program, round.label});
}

std::string target_key(const Record& record) {
  const auto& target = static_cast<const Target&>(record);
  return joined_key({target.program, std::to_string(target.year.value_or(0)), target.region,
                     target.dimension, target.metric});
}

std::string participation_key(const Record& record) {
  const auto& participation = static_cast<const Participation&>(record);
  return joined_key({participation.program, participation.round, participation.subject_type,
                     participation.subject});
}

std::string need_key(const Record& record) {
  return static_cast<const Need&>(record).number;
}

std::string engagement_key(const Record& record) {
  return static_cast<const Engagement&>(record).number;
}

}  // namespace

std::string joined_key(std::initializer_list<std::string_view> parts) {
  std::string key;
  for (const std::string_view part : parts) {
    if (!key.empty()) key += '\x1f';
    key += part;
  }
  return key;
}

template <>
const RecordType& type_of<Person>() {
  static const RecordType type{
      "person",   "person",    "people", "expert_no", "region", kPersonFields, make_record<Person>,
      person_key, identity_key};
  return type;
}

template <>
const RecordType& type_of<Organization>() {
  static const RecordType type{
      "organization", "organization",      "organizations",           "uscc",
      "region",       kOrganizationFields, make_record<Organization>, organization_key};
  return type;
}

template <>
const RecordType& type_of<Program>() {
  static const RecordType type{"program", "program",      "programs",           "code",
                               "",        kProgramFields, make_record<Program>, program_key};
  return type;
}

template <>
const RecordType& type_of<Round>() {
  static const RecordType type{"round",  "program_round", "rounds",           "",
                               "region", kRoundFields,    make_record<Round>, round_key};
  return type;
}

template <>
const RecordType& type_of<Target>() {
  static const RecordType type{"target", "target",      "targets",           "",
                               "region", kTargetFields, make_record<Target>, target_key};
  return type;
}

template <>
const RecordType& type_of<Participation>() {
  static const RecordType type{
      "participation", "participation",      "participations",           "",
      "region",        kParticipationFields, make_record<Participation>, participation_key};
  return type;
}

template <>
const RecordType& type_of<Need>() {
  static const RecordType type{"need",   "need",      "needs",           "number",
                               "region", kNeedFields, make_record<Need>, need_key};
  return type;
}

template <>
const RecordType& type_of<Engagement>() {
  static const RecordType type{
      "engagement", "engagement",      "engagements",           "number",
      "region",     kEngagementFields, make_record<Engagement>, engagement_key};
  return type;
}

std::span<const RecordType* const> record_types() {
  static const RecordType* const types[] = {
      &type_of<Person>(),     &type_of<Organization>(),  &type_of<Program>(),
      &type_of<Round>(),      &type_of<Target>(),        &type_of<Project>(),
      &type_of<Document>(),   &type_of<Participation>(), &type_of<Need>(),
      &type_of<Engagement>(), &type_of<FundEntry>(),     &type_of<Assessment>(),
      &type_of<Link>(),       &type_of<Work>(),          &type_of<OfficeTerm>()};
  return types;
}

const RecordType* record_type(std::string_view name) {
  for (const RecordType* type : record_types()) {
    if (type->name == name) return type;
  }
  return nullptr;
}

bool holds(const Person& person, std::string_view role) {
  return std::find(person.roles.begin(), person.roles.end(), role) != person.roles.end();
}

void add_role(Person& person, std::string_view role) {
  if (!holds(person, role)) person.roles.emplace_back(role);
}

bool is_open(const Need& need) {
  return one_of(need.status, {"accepted", "matching", "partly_filled"});
}

bool counts_as_load(const Engagement& engagement) {
  return !one_of(engagement.status,
                 {"enrolled", "declined", "lapsed", "cancelled", "rejected", "terminated"});
}

bool fills_seat(const Engagement& engagement) {
  return one_of(engagement.status,
                {"accepted", "dispatched", "on_duty", "returned", "completed", "evaluated"});
}

}  // namespace chucai
