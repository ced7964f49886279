// Known identity numbers, contacts and benefit data are planted, every route, export and command is
// used by every role, and then everything that came out or was written is searched for them: they
// may stand in the cells that are meant for them and nowhere else.
#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <set>

#include "api/cli/cli.h"
#include "api/service.h"
#include "registry/domain/participation.h"
#include "registry/service/records.h"
#include "registry/service/tokens.h"
#include "tests/support/builders.h"
#include "tests/support/captured.h"
#include "tests/support/http_client.h"
#include "tests/support/private_mariadb.h"
#include "tests/support/test_registry.h"

using namespace chucai;
using namespace chucai::testing;
namespace fs = std::filesystem;

namespace {

// Valid numbers of nobody. `kNear` lives in 420106, `kFar` in 422825.
constexpr const char* kNearNumber = "420106198503010007";
constexpr const char* kFarNumber = "422801199006151020";
constexpr const char* kNewNumber = "429004197812043334";  // imported
constexpr const char* kBadNumber = "420106198503010008";  // refused everywhere
constexpr const char* kNearPhone = "19912345678";
constexpr const char* kFarPhone = "19987654321";
constexpr const char* kNewPhone = "19900004321";
constexpr const char* kNearMail = "sentinel.near@example.org";
constexpr const char* kNearBenefit = "体检待遇甲哨兵";
constexpr const char* kFarBenefit = "疗养待遇乙哨兵";

constexpr const char* kBackup = ".chucai";

const std::set<std::string> kNumbers = {kNearNumber, kFarNumber, kNewNumber, kBadNumber};
const std::set<std::string> kContacts = {kNearPhone, kFarPhone, kNewPhone, kNearMail};
const std::set<std::string> kBenefits = {kNearBenefit, kFarBenefit};

std::string hex(const std::string& text) {
  return to_hex(text);
}

bool holds(std::string_view bytes, const std::string& sentinel) {
  return bytes.find(sentinel) != std::string_view::npos ||
         bytes.find(hex(sentinel)) != std::string_view::npos;
}

std::set<std::string> found_in(std::string_view bytes) {
  std::set<std::string> found;
  for (const auto* sentinels : {&kNumbers, &kContacts, &kBenefits}) {
    for (const std::string& one : *sentinels) {
      if (holds(bytes, one)) found.insert(one);
    }
  }
  return found;
}

std::string bytes_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Temporary files of everything below go into a folder that is searched at the end.
class OwnTemp {
 public:
  OwnTemp() {
    const char* const before = std::getenv("TMPDIR");
    before_ = before ? before : "";
    ::setenv("TMPDIR", folder_.path().c_str(), 1);
  }
  ~OwnTemp() {
    if (before_.empty()) {
      ::unsetenv("TMPDIR");
    } else {
      ::setenv("TMPDIR", before_.c_str(), 1);
    }
  }
  OwnTemp(const OwnTemp&) = delete;
  OwnTemp& operator=(const OwnTemp&) = delete;
  const fs::path& path() const { return folder_.path(); }

 private:
  TempFolder folder_;
  std::string before_;
};

struct Asker {
  std::string role;
  std::string region;
  std::string token;
  bool sees_contacts() const {
    return role == "province_admin" || role == "office_admin" || role == "registrar" ||
           role == "reviewer" || role == "liaison_officer" || role == "service_account";
  }
};

class Sentinels {
 public:
  explicit Sentinels(const std::string& database_url)
      : registry_(database_url), matching_(*registry_) {
    Person near = a_person("沈茶山", kNearNumber);
    near.expert_no = "E1";
    near.roles = {"expert"};
    near.discipline = "21040";
    near.phone = kNearPhone;
    near.email = kNearMail;
    create(type_of<Person>(), near);
    Person far = a_person("陆远山", kFarNumber);
    far.expert_no = "E2";
    far.roles = {"expert"};
    far.discipline = "21040";
    far.region = "422825";
    far.phone = kFarPhone;
    create(type_of<Person>(), far);
    Need need = a_need("N1");
    need.discipline = "21040";
    create(type_of<Need>(), need);
    benefit(near, kNearBenefit);
    benefit(far, kFarBenefit);
    for (const char* role :
         {"province_admin", "office_admin", "registrar", "reviewer", "requester", "liaison_officer",
          "analyst", "auditor", "expert_self", "service_account"}) {
      add_asker(role, role == std::string("province_admin") ? "420000" : "420106");
      if (role == std::string("registrar")) add_asker(role, "422825");
    }
    askers_.push_back({});  // nobody
    auto server = start_service({}, *registry_, matching_);
    REQUIRE(server);
    server_ = std::move(*server);
  }

