// What every command shares: the common options, opening the register as the local operator, and
// how results and failures are printed.
#pragma once

#include <memory>
#include <string>

#include "api/cli/settings.h"
#include "registry/domain/messages.h"
#include "registry/service/registry.h"

namespace chucai::cli {

/// Exit statuses.
inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;
inline constexpr int kUnusable = 2;
inline constexpr int kRowsRefused = 3;

class Session {
 public:
  Settings settings;  ///< its options are filled by the argument parser
  bool json = false;

  Session();

  /// Opens the register, or creates it first. Prints the failure and returns null on one.
  Registry* open();
  Registry* open_or_init();
  /// The operator at the keyboard, province-wide.
  Principal operator_here() const;
  Language language() const { return language_; }
  /// The message of a reason; works before a register is open.
  std::string text(const Problem& problem) const;
  /// Prints a failure with its place (stderr; with --json one object on stdout) and returns `code`.
  int report(const Error& error, int code = kFailed) const;
  /// The registry options that the settings give. Errors: InvalidArgument "field.date" for today,
  /// "cli.password_file"; those of Settings::read_file.
  Result<RegistryOptions> options();

 private:
  Language language_;
  std::unique_ptr<Messages> messages_;
  std::unique_ptr<Registry> registry_;
};

/// Reads a whole file, or standard input for "-". Errors: InvalidArgument "cli.file" naming it.
Result<std::string> read_file(const std::string& path);
/// Writes a file whole or not at all. Errors: InvalidArgument "cli.output" naming it.
Done write_file(const std::string& path, std::string_view content);

}  // namespace chucai::cli
