// Every route of the service, driven over a real socket: success, bad input, forbidden, missing.
// One row a request; a route without rows fails the last test.
#include <catch2/catch.hpp>

#include <map>
#include <set>

#include "api/authorizer.h"
#include "api/service.h"
#include "registry/domain/date.h"
#include "registry/domain/engagement.h"
#include "registry/service/accounts.h"
#include "registry/service/records.h"
#include "registry/service/tokens.h"
#include "tests/api/contract.h"
#include "tests/support/builders.h"
#include "tests/support/http_client.h"
#include "tests/support/test_registry.h"

using namespace chucai;
using namespace chucai::testing;

namespace {

/// A running service with a few records, and a token for each kind of asker.
class Service {
 public:
  Service() : matching_(*registry_) {
    Person expert = a_person("沈茶山", "420106198503010007");
    expert.expert_no = "E1";
    expert.roles = {"expert"};
    expert.discipline = "21040";
    expert.title_grade = "2";
    expert.phone = "19912345678";
    expert.research = {"茶叶病害"};
    create(type_of<Person>(), expert);
    Person other = a_person("陆远山", "422801199006151020");
    other.region = "422825";
    create(type_of<Person>(), other);
    Need need = a_need("N1");
    need.discipline = "21040";
    need.open_date = Date{2018, 1, 1};
    need.close_date = Date{2018, 12, 31};
    create(type_of<Need>(), need);
    for (const auto& [who, role, region] :
         {std::tuple{"province", "province_admin", "420000"},
          std::tuple{"operator", "system_admin", "420000"},
          std::tuple{"county", "office_admin", "420106"},
          std::tuple{"analyst", "analyst", "420000"}, std::tuple{"auditor", "auditor", "420000"},
          std::tuple{"desk", "registrar", "420106"},
          std::tuple{"requester", "requester", "422825"}}) {
      const auto token =
          add_token(*registry_, local_operator("tests"), who, role, region, Date{2018, 12, 31});
      REQUIRE(token);
      tokens_[who] = *token;
    }
    Engagement offer;
    offer.number = "B1";
    offer.need = NeedId{need.id};
    offer.person = PersonId{expert.id};
    offer.status = "offered";
    create(type_of<Engagement>(), offer);
    const auto own = add_token(*registry_, province_office(), "expert", "expert_self", "420106",
                               Date{2018, 12, 31}, "E1");
    REQUIRE(own);
    tokens_["expert"] = *own;
    auto server = start_service({}, *registry_, matching_);
    REQUIRE(server);
    server_ = std::move(*server);
  }

  HttpReply ask(const std::string& method, const std::string& target, const std::string& body,
                const std::string& who, const std::string& fields = {}) {
    std::string head = fields;
    if (!who.empty()) head += bearer(who);
    if (!body.empty()) head += "Content-Type: application/json\r\n";
    const auto reply = testing::http(server_->port(), method, target, body, head);
    REQUIRE(reply);
    return *reply;
  }

  std::uint16_t port() const { return server_->port(); }
  std::string bearer(const std::string& who) const {
    return "Authorization: Bearer " + tokens_.at(who) + "\r\n";
  }
  Registry& registry() { return *registry_; }
  Matching& matching() { return matching_; }

 private:
  void create(const RecordType& type, Record& draft) {
    REQUIRE(create_record(*registry_, province_office(), type, draft));
  }