  /// Every route as everybody, with good and bad requests; what each answer may hold is checked.
  void use_every_route() {
    for (const http::Route& route : routes(*registry_, matching_, nullptr)) {
      for (const Asker& asker : askers_) {
        if (route.method != "GET" && !writes(asker)) continue;
        const auto all = targets(route);
        for (const std::string& target : all) check(asker, route, target, bodies(route).front());
        for (const std::string& body : bodies(route)) {
          check(asker, route, all.front(), body);
          check(asker, route, all.back(), body);
        }
      }
    }
  }

  Registry& registry() { return *registry_; }
  TestRegistry& test_registry() { return registry_; }

 private:
  void create(const RecordType& type, Record& draft) {
    const Done done = create_record(*registry_, province_office(), type, draft);
    INFO((done ? "" : done.error().problem.reason));
    REQUIRE(done);
  }

  void benefit(const Person& person, const char* note) {
    Participation benefit;
    benefit.program = "INTRO_CORE";
    benefit.subject_type = "person";
    benefit.subject = id_text(person.id);
    benefit.region = person.region;
    benefit.note = note;
    create(type_of<Participation>(), benefit);
    benefits_.push_back(id_text(benefit.id));
  }

  void add_asker(const std::string& role, const std::string& region) {
    const auto token = add_token(*registry_, local_operator("tests"), role + region, role, region,
                                 Date{2018, 12, 31}, role == kExpertSelf ? "E1" : "");
    REQUIRE(token);
    askers_.push_back({role, region, *token});
  }

  // Enough of them for routes that change something: who may, who may elsewhere, who may not.
  static bool writes(const Asker& asker) {
    return asker.role == "office_admin" || asker.role == "registrar" || asker.role == "requester" ||
           asker.role == "analyst" || asker.token.empty();
  }

  std::vector<std::string> targets(const http::Route& route) const {
    const auto hole = route.pattern.find("{id}");
    std::vector<std::string> all;
    if (hole == std::string::npos) {
      all = {route.pattern,
             route.pattern + "?limit=200",
             route.pattern + "?q=" + kNearNumber,
             route.pattern + "?phone=" + kNearPhone,
             route.pattern + "?id_no=" + kNearNumber,
             route.pattern + "?" + kNearNumber + "=1",
             route.pattern + "?scheme=sex",
             route.pattern + "?kind=persons&dry_run=false"};
    } else {
      std::vector<std::string> ids = {"E1", "E2", "N1", kNearNumber, "0000000000001"};
      ids.insert(ids.end(), benefits_.begin(), benefits_.end());
      for (const std::string& id : ids) {
        std::string target = route.pattern;
        all.push_back(target.replace(hole, 4, id));
      }
    }
    return all;
  }

