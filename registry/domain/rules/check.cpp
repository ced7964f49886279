#include "registry/domain/rules/check.h"

#include <algorithm>

#include "registry/domain/assessment.h"
#include "registry/domain/document.h"
#include "registry/domain/engagement.h"
#include "registry/domain/identity.h"
#include "registry/domain/link.h"
#include "registry/domain/office_term.h"
#include "registry/domain/organization.h"
#include "registry/domain/participation.h"
#include "registry/domain/party.h"
#include "registry/domain/program.h"
#include "registry/domain/project.h"
#include "registry/domain/rules/exit_rule.h"
#include "registry/domain/text.h"
#include "registry/domain/work.h"

namespace chucai {
namespace {

constexpr std::size_t kTextLimit = 2000;  // code points; MariaDB's TEXT holds four bytes of each
constexpr std::size_t kKeyLimit = 100;    // texts that stand in a unique key
constexpr std::size_t kTitleLimit = 300;  // titles and payees, which stand in one with few others
constexpr std::size_t kQuoteLimit = 40;   // code points of input that a message may quote
constexpr std::int64_t kNumberLimit = 1'000'000'000'000'000;

class Checker {
 public:
  Checker(const RecordType& type, Record& draft, const RuleContext& context)
      : type_(type), draft_(draft), context_(context) {}

  std::vector<Problem> run() {
    for (const Field& field : type_.fields) check_field(field);
    for (const Field& field : type_.fields) check_party(field);
    if (type_.name == "person") check_person(static_cast<Person&>(draft_));
    if (type_.name == "organization") check_organization(static_cast<Organization&>(draft_));
    if (type_.name == "program") check_program(static_cast<Program&>(draft_));
    if (type_.name == "round") check_round(static_cast<Round&>(draft_));
    if (type_.name == "target") check_target(static_cast<Target&>(draft_));
    if (type_.name == "participation") check_participation(static_cast<Participation&>(draft_));
    if (type_.name == "need") check_need(static_cast<Need&>(draft_));
    if (type_.name == "engagement") check_engagement(static_cast<Engagement&>(draft_));
    if (type_.name == "project") check_project(static_cast<Project&>(draft_));
    if (type_.name == "assessment") check_assessment(static_cast<Assessment&>(draft_));
    if (type_.name == "link") check_link(static_cast<Link&>(draft_));
    if (type_.name == "document") check_document(static_cast<Document&>(draft_));
    if (type_.name == "term") check_term(static_cast<OfficeTerm&>(draft_));
    if (type_.name == "work") check_range("year", static_cast<Work&>(draft_).year, 1900, 2200);
    return std::move(problems_);
  }

 private:
  void problem(std::string reason, std::string_view where, std::vector<std::string> params = {}) {
    problems_.push_back({std::move(reason), std::string(where), std::move(params)});
  }

  static std::string quote(std::string_view text) {
    std::size_t at = 0;
    for (std::size_t n = 0; n < kQuoteLimit && at < text.size(); ++n) next_code_point(text, at);
    return std::string(text.substr(0, at));
  }

  void check_field(const Field& field) {
    const Value value = field.get(draft_);
    if (std::holds_alternative<std::monostate>(value)) {
      if (field.required) problem("field.required", field.name);
      return;
    }
    switch (field.type) {
      case FieldType::Text:
        check_text(field, std::get<std::string>(value));
        break;
      case FieldType::Code:
        check_code(field, std::get<std::string>(value));
        break;
      case FieldType::List:
        check_list(field, std::get<std::vector<std::string>>(value));
        break;
      case FieldType::Date:
        check_date(field, std::get<Date>(value));
        break;
      case FieldType::Integer:
        check_integer(field, std::get<std::int64_t>(value));
        break;
      case FieldType::Ref:
      case FieldType::Sealed:
        break;
    }
  }

  std::size_t limit_of(const Field& field) const {
    if (field.name == type_.number || party_type_field(type_, field) ||
        one_of(field.name, {"label", "program", "round", "code", "period"}) ||
        (one_of(type_.name, {"assessment", "term"}) && field.name == "scheme")) {
      return kKeyLimit;
    }
    const bool in_key = one_of(field.name, {"title", "payee"}) ||
                        (type_.name == "document" && one_of(field.name, {"name", "issuer"}));
    return in_key ? kTitleLimit : kTextLimit;
  }