  TestRegistry registry_;
  Matching matching_;
  std::map<std::string, std::string> tokens_;
  std::unique_ptr<http::Server> server_;
};

struct Row {
  const char* method;
  const char* target;
  const char* body;
  const char* who;  // empty: no token
  int status;
  const char* must;      // in the answer
  const char* must_not;  // empty: nothing forbidden
};

constexpr const char* kPerson =
    R"({"name":"周新","id_no":"429004197812043334","region":"420106","phone":"19900000001"})";

constexpr const char* kTwin =
    R"({"name":"周明远","birth":"1985-03","region":"420106","phone":"19900000002"})";

const std::vector<Row> kRows = {
    {"GET", "/healthz", "", "", 200, "ok", ""},
    {"GET", "/readyz", "", "", 200, "ready", ""},
    // tables
    {"GET", "/api/v1/rosters/experts", "", "county", 200, "沈茶山", "420106198503010007"},
    {"GET", "/api/v1/rosters/experts?format=json", "", "county", 200, "沈茶山", "陆远山"},
    {"GET", "/api/v1/rosters/experts?format=xlsx", "", "county", 200, "xl/workbook.xml", "沈茶山"},
    {"GET", "/api/v1/rosters/experts?format=pdf", "", "county", 400, "export.format", ""},
    {"GET", "/api/v1/rosters/experts?colour=red", "", "county", 400, "query.parameter", ""},
    {"GET", "/api/v1/rosters/planets", "", "county", 400, "import.kind", ""},
    {"GET", "/api/v1/rosters/experts", "", "expert", 403, "token.permission", ""},
    {"GET", "/api/v1/templates/experts", "", "county", 200, "xl/workbook.xml", ""},
    {"GET", "/api/v1/templates/planets", "", "county", 400, "import.kind", ""},
    {"GET", "/api/v1/templates/experts?program=none", "", "county", 404, "record.absent", ""},
    {"GET", "/api/v1/templates/experts", "", "", 401, "token.missing", ""},
    {"GET", "/metrics", "", "operator", 200,
     "chucai_http_requests_total{method=\"GET\",route=\"/healthz\",status=\"200\"}", ""},
    {"GET", "/metrics", "", "province", 403, "token.permission", ""},
    {"GET", "/metrics", "", "", 401, "token.missing", ""},
    {"GET", "/openapi.json", "", "", 200, "\"openapi\": \"3.1.0\"", ""},
    {"GET", "/api/v1/nothing", "", "province", 404, "http.path.unknown", ""},
    {"GET", "/nothing.js", "", "", 404, "http.path.unknown", ""},
    {"GET", "/api/nothing", "", "", 404, "http.path.unknown", ""},
    {"DELETE", "/api/v1/people", "", "province", 405, "http.method.not_allowed", ""},
    // accounts, sessions, tokens
    {"POST", "/api/v1/setup", R"({"code":"x","name":"first","password":"seven teal 3 lotus"})", "",
     401, "setup.code", ""},
    {"POST", "/api/v1/setup", R"({"code":"x","role":"registrar"})", "", 400, "account.role", ""},
    {"POST", "/api/v1/session", R"({"name":"a","password":"b"})", "", 403, "session.csrf", ""},
    {"GET", "/api/v1/session", "", "", 401, "token.missing", ""},
    {"GET", "/api/v1/session", "", "province", 403, "session.none", ""},
    {"DELETE", "/api/v1/session", "", "province", 403, "session.none", ""},
    {"POST", "/api/v1/session/password", R"({"before":"a","after":"b"})", "province", 403,
     "session.none", ""},
    {"POST", "/api/v1/session/factor", "", "", 401, "token.missing", ""},
    {"POST", "/api/v1/session/factor/confirm", R"({"code":"1"})", "", 401, "token.missing", ""},
    {"POST", "/api/v1/users",
     R"({"name":"desk","password":"seven teal 3 lotus","role":"registrar","region":"420106"})",
     "county", 201, "desk", "seven teal"},
    {"POST", "/api/v1/users",
     R"({"name":"desk","password":"seven teal 3 lotus","role":"registrar","region":"420106"})",
     "county", 409, "account.exists", "seven teal"},
    {"POST", "/api/v1/users", R"({"name":"desk2","password":"short","role":"registrar"})", "county",
     400, "account.password.length", ""},
    {"POST", "/api/v1/users", R"({"title":"x"})", "county", 400, "/title", ""},
    {"POST", "/api/v1/users",
     R"({"name":"spy","password":"seven teal 3 lotus","role":"registrar","region":"420000"})",
     "county", 403, "account.grant", ""},
    {"POST", "/api/v1/users", R"({})", "desk", 403, "token.permission", ""},
    {"GET", "/api/v1/users", "", "county", 200, "desk", "argon2"},
    {"GET", "/api/v1/users?limit=x", "", "county", 400, "page.limit", ""},
    {"GET", "/api/v1/users", "", "analyst", 403, "token.permission", ""},
    {"GET", "/api/v1/users/0000000000001", "", "county", 404, "account.absent", ""},
    {"PATCH", "/api/v1/users/0000000000001", R"({"role":"analyst"})", "county", 428,
     "http.if_match", ""},
    {"POST", "/api/v1/tokens",
     R"({"label":"feed","role":"registrar","region":"420106","expires":"2018-12-31"})", "county",
     201, "cct_", ""},
    {"POST", "/api/v1/tokens", R"({"label":"feed","role":"registrar","expires":"soon"})", "county",
     400, "field.date", ""},
    {"POST", "/api/v1/tokens", R"({})", "requester", 403, "token.permission", ""},
    {"GET", "/api/v1/tokens", "", "county", 200, "feed", "cct_"},
    {"DELETE", "/api/v1/tokens/0000000000001", "", "county", 404, "token.absent", ""},
    {"DELETE", "/api/v1/tokens/0000000000001", "", "analyst", 403, "token.permission", ""},
    {"GET", "/api/v1/audit-events", "", "auditor", 200, "token.add", "沈茶山"},
    {"GET", "/api/v1/audit-events?record_type=person&action=create&limit=1", "", "auditor", 200,
     "next_cursor", "token.add"},
    {"GET", "/api/v1/audit-events?cursor=x", "", "auditor", 400, "query.parameter", ""},
    {"GET", "/api/v1/audit-events?limit=999", "", "auditor", 400, "page.limit", ""},
    {"GET", "/api/v1/audit-events", "", "province", 403, "token.permission", ""},
    {"GET", "/api/v1/audit-events", "", "", 401, "token.missing", ""},
    // code tables
    {"GET", "/api/v1/terms?scheme=sex", "", "province", 200, "女", ""},
    {"GET", "/api/v1/terms?scheme=region&q=%E7%9B%91%E5%88%A9%E5%B8%82", "", "county", 200,
     "421088", ""},
    {"GET", "/api/v1/terms?scheme=region&q=jianlishi", "", "county", 200, "421088", ""},
    {"GET", "/api/v1/terms?scheme=region&q=XEX", "", "county", 200, "422825", ""},
    {"GET", "/api/v1/terms?scheme=discipline&q=2104", "", "county", 200, "21040", ""},
    {"GET", "/api/v1/terms?scheme=region&codes=420106,999999,421088", "", "county", 200, "421088",
     "999999"},
    {"GET", "/api/v1/lifecycles?type=need", "", "province", 200, R"("from":"submitted")", ""},
    {"GET", "/api/v1/lifecycles?type=need", "", "requester", 200, R"("to":"submitted")",
     R"("from":"submitted","to":"accepted")"},
    {"GET", "/api/v1/lifecycles?type=participation&kind=benefit", "", "province", 200, "granted",
     R"("to":"graduated")"},
    {"GET", "/api/v1/lifecycles?type=planet", "", "province", 400, "query.parameter", ""},
    {"GET", "/api/v1/lifecycles?type=need", "", "", 401, "token.missing", ""},
    {"GET", "/api/v1/terms?scheme=none", "", "province", 400, "terms.scheme", ""},
    {"GET", "/api/v1/terms?scheme=sex", "", "", 401, "token.missing", ""},
    // people
    {"GET", "/api/v1/people", "", "province", 200, "沈茶山", "420106198503010007"},
    {"GET", "/api/v1/people", "", "county", 200, "沈茶山", "陆远山"},
    {"GET", "/api/v1/people?limit=1", "", "province", 200, "next_cursor", "陆远山"},
    {"GET", "/api/v1/people?limit=0", "", "province", 400, "page.limit", ""},
    {"GET", "/api/v1/people?cursor=x", "", "province", 400, "page.cursor", ""},
    {"GET", "/api/v1/people?planet=mars", "", "province", 400, "query.parameter", ""},
    {"GET", "/api/v1/people?region=422800", "", "province", 200, "陆远山", "沈茶山"},
    {"GET", "/api/v1/people?q=%E8%8C%B6%E5%B1%B1", "", "province", 200, "沈茶山", "陆远山"},
    {"GET", "/api/v1/people?q=%E8%BF%9C%E5%B1%B1", "", "county", 200, "items", "陆远山"},
    {"GET", "/api/v1/people?q=%EF%BC%8C", "", "province", 400, "search.text", ""},
    {"GET", "/api/v1/people", "", "analyst", 200, "沈茶山", "19912345678"},
    {"GET", "/api/v1/people/E1", "", "province", 200, "420***************", "198503"},
    {"GET", "/api/v1/people/E9", "", "province", 404, "record.absent", ""},
    {"GET", "/api/v1/people/E1", "", "", 401, "token.missing", ""},
    {"POST", "/api/v1/people", kPerson, "county", 201, "周新", "429004197812043334"},
    {"POST", "/api/v1/people", kPerson, "county", 409, "person.id_no.duplicate", "429004"},
    {"POST", "/api/v1/people", kPerson, "county", 409, "（周**）", "周新"},
    {"POST", "/api/v1/people", kPerson, "analyst", 403, "token.permission", ""},
    {"POST", "/api/v1/people", kPerson, "", 401, "token.missing", ""},
    {"POST", "/api/v1/people",
     R"({"name":"","id_no":"429004197812043335","region":"999999","birth":"1978-13"})", "county",
     400, "/birth", "429004"},
    {"POST", "/api/v1/people", R"({"id_no":"429004197812043335","region":"999999"})", "county", 400,
     "/name", "429004"},
    {"POST", "/api/v1/people", R"({"name":"甲","region":"422825"})", "county", 403,
     "record.out_of_scope", ""},
    {"POST", "/api/v1/people", R"({"name":"甲","planet":"mars"})", "county", 400, "/planet", ""},
    {"POST", "/api/v1/people", R"({"name":)", "county", 400, "json.syntax", ""},
    {"PATCH", "/api/v1/people/E1", R"({"post":"站长"})", "province", 428, "http.if_match", ""},
    {"PATCH", "/api/v1/people/E9", R"({"post":"站长"})", "province", 428, "http.if_match", ""},
    // what a role may not see it may not ask for either
    {"GET", "/api/v1/people", "", "auditor", 200, "沈**", "沈茶山"},
    {"GET", "/api/v1/people", "", "auditor", 200, "沈**", "phone"},
    {"GET", "/api/v1/people?phone=19912345678", "", "analyst", 400, "query.parameter", ""},
    {"GET", "/api/v1/people?phone=19912345678", "", "county", 200, "沈茶山", ""},
    {"GET", "/api/v1/people?birth=1985-03-01", "", "auditor", 400, "query.parameter", ""},
    // reveals
    {"POST", "/api/v1/people/E1/reveal", R"({"field":"id_no","purpose":"核对","case":"7"})", "desk",
     200, "420106198503010007", ""},
    {"POST", "/api/v1/people/E1/reveal", R"({"field":"id_no","purpose":"核对"})", "desk", 400,
     "reveal.case", "420106"},
    {"POST", "/api/v1/people/E1/reveal", R"({"field":"id_no","case":"7"})", "desk", 400,
     "reveal.purpose", "420106"},
    {"POST", "/api/v1/people/E1/reveal", R"({"planet":"mars"})", "desk", 400, "/planet", ""},
    {"POST", "/api/v1/people/E9/reveal", R"({"field":"id_no","purpose":"核对","case":"7"})", "desk",
     404, "record.absent", ""},
    {"POST", "/api/v1/people/E1/reveal", R"({"field":"id_no","purpose":"核对","case":"7"})",
     "analyst", 403, "token.permission", "420106"},
    // the rights of a person
    {"GET", "/api/v1/people/E1/dossier", "", "county", 200, "\"trail\"", ""},
    {"GET", "/api/v1/people/E9/dossier", "", "county", 404, "record.absent", ""},
    {"GET", "/api/v1/people/E1/dossier", "", "desk", 403, "token.permission", "沈茶山"},
    {"POST", "/api/v1/people/E1/hold", R"({"reason":"诉讼"})", "county", 204, "", ""},
    {"POST", "/api/v1/people/E1/hold", R"({"reason":7})", "county", 400, "/reason", ""},
    {"POST", "/api/v1/people/E9/hold", R"({"reason":"诉讼"})", "county", 404, "record.absent", ""},
    {"POST", "/api/v1/people/E1/hold", R"({"reason":"诉讼"})", "desk", 403, "token.permission", ""},
    {"POST", "/api/v1/people/E1/erase", R"({"basis":"本人申请"})", "county", 409, "person.held",
     ""},
    {"POST", "/api/v1/people/E1/erase", R"({})", "county", 400, "reveal.purpose", ""},
    {"POST", "/api/v1/people/E9/erase", R"({"basis":"本人申请"})", "county", 404, "record.absent",
     ""},
    {"POST", "/api/v1/people/E1/erase", R"({"basis":"本人申请"})", "analyst", 403,
     "token.permission", ""},
    {"POST", "/api/v1/people/E1/hold", R"({})", "county", 204, "", ""},
    // exports in clear
    {"GET", "/api/v1/exports", "", "county", 200, "items", ""},
    {"GET", "/api/v1/exports", "", "analyst", 403, "token.permission", ""},
    {"POST", "/api/v1/exports", R"({"kind":"persons","purpose":"核对","case":"7"})", "desk", 201,
     "persons", ""},
    {"POST", "/api/v1/exports", R"({"kind":"circus","purpose":"核对","case":"7"})", "desk", 400,
     "import.kind", ""},
    {"POST", "/api/v1/exports", R"({"kind":"persons","purpose":"核对"})", "desk", 400,
     "reveal.case", ""},
    {"POST", "/api/v1/exports", R"({"kind":"persons","purpose":"核对","case":"7"})", "analyst", 403,
     "token.permission", ""},
    {"POST", "/api/v1/exports/0000000000001/approve", "", "county", 404, "export.absent", ""},
    {"POST", "/api/v1/exports/0000000000001/approve", "", "desk", 403, "token.permission", ""},
    {"GET", "/api/v1/exports/0000000000001/file", "", "desk", 404, "export.absent", ""},
    {"GET", "/api/v1/exports/x/file", "", "desk", 404, "export.absent", ""},
    // one person once
    {"GET", "/api/v1/duplicates", "", "province", 200, "\"items\":[]", ""},
    {"POST", "/api/v1/people", kTwin, "county", 201, "周明远", "likely_twins"},
    {"POST", "/api/v1/people", kTwin, "county", 201, "likely_twins", ""},
    {"GET", "/api/v1/duplicates", "", "county", 200, "likeness.birth.month", ""},
    {"GET", "/api/v1/duplicates?band=link", "", "province", 200, "周明远", ""},
    {"GET", "/api/v1/duplicates?band=perhaps", "", "province", 400, "query.parameter", ""},
    {"GET", "/api/v1/duplicates?cursor=x", "", "province", 400, "page.cursor", ""},
    {"GET", "/api/v1/duplicates?limit=x", "", "province", 400, "page.limit", ""},
    {"GET", "/api/v1/duplicates", "", "analyst", 403, "token.permission", ""},
    {"GET", "/api/v1/duplicates", "", "", 401, "token.missing", ""},
    {"POST", "/api/v1/duplicates/0000000000001/distinct", "", "county", 404, "person.pair.absent",
     ""},
    {"POST", "/api/v1/duplicates/x/distinct", "", "county", 404, "person.pair.absent", ""},
    {"POST", "/api/v1/duplicates/x/distinct", "", "analyst", 403, "token.permission", ""},
    {"POST", "/api/v1/people/E1/merge", R"({"other":"E9"})", "county", 404, "record.absent", ""},
    {"POST", "/api/v1/people/E1/merge", R"({"other":"E1"})", "county", 400, "person.merge.self",
     ""},
    {"POST", "/api/v1/people/E1/merge", R"({})", "county", 400, "/other", ""},
    {"POST", "/api/v1/people/E1/merge", R"({"other":"E1"})", "analyst", 403, "token.permission",
     ""},
    {"POST", "/api/v1/people/E1/unmerge", "", "county", 404, "person.merge.absent", ""},
    {"POST", "/api/v1/people/E1/unmerge", "", "analyst", 403, "token.permission", ""},
    // organizations, programmes, rounds, targets, participations, engagements
    {"GET", "/api/v1/organizations", "", "province", 200, "items", ""},
    {"POST", "/api/v1/organizations",
     R"({"name":"武昌区人才办","uscc":"12420106MB1A2B3CX3","kind":"talent_office","region":"420106"})",
     "county", 201, "武昌区人才办", ""},
    {"POST", "/api/v1/organizations", R"({"name":"乙","uscc":"91420100MA4KXYT77K"})", "county", 400,
     "organization.uscc.check", ""},
    {"GET", "/api/v1/organizations/12420106MB1A2B3CX3", "", "province", 200, "talent_office", ""},
    {"GET", "/api/v1/organizations/12420106MB1A2B3CX3", "", "requester", 404, "record.absent", ""},
    {"GET", "/api/v1/programs?limit=200", "", "requester", 200, "INTRO_CORE", ""},
    {"GET", "/api/v1/programs/DOCTOR_CORPS", "", "county", 200, "第七批博士服务团选派", ""},
    {"GET", "/api/v1/programs/NONE", "", "county", 404, "record.absent", ""},
    {"POST", "/api/v1/programs", R"({"code":"X1","kind":"training","rule":"Q","name_zh":"新计划"})",
     "province", 201, "X1", ""},
    {"POST", "/api/v1/programs", R"({"code":"X1","kind":"training","rule":"Q"})", "province", 409,
     "record.exists", ""},
    {"POST", "/api/v1/programs", R"({"code":"X2","kind":"circus","rule":"Q"})", "province", 400,
     "/kind", ""},
    {"POST", "/api/v1/programs", R"({"code":"X2","kind":"training","rule":"Q"})", "requester", 403,
     "token.permission", ""},
    {"PATCH", "/api/v1/programs/X1", R"({"name_zh":"改名"})", "province", 428, "http.if_match", ""},
    {"GET", "/api/v1/rounds", "", "province", 200, "items", ""},
    {"POST", "/api/v1/rounds", R"({"program":"X1","label":"首届","ordinal":1})", "province", 201,
     "首届", ""},
    {"POST", "/api/v1/rounds", R"({"program":"NONE","label":"首届"})", "province", 400, "/program",
     ""},
    {"GET", "/api/v1/rounds/0000000000001", "", "province", 404, "record.absent", ""},
    {"PATCH", "/api/v1/rounds/0000000000001", R"({"place":"武汉"})", "province", 428,
     "http.if_match", ""},
    {"GET", "/api/v1/targets", "", "province", 200, "items", ""},
    {"POST", "/api/v1/targets", R"({"program":"X1","year":2018,"region":"420100","value":5})",
     "province", 201, "2018", ""},
    {"POST", "/api/v1/targets", R"({"program":"X1","year":18,"value":5})", "province", 400, "/year",
     ""},
    {"GET", "/api/v1/targets/0000000000001", "", "province", 404, "record.absent", ""},
    {"PATCH", "/api/v1/targets/0000000000001", R"({"value":6})", "province", 428, "http.if_match",
     ""},
    {"GET", "/api/v1/participations", "", "province", 200, "items", ""},
    {"POST", "/api/v1/participations",
     R"({"program":"X1","subject_type":"region","subject":"420106","region":"420106"})", "county",
     201, "selected", ""},
    {"POST", "/api/v1/participations",
     R"({"program":"X1","subject_type":"person","subject":"0000000000001","region":"420106"})",
     "county", 400, "/subject", ""},
    {"GET", "/api/v1/participations/0000000000001", "", "county", 404, "record.absent", ""},
    {"PATCH", "/api/v1/participations/0000000000001", R"({"note":"x"})", "county", 428,
     "http.if_match", ""},
    {"GET", "/api/v1/engagements", "", "province", 200, "items", ""},
    {"POST", "/api/v1/engagements",
     R"({"number":"B1","need":"0000000000001","person":"0000000000001"})", "province", 400, "/need",
     ""},
    {"GET", "/api/v1/engagements/B9", "", "province", 404, "record.absent", ""},
    {"PATCH", "/api/v1/engagements/B9", R"({"status":"offered"})", "province", 428, "http.if_match",
     ""},
    // projects, funds, assessments, links, documents, works
    {"GET", "/api/v1/projects", "", "province", 200, "items", ""},
    {"POST", "/api/v1/projects",
     R"({"number":"P1","name":"茶叶示范","region":"420106","budget_fen":4800000,"milestones":["中期|2018-06-30|done"]})",
     "county", 201, "中期 | 2018-06-30 | done", ""},
    {"POST", "/api/v1/projects", R"({"number":"P2","name":"x","milestones":["中期|soon"]})",
     "county", 400, "/milestones", ""},
    {"POST", "/api/v1/projects", R"({"number":"P2","name":"x"})", "analyst", 403,
     "token.permission", ""},
    {"GET", "/api/v1/projects/P1", "", "county", 200, "on_track", ""},
    {"GET", "/api/v1/projects/P1", "", "requester", 404, "record.absent", ""},
    {"PATCH", "/api/v1/projects/P1", R"({"summary":"x"})", "county", 428, "http.if_match", ""},
    {"GET", "/api/v1/fund-entries", "", "province", 200, "items", ""},
    {"POST", "/api/v1/fund-entries",
     R"({"program":"X1","type":"disbursement","amount_fen":5000000,"on":"2018-03-01","voucher":"V1","region":"420106"})",
     "county", 201, "5000000", ""},
    {"POST", "/api/v1/fund-entries", R"({"program":"X1","type":"gift","amount_fen":-1})", "county",
     400, "/amount_fen", ""},
    {"POST", "/api/v1/fund-entries", R"({"program":"X1"})", "analyst", 403, "token.permission", ""},
    {"GET", "/api/v1/fund-entries/V9", "", "county", 404, "record.absent", ""},
    {"PATCH", "/api/v1/fund-entries/V1", R"({"round":"x"})", "county", 428, "http.if_match", ""},
    {"GET", "/api/v1/assessments", "", "province", 200, "items", ""},
    {"POST", "/api/v1/assessments",
     R"({"subject_type":"region","subject":"420106","scheme":"WORK_APPRAISAL","period":"2018","grade":"优秀"})",
     "province", 201, "优秀", ""},
    {"POST", "/api/v1/assessments",
     R"({"subject_type":"organization","subject":"0000000000001","scheme":"x","period":"2018"})",
     "province", 400, "/subject", ""},
    {"GET", "/api/v1/assessments/0000000000001", "", "county", 404, "record.absent", ""},
    {"PATCH", "/api/v1/assessments/0000000000001", R"({"grade":"x"})", "county", 428,
     "http.if_match", ""},
    {"GET", "/api/v1/links", "", "province", 200, "items", ""},
    {"POST", "/api/v1/links",
     R"({"from_type":"program","from":"THREE_AREAS","relation":"merged_into","to_type":"program","to":"X1"})",
     "province", 201, "THREE_AREAS", ""},
    {"POST", "/api/v1/links",
     R"({"from_type":"program","from":"X1","relation":"merged_into","to_type":"program","to":"X1"})",
     "province", 400, "link.self", ""},
    {"GET", "/api/v1/links/0000000000001", "", "county", 404, "record.absent", ""},
    {"PATCH", "/api/v1/links/0000000000001", R"({"note":"x"})", "county", 428, "http.if_match", ""},
    {"GET", "/api/v1/documents", "", "province", 200, "items", ""},
    {"POST", "/api/v1/documents",
     R"({"name":"关于人才工作的意见","number":"D1","region":"420106","valid_from":"2018-01-01"})",
     "county", 201, "关于人才工作的意见", ""},
    {"POST", "/api/v1/documents",
     R"({"name":"x","valid_from":"2018-01-01","valid_to":"2017-01-01"})", "county", 400,
     "/valid_to", ""},
    {"GET", "/api/v1/documents/D1", "", "county", 200, "2018-01-01", ""},
    {"GET", "/api/v1/documents/D1", "", "requester", 404, "record.absent", ""},
    {"PATCH", "/api/v1/documents/D1", R"({"level":"x"})", "county", 428, "http.if_match", ""},
    {"GET", "/api/v1/documents/D1/file", "", "county", 404, "document.file.absent", ""},
    {"POST", "/api/v1/documents/D1/file", "%PDF-1.4 意见全文", "county", 201, "application/pdf",
     ""},
    {"GET", "/api/v1/documents/D1/file", "", "county", 200, "%PDF-1.4 意见全文", ""},
    {"GET", "/api/v1/documents/D1/file", "", "requester", 404, "record.absent", ""},
    {"POST", "/api/v1/documents/D1/file", "", "county", 400, "document.file.empty", ""},
    {"POST", "/api/v1/documents/D1/file", "MZ\x90\x01\xff\xfe", "county", 400, "document.file.type",
     ""},
    {"POST", "/api/v1/documents/D1/file", "%PDF-1.4", "analyst", 403, "token.permission", ""},
    {"POST", "/api/v1/documents/D9/file", "%PDF-1.4", "county", 404, "record.absent", ""},
    {"GET", "/api/v1/works", "", "province", 200, "items", ""},
    {"POST", "/api/v1/works", R"({"person":"0000000000001","title":"x"})", "county", 400, "/person",
     ""},
    {"GET", "/api/v1/works/0000000000001", "", "county", 404, "record.absent", ""},
    {"PATCH", "/api/v1/works/0000000000001", R"({"year":2018})", "county", 428, "http.if_match",
     ""},
    {"GET", "/api/v1/organizations", "", "", 401, "token.missing", ""},
    {"PATCH", "/api/v1/organizations/x", R"({"level":"省级"})", "province", 428, "http.if_match",
     ""},
    // needs and matches
    {"GET", "/api/v1/needs", "", "requester", 200, "N1", ""},
    {"GET", "/api/v1/needs", "", "county", 200, "items", "N1"},
    {"GET", "/api/v1/needs/N1", "", "requester", 200, "茶叶病害防治", ""},
    {"GET", "/api/v1/needs/N1", "", "county", 404, "record.absent", ""},
    {"POST", "/api/v1/needs",
     R"({"number":"N2","requester":"宣恩县茶业协会","name":"茶园管理","region":"422825","headcount":1})",
     "requester", 201, "accepted", ""},
    {"POST", "/api/v1/needs", R"({"number":"N3","requester":"x","name":"y","headcount":0})",
     "requester", 400, "/headcount", ""},
    {"POST", "/api/v1/needs", R"({"number":"N3","requester":"x","name":"y","headcount":1})",
     "analyst", 403, "token.permission", ""},
    {"PATCH", "/api/v1/needs/N1", R"({"headcount":3})", "requester", 428, "http.if_match", ""},
    {"GET", "/api/v1/needs/N1/matches", "", "requester", 200, "E1", "沈茶山"},
    {"GET", "/api/v1/needs/N1/matches?top=0", "", "requester", 400, "page.limit", ""},
    {"GET", "/api/v1/needs/N9/matches", "", "requester", 404, "record.absent", ""},
    {"GET", "/api/v1/needs/N1/matches", "", "county", 404, "record.absent", ""},
    {"GET", "/api/v1/needs/N1/matches?why_not=E1", "", "province", 200, "why_not", ""},
    {"GET", "/api/v1/needs/N1/matches", "", "", 401, "token.missing", ""},
    {"POST", "/api/v1/matches", R"({"region":"422825","text":"茶叶病害"})", "requester", 200, "E1",
     ""},
    {"POST", "/api/v1/matches", R"({"expert":"E1"})", "province", 200, "N1", ""},
    {"POST", "/api/v1/matches", R"({"need":"N1","top":1})", "province", 200, "score", ""},
    {"POST", "/api/v1/matches", R"({})", "province", 400, "match.question", ""},
    {"POST", "/api/v1/matches", R"({"region":"999999"})", "province", 400, "field.code.unknown",
     ""},
    {"POST", "/api/v1/matches", R"({"planet":"mars"})", "province", 400, "/planet", ""},
    {"POST", "/api/v1/matches", R"({"text":"x"})", "", 401, "token.missing", ""},
    // plans
    {"GET", "/api/v1/plans", "", "province", 200, "items", ""},
    {"POST", "/api/v1/plans", "", "requester", 403, "token.permission", ""},
    {"POST", "/api/v1/plans", R"({"year":"soon"})", "province", 400, "/year", ""},
    {"POST", "/api/v1/plans", R"({"year":2018})", "province", 201, "\"verified\":true", ""},
    {"GET", "/api/v1/plans/0000000000001", "", "province", 404, "plan.absent", ""},
    {"POST", "/api/v1/plans/0000000000001/adopt", "", "province", 404, "plan.absent", ""},
    {"POST", "/api/v1/plans/0000000000001/adopt", "", "analyst", 403, "token.permission", ""},
    // imports
    {"GET", "/api/v1/imports", "", "province", 200, "items", ""},
    {"GET", "/api/v1/imports", "", "analyst", 403, "token.permission", ""},
    {"POST", "/api/v1/imports?kind=organizations", "单位名称,地区代码\n测试单位,420106\n", "county",
     200, "\"new\":1", ""},
    {"POST", "/api/v1/imports?kind=organizations&dry_run=false",
     "单位名称,地区代码\n测试单位,420106\n", "county", 201, "\"new\":1", ""},
    {"POST", "/api/v1/imports?kind=organizations&dry_run=false",
     "单位名称,地区代码\n外地单位,422825\n", "county", 200, "record.out_of_scope", ""},
    {"POST", "/api/v1/imports?kind=organizations&workbook=true",
     "单位名称,地区代码\n测试单位,999999\n", "county", 200, "PK", ""},
    {"POST", "/api/v1/imports?kind=circus", "a,b\n1,2\n", "county", 400, "import.kind", ""},
    {"POST", "/api/v1/imports?kind=persons&dry_run=perhaps", "a\n", "county", 400,
     "query.parameter", ""},
    {"POST", "/api/v1/imports?kind=persons", "%PDF-1.4 not a roster", "county", 400,
     "import.file.pdf", ""},
    {"POST", "/api/v1/imports/0000000000001/undo", "", "county", 404, "import.batch.absent", ""},
    {"POST", "/api/v1/imports/x/undo", "", "county", 404, "import.batch.absent", ""},
    // an expert's own
    {"GET", "/api/v1/me", "", "expert", 200, "沈茶山", "420106198503010007"},
    {"GET", "/api/v1/me", "", "province", 403, "token.permission", ""},
    {"GET", "/api/v1/me", "", "", 401, "token.missing", ""},
    {"GET", "/api/v1/people/E1", "", "expert", 403, "token.permission", ""},
    {"GET", "/api/v1/me/engagements", "", "expert", 200, "\"offered\"", ""},
    {"GET", "/api/v1/me/engagements", "", "analyst", 403, "token.permission", ""},
    {"POST", "/api/v1/me/engagements/B1/answer", R"({"status":"perhaps"})", "expert", 400,
     "field.code.unknown", ""},
    {"POST", "/api/v1/me/engagements/B1/answer", R"({"status":"declined"})", "expert", 400,
     "/decline_reason", ""},
    {"POST", "/api/v1/me/engagements/B9/answer", R"({"status":"accepted"})", "expert", 404,
     "record.absent", ""},
    {"POST", "/api/v1/me/engagements/B1/answer", R"({"status":"accepted"})", "expert", 200,
     "\"accepted\"", ""},
    {"POST", "/api/v1/me/engagements/B1/answer", R"({"status":"accepted"})", "county", 403,
     "token.permission", ""},
    // reviews
    {"GET", "/api/v1/reviews", "", "analyst", 200, "\"clawbacks\":[]", ""},
    {"GET", "/api/v1/reviews", "", "", 401, "token.missing", ""},
    // coverage
    {"GET", "/api/v1/coverage?program=X1", "", "province", 200, "\"denominator\":5", ""},
    {"GET", "/api/v1/coverage?by=region,year&program=X1", "", "province", 200, "420106", ""},
    {"GET", "/api/v1/coverage?program=X1&format=csv", "", "province", 200, "program,region", ""},
    {"GET", "/api/v1/coverage?program=NONE", "", "province", 404, "coverage.program", ""},
    {"GET", "/api/v1/coverage?by=planet", "", "province", 400, "coverage.by", ""},
    {"GET", "/api/v1/coverage?as_of=soon", "", "province", 400, "field.date", ""},
    {"GET", "/api/v1/coverage", "", "", 401, "token.missing", ""},
    {"GET", "/api/v1/coverage/questions", "", "analyst", 200, "\"name\":\"trend_year\"", ""},
    {"GET", "/api/v1/coverage/questions", "", "expert", 403, "token.permission", ""},
    {"GET", "/api/v1/coverage/questions", "", "", 401, "token.missing", ""},
    {"GET", "/api/v1/coverage/questions/programmes?program=X1", "", "province", 200,
     "\"name\":\"programmes\"", ""},
    {"GET", "/api/v1/coverage/questions/funnel?as_of=2018-01-31", "", "county", 200, "rule_text",
     ""},
    {"GET", "/api/v1/coverage/questions/layout?format=csv", "", "province", 200, "region,value",
     ""},
    {"GET", "/api/v1/coverage/questions/rows?program=X1&region=420106&year=2018", "", "province",
     200, "\"rows\":[", ""},
    {"GET", "/api/v1/coverage/questions/weather", "", "province", 404, "coverage.question", ""},
    {"GET", "/api/v1/coverage/questions/funnel?program=NONE", "", "province", 404,
     "coverage.program", ""},
    {"GET", "/api/v1/coverage/questions/funnel?year=soon", "", "province", 400, "query.parameter",
     ""},
    {"GET", "/api/v1/coverage/questions/funnel", "", "expert", 403, "token.permission", ""},
    {"GET", "/api/v1/coverage/questions/funnel", "", "", 401, "token.missing", ""},
    {"GET", "/api/v1/coverage/pivot?by=region&fact=person", "", "province", 200, "\"value\"", ""},
    {"GET", "/api/v1/coverage/pivot?by=year,status&filter=program:X1&totals=1", "", "county", 200,
     "\"name\":\"pivot\"", ""},
    {"GET", "/api/v1/coverage/pivot?by=planet", "", "province", 400, "pivot.dimension", ""},
    {"GET", "/api/v1/coverage/pivot?fact=weather", "", "province", 400, "pivot.fact", ""},
    {"GET", "/api/v1/coverage/pivot?filter=year", "", "province", 400, "pivot.filter", ""},
    {"GET", "/api/v1/coverage/pivot", "", "expert", 403, "token.permission", ""},
    {"GET", "/api/v1/coverage/pivot", "", "", 401, "token.missing", ""},
};

// "/api/v1/people/E1?x=y" fits "/api/v1/people/{id}".
bool fits(const std::string& target, const std::string& pattern) {
  const std::string path = target.substr(0, target.find('?'));
  std::size_t i = 0;
  for (std::size_t j = 0; j < pattern.size(); ++j) {
    if (pattern[j] == '{') {
      j = pattern.find('}', j);
      const std::size_t end = path.find('/', i);
      if (i >= path.size() || end == i) return false;
      i = end == std::string::npos ? path.size() : end;
    } else if (i < path.size() && path[i] == pattern[j]) {
      ++i;
    } else {
      return false;
    }
  }
  return i == path.size();
}

std::optional<std::string> pattern_of(Service& service, const std::string& method,
                                      const std::string& target) {
  for (const http::Route& route : routes(service.registry(), service.matching(), nullptr)) {
    if (route.method == method && fits(target, route.pattern)) return route.pattern;
  }
  return std::nullopt;
}

}  // namespace