  static std::vector<std::string> bodies(const http::Route& route) {
    if (route.method == "GET") return {""};
    const std::string bad = R"({"name":"甲","id_no":")" + std::string(kBadNumber) +
                            R"(","phone":")" + kNearPhone + R"(","region":"420106"})";
    const std::string taken =
        R"({"name":"甲","id_no":")" + std::string(kNearNumber) + R"(","region":"420106"})";
    std::vector<std::string> all = {bad,
                                    taken,
                                    std::string("{\"") + kNearNumber + "\":1}",
                                    std::string("{") + kNearNumber,
                                    R"({"field":"id_no","purpose":"核对","case":"7"})",
                                    R"({"kind":"persons","purpose":"核对","case":"7"})",
                                    R"({"text":"茶叶病害"})",
                                    R"({"need":"N1"})",
                                    R"({"basis":")" + std::string(kNearNumber) + "\"}"};
    all.push_back("姓名,证件号码,地区代码,联系电话\n何新," + std::string(kNewNumber) + ",420106," +
                  kNewPhone + "\n坏," + kBadNumber + ",420106," + kNewPhone + "\n");
    return all;
  }

  /// What an answer may hold, by who asks and where the cell is.
  std::set<std::string> allowed(const Asker& asker, const http::Route& route) const {
    std::set<std::string> may;
    const auto within = [&](const char* near, const char* far) {
      if (asker.region != "422825") may.insert(near);
      if (asker.region != "420106") may.insert(far);
    };
    const bool opens = route.pattern.ends_with("/reveal") || route.pattern.ends_with("/dossier") ||
                       route.pattern.ends_with("/file");
    if (opens && asker.sees_contacts()) within(kNearNumber, kFarNumber);
    if (opens && asker.sees_contacts() && asker.region != "422825") may.insert(kNewNumber);
    const bool people = route.pattern.starts_with("/api/v1/people") || opens;
    if (people && asker.sees_contacts()) {
      within(kNearPhone, kFarPhone);
      if (asker.region != "422825") {
        may.insert(kNearMail);
        may.insert(kNewPhone);
      }
    }
    if (route.pattern == "/api/v1/me" && asker.role == kExpertSelf) {
      may.insert({kNearPhone, kNearMail});
    }
    if (route.pattern.starts_with("/api/v1/participations") ||
        route.pattern.ends_with("/dossier")) {
      within(kNearBenefit, kFarBenefit);
    }
    return may;
  }

  void check(const Asker& asker, const http::Route& route, const std::string& target,
             const std::string& body) {
    std::string fields = "Content-Type: application/json\r\nIf-Match: \"1\"\r\n";
    if (!asker.token.empty()) fields += "Authorization: Bearer " + asker.token + "\r\n";
    const auto reply = testing::http(server_->port(), route.method, target, body, fields);
    REQUIRE(reply);
    const std::set<std::string> may =
        asker.token.empty() ? std::set<std::string>{} : allowed(asker, route);
    for (const std::string& sentinel : found_in(reply->head + "\n" + reply->body)) {
      INFO(asker.role << " " << asker.region << ": " << route.method << " " << target << " " << body
                      << " -> " << reply->status << " " << reply->body.substr(0, 600));
      CHECK(may.count(sentinel) == 1);
      ++seen_[sentinel];
    }
  }

  TestRegistry registry_;
  Matching matching_;
  std::vector<Asker> askers_;
  std::vector<std::string> benefits_;
  std::unique_ptr<http::Server> server_;

 public:
  std::map<std::string, int> seen_;  ///< answers that held a sentinel where it may stand
};

/// Columns of the database that hold a sentinel, as "table.column".
std::map<std::string, std::set<std::string>> cells(Registry& registry) {
  std::map<std::string, std::set<std::string>> found;
  REQUIRE(registry.database().read([&](Connection& db) -> Done {
    const bool sqlite = db.dialect() == Dialect::Sqlite;
    std::vector<std::pair<std::string, std::string>> columns;
    // An index without content cannot be read; the tables that it is made of can.
    Statement& select = db.prepare(
        sqlite ? "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c"
                 " WHERE m.type = 'table' AND m.sql NOT LIKE 'CREATE VIRTUAL%'"
               : "SELECT table_name, column_name FROM information_schema.columns"
                 " WHERE table_schema = DATABASE()");
    while (select.step()) columns.emplace_back(select.text(0), select.text(1));
    for (const auto& [table, column] : columns) {
      Statement& all = db.prepare("SELECT `" + column + "` FROM `" + table + "`");
      while (all.step()) {
        for (const std::string& one : found_in(all.view(0)))
          found[table + "." + column].insert(one);
      }
    }
    return {};
  }));
  return found;
}

void check_cells(Registry& registry) {
  // Contacts stand in their own fields; an import that changed one keeps what undoing it needs.
  const std::map<std::string, const std::set<std::string>*> meant = {
      {"person.phone", &kContacts},
      {"person.email", &kContacts},
      {"import_row.before_image", &kContacts},
      {"participation.note", &kBenefits},
  };
  for (const auto& [cell, sentinels] : cells(registry)) {
    for (const std::string& sentinel : sentinels) {
      INFO(cell << " holds " << sentinel);
      const auto at = meant.find(cell);
      CHECK((at != meant.end() && at->second->count(sentinel) == 1));
    }
  }
}

