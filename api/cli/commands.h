// The commands of the program, by what they are about. Each function adds its subcommands to the
// parser; a command that runs leaves its exit status in `status`.
#pragma once

#include "api/cli/session.h"

namespace CLI {
class App;
}

namespace chucai::cli {

/// init, serve, migrate, backup, restore, doctor, audit, config, version.
void add_system_commands(CLI::App& app, Session& session, int& status);
/// user, token.
void add_access_commands(CLI::App& app, Session& session, int& status);
/// register, import, export, undo.
void add_record_commands(CLI::App& app, Session& session, int& status);
/// template, mappings.
void add_form_commands(CLI::App& app, Session& session, int& status);
/// find.
void add_find_command(CLI::App& app, Session& session, int& status);
/// duplicates, merge, unmerge, distinct.
void add_one_person_commands(CLI::App& app, Session& session, int& status);
/// match, plan.
void add_match_commands(CLI::App& app, Session& session, int& status);
/// coverage, report, reviews.
void add_report_commands(CLI::App& app, Session& session, int& status);
/// person, key, retention.
void add_privacy_commands(CLI::App& app, Session& session, int& status);
/// demo.
void add_demo_command(CLI::App& app, Session& session, int& status);

}  // namespace chucai::cli