TEST_CASE("every route answers as its rows and the contract say", "[api]") {
  Service service;
  const Contract contract;
  for (const Row& row : kRows) {
    const HttpReply reply = service.ask(row.method, row.target, row.body, row.who);
    INFO(row.method << " " << row.target << " " << row.body << " as " << row.who);
    INFO(reply.status << " " << reply.body);
    CHECK(reply.status == row.status);
    CHECK(reply.body.find(row.must) != std::string::npos);
    if (*row.must_not) CHECK(reply.body.find(row.must_not) == std::string::npos);
    if (const auto pattern = pattern_of(service, row.method, row.target)) {
      CHECK(contract.breach(row.method, *pattern, reply) == "");
    }
    if (row.status >= 400) {
      CHECK(reply.header("content-type") == "application/problem+json");
      CHECK_FALSE(json_field(reply.body, "request_id").empty());
    }
  }
}

TEST_CASE("every route has rows", "[api]") {
  Service service;
  for (const http::Route& route : routes(service.registry(), service.matching(), nullptr)) {
    const auto count = std::count_if(kRows.begin(), kRows.end(), [&](const Row& row) {
      return row.method == route.method && fits(row.target, route.pattern);
    });
    INFO(route.method << " " << route.pattern);
    CHECK(count > 0);
    CHECK((route.permission == http::kAnyone || route.permission == kSignedIn ||
           permission_named(route.permission)));
  }
}

