// Who may do what, where: every operation x asker x place, asked over a real socket and compared
// with a table that people have read (permission_matrix.csv).
//
// roles: a letter for each role that is let in (see kRoles); "anyone": nobody need sign in;
// "session": a browser that is signed in, so no token at all.
// reach: record: one that lies outside the asker's region looks absent; list: it is left out; own:
// of an expert, the own ones only; theirs: of whoever asked for it, and nobody else; any: the place
// does not matter.
#include <catch2/catch.hpp>

#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "api/authorizer.h"
#include "api/service.h"
#include "registry/domain/text.h"
#include "registry/service/tokens.h"
#include "tests/support/builders.h"
#include "tests/support/http_client.h"
#include "tests/support/test_registry.h"

using namespace chucai;
using namespace chucai::testing;

namespace {

constexpr std::pair<char, const char*> kRoles[] = {
    {'P', "province_admin"}, {'O', "office_admin"},    {'R', "registrar"},
    {'V', "reviewer"},       {'Q', "requester"},       {'L', "liaison_officer"},
    {'A', "analyst"},        {'S', "system_admin"},    {'C', "security_admin"},
    {'U', "auditor"},        {'T', "service_account"}, {'E', "expert_self"}};

// Everything asked about lies there, made by its province_admin.
constexpr std::string_view kMaker = "420106";

struct Place {
  const char* region;
  bool reaches;
};
constexpr Place kPlaces[] = {
    {"420106", true}, {"420100", true}, {"420107", false}, {"422825", false}};

struct Operation {
  std::string method;
  std::string route;
  std::string roles;
  std::string reach;

  std::string name() const { return method + " " + route; }
};

std::vector<Operation> reviewed_table() {
  std::ifstream in(CHUCAI_SOURCE_DIR "/tests/api/permission_matrix.csv");
  std::vector<Operation> table;
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    Operation one;
    std::istringstream cells(line);
    std::getline(cells, one.method, ',');
    std::getline(cells, one.route, ',');
    std::getline(cells, one.roles, ',');
    std::getline(cells, one.reach, ',');
    table.push_back(one);
  }
  return table;
}

// How an answer looks to somebody who tries doors.
enum class Seen { Unknown, Closed, Absent, Open };  ///< who are you; not yours; nothing there; in

std::ostream& operator<<(std::ostream& out, Seen seen) {
  constexpr const char* kNames[] = {"401", "403", "absent", "open"};
  return out << kNames[static_cast<int>(seen)];
}

Seen seen_in(const HttpReply& reply) {
  const std::string code = json_field(reply.body, "code");
  if (reply.status == 401 && code.starts_with("token.")) return Seen::Unknown;
  if (one_of(code, {"token.permission", "session.none"})) return Seen::Closed;
  if (reply.status == 404 && code.ends_with(".absent") && code != "person.merge.absent") {
    return Seen::Absent;
  }
  if (code == "record.out_of_scope") return Seen::Absent;
  return Seen::Open;
}

/// A service whose records all lie in one county, and a token for each role in each place.
class Building {
 public:
  Building() : matching_(*registry_) {
    for (const Place& place : kPlaces) {
      for (const auto& [letter, role] : kRoles) {
        if (letter == 'E') continue;
        tokens_[{letter, place.region}] = token(role, place.region, {}, place.region);
      }
    }
    start(routes(*registry_, matching_, std::make_shared<http::Metrics>()));
    add_records();
    // An expert is who they are wherever their token was made.
    for (const Place& place : kPlaces) {
      tokens_[{'E', place.region}] = token("expert_self", "420106", place.reaches ? "E1" : "E2");
    }
  }

  /// Serves the same register with other routes.
  void start(std::vector<http::Route> table) {
    auto router = http::Router::build(std::move(table));
    REQUIRE(router);
    auto server =
        http::Server::start({}, std::move(*router), authorizer(*registry_), registry_->messages());
    REQUIRE(server);
    server_ = std::move(*server);
  }

  std::vector<http::Route> all_routes() {
    return routes(*registry_, matching_, std::make_shared<http::Metrics>());
  }

  Seen ask(const Operation& operation, const std::string& token) {
    const HttpReply reply = send(operation, token);
    INFO(operation.name() << " " << reply.status << " " << reply.body.substr(0, 300));
    const Seen seen = seen_in(reply);
    if (seen != Seen::Open || operation.reach != "list") return seen;
    return reply.body.find(marks_.at(operation.route)) == std::string::npos ? Seen::Absent : seen;
  }
  const std::string& token_of(char role, const char* region) { return tokens_.at({role, region}); }
  std::string expired_token() {
    // The business date of the register is fixed: this one ends on the day before it.
    return "cct_" + std::string(64, '0');
  }
  std::string revoked_token() {
    const std::string secret = token("registrar", "420106", {}, "revoked");
    const auto tokens = list_tokens(*registry_, province_office());
    REQUIRE(tokens);
    for (const AccessToken& one : *tokens) {
      if (one.label == "registrar revoked")
        REQUIRE(revoke_token(*registry_, province_office(), one.id));
    }
    return secret;
  }

