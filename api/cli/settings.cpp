#include "api/cli/settings.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace chucai::cli {
namespace {

constexpr const char* kDefaultFile = "/etc/chucai/chucai.conf";
constexpr const char* kFileVariable = "CHUCAI_CONFIG";

constexpr std::array<SettingNames, kSettings> kNames{{
    {"data", "CHUCAI_DATA", "./chucai-data"},
    {"database", "CHUCAI_DATABASE", ""},
    {"database-password-file", "CHUCAI_DATABASE_PASSWORD_FILE", ""},
    {"today", "CHUCAI_TODAY", ""},
    {"listen", "CHUCAI_LISTEN", "127.0.0.1:8080"},
    {"trusted-proxies", "CHUCAI_TRUSTED_PROXIES", ""},
}};

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r";
  const auto begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

}  // namespace

const SettingNames& names_of(Setting setting) {
  return kNames[static_cast<std::size_t>(setting)];
}

Done Settings::read_file() {
  std::string path = !file_option_.empty() ? file_option_ : environment(kFileVariable);
  const bool is_asked_for = !path.empty();
  if (!is_asked_for) path = kDefaultFile;
  std::ifstream in(path);
  if (!in || std::filesystem::is_directory(path)) {
    if (!is_asked_for) return {};
    return fail(ErrorCode::InvalidArgument, "cli.file", path);
  }
  std::string line;
  for (std::size_t number = 1; std::getline(in, line); ++number) {
    if (const Done taken = take_line(path, number, trimmed(line)); !taken) return taken;
  }
  return {};
}

Done Settings::take_line(const std::string& path, std::size_t number, std::string_view line) {
  if (line.empty() || line.front() == '#') return {};
  const std::string place = path + ":" + std::to_string(number);
  const auto equals = line.find('=');
  const std::string_view name = trimmed(line.substr(0, equals));
  for (std::size_t i = 0; i < kSettings && equals != std::string_view::npos; ++i) {
    if (kNames[i].in_file != name) continue;
    from_file_[i] = {std::string(trimmed(line.substr(equals + 1))), place};
    return {};
  }
  return fail(ErrorCode::InvalidArgument, "config.line", place);
}

Settings::Told Settings::told(Setting setting) const {
  const auto at = static_cast<std::size_t>(setting);
  const SettingNames& names = kNames[at];
  if (!options_[at].empty()) return {options_[at], "--" + std::string(names.in_file)};
  if (std::string value = environment(names.in_environment); !value.empty()) {
    return {std::move(value), names.in_environment};
  }
  if (!from_file_[at].origin.empty()) return from_file_[at];
  return {std::string(names.fallback), "default"};
}

std::string without_password(const std::string& url) {
  const auto scheme = url.find("://");
  const auto host = url.rfind('@');
  if (scheme == std::string::npos || host == std::string::npos) return url;
  const auto colon = url.find(':', scheme + 3);
  if (colon == std::string::npos || colon > host) return url;
  return url.substr(0, colon) + ":***" + url.substr(host);
}

}  // namespace chucai::cli