TEST_CASE("the contract and the route table are the same list", "[api]") {
  Service service;
  const Contract contract;
  std::map<std::string, std::string> routed;
  for (const http::Route& route : routes(service.registry(), service.matching(), nullptr)) {
    routed[route.method + " " + route.pattern] = route.permission;
  }
  CHECK(contract.permissions() == routed);
}

TEST_CASE("the contract names every field of every record type", "[api]") {
  const Contract contract;
  for (const RecordType* type : record_types()) {
    if (type->collection == "terms") continue;  // read as code tables, added by import
    INFO(type->name);
    std::set<std::string> fields{"id",    "version",    "extra",     "office",
                                 "batch", "created_at", "updated_at"};
    for (const Field& field : type->fields) fields.insert(std::string(field.name));
    auto named = contract.properties_of(std::string(type->collection));
    named.erase("likely_twins");  // beside a new person
    CHECK(named == fields);
  }
}

TEST_CASE("a change over HTTP needs the version that was read", "[api]") {
  Service service;
  const HttpReply read = service.ask("GET", "/api/v1/people/E1", "", "province");
  const std::string tag = read.header("etag");
  REQUIRE(tag == "\"1\"");
  const HttpReply changed = service.ask("PATCH", "/api/v1/people/E1", R"({"post":"站长"})",
                                        "province", "If-Match: " + tag + "\r\n");
  CHECK(changed.status == 200);
  CHECK(changed.body.find("站长") != std::string::npos);
  CHECK(changed.header("etag") == "\"2\"");
  const HttpReply stale = service.ask("PATCH", "/api/v1/people/E1", R"({"post":"副站长"})",
                                      "province", "If-Match: " + tag + "\r\n");
  CHECK(stale.status == 412);
  CHECK(stale.body.find("record.version") != std::string::npos);
  const HttpReply jump = service.ask("PATCH", "/api/v1/needs/N1", R"({"status":"closed"})",
                                     "province", "If-Match: \"1\"\r\n");
  CHECK(jump.status == 409);
  CHECK(jump.body.find("record.transition") != std::string::npos);
}