  void check_text(const Field& field, const std::string& text) {
    if (!is_utf8(text)) return problem("field.encoding", field.name);
    const std::string clean = tidy(text);
    const std::size_t limit = limit_of(field);
    if (code_points(clean) > limit) {
      return problem("field.too_long", field.name, {std::to_string(limit)});
    }
    field.set(draft_, clean.empty() ? Value{} : Value{clean});
    if (clean.empty() && field.required) problem("field.required", field.name);
  }

  bool known(std::string_view scheme, const std::string& code, std::string_view where) {
    const Term* term = context_.codes->find(scheme, code);
    if (!term) {
      problem("field.code.unknown", where, {is_utf8(code) ? quote(code) : "?"});
      return false;
    }
    if (!term->successor.empty()) {
      problem("field.code.retired", where, {code, term->successor});
      return false;
    }
    return true;
  }

  void check_code(const Field& field, const std::string& code) {
    known(field.scheme, code, field.name);
  }

  void check_list(const Field& field, std::vector<std::string> list) {
    for (std::string& part : list) {
      if (!is_utf8(part)) return problem("field.encoding", field.name);
      if (!field.scheme.empty()) {
        known(field.scheme, part, field.name);
        continue;
      }
      part = tidy(part);
      if (code_points(part) > kKeyLimit) {
        problem("field.too_long", field.name, {std::to_string(kKeyLimit)});
      }
    }
    std::erase(list, std::string());
    field.set(draft_, list.empty() ? Value{} : Value{list});
  }

  void check_date(const Field& field, Date date) {
    if (!is_real(date) || date.year < 1850 || date.year > 2200) {
      problem("field.date", field.name);
    }
  }

  void check_integer(const Field& field, std::int64_t number) {
    if (number < 0 || number > kNumberLimit) {
      problem("field.range", field.name, {"0", std::to_string(kNumberLimit)});
    }
  }

  void check_range(std::string_view where, std::optional<std::int64_t> number, std::int64_t low,
                   std::int64_t high) {
    if (number && (*number < low || *number > high)) {
      problem("field.range", where, {std::to_string(low), std::to_string(high)});
    }
  }

  void check_order(Date from, Date to, std::string_view where) {
    if (from && to && is_real(from) && is_real(to) && to.year != 0 &&
        first_day(to) < first_day(from) && !(to.month == 0 && to.year == from.year) &&
        !(to.day == 0 && to.year == from.year && to.month == from.month)) {
      problem("field.date.order", where, {to_text(from)});
    }
  }

  void check_uscc_field(std::string& uscc, std::string_view where) {
    if (uscc.empty()) return;
    const auto checked = check_uscc(uscc);
    if (checked) {
      uscc = *checked;
    } else {
      problem(checked.error().problem.reason, where, checked.error().problem.params);
    }
  }

  void check_phone(std::string& phone, std::string_view where) {
    if (phone.empty()) return;
    const bool ok = phone.size() >= 5 && phone.size() <= 30 &&
                    std::all_of(phone.begin(), phone.end(), [](char c) {
                      return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == ' ' ||
                             c == '(' || c == ')' || c == '*';
                    });
    if (!ok) problem("field.phone", where);
  }

  void check_identity_number(Person& person) {
    // A mask comes back with a record that was read: it stands for the number that is stored.
    if (person.id_no.empty() || person.id_no.find('*') != std::string::npos) return;
    if (person.id_type.empty()) person.id_type = "111";
    const auto checked = check_identity(person.id_type, person.id_no);
    if (!checked) {
      return problem(checked.error().problem.reason, "id_no", checked.error().problem.params);
    }
    person.id_no = checked->number;
    if (person.id_type != "111" && person.id_type != "112" && person.id_type != "113") return;
    if (person.nationality.empty()) person.nationality = "CN";
    const Date born = birth_of(person.id_no);
    const Date said = person.birth;
    const bool agrees =
        !said || (said.year == born.year && (said.month == 0 || said.month == born.month) &&
                  (said.day == 0 || said.day == born.day));
    if (!agrees) return problem("person.birth.contradicts", "birth");
    person.birth = born;
    const std::string sex = sex_of(person.id_no);
    if (person.sex.empty()) person.sex = sex;
    if ((person.sex == "1" || person.sex == "2") && person.sex != sex) {
      problem("person.sex.contradicts", "sex");
    }
  }

