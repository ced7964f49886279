// The command line, in this process: what each command prints and returns, good input and bad.
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <vector>

#include "api/cli/cli.h"
#include "api/cli/notify.h"
#include "registry/storage/database.h"
#include "tests/support/captured.h"
#include "tests/support/temp_folder.h"

using namespace chucai;
using namespace chucai::testing;

namespace {

struct Ran {
  int status = 0;
  std::string out;
  std::string err;
};

class Desk {
 public:
  Desk() {
    write("people.csv",
          "姓名,证件号码,地区代码,出生日期\n周新,429004197812043334,420106,1978年12月\n");
    write("experts.csv",
          "专家编号,姓名,地区代码,学科代码,研究方向,职称级别\n"
          "E1,沈茶山,420106,21040,茶叶病害,副高级\n");
    write("needs.csv",
          "需求编号,需求单位,地区代码,需求名称,学科代码,需求人数\n"
          "N1,宣恩县茶业协会,422825,茶叶病害防治,21040,2\n");
    write("person.json", R"({"name":"周甲","id_no":"420106198503010007","region":"420106"})");
    for (const std::string number : {"E7", "E8"}) {
      write(number + ".json", R"({"name":"周丙","birth":"1985-03","phone":"19912345678",)"
                              R"("region":"420106","employer":"武昌区农业局","expert_no":")" +
                                  number + "\"}");
    }
    write("rules.csv", "rule,what,who,at_least,at_most\npin,N1,E1\nregion,420000,,1,5\n");
    write("bad.json", R"({"name":"","id_no":"420106198503010008","planet":"mars"})");
    write("settings.conf", "# where it listens\nlisten = 127.0.0.1:9\n");
    write("wrong.json", R"({"id_no":"420106198503010008","region":"999999"})");
    write("broken.json", R"({"name":)");
    write("odd.csv", "姓名,干部职级,性别,民族,籍贯\n周丁,主任科员,男,汉族,随县\n小计,1\n");
    write("picture.csv", "\x89PNG\r\n\x1a\n0000000000");
    write("none.csv", "甲,乙\n1,2\n");
    write("bare.bin", "CHM1");
  }

  std::string path(const std::string& name) const { return folder_.file(name); }

  Ran run(std::vector<std::string> words) const {
    std::vector<std::string> all = {"chucai"};
    const bool names_folder = !words.empty() && words.front() == "--data";
    if (!names_folder) all.insert(all.end(), {"--data", folder_.file("data")});
    for (std::string& word : words) {
      if (word.starts_with("@")) word = path(word.substr(1));
    }
    all.insert(all.end(), words.begin(), words.end());
    std::vector<char*> argv;
    for (std::string& word : all) argv.push_back(word.data());
    const Captured out(std::cout);
    const Captured err(std::cerr);
    const int status = cli::run(static_cast<int>(argv.size()), argv.data());
    return {status, out.text(), err.text()};
  }

 private:
  void write(const std::string& name, const std::string& content) const {
    std::ofstream(path(name), std::ios::binary) << content;
  }

  TempFolder folder_;
};

struct Row {
  std::vector<std::string> words;
  int status;
  const char* must;  // on stdout or stderr
};