TEST_CASE("a browser signs in, changes things and signs out", "[api]") {
  Service service;
  const char* const kOwn = "X-Requested-With: chucai\r\n";
  REQUIRE(add_account(service.registry(), province_office(),
                      {"desk", "seven teal 3 lotus", "office_admin", "420106", {}}));
  const char* const kSignIn = R"({"name":"desk","password":"seven teal 3 lotus"})";
  const HttpReply in = service.ask("POST", "/api/v1/session", kSignIn, "", kOwn);
  REQUIRE(in.status == 201);
  const std::string set = in.header("set-cookie");
  CHECK(set.find("; Path=/; Secure; HttpOnly; SameSite=Strict") != std::string::npos);
  const std::string cookie = "Cookie: other=1; " + set.substr(0, set.find(';')) + "\r\n";
  const HttpReply who = service.ask("GET", "/api/v1/session", "", "", cookie);
  CHECK(who.status == 200);
  CHECK(who.body.find("\"role\":\"office_admin\"") != std::string::npos);
  CHECK(who.body.find("\"second_factor\":false") != std::string::npos);
  const HttpReply read = service.ask("GET", "/api/v1/people/E1", "", "", cookie);
  CHECK(read.status == 200);
  // Another site's page can send the cookie's browser here, but not the header.
  const HttpReply forged = service.ask("POST", "/api/v1/people", kPerson, "", cookie);
  CHECK(forged.body.find("session.csrf") != std::string::npos);
  const HttpReply cross = service.ask("POST", "/api/v1/people", kPerson, "",
                                      cookie + kOwn + "Sec-Fetch-Site: cross-site\r\n");
  CHECK(cross.body.find("session.csrf") != std::string::npos);
  const HttpReply made = service.ask("POST", "/api/v1/people", kPerson, "", cookie + kOwn);
  CHECK(made.status == 201);
  const HttpReply weak = service.ask("GET", "/api/v1/users", "", "", cookie);
  CHECK(weak.status == 403);
  CHECK(weak.body.find("session.factor.needed") != std::string::npos);
  const HttpReply factor = service.ask("POST", "/api/v1/session/factor", "", "", cookie + kOwn);
  CHECK(factor.status == 201);
  CHECK(factor.body.find("otpauth://totp/") != std::string::npos);
  const HttpReply out = service.ask("DELETE", "/api/v1/session", "", "", cookie + kOwn);
  CHECK(out.status == 204);
  CHECK(service.ask("GET", "/api/v1/session", "", "", cookie).status == 401);
  for (int i = 0; i < 5; ++i) {
    service.ask("POST", "/api/v1/session", R"({"name":"desk","password":"guess"})", "", kOwn);
  }
  const HttpReply throttled = service.ask("POST", "/api/v1/session", kSignIn, "", kOwn);
  CHECK(throttled.status == 429);
  CHECK_FALSE(throttled.header("retry-after").empty());
}

