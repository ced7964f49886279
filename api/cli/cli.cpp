#include "api/cli/cli.h"

#include <CLI/CLI.hpp>

#include "api/cli/commands.h"

namespace chucai::cli {

int run(int argc, char** argv) {
  Session session;
  int status = kDone;
  CLI::App app{"chucai 楚才: talent and expert registry with a matching service", "chucai"};
  app.require_subcommand(1);
  app.fallthrough();
  app.add_option("--config", session.settings.file_option(),
                 "file of \"name = value\" lines (CHUCAI_CONFIG)");
  const auto add_setting = [&](Setting setting, const std::string& words) {
    const SettingNames& names = names_of(setting);
    app.add_option("--" + std::string(names.in_file), session.settings.option(setting),
                   words + " (" + names.in_environment + ")");
  };
  add_setting(Setting::Data, "data folder");
  add_setting(Setting::Database,
              "mysql://USER:PASSWORD@HOST:PORT/SCHEMA; default: SQLite in the data folder");
  add_setting(Setting::PasswordFile, "file that holds the database password");
  add_setting(Setting::Today, "business date YYYY-MM-DD");
  app.add_flag("--json", session.json, "print one JSON object as the last thing on stdout");
  add_system_commands(app, session, status);
  add_access_commands(app, session, status);
  add_record_commands(app, session, status);
  add_form_commands(app, session, status);
  add_find_command(app, session, status);
  add_one_person_commands(app, session, status);
  add_match_commands(app, session, status);
  add_report_commands(app, session, status);
  add_privacy_commands(app, session, status);
  add_demo_command(app, session, status);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kDone : kUnusable;
  }
  return status;
}

}  // namespace chucai::cli
