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
  app.add_option("--data", session.data_folder, "data folder (CHUCAI_DATA)")->capture_default_str();
  app.add_option("--database", session.database_url,
                 "mysql://USER:PASSWORD@HOST:PORT/SCHEMA; default: SQLite in the data folder "
                 "(CHUCAI_DATABASE)");
  app.add_option("--database-password-file", session.password_file,
                 "file that holds the database password (CHUCAI_DATABASE_PASSWORD_FILE)");
  app.add_option("--today", session.today, "business date YYYY-MM-DD (CHUCAI_TODAY)");
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