 private:
  std::string token(std::string_view role, std::string_view region, std::string_view person,
                    std::string_view label = "matrix") {
    const std::string name = std::string(role) + " " + std::string(label);
    const auto made = add_token(*registry_, local_operator("tests"), name, role, region,
                                Date{2018, 12, 31}, person);
    REQUIRE(made);
    return *made;
  }

  // Whoever makes what is asked about is of the county, so that it lies there.
  const std::string& maker() { return token_of('P', "420106"); }

  HttpReply post(const std::string& target, const std::string& body) {
    const std::string head =
        "Authorization: Bearer " + maker() + "\r\nContent-Type: application/json\r\n";
    const auto reply = testing::http(server_->port(), "POST", target, body, head);
    REQUIRE(reply);
    INFO(target << " " << reply->body);
    REQUIRE(reply->status < 300);
    return *reply;
  }

  // Remembers a record under its collection.
  void keep(const std::string& collection, const std::string& body) {
    const std::string all = "/api/v1/" + collection;
    ids_[collection] = json_field(post(all, body).body, "id");
    marks_[all] = ids_[collection];
  }

  void add_records() {
    keep("people", R"({"name":"沈二","region":"420106","expert_no":"E2","roles":["expert"],)"
                   R"("birth":"1971-02","phone":"19900000003"})");
    ids_["somebody"] = ids_.at("people");
    keep("people", R"({"name":"沈茶山","id_no":"420106198503010007","region":"420106",)"
                   R"("expert_no":"E1","roles":["expert"],"discipline":"21040"})");
    const std::string& person = ids_.at("people");
    keep("organizations", R"({"name":"武昌茶叶站","region":"420106"})");
    keep("programs", R"({"code":"OWN1","name_zh":"本区计划","rule":"D","kind":"activity"})");
    keep("rounds", R"({"program":"OWN1","label":"首届","region":"420106"})");
    keep("targets", R"({"program":"OWN1","year":2018,"region":"420106","value":5})");
    keep("participations", R"({"program":"OWN1","subject_type":"person","subject":")" + person +
                               R"(","region":"420106"})");
    keep("needs", R"({"number":"N1","requester":"武昌区农业局","name":"茶叶病害",)"
                  R"("region":"420106","discipline":"21040","headcount":1})");
    keep("engagements",
         R"({"number":"B1","need":")" + ids_.at("needs") + R"(","person":")" + person + R"("})");
    keep("projects", R"({"number":"X1","name":"茶园","region":"420106"})");
    keep("fund-entries", R"({"program":"OWN1","region":"420106","amount_fen":100,)"
                         R"("type":"budget","on":"2018-05-01"})");
    keep("assessments", R"({"subject_type":"person","subject":")" + person +
                            R"(","scheme":"OWN1","period":"2018"})");
    keep("links", R"({"from_type":"person","from":")" + person +
                      R"(","relation":"employed_by","to_type":"organization","to":")" +
                      ids_.at("organizations") + R"("})");
    keep("documents", R"({"name":"通知","number":"文1","region":"420106"})");
    post("/api/v1/documents/" + ids_.at("documents") + "/file", "%PDF-1.4 通知");
    keep("works", R"({"person":")" + person + R"(","title":"茶叶病害研究"})");
    keep("users", R"({"name":"desk","password":"seven teal 3 lotus","role":"registrar",)"
                  R"("region":"420106"})");
    keep("exports", R"({"kind":"experts","purpose":"核对","case":"7"})");
    keep("plans", "");
    marks_["/api/v1/tokens"] = new_token();
    add_batch();
    add_twins();
  }

  void add_batch() {
    const HttpReply reply = post("/api/v1/imports?kind=organizations&dry_run=false",
                                 "单位名称,地区代码\n测试单位,420106\n");
    ids_["imports"] = json_field(reply.body, "batch");
    marks_["/api/v1/imports"] = ids_["imports"];
  }

  void add_twins() {
    const char* const twin =
        R"({"name":"周明远","birth":"1985-03","region":"420106","phone":"19900000002"})";
    post("/api/v1/people", twin);
    post("/api/v1/people", twin);
    const auto pairs = testing::http(server_->port(), "GET", "/api/v1/duplicates", {},
                                     "Authorization: Bearer " + maker() + "\r\n");
    REQUIRE(pairs);
    ids_["duplicates"] = json_field(pairs->body, "id");
  }

  std::string path_of(const Operation& operation) {
    std::string path = operation.route;
    const auto brace = path.find('{');
    if (brace == std::string::npos) return path;
    if (brace == 1) return "/";  // the console
    const std::string collection = path.substr(8, path.find('/', 8) - 8);
    const auto end = path.find('}');
    return path.substr(0, brace) + target_of(collection) + path.substr(end + 1);
  }

  std::string new_token() {
    token("registrar", "420106", {}, "asked about");
    const auto tokens = list_tokens(*registry_, province_office());
    REQUIRE(tokens);
    for (const AccessToken& one : *tokens) {
      if (one.label == "registrar asked about" && !one.revoked) return id_text(one.id);
    }
    return {};
  }

  std::string target_of(const std::string& collection) {
    if (collection == "rosters" || collection == "templates") return "experts";
    if (collection == "coverage") return "funnel";
    if (collection == "me") return ids_.at("engagements");
    if (collection == "tokens") return new_token();  // revoked by whoever may
    return ids_.at(collection);
  }

  // What reaches the record and changes nothing that others are asked about.
  std::string body_of(const Operation& operation) {
    if (operation.method == "GET" || operation.method == "DELETE") return {};
    if (operation.route.ends_with("/answer")) return R"({"status":"accepted"})";
    if (operation.route.ends_with("/merge")) {
      return R"({"other":")" + ids_.at("somebody") + R"(","take":["nothing"]})";
    }
    return "{}";
  }

  HttpReply send(const Operation& operation, const std::string& token) {
    const std::string path = path_of(operation);
    std::string fields;
    if (operation.method == "PATCH") {
      const auto now = testing::http(server_->port(), "GET", path, {},
                                     "Authorization: Bearer " + maker() + "\r\n");
      REQUIRE(now);
      fields = "If-Match: " + now->header("etag") + "\r\n";
    }
    if (!token.empty()) fields += "Authorization: Bearer " + token + "\r\n";
    const std::string body = body_of(operation);
    if (!body.empty()) fields += "Content-Type: application/json\r\n";
    const auto reply = testing::http(server_->port(), operation.method, path, body, fields);
    REQUIRE(reply);
    return *reply;
  }

  TestRegistry registry_;
  Matching matching_;
  std::map<std::pair<char, std::string>, std::string> tokens_;
  std::map<std::string, std::string> ids_;
  std::map<std::string, std::string> marks_;
  std::unique_ptr<http::Server> server_;
};

