// What the program is told from outside: an option of the command line wins over the environment,
// that over the configuration file, that over the default. `chucai config show` says which it was.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "registry/domain/result.h"

namespace chucai::cli {

enum class Setting {
  Data,            ///< data folder
  Database,        ///< mysql://USER:PASSWORD@HOST:PORT/SCHEMA; empty: SQLite in the data folder
  PasswordFile,    ///< its first line is put into the database URL
  Today,           ///< business date; empty: the clock's
  Listen,          ///< HOST:PORT
  TrustedProxies,  ///< addresses whose X-Forwarded-For is believed, with commas between
};
inline constexpr std::size_t kSettings = 6;

/// How a setting is called in each place.
struct SettingNames {
  std::string_view in_file;  ///< "database-password-file"; the option has -- before it
  const char* in_environment;
  std::string_view fallback;
};
const SettingNames& names_of(Setting setting);

class Settings {
 public:
  /// What the option parser fills; empty: not given.
  std::string& option(Setting setting) { return options_[static_cast<std::size_t>(setting)]; }
  std::string& file_option() { return file_option_; }

  /// Reads the configuration file: --config, CHUCAI_CONFIG, or /etc/chucai/chucai.conf where that
  /// exists. Lines "name = value"; # begins a remark. Errors: InvalidArgument "cli.file";
  /// "config.line" with the number of a line that is none or names no setting.
  Done read_file();

  struct Told {
    std::string value;
    std::string origin;  ///< "--data", "CHUCAI_DATA", "FILE:LINE", "default"
  };
  Told told(Setting setting) const;
  std::string value(Setting setting) const { return told(setting).value; }

 private:
  Done take_line(const std::string& path, std::size_t number, std::string_view line);

  std::string file_option_;
  std::array<std::string, kSettings> options_;
  std::array<Told, kSettings> from_file_;
};

/// A database URL without its password.
std::string without_password(const std::string& url);

}  // namespace chucai::cli