// In order: later rows stand on earlier ones.
const std::vector<Row> kRows = {
    {{}, 2, "subcommand"},
    {{"frobnicate"}, 2, "--help"},
    {{"version", "--json"}, 0, "\"schema\""},
    {{"match", "N1"}, 1, "registry.not_initialised"},
    {{"--json", "coverage"}, 1, "registry.not_initialised"},
    {{"init"}, 0, "master.key"},
    {{"init"}, 0, "master.key"},
    {{"migrate", "--json"}, 0, "\"schema\":"},
    {{"register", "@person.json"}, 0, ""},
    {{"register", "@person.json"}, 1, "person.id_no.duplicate"},
    {{"register", "@bad.json"}, 1, "/planet"},
    {{"register", "@wrong.json", "--json"}, 1, "\"where\":\"region\""},
    {{"register", "@broken.json"}, 2, "json.syntax"},
    {{"register", "@absent.json"}, 2, "cli.file"},
    {{"import", "@people.csv", "--as", "persons", "--dry-run", "--json"}, 0, "\"batch\":null"},
    {{"import", "@people.csv", "--as", "persons", "--json"}, 0, "\"new\":1"},
    {{"import", "@people.csv", "--as", "persons", "--json"}, 0, "\"same\":1"},
    {{"import", "@experts.csv", "--as", "experts"}, 0, "1"},
    {{"import", "@needs.csv", "--as", "needs", "--program", "RURAL_REVIVAL"}, 0, "1"},
    {{"import", "@needs.csv", "--as", "needs", "--program", "NO_SUCH", "--json"},
     3,
     "\"refused\":1"},
    {{"import", "@people.csv", "--as", "circus"}, 2, "import.kind"},
    {{"import", "@people.csv"}, 2, "--as"},
    {{"import", "@people.csv", "--as", "persons", "--mode", "perhaps"}, 2, "import.mode"},
    {{"import", "@people.csv", "--as", "persons", "--region", "99"}, 2, "token.region"},
    {{"import", "--as", "persons"}, 2, "FILE"},
    {{"import", "--resume", "nothing"}, 1, "import.batch.absent"},
    {{"import", "--resume", "0000000000001"}, 1, "import.batch.absent"},
    {{"import", "--drop", "nothing"}, 1, "import.batch.absent"},
    {{"import", "--drop", "0000000000001", "--json"}, 1, "import.batch.absent"},
    {{"import", "@absent.csv", "--as", "persons"}, 2, "import.file.absent"},
    {{"import", "@picture.csv", "--as", "persons", "--json"}, 2, "import.file.image"},
    {{"import", "@none.csv", "--as", "persons"}, 2, "import.header.absent"},
    {{"import", "@odd.csv", "--as", "persons", "--map", "干部职级=星座"}, 2, "import.map.column"},
    {{"import", "@odd.csv", "--as", "persons", "--key", "证件号码"}, 2, "import.key"},
    {{"import", "@odd.csv", "--as", "persons", "--map", "干部职级=职务", "--dry-run"},
     0,
     "干部职级"},
    {{"mappings", "--json"}, 0, "\"items\":[]"},
    {{"import", "@odd.csv", "--as", "persons", "--map", "干部职级=职务", "--json"},
     0,
     "\"column\":\"职务\",\"by\":\"told\""},
    {{"mappings"}, 0, "420000  persons  干部职级 = 职务"},
    {{"import", "@odd.csv", "--as", "persons", "--key", "姓名,职务", "--json"},
     0,
     "\"by\":\"learned\""},
    {{"import", "@odd.csv", "--as", "persons", "--key", "姓名", "--dry-run"}, 0, "干部职级"},
    {{"mappings", "forget", "persons", "干部职级"}, 0, ""},
    {{"mappings", "forget", "persons", "干部职级"}, 1, "import.map.absent"},
    {{"template", "persons", "--out", "@form.xlsx", "--json"}, 0, "\"kind\":\"persons\""},
    {{"template", "participations", "--program", "INTRO_CORE", "--out", "@form.xlsx"}, 0, "form"},
    {{"template", "funds", "--program", "INTRO_CORE", "--out", "@form.xlsx"}, 2, "template.kind"},
    {{"template", "persons", "--program", "NO_SUCH", "--out", "@form.xlsx"}, 2, "record.absent"},
    {{"template", "circus", "--out", "@form.xlsx"}, 2, "import.kind"},
    {{"template", "persons", "--out", "@no/such/form.xlsx"}, 2, "export.write"},
    {{"export", "persons", "--ids", "--out", "@ids.csv", "--json"}, 0, "\"rows\":3"},
    {{"import", "@ids.csv", "--as", "persons", "--json"}, 0, "\"same\":3"},
    {{"export", "persons", "--out", "@out.csv", "--json"}, 0, "\"rows\":3"},
    {{"export", "persons", "--format", "xlsx", "--out", "@out.xlsx"}, 0, "3"},
    {{"export", "experts", "--format", "json", "--out", "@out.json"}, 0, "1"},
    {{"import", "@out.xlsx", "--as", "persons", "--json"}, 0, "\"rows\":3"},
    {{"export", "circus", "--out", "@out.csv"}, 2, "import.kind"},
    {{"export", "persons", "--format", "pdf", "--out", "@out.csv"}, 2, "export.format"},
    {{"export", "persons", "--out", "@no/such/folder.csv"}, 2, "export.write"},
    {{"find", "people", "茶山"}, 0, "沈茶山"},
    {{"find", "people", "茶叶 沈", "--region", "420100", "--role", "expert", "--json"},
     0,
     "\"expert_no\":\"E1\""},
    {{"find", "people", "茶叶", "--discipline", "210", "--title-grade", "1"}, 0, "没有找到"},
    {{"find", "people", "--program", "RURAL_REVIVAL"}, 0, "没有找到"},
    {{"find", "needs", "宣恩 病害", "--json"}, 0, "\"number\":\"N1\""},
    {{"find", "organizations", "协会"}, 0, ""},
    {{"find", "people", "，"}, 2, "search.text"},
    {{"find", "people", "茶", "--limit", "0"}, 2, "page.limit"},
    {{"find", "people", "茶", "--after", "x"}, 2, "page.cursor"},
    {{"find", "needs", "茶", "--role", "expert"}, 2, "query.parameter"},
    {{"find", "circus", "茶"}, 2, "cli.find.kind"},
    {{"match", "N1", "--json"}, 0, "\"number\":\"E1\""},
    {{"match", "N1", "--why-not", "E1"}, 0, ""},
    {{"match", "N9"}, 1, "record.absent"},
    {{"match", "N1", "--top", "0"}, 2, "page.limit"},
    {{"match", "N1", "--why-not", "E9"}, 1, "record.absent"},
    {{"match"}, 1, "match.question"},
    {{"match", "--region", "999999"}, 1, "field.code.unknown"},
    {{"match", "--region", "422825", "--text", "茶叶病害"}, 0, "E1"},
    {{"match", "--expert", "E1"}, 0, "N1"},
    {{"match", "--expert", "E9"}, 1, "record.absent"},
    {{"plan", "--json"}, 0, "\"verified\":true"},
    {{"plan", "--fair", "county", "--json"}, 0, "\"groups\":[{"},
    {{"plan", "--fair", "planet"}, 1, "plan.fair"},
    {{"plan", "--constraints", "@rules.csv", "--json"}, 0, "\"free_unfilled\":1"},
    {{"plan", "--constraints", "@people.csv"}, 1, "plan.rules"},
    {{"plan", "--constraints", "@absent.csv"}, 2, "cli.file"},
    {{"plan", "what-if", "7", "--withdraw", "E1"}, 1, "plan.absent"},
    {{"plan", "what-if"}, 2, "PLAN"},
    {{"plan", "--adopt"}, 0, ""},
    {{"plan", "--year", "soon"}, 2, "--year"},
    {{"plan", "--instance", "@absent.bin"}, 2, "cli.file"},
    {{"plan", "--instance", "@bare.bin"}, 2, "instance."},
    {{"plan", "--instance", "@people.csv"}, 2, "instance.magic"},
    {{"coverage", "--by", "program", "--format", "json"}, 0, "INTRO_CORE"},
    {{"coverage", "--program", "RURAL_REVIVAL"}, 0, "RURAL_REVIVAL"},
    {{"coverage", "--program", "NONE"}, 1, "coverage.program"},
    {{"coverage", "--by", "planet"}, 2, "coverage.by"},
    {{"coverage", "--program", "INTRO_CORE", "--as-of", "2018-01-01"}, 0, "no_target_set"},
    {{"reviews", "--json"}, 0, "\"items\":[]"},
    {{"reviews"}, 0, ""},
    {{"reviews", "now"}, 2, "--help"},
    {{"coverage", "--as-of", "soon"}, 2, "field.date"},
    {{"coverage", "--format", "pdf"}, 2, "export.format"},
    {{"coverage", "pivot", "--fact", "person", "--by", "unit,status", "--totals", "--json"},
     0,
     "\"columns\""},
    {{"coverage", "pivot", "--by", "planet"}, 2, "pivot.dimension"},
    {{"coverage", "pivot", "--filter", "year"}, 2, "pivot.filter"},
    {{"coverage", "ask", "five_chains"}, 0, "chain_talent"},
    {{"coverage", "ask", "languages", "--as-of", "2018-06-30", "--json"}, 0, "rule_text"},
    {{"coverage", "ask", "weather"}, 1, "coverage.question"},
    {{"coverage", "ask", "layout", "--as-of", "soon"}, 2, "field.date"},
    {{"report", "quarter", "2018Q5", "--out", "@quarter.xlsx"}, 2, "report.quarter"},
    {{"report", "quarter", "2018Q2", "--out", "@quarter.xlsx"}, 0, ""},
    {{"report", "due", "--folder", "@reports"}, 0, "2018Q3.xlsx"},
    {{"report", "due", "--folder", "@reports"}, 0, "2018Q3.xlsx"},
    {{"token", "add", "--role", "registrar", "--region", "420106", "--expires", "2019-06-30",
      "--json"},
     0,
     "\"token\""},
    {{"token", "add", "--role", "expert_self", "--region", "420106", "--expires", "2019-06-30",
      "--person", "E1", "--json"},
     0,
     "\"token\""},
    {{"token", "add", "--role", "expert_self", "--region", "420106", "--expires", "2019-06-30"},
     1,
     "token.person"},
    {{"token", "add", "--role", "king", "--region", "420106", "--expires", "2019-06-30"},
     1,
     "token.role"},
    {{"token", "add", "--role", "registrar", "--region", "99", "--expires", "2019-06-30"},
     1,
     "token.region"},
    {{"token", "add", "--role", "registrar", "--region", "420106", "--expires", "soon"},
     1,
     "field.date"},
    {{"token", "add", "--role", "registrar", "--region", "420106", "--expires", "2017-01-01"},
     1,
     "token.expires"},
    {{"token", "list"}, 0, "registrar"},
    {{"token", "revoke", "0000000000001"}, 1, "token.absent"},
    // Before the first account: with one, the service listens where it is told.
    {{"serve", "--listen", "0.0.0.0:8080"}, 2, "cli.listen.loopback"},
    {{"user", "add", "desk", "--role", "registrar", "--region", "420106", "--json"},
     0,
     "\"password\""},
    {{"user", "add", "desk", "--role", "registrar", "--region", "420106"}, 1, "account.exists"},
    {{"user", "add", "desk2", "--role", "king", "--region", "420106"}, 1, "account.role"},
    {{"user", "add", "desk2", "--role", "registrar", "--region", "420106", "--password-file",
      "@no/such"},
     2,
     "cli.file"},
    {{"user", "list"}, 0, "\"desk\""},
    {{"person", "reveal", "E1", "--purpose", "核对"}, 0, ""},
    {{"person", "reveal", "E9", "--purpose", "核对"}, 1, "record.absent"},
    {{"person", "reveal", "E1", "--purpose", "420106198503010008x"}, 1, "reveal.purpose"},
    {{"person", "reveal", "E1", "--purpose", "核对", "--field", "name"}, 1, "reveal.field"},
    {{"person", "export", "E1", "--json"}, 0, "\"trail\""},
    {{"person", "export", "E1", "--out", "@no/such/file.json"}, 2, "cli.output"},
    {{"person", "export", "E9"}, 1, "record.absent"},
    {{"person", "hold", "E1", "--reason", "诉讼"}, 0, "hold"},
    {{"person", "erase", "E1", "--basis", "本人申请"}, 1, "person.held"},
    {{"person", "hold", "E1", "--json"}, 0, "\"hold\""},
    {{"person", "erase", "E9", "--basis", "本人申请"}, 1, "record.absent"},
    {{"person", "erase", "E1"}, 2, "--basis"},
    {{"person"}, 2, "subcommand"},
    {{"export", "persons", "--reveal", "抽查", "--out", "@clear.csv", "--json"}, 0, "\"rows\":3"},
    {{"export", "persons", "--reveal", " ", "--out", "@clear.csv"}, 1, "reveal.purpose"},
    {{"retention", "--dry-run", "--json"}, 0, "\"person_exited\""},
    {{"retention"}, 0, "undo_images"},
    {{"key", "rotate", "--json"}, 0, "\"rewrapped\":2"},
    {{"key", "rotate"}, 0, "master.key"},
    {{"key"}, 2, "subcommand"},
    {{"duplicates"}, 0, "没有"},
    {{"register", "@E7.json", "--json"}, 0, "\"likely_twins\":[]"},
    {{"register", "@E8.json", "--json"}, 0, "\"likely_twins\":[{"},
    {{"duplicates", "--json"}, 0, "\"band\":\"link\""},
    {{"duplicates", "--scan"}, 0, "姓名相同"},
    {{"duplicates", "--band", "review", "--json"}, 0, "\"items\":[]"},
    {{"duplicates", "--band", "perhaps"}, 2, "query.parameter"},
    {{"duplicates", "--top", "0"}, 2, "page.limit"},
    {{"duplicates", "--after", "x"}, 2, "page.cursor"},
    {{"merge", "E7", "E9"}, 1, "record.absent"},
    {{"merge", "E7", "E1"}, 1, "person.merge.unlike"},
    {{"merge", "E7", "E8", "--take", "planet"}, 1, "person.merge.field"},
    {{"merge", "E7", "E8", "--take", "phone,email", "--json"}, 0, "\"survivor\""},
    {{"duplicates"}, 0, "没有"},
    {{"unmerge", "E8"}, 0, ""},
    {{"unmerge", "E8"}, 1, "person.merge.absent"},
    {{"unmerge", "E9"}, 1, "record.absent"},
    {{"distinct", "E7", "E8"}, 0, "两个"},
    {{"distinct", "E7", "E9"}, 1, "record.absent"},
    {{"duplicates", "--json"}, 0, "\"items\":[]"},
    {{"undo", "nothing"}, 1, "import.batch.absent"},
    {{"undo", "0000000000001"}, 1, "import.batch.absent"},
    {{"serve", "--listen", "nowhere"}, 2, "cli.listen"},
    {{"config"}, 2, "subcommand"},
    {{"config", "show"}, 0, "listen = 127.0.0.1:8080  (default)"},
    {{"config", "show", "--json"}, 0, "\"origin\":\"--data\""},
    {{"--config", "@settings.conf", "config", "show"}, 0, "settings.conf:2"},
    {{"--config", "@absent.conf", "config", "show"}, 2, "cli.file"},
    {{"--config", "@picture.csv", "config", "show"}, 2, "config.line"},
    {{"doctor"}, 0, "well"},
    {{"doctor", "--json"}, 0, "\"ok\":true"},
    {{"backup", "@all.chucai", "--json"}, 0, "\"rows\":"},
    {{"backup", "@no/such/folder.chucai"}, 1, "backup.write"},
    {{"backup"}, 2, "FILE"},
    {{"restore", "@all.chucai"}, 1, "backup.not_empty"},
    {{"--data", "@empty", "restore", "@all.chucai"}, 1, "backup.key_needed"},
    {{"restore", "@people.csv"}, 1, "backup.format"},
    {{"restore", "@absent.chucai"}, 1, "backup.read"},
    {{"--data", "@empty", "doctor", "--json"}, 1, "\"ok\":false"},
    {{"audit", "verify", "--json"}, 0, "\"ok\":true"},
    {{"person", "erase", "E1", "--basis", "本人申请"}, 0, "erase"},
    {{"import", "@experts.csv", "--as", "experts", "--json"}, 3, "person.erased"},
    {{"audit", "verify", "--json"}, 0, "\"ok\":true"},
    {{"coverage", "--today", "someday"}, 1, "field.date"},
    {{"--database", "oracle://x", "coverage"}, 1, "storage.url"},
};

}  // namespace

