// Reads every reason that the code gives and fails on one that messages.csv has no words for, and
// on a row whose two languages do not ask for the same parameters.
#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>

#include "registry/domain/csv_text.h"

namespace fs = std::filesystem;

namespace {

std::string content(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

/// Reasons written in a source text, each as the first literal of a failure or problem.
std::set<std::string> reasons_in(const std::string& source) {
  static const std::regex kGiven(
      R"re((?:\bfail\(\s*(?:chucai::)?ErrorCode::\w+\s*,|\bfail_all\(|\bProblem\s*\{)\s*"([^"]+)")re");
  std::set<std::string> reasons;
  for (std::sregex_iterator at(source.begin(), source.end(), kGiven), end; at != end; ++at) {
    reasons.insert((*at)[1]);
  }
  return reasons;
}

/// reason -> file that gives it first.
std::map<std::string, std::string> reasons_of(const fs::path& root) {
  std::map<std::string, std::string> found;
  for (const char* top : {"registry", "importers", "matcher", "api"}) {
    for (const auto& entry : fs::recursive_directory_iterator(root / top)) {
      const std::string extension = entry.path().extension().string();
      if (extension != ".h" && extension != ".cpp") continue;
      if (entry.path().string().find("node_modules") != std::string::npos) continue;
      for (const std::string& reason : reasons_in(content(entry.path()))) {
        found.emplace(reason, fs::relative(entry.path(), root).string());
      }
    }
  }
  return found;
}

std::set<std::string> placeholders(const std::string& text) {
  static const std::regex kPlaceholder(R"re(\{\d+\})re");
  std::set<std::string> found;
  for (std::sregex_iterator at(text.begin(), text.end(), kPlaceholder), end; at != end; ++at) {
    found.insert(at->str());
  }
  return found;
}

struct Words {
  std::string zh;
  std::string en;
};

std::map<std::string, Words> shipped_messages() {
  const std::string text = content(fs::path(CHUCAI_SOURCE_DIR) / "registry/codes/messages.csv");
  chucai::CsvTable table({"messages.csv", text});
  std::map<std::string, Words> rows;
  while (table.next()) {
    const std::string reason(table.at(table.column("reason")));
    INFO("messages.csv line " << table.line() << ": " << reason << " stands twice");
    CHECK_FALSE(rows.contains(reason));
    rows[reason] = {std::string(table.at(table.column("zh"))),
                    std::string(table.at(table.column("en")))};
  }
  INFO("messages.csv is malformed at line " << table.line());
  REQUIRE(table.finish());
  return rows;
}

}  // namespace

TEST_CASE("every reason that the code gives has its words", "[architecture]") {
  const auto rows = shipped_messages();
  const auto given = reasons_of(CHUCAI_SOURCE_DIR);
  REQUIRE(given.size() > 5);
  for (const auto& [reason, file] : given) {
    INFO(file << " gives " << reason << ": add a row to registry/codes/messages.csv");
    CHECK(rows.contains(reason));
  }
}

TEST_CASE("every message is in both languages with the same parameters", "[architecture]") {
  // One word is a code of import issues (missing).
  static const std::regex kReason(R"re([a-z0-9_]+(\.[a-z0-9_]+)*)re");
  for (const auto& [reason, words] : shipped_messages()) {
    CAPTURE(reason, words.zh, words.en);
    CHECK(std::regex_match(reason, kReason));
    CHECK_FALSE(words.zh.empty());
    CHECK_FALSE(words.en.empty());
    CHECK(placeholders(words.zh) == placeholders(words.en));
  }
}

TEST_CASE("planted reasons are found", "[architecture]") {
  CHECK(reasons_in("return fail(ErrorCode::Conflict, \"a.b\");") == std::set<std::string>{"a.b"});
  CHECK(reasons_in("fail(\n    ErrorCode::Internal,\n    \"a.c\", {}") ==
        std::set<std::string>{"a.c"});
  CHECK(reasons_in("list.push_back(Problem{\"a.d\", field}); fail_all(\"a.e\", x)") ==
        std::set<std::string>{"a.d", "a.e"});
  CHECK(reasons_in("fail(code, reason)").empty());
}
