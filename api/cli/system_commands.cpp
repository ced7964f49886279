// init, serve, migrate, backup, restore, doctor, audit, config, version: the life of a data folder.
#include <CLI/CLI.hpp>
#include <csignal>
#include <iostream>

#include "api/cli/commands.h"
#include "api/cli/serve.h"
#include "api/json/record_codec.h"
#include "api/json/writer.h"
#include "registry/service/audit.h"
#include "registry/service/backup.h"
#include "registry/service/doctor.h"

namespace chucai::cli {
namespace {

#ifndef CHUCAI_VERSION
#define CHUCAI_VERSION "unknown"
#endif

int print_version(const Session& session) {
  JsonWriter out;
  out.begin_object()
      .field("version", CHUCAI_VERSION)
      .field("schema", std::int64_t{newest_schema()})
      .end_object();
  if (session.json) {
    std::cout << std::move(out).take() << '\n';
  } else {
    std::cout << "chucai " << CHUCAI_VERSION << '\n';
  }
  return kDone;
}

int init_folder(Session& session) {
  Registry* registry = session.open_or_init();
  if (!registry) return kFailed;
  if (session.json) {
    JsonWriter out;
    out.begin_object().field("data", registry->data_folder()).end_object();
    std::cout << std::move(out).take() << '\n';
  } else {
    std::cout << session.text({"cli.init", {}, {registry->data_folder()}}) << '\n';
  }
  return kDone;
}

// init does the same and more; migrate is the name that operators look for after an upgrade.
int migrate_schema(Session& session) {
  Registry* registry = session.open_or_init();
  if (!registry) return kFailed;
  JsonWriter out;
  out.begin_object().field("schema", std::int64_t{newest_schema()}).end_object();
  std::cout << (session.json ? std::move(out).take() : "schema " + std::to_string(newest_schema()))
            << '\n';
  return kDone;
}

int print_backup(const Session& session, const BackupReport& report, const Problem& words,
                 const std::string& file) {
  JsonWriter out;
  out.begin_object()
      .field("file", file)
      .field("rows", report.rows)
      .field("files", report.files)
      .field("schema", std::int64_t{report.schema})
      .field("made_at", utc_text(report.made_at))
      .end_object();
  std::cout << (session.json ? std::move(out).take() : session.text(words)) << '\n';
  return kDone;
}

int back_up(Session& session, const std::string& file) {
  Registry* registry = session.open();
  if (!registry) return kFailed;
  const auto made = backup_register(*registry, session.operator_here(), file);
  if (!made) return session.report(made.error());
  return print_backup(
      session, *made,
      {"cli.backup", {}, {std::to_string(made->rows), std::to_string(made->files), file}}, file);
}

int restore(Session& session, const std::string& file) {
  const auto options = session.options();
  if (!options) return session.report(options.error());
  const auto restored = restore_register(*options, session.operator_here(), file);
  if (!restored) return session.report(restored.error());
  return print_backup(session, *restored,
                      {"cli.restore",
                       {},
                       {std::to_string(restored->rows), std::to_string(restored->files),
                        utc_text(restored->made_at)}},
                      file);
}

std::string_view word_of(HealthCheck::State state) {
  switch (state) {
    case HealthCheck::State::Well:
      return "well";
    case HealthCheck::State::Warning:
      return "warning";
    case HealthCheck::State::Ill:
      return "ill";
  }
  return {};
}

int look_over(Session& session) {
  const auto options = session.options();
  if (!options) return session.report(options.error());
  bool is_ill = false;
  JsonWriter out;
  out.begin_object().key("checks").begin_array();
  for (const HealthCheck& check : examine(*options)) {
    is_ill = is_ill || check.state == HealthCheck::State::Ill;
    const std::string words = session.text(check.words);
    out.begin_object()
        .field("name", check.name)
        .field("state", word_of(check.state))
        .field("message", words)
        .end_object();
    if (!session.json) std::cout << word_of(check.state) << "  " << words << '\n';
  }
  out.end_array().field("ok", !is_ill).end_object();
  if (session.json) std::cout << std::move(out).take() << '\n';
  return is_ill ? kFailed : kDone;
}

// `chain`, `seq` and `event` (an id) are the columns of the row, for who looks it up in the table;
// no event stands where one was deleted.
std::string trail_json(const AuditReport& report) {
  JsonWriter out;
  out.begin_object().field("ok", !report.first_bad);
  if (const auto& bad = report.first_bad) {
    out.field("first_bad", place_text(*bad))
        .field("kind", tamper_name(bad->kind))
        .field("chain", std::to_string(bad->chain))
        .field("seq", bad->sequence)
        .field("event", bad->event == 0 ? std::string() : std::to_string(bad->event));
  } else {
    out.key("first_bad").null().key("kind").null();
  }
  out.field("events", report.events).field("chains", report.chains).end_object();
  return std::move(out).take();
}

int check_trail(Session& session) {
  Registry* registry = session.open();
  if (!registry) return kUnusable;
  const auto report = verify_trail(*registry);
  if (!report) return session.report(report.error(), kUnusable);
  const auto& bad = report->first_bad;
  if (session.json) {
    std::cout << trail_json(*report) << '\n';
  } else if (bad) {
    std::cout << session.text({"cli.audit.broken",
                               {},
                               {place_text(*bad), std::string(tamper_name(bad->kind))}})
              << '\n';
  } else {
    std::cout << session.text({"cli.audit.intact", {}, {std::to_string(report->events)}}) << '\n';
  }
  return bad ? kFailed : kDone;
}

int show_settings(Session& session) {
  if (const Done read = session.settings.read_file(); !read) {
    return session.report(read.error(), kUnusable);
  }
  JsonWriter out;
  out.begin_object();
  for (std::size_t i = 0; i < kSettings; ++i) {
    const auto setting = static_cast<Setting>(i);
    const Settings::Told told = session.settings.told(setting);
    const std::string name(names_of(setting).in_file);
    const std::string shown = without_password(told.value);
    out.key(name).begin_object().field("value", shown).field("origin", told.origin).end_object();
    if (!session.json) std::cout << name << " = " << shown << "  (" << told.origin << ")\n";
  }
  out.end_object();
  if (session.json) std::cout << std::move(out).take() << '\n';
  return kDone;
}

}  // namespace

void add_system_commands(CLI::App& app, Session& session, int& status) {
  app.add_subcommand("init", "create what is missing in the data folder")->callback([&] {
    status = init_folder(session);
  });
  app.add_subcommand("migrate", "bring the schema up to this version")->callback([&] {
    status = migrate_schema(session);
  });
  app.add_subcommand("version", "print version and schema")->callback([&] {
    status = print_version(session);
  });

  app.add_subcommand("doctor", "look the register over")->callback([&] {
    status = look_over(session);
  });
  auto backup_file = std::make_shared<std::string>();
  auto* backup = app.add_subcommand("backup", "write database and documents to one file");
  backup->add_option("FILE", *backup_file)->required();
  backup->callback([&session, &status, backup_file] { status = back_up(session, *backup_file); });
  auto* back = app.add_subcommand("restore", "fill an empty data folder from a backup");
  back->add_option("FILE", *backup_file)->required();
  back->callback([&session, &status, backup_file] { status = restore(session, *backup_file); });

  auto* serve_command = app.add_subcommand("serve", "run the HTTP service");
  serve_command->add_option(
      "--listen", session.settings.option(Setting::Listen),
      "HOST:PORT (CHUCAI_LISTEN); " + std::string(names_of(Setting::Listen).fallback));
  serve_command->add_option("--trusted-proxies", session.settings.option(Setting::TrustedProxies),
                            "addresses whose X-Forwarded-For is believed (CHUCAI_TRUSTED_PROXIES)");
  serve_command->callback([&session, &status] { status = serve(session); });

  auto* config = app.add_subcommand("config", "settings");
  config->require_subcommand(1);
  config->add_subcommand("show", "each setting and where it comes from")->callback([&] {
    status = show_settings(session);
  });

  auto* audit = app.add_subcommand("audit", "the audit trail");
  audit->require_subcommand(1);
  audit->add_subcommand("verify", "recompute every hash chain")->callback([&] {
    status = check_trail(session);
  });
}

}  // namespace chucai::cli