TEST_CASE("a plan is made, read and adopted over HTTP, and an import undone", "[api]") {
  Service service;
  const HttpReply made = service.ask("POST", "/api/v1/plans", "", "province");
  REQUIRE(made.status == 201);
  const std::string plan = json_field(made.body, "id");
  CHECK(made.header("location") == "/api/v1/plans/" + plan);
  CHECK(service.ask("GET", "/api/v1/plans/" + plan, "", "province").status == 200);
  CHECK(service.ask("POST", "/api/v1/plans/" + plan + "/adopt", "", "province").status == 204);
  CHECK(service.ask("POST", "/api/v1/plans/" + plan + "/adopt", "", "province").status == 409);
  const HttpReply offers = service.ask("GET", "/api/v1/engagements", "", "province");
  CHECK(offers.body.find("offered") != std::string::npos);

  const HttpReply imported = service.ask("POST", "/api/v1/imports?kind=organizations&dry_run=false",
                                         "单位名称,地区代码\n测试单位,420106\n", "county");
  REQUIRE(imported.status == 201);
  const std::string batch = json_field(imported.body, "batch");
  CHECK(service.ask("GET", "/api/v1/organizations", "", "county").body.find("测试单位") !=
        std::string::npos);
  CHECK(service.ask("POST", "/api/v1/imports/" + batch + "/undo", "", "county").status == 200);
  CHECK(service.ask("GET", "/api/v1/organizations", "", "county").body.find("测试单位") ==
        std::string::npos);
}