  void check_person(Person& person) {
    check_identity_number(person);
    check_uscc_field(person.employer_uscc, "employer_uscc");
    check_phone(person.phone, "phone");
    if (person.birth && is_real(person.birth) &&
        first_day(person.birth) > first_day(context_.today)) {
      problem("person.birth.future", "birth");
    }
    if (!person.email.empty() && person.email.find('@') == std::string::npos) {
      problem("field.email", "email");
    }
    check_range("days_per_year", person.days_per_year, 0, 366);
    if (person.roles.empty()) {
      add_role(person, person.expert_no.empty() ? role::kTalent : role::kExpert);
    }
    if (person.status.empty()) person.status = "active";
  }

  void check_organization(Organization& organization) {
    check_uscc_field(organization.uscc, "uscc");
    check_phone(organization.phone, "phone");
  }

  void check_program(const Program& program) {
    const auto rule = parse_exit_rule(*context_.codes, program.exit_rule);
    if (!rule) {
      problem("program.exit_rule", "exit_rule", {quote(rule.error().problem.params.front())});
    }
  }

  void check_round(Round& round) {
    check_order(round.start, round.end, "end");
    if (!round.ordinal) round.ordinal = ordinal_in(round.label);
  }

  void check_target(const Target& target) { check_range("year", target.year, 1949, 2200); }

  void check_participation(Participation& participation) {
    if (participation.status.empty()) participation.status = "selected";
    check_order(participation.start, participation.end, "end");
    if (participation.status == "exited" && participation.exit_reason.empty()) {
      problem("participation.exit_reason", "exit_reason");
    }
  }

  void check_need(Need& need) {
    check_uscc_field(need.requester_uscc, "requester_uscc");
    check_phone(need.phone, "phone");
    check_range("headcount", need.headcount, 1, 10'000);
    check_range("days", need.days, 0, 3660);
    check_order(need.open_date, need.close_date, "close_date");
    if (need.status.empty()) need.status = "accepted";
  }

  void check_engagement(Engagement& engagement) {
    if (engagement.status.empty()) engagement.status = "enrolled";
    check_order(engagement.start, engagement.end, "end");
  }

  // A party named by a term; one named by a record is looked up by the use case.
  void check_party(const Field& field) {
    const Field* kind = party_type_field(type_, field);
    if (!kind) return;
    const std::string kind_text = to_text(kind->get(draft_));
    const std::string name = to_text(field.get(draft_));
    if (!name.empty() && party_naming(kind_text) == PartyNaming::TermCode) {
      known(kind_text, name, field.name);
    }
  }

  void check_project(Project& project) {
    check_uscc_field(project.host_uscc, "host_uscc");
    check_order(project.start, project.end, "end");
    for (std::string& line : project.milestones) check_milestone(line);
    if (project.status.empty()) project.status = "on_track";
  }

  void check_milestone(std::string& line) {
    const auto milestone = parse_milestone(line);
    if (!milestone) return problem("project.milestone", "milestones", {quote(line)});
    if (!milestone->status.empty()) known("milestone_status", milestone->status, "milestones");
    line = to_text(*milestone);
  }

  void check_assessment(const Assessment& assessment) {
    check_range("score_hundredths", assessment.score_hundredths, 0, 100'000);
  }

  void check_link(const Link& link) {
    check_order(link.start, link.end, "end");
    if (!link.from.empty() && link.from_type == link.to_type && link.from == link.to) {
      problem("link.self", "to");
    }
  }

  void check_term(const OfficeTerm& term) {
    check_order(term.valid_from, term.valid_to, "valid_to");
    const bool is_new = term.version == 0;
    if (is_closed_scheme(term.scheme)) {
      problem("term.scheme.closed", "scheme", {quote(term.scheme)});
    } else if (is_new && context_.codes->find(term.scheme, term.code)) {
      problem("term.exists", "code", {quote(term.code)});
    }
    if (!term.parent.empty()) known(term.scheme, term.parent, "parent");
  }

  void check_document(const Document& document) {
    check_order(document.valid_from, document.valid_to, "valid_to");
  }

  const RecordType& type_;
  Record& draft_;
  const RuleContext& context_;
  std::vector<Problem> problems_;
};

}  // namespace

std::vector<Problem> check_draft(const RecordType& type, Record& draft,
                                 const RuleContext& context) {
  return Checker(type, draft, context).run();
}

}  // namespace chucai