bool lets_in(const Operation& operation, char role) {
  return operation.roles == "anyone" ||
         (operation.roles != "session" && operation.roles.find(role) != std::string::npos);
}

Seen expected(const Operation& operation, char role, const Place& place) {
  if (!lets_in(operation, role)) return Seen::Closed;
  if (operation.reach == "theirs") {
    return role == 'P' && place.region == kMaker ? Seen::Open : Seen::Absent;
  }
  return operation.reach == "any" || place.reaches ? Seen::Open : Seen::Absent;
}

// Everybody who is nobody.
Seen expected_of_strangers(const Operation& operation) {
  return operation.roles == "anyone" ? Seen::Open : Seen::Unknown;
}

}  // namespace

TEST_CASE("every operation is open to whom the reviewed table names, where it says", "[api]") {
  Building building;
  const auto table = reviewed_table();
  std::set<std::string> reviewed;
  int cells = 0;
  const std::string strangers[] = {"", building.expired_token(), building.revoked_token()};
  for (const Operation& operation : table) {
    reviewed.insert(operation.name());
    for (const auto& [letter, role] : kRoles) {
      for (const Place& place : kPlaces) {
        const Seen seen = building.ask(operation, building.token_of(letter, place.region));
        INFO(operation.name() << " as " << role << " of " << place.region);
        CHECK(seen == expected(operation, letter, place));
        ++cells;
      }
    }
    for (const std::string& stranger : strangers) {
      INFO(operation.name() << " as a stranger " << stranger.substr(0, 8));
      CHECK(building.ask(operation, stranger) == expected_of_strangers(operation));
      ++cells;
    }
  }
  std::set<std::string> served;
  for (const http::Route& route : building.all_routes()) {
    served.insert(route.method + " " + route.pattern);
  }
  CHECK(reviewed == served);
  WARN(cells << " cells");
}

TEST_CASE("a weaker permission of any operation shows in the table", "[api]") {
  Building building;
  const auto table = reviewed_table();
  for (const char* weaker : {"anyone", "read", "own", "register"}) {
    auto routes = building.all_routes();
    std::map<std::string, std::string> before;
    for (http::Route& route : routes) {
      before[route.method + " " + route.pattern] = route.permission;
      route.permission = weaker;
    }
    building.start(std::move(routes));
    for (const Operation& operation : table) {
      if (before.at(operation.name()) == weaker) continue;
      if (operation.roles == "anyone") continue;  // nothing is weaker
      bool shows = building.ask(operation, "") != expected_of_strangers(operation);
      for (const auto& [letter, role] : kRoles) {
        const Place& place = kPlaces[0];
        shows = shows || building.ask(operation, building.token_of(letter, place.region)) !=
                             expected(operation, letter, place);
      }
      INFO(operation.name() << " with " << weaker);
      CHECK(shows);
    }
  }
}