TEST_CASE("an export in clear over HTTP takes two people and is fetched once", "[api]") {
  Service service;
  const HttpReply asked = service.ask("POST", "/api/v1/exports",
                                      R"({"kind":"experts","purpose":"核对","case":"7"})", "desk");
  REQUIRE(asked.status == 201);
  const std::string one = "/api/v1/exports/" + json_field(asked.body, "id");
  CHECK(service.ask("GET", one + "/file", "", "desk").body.find("export.unapproved") !=
        std::string::npos);
  CHECK(service.ask("POST", one + "/approve", "", "county").status == 204);
  CHECK(service.ask("GET", one + "/file", "", "county").status == 404);
  const HttpReply file = service.ask("GET", one + "/file", "", "desk");
  REQUIRE(file.status == 200);
  CHECK(file.header("content-type") == "text/csv; charset=utf-8");
  CHECK(file.body.find("420106198503010007") != std::string::npos);
  CHECK(file.body.find("422801199006151020") == std::string::npos);  // another county's
  CHECK(service.ask("GET", one + "/file", "", "desk").body.find("export.fetched") !=
        std::string::npos);
}

TEST_CASE("a request sent again with its key is answered as before and done once", "[api]") {
  Service service;
  const std::string key = "Idempotency-Key: 6f9c0d1e\r\n";
  const HttpReply first = service.ask("POST", "/api/v1/people", kTwin, "county", key);
  REQUIRE(first.status == 201);
  const HttpReply again = service.ask("POST", "/api/v1/people", kTwin, "county", key);
  CHECK(again.status == 201);
  CHECK(again.body == first.body);
  CHECK(again.header("location") == first.header("location"));
  CHECK(again.header("etag") == first.header("etag"));
  CHECK(again.header("idempotency-replayed") == "true");
  CHECK(first.header("idempotency-replayed").empty());
  const HttpReply other = service.ask("POST", "/api/v1/people", kPerson, "county", key);
  CHECK(other.status == 422);
  CHECK(other.body.find("request.key.other") != std::string::npos);
  // Another asker's key is another key, and a request that was refused may be mended.
  const std::string bad = R"({"name":"","region":"420106"})";
  CHECK(service.ask("POST", "/api/v1/people", bad, "desk", key).status == 400);
  CHECK(service.ask("POST", "/api/v1/people", kPerson, "desk", key).status == 201);
  const HttpReply empty =
      service.ask("POST", "/api/v1/people", kPerson, "desk", "Idempotency-Key: a b\r\n");
  CHECK(empty.body.find("request.key") != std::string::npos);
}