/// Whatever file there is below `folder`: no number in any, contacts and benefits in databases and
/// in backups only.
void check_files(const fs::path& folder) {
  std::error_code gone;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file(gone)) continue;
    const bool database = entry.path().filename().string().starts_with("chucai.db") ||
                          entry.path().extension() == kBackup;
    for (const std::string& sentinel : found_in(bytes_of(entry.path()))) {
      INFO(entry.path() << " holds " << sentinel);
      CHECK((database && kNumbers.count(sentinel) == 0));
    }
  }
}

std::string run_command(const TestRegistry& registry, std::vector<std::string> words) {
  std::vector<std::string> all = {"chucai", "--data", registry.options().data_folder};
  if (!registry.options().database_url.empty()) {
    all.insert(all.end(), {"--database", registry.options().database_url});
  }
  all.insert(all.end(), {"--today", "2018-06-30"});
  all.insert(all.end(), words.begin(), words.end());
  std::vector<char*> argv;
  for (std::string& word : all) argv.push_back(word.data());
  const Captured out(std::cout);
  const Captured err(std::cerr);
  cli::run(static_cast<int>(argv.size()), argv.data());
  return out.text() + err.text();
}

void check_commands(const TestRegistry& registry, const fs::path& folder) {
  const std::string refused = (folder / "refused.json").string();
  {
    std::ofstream(refused) << R"({"name":"甲","id_no":")" << kBadNumber << R"(","phone":")"
                           << kNearPhone << R"x("})x";
  }
  for (const char* kind : {"persons", "experts", "participations", "engagements", "needs"}) {
    for (const char* format : {"csv", "json"}) {
      const std::string out = (folder / "out").string();
      run_command(registry, {"export", kind, "--format", format, "--out", out});
      for (const std::string& sentinel : found_in(bytes_of(out))) {
        INFO("masked export of " << kind << " holds " << sentinel);
        CHECK(kBenefits.count(sentinel) == 1);
      }
      fs::remove(out);
    }
  }
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"register", refused},
        {"match", "N1", "--json"},
        {"match", "--expert", "E1"},
        {"match", "N1", "--why-not", kNearNumber},
        {"plan", "--json"},
        {"coverage", "--json"},
        {"audit", "verify", "--json"},
        {"retention", "--dry-run"},
        {"doctor"},
        {"backup", (folder / "all").string() + kBackup},
        {"person", "reveal", "E1", "--purpose", kNearNumber}}) {
    const std::string said = run_command(registry, words);
    INFO(words[0] << ": " << said);
    CHECK(found_in(said).empty());
  }
  fs::remove(refused);
}

void nothing_leaks(const std::string& database_url, const std::function<void()>& search_server) {
  const OwnTemp temp;
  const Captured log(std::clog);
  const Captured errors(std::cerr);
  Sentinels sentinels(database_url);
  sentinels.use_every_route();
  check_commands(sentinels.test_registry(), temp.path());
  check_cells(sentinels.registry());
  check_files(temp.path());
  search_server();
  CHECK(found_in(log.text() + errors.text()).empty());
  // The search can fail: each kind was seen where it is meant to be.
  CHECK(sentinels.seen_[kNearNumber] > 0);
  CHECK(sentinels.seen_[kNearPhone] > 0);
  CHECK(sentinels.seen_[kNearBenefit] > 0);
}

}  // namespace

TEST_CASE("planted numbers, contacts and benefits stand nowhere but in their cells on SQLite",
          "[scenario][sentinel]") {
  nothing_leaks({}, [] {});
}

TEST_CASE("planted numbers, contacts and benefits stand nowhere but in their cells on MariaDB",
          "[scenario][sentinel][mariadb][.slow]") {
  PrivateMariaDb* server = PrivateMariaDb::instance();
  if (!server) return;
  nothing_leaks(server->fresh_schema(), [&] {
    std::error_code gone;
    for (const auto& entry : fs::recursive_directory_iterator(server->folder())) {
      if (!entry.is_regular_file(gone)) continue;
      const std::string bytes = bytes_of(entry.path());
      for (const std::string& number : kNumbers) {
        INFO(entry.path() << " holds " << number);
        CHECK_FALSE(holds(bytes, number));
      }
    }
  });
}
