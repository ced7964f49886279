// Reads every #include in the tree and fails on a leak: a module that reaches against the arrow
//   api -> {importers, matcher, registry}, importers -> registry, matcher -> registry/domain,
//   registry/service -> {registry/storage, registry/coverage} -> registry/domain
// or a third party outside its folder. The system include path hides such leaks from CMake.
#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <optional>
#include <regex>
#include <string>
#include <vector>

namespace fs = std::filesystem;

namespace {

struct Include {
  std::string file;    // path relative to the source folder
  std::string target;  // what stands between the quotes or brackets
  bool quoted = false;
};

bool starts_with(const std::string& text, const std::string& prefix) {
  return text.rfind(prefix, 0) == 0;
}

struct LayerRule {
  std::string folder;                // the longest that fits a file decides
  std::vector<std::string> may_use;  // project folders it may include from
};

const std::vector<LayerRule> kLayers = {
    {"registry/domain", {"registry/domain"}},
    {"registry/storage", {"registry/storage", "registry/domain"}},
    {"registry/coverage", {"registry/coverage", "registry/domain"}},
    {"registry/service",
     {"registry/service", "registry/coverage", "registry/storage", "registry/domain"}},
    {"importers", {"importers", "registry"}},
    {"matcher", {"matcher", "registry/domain"}},
    {"api", {"api", "importers", "matcher", "registry"}},
    {"tests", {"tests", "api", "importers", "matcher", "registry"}},
};

struct ThirdParty {
  std::string header;                // prefix of the include
  std::vector<std::string> allowed;  // files or folders that may include it
};

const std::vector<ThirdParty> kThirdParties = {
    {"tl/expected", {"registry/domain/result.h"}},
    {"sqlite3", {"registry/storage/sqlite_database.cpp", "tests"}},
    {"mysql", {"registry/storage/mysql_database.cpp"}},
    {"cppconn/", {"registry/storage/mysql_database.cpp"}},
    {"openssl/", {"registry/storage/crypto.cpp"}},
    {"sodium.h", {"registry/storage/crypto.cpp"}},
    {"rapidjson/", {"api/json"}},
    {"Poco/Net/", {"api/http", "tests/api", "tests/support"}},
    {"Poco/", {"api/http", "tests/api", "tests/support"}},
    {"CLI/", {"api/cli", "api/main.cpp"}},
    {"boost/", {"matcher/*.cpp"}},
    {"lemon/", {"matcher/constrained_plan.cpp", "tests/bench", "tests/matcher"}},
    {"zip.h", {"importers", "tests/importers", "tests/fuzz"}},
    {"expat.h", {"importers"}},
    {"libxml/", {"importers/html_reader.cpp"}},
    {"xlsxwriter", {"importers"}},
    {"unicode/", {"tests/registry/pinyin_test.cpp"}},
    {"catch2/", {"tests"}},
};

std::optional<LayerRule> layer_of(const std::string& file) {
  std::optional<LayerRule> best;
  for (const LayerRule& rule : kLayers) {
    if (starts_with(file, rule.folder + "/") &&
        (!best || rule.folder.size() > best->folder.size())) {
      best = rule;
    }
  }
  return best;
}

bool allows(const std::string& pattern, const std::string& file) {
  if (const auto star = pattern.find('*'); star != std::string::npos) {
    const std::string tail = pattern.substr(star + 1);
    return starts_with(file, pattern.substr(0, star)) && file.size() > tail.size() &&
           file.compare(file.size() - tail.size(), tail.size(), tail) == 0;
  }
  return file == pattern || starts_with(file, pattern + "/");
}

/// Empty when the include is allowed; else what is wrong and how to mend it.
std::string verdict(const Include& include) {
  const auto layer = layer_of(include.file);
  if (!layer) return include.file + " lies in no known layer: add it to kLayers";
  if (include.quoted) {
    for (const std::string& folder : layer->may_use) {
      if (starts_with(include.target, folder + "/")) return {};
    }
    return include.file + " includes " + include.target + ": " + layer->folder +
           " may use only its own arrow (see README, Map of the code)";
  }
  for (const ThirdParty& party : kThirdParties) {
    if (!starts_with(include.target, party.header)) continue;
    for (const std::string& pattern : party.allowed) {
      if (allows(pattern, include.file)) return {};
    }
    return include.file + " includes <" + include.target + ">: allowed only in " +
           party.allowed.front();
  }
  if (include.target.find('/') == std::string::npos &&
      include.target.find(".h") == std::string::npos) {
    return {};  // standard library
  }
  static const std::vector<std::string> kSystem = {"iconv.h",  "sys/",    "netinet/", "arpa/",
                                                   "unistd.h", "fcntl.h", "signal.h", "poll.h",
                                                   "time.h",   "errno.h", "pwd.h",    "spawn.h"};
  for (const std::string& header : kSystem) {
    if (starts_with(include.target, header)) return {};
  }
  return include.file + " includes <" + include.target +
         ">: not a known third party (kThirdParties)";
}

std::vector<Include> includes_of(const fs::path& root) {
  static const std::regex kInclude("^\\s*#\\s*include\\s*([<\"])([^>\"]+)[>\"]");
  std::vector<Include> found;
  for (const char* top : {"registry", "importers", "matcher", "api", "tests"}) {
    for (const auto& entry : fs::recursive_directory_iterator(root / top)) {
      const std::string extension = entry.path().extension().string();
      if (extension != ".h" && extension != ".cpp") continue;
      if (entry.path().string().find("node_modules") != std::string::npos) continue;
      std::ifstream in(entry.path());
      for (std::string line; std::getline(in, line);) {
        std::smatch match;
        if (std::regex_search(line, match, kInclude)) {
          found.push_back({fs::relative(entry.path(), root).string(), match[2], match[1] == "\""});
        }
      }
    }
  }
  return found;
}

}  // namespace