TEST_CASE("a programme is changed by the office that keeps it and those above, by no other",
          "[api]") {
  Service service;
  const auto change = [&](const char* code, const char* who) {
    const std::string one = std::string("/api/v1/programs/") + code;
    const std::string tag = service.ask("GET", one, "", who).header("etag");
    return service.ask("PATCH", one, R"({"name_en":"x"})", who, "If-Match: " + tag + "\r\n").status;
  };
  CHECK(change("YOUNG_ELITE", "county") == 403);
  CHECK(change("YOUNG_ELITE", "province") == 200);
  const char* const own = R"({"code":"OWN1","name_zh":"本区计划","kind":"activity","rule":"D"})";
  CHECK(service.ask("POST", "/api/v1/programs", own, "county").status == 201);
  CHECK(change("OWN1", "county") == 200);
  CHECK(change("OWN1", "province") == 200);
}

TEST_CASE("many records go in as lines, each for itself", "[api]") {
  Service service;
  const std::string lines =
      std::string(R"({"number":"N7","requester":"宣恩县","name":"a"})") + "\n\n{\"number\":\n" +
      R"({"number":"N8","requester":"宣恩县","region":"999999"})" + "\r\n" +
      R"({"number":"N9","requester":"宣恩县","name":"茶","region":"422825","headcount":1})";
  const HttpReply reply =
      testing::http(service.port(), "POST", "/api/v1/needs", lines,
                    "Content-Type: application/x-ndjson\r\n" + service.bearer("province"))
          .value();
  INFO(reply.body);
  CHECK(reply.status == 200);
  CHECK(reply.header("content-type") == "application/x-ndjson");
  CHECK(Contract().breach("POST", "/api/v1/needs", reply) == "");
  CHECK(std::count(reply.body.begin(), reply.body.end(), '\n') == 4);
  CHECK(reply.body.find(R"({"line":3,"status":400,"problem":)") != std::string::npos);
  CHECK(reply.body.find("json.syntax") != std::string::npos);
  CHECK(reply.body.find(R"({"line":4,"status":400,"problem":)") != std::string::npos);
  CHECK(reply.body.find(R"({"line":5,"status":201,"id":)") != std::string::npos);
  CHECK(service.ask("GET", "/api/v1/needs/N9", "", "province").status == 200);
  CHECK(service.ask("GET", "/api/v1/needs/N8", "", "province").status == 404);
}

TEST_CASE("an office that acts for a person leaves both names", "[api]") {
  Service service;
  const HttpReply read = service.ask("GET", "/api/v1/people/E1", "", "desk");
  const std::string person = json_field(read.body, "id");
  const HttpReply changed = service.ask("PATCH", "/api/v1/people/E1", R"({"post":"站长"})", "desk",
                                        "If-Match: \"1\"\r\nX-On-Behalf-Of: E1\r\n");
  REQUIRE(changed.status == 200);
  const HttpReply dossier = service.ask("GET", "/api/v1/people/E1/dossier", "", "county");
  CHECK(dossier.body.find("token:desk for person " + person) != std::string::npos);
  CHECK(service.ask("GET", "/api/v1/people/E1", "", "desk", "X-On-Behalf-Of: E9\r\n").status ==
        404);
  CHECK(service.ask("GET", "/api/v1/people/E1", "", "analyst", "X-On-Behalf-Of: E1\r\n").status ==
        403);
}

TEST_CASE("two people are merged, found by the old id, unmerged and told apart over HTTP",
          "[api]") {
  Service service;
  const auto enter = [&] {
    return json_field(service.ask("POST", "/api/v1/people", kTwin, "county").body, "id");
  };
  const std::string one = "/api/v1/people/" + enter();
  const std::string id = enter();
  const std::string other = "/api/v1/people/" + id;
  const std::string body = R"({"other":")" + id + R"(","take":["phone"]})";
  CHECK(service.ask("POST", one + "/merge", body, "county").status == 200);
  const HttpReply found = service.ask("GET", other, "", "county");
  CHECK(found.status == 200);
  CHECK(found.header("content-location") == one);
  CHECK(service.ask("POST", other + "/unmerge", "", "county").status == 200);
  CHECK(service.ask("GET", other, "", "county").header("content-location").empty());
  const HttpReply pairs = service.ask("GET", "/api/v1/duplicates", "", "county");
  const std::string pair = "/api/v1/duplicates/" + json_field(pairs.body, "id");
  CHECK(service.ask("POST", pair + "/distinct", "", "county").status == 204);
  CHECK(service.ask("POST", pair + "/distinct", "", "county").status == 409);
  CHECK(service.ask("GET", "/api/v1/duplicates", "", "county").body.find("\"items\":[]") !=
        std::string::npos);
}

TEST_CASE("problems speak English when asked to", "[api]") {
  Service service;
  const HttpReply reply =
      service.ask("GET", "/api/v1/people/E9", "", "province", "Accept-Language: en\r\n");
  CHECK(reply.body.find("There is no such record") != std::string::npos);
}