TEST_CASE("every command answers as its rows say", "[cli]") {
  ::setenv("CHUCAI_LANG", "zh", 1);
  ::setenv("CHUCAI_TODAY", "2018-12-31", 1);
  const Desk desk;
  for (const Row& row : kRows) {
    const Ran ran = desk.run(row.words);
    std::string line;
    for (const std::string& word : row.words) line += word + " ";
    INFO(line << "-> " << ran.status << "\n" << ran.out << ran.err);
    CHECK(ran.status == row.status);
    CHECK((ran.out + ran.err).find(row.must) != std::string::npos);
    CHECK((ran.out + ran.err).find("420106198503010008") == std::string::npos);
  }
}

TEST_CASE("a change tried on a plan says who would leave, and keeps nothing", "[cli]") {
  ::setenv("CHUCAI_TODAY", "2018-12-31", 1);
  const Desk desk;
  REQUIRE(desk.run({"init"}).status == 0);
  REQUIRE(desk.run({"import", "@experts.csv", "--as", "experts"}).status == 0);
  REQUIRE(
      desk.run({"import", "@needs.csv", "--as", "needs", "--program", "RURAL_REVIVAL"}).status ==
      0);
  const std::string made = desk.run({"plan", "--json"}).out;
  const std::string key = "\"id\":\"";
  const std::size_t at = made.find(key);
  REQUIRE(at != std::string::npos);
  const std::size_t begin = at + key.size();
  const std::string id = made.substr(begin, made.find('"', begin) - begin);
  const auto tried = [&](std::vector<std::string> words) {
    words.insert(words.begin(), {"plan", "what-if", id});
    words.push_back("--json");
    return desk.run(std::move(words));
  };
  const std::string withdrawn = tried({"--withdraw", "E1"}).out;
  CHECK(withdrawn.find("\"filled_before\":1,\"filled_after\":0") != std::string::npos);
  CHECK(withdrawn.find("\"left\":[{") != std::string::npos);
  CHECK(tried({"--pin", "N1=E1"}).out.find("\"left\":[]") != std::string::npos);
  CHECK(tried({"--forbid", "N1=E1"}).out.find("\"filled_after\":0") != std::string::npos);
  CHECK(tried({"--cancel", "N1"}).out.find("\"filled_after\":0") != std::string::npos);
  CHECK(tried({"--withdraw", "E9"}).out.find("record.absent") != std::string::npos);
  CHECK(tried({"--pin", "N1"}).out.find("plan.changes") != std::string::npos);
  CHECK(tried({}).out.find("plan.changes") != std::string::npos);
  CHECK(tried({"--withdraw", "E1", "--pin", "N1=E1"}).status == 1);
  // Nothing of all this was kept.
  CHECK(tried({"--withdraw", "E1"}).out == withdrawn);
}