TEST_CASE("every include follows the arrow and every third party stays in its folder",
          "[architecture]") {
  const auto includes = includes_of(CHUCAI_SOURCE_DIR);
  REQUIRE(includes.size() > 20);
  for (const Include& include : includes) {
    INFO(verdict(include));
    CHECK(verdict(include).empty());
  }
}

TEST_CASE("a planted leak is found", "[architecture]") {
  CHECK_FALSE(verdict({"registry/domain/person.cpp", "matcher/rank.h", true}).empty());
  CHECK_FALSE(verdict({"registry/storage/x.cpp", "registry/service/registry.h", true}).empty());
  CHECK_FALSE(verdict({"importers/plan.cpp", "matcher/rank.h", true}).empty());
  CHECK_FALSE(verdict({"matcher/rank.cpp", "registry/storage/database.h", true}).empty());
  CHECK_FALSE(verdict({"registry/service/x.cpp", "rapidjson/document.h", false}).empty());
  CHECK_FALSE(verdict({"api/handlers/people.cpp", "rapidjson/document.h", false}).empty());
  CHECK_FALSE(verdict({"api/json/reader.cpp", "Poco/Net/HTTPServer.h", false}).empty());
  CHECK_FALSE(verdict({"importers/plan.cpp", "sqlite3.h", false}).empty());
  CHECK_FALSE(verdict({"matcher/rank.h", "boost/graph/adjacency_list.hpp", false}).empty());
  CHECK_FALSE(verdict({"registry/domain/date.cpp", "fmt/core.h", false}).empty());
  CHECK(verdict({"api/http/server.cpp", "Poco/Net/HTTPServer.h", false}).empty());
  CHECK(verdict({"matcher/graph.cpp", "boost/graph/graph_traits.hpp", false}).empty());
  CHECK(verdict({"registry/storage/mysql_database.cpp", "mysql_connection.h", false}).empty());
}

TEST_CASE("no header grows past 400 lines", "[architecture]") {
  for (const char* top : {"registry", "importers", "matcher", "api"}) {
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(CHUCAI_SOURCE_DIR) / top)) {
      if (entry.path().extension() != ".h") continue;
      std::ifstream in(entry.path());
      std::size_t lines = 0;
      for (std::string line; std::getline(in, line);) ++lines;
      INFO(entry.path().string());
      CHECK(lines <= 400);
    }
  }
}