TEST_CASE("an option wins over the environment, that over the file, and no password is shown",
          "[cli]") {
  const Desk desk;
  const auto shown = [&](std::vector<std::string> words) {
    words.insert(words.begin(), {"--config", "@settings.conf"});
    words.insert(words.end(), {"config", "show"});
    return desk.run(std::move(words)).out;
  };
  CHECK(shown({}).find("listen = 127.0.0.1:9  (") != std::string::npos);
  ::setenv("CHUCAI_DATABASE", "mysql://desk:secret@db/chucai", 1);
  ::setenv("CHUCAI_TODAY", "2018-12-30", 1);
  CHECK(shown({}).find("today = 2018-12-30  (CHUCAI_TODAY)") != std::string::npos);
  CHECK(shown({}).find("database = mysql://desk:***@db/chucai") != std::string::npos);
  CHECK(shown({"--today", "2018-12-31"}).find("today = 2018-12-31  (--today)") !=
        std::string::npos);
  ::unsetenv("CHUCAI_DATABASE");
  ::unsetenv("CHUCAI_TODAY");
}

TEST_CASE("a service manager that asked is told", "[cli]") {
  const TempFolder folder;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string name = folder.file("notify");
  REQUIRE(name.size() < sizeof address.sun_path);
  std::copy(name.begin(), name.end(), address.sun_path);
  const int manager = ::socket(AF_UNIX, SOCK_DGRAM, 0);
  REQUIRE(::bind(manager, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  cli::notify_manager("nobody hears this");
  ::setenv("NOTIFY_SOCKET", name.c_str(), 1);
  cli::notify_manager("READY=1");
  ::unsetenv("NOTIFY_SOCKET");
  char heard[32];
  const auto size = ::recv(manager, heard, sizeof heard, 0);
  REQUIRE(size > 0);
  CHECK(std::string_view(heard, static_cast<std::size_t>(size)) == "READY=1");
  ::close(manager);
}

TEST_CASE("refused input changes nothing", "[cli]") {
  const Desk desk;
  REQUIRE(desk.run({"init"}).status == 0);
  REQUIRE(desk.run({"export", "persons", "--out", "@before.csv"}).status == 0);
  desk.run({"register", "@bad.json"});
  desk.run({"register", "@wrong.json"});
  desk.run({"import", "@none.csv", "--as", "persons"});
  desk.run({"import", "@people.csv", "--as", "persons", "--dry-run"});
  REQUIRE(desk.run({"export", "persons", "--out", "@after.csv"}).status == 0);
  std::ifstream before(desk.path("before.csv"));
  std::ifstream after(desk.path("after.csv"));
  const std::string a{std::istreambuf_iterator<char>(before), {}};
  const std::string b{std::istreambuf_iterator<char>(after), {}};
  CHECK(a == b);
}

TEST_CASE("an import can be undone from the command line", "[cli]") {
  const Desk desk;
  REQUIRE(desk.run({"init"}).status == 0);
  const Ran imported = desk.run({"import", "@people.csv", "--as", "persons", "--json"});
  const std::string key = "\"batch\":\"";
  const auto at = imported.out.find(key);
  REQUIRE(at != std::string::npos);
  const std::string batch = imported.out.substr(at + key.size(), 13);
  CHECK(desk.run({"undo", batch, "--json"}).out.find("\"removed\":1") != std::string::npos);
  CHECK(desk.run({"undo", batch}).err.find("import.batch.undone") != std::string::npos);
  CHECK(desk.run({"import", "--resume", batch}).err.find("import.batch.undone") !=
        std::string::npos);
  CHECK(desk.run({"import", "--drop", batch}).err.find("import.batch.applied") !=
        std::string::npos);
  CHECK(desk.run({"export", "persons", "--out", "@out.csv", "--json"}).out.find("\"rows\":0") !=
        std::string::npos);
}

TEST_CASE("audit verify says what was done to the trail and where, 2 when it cannot be read",
          "[cli]") {
  const Desk desk;
  REQUIRE(desk.run({"init"}).status == 0);
  REQUIRE(desk.run({"register", "@person.json"}).status == 0);
  const auto tamper = [&](const char* sql) {
    const auto database = open_database("sqlite:" + desk.path("data/chucai.db"));
    REQUIRE(database);
    REQUIRE((*database)->write([&](Connection& db) -> Done {
      db.execute(sql);
      return {};
    }));
  };
  tamper("UPDATE audit_event SET actor = 'nobody' WHERE id = (SELECT MIN(id) FROM audit_event)");
  const Ran edited = desk.run({"audit", "verify", "--json"});
  CHECK(edited.status == 1);
  CHECK(edited.out.find("\"ok\":false") != std::string::npos);
  CHECK(edited.out.find("\"kind\":\"edit\"") != std::string::npos);
  CHECK(edited.out.find("\"seq\":1,") != std::string::npos);
  tamper("UPDATE audit_event SET actor = 'chucai' WHERE id = (SELECT MIN(id) FROM audit_event)");
  CHECK(desk.run({"audit", "verify"}).status == 0);
  tamper("DELETE FROM audit_event WHERE id = (SELECT MAX(id) FROM audit_event)");
  CHECK(desk.run({"audit", "verify", "--json"}).out.find("\"truncate\"") != std::string::npos);
  std::filesystem::rename(desk.path("data/master.key"), desk.path("key"));
  CHECK(desk.run({"audit", "verify", "--json"}).status == 2);
}
