// init, serve, migrate, audit, version: the life of a data folder.
#include <CLI/CLI.hpp>
#include <csignal>
#include <iostream>

#include "api/cli/commands.h"
#include "api/cli/serve.h"
#include "api/json/writer.h"
#include "registry/service/audit.h"

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

  auto* serve_command = app.add_subcommand("serve", "run the HTTP service");
  auto listen = std::make_shared<std::string>("127.0.0.1:8080");
  serve_command->add_option("--listen", *listen, "HOST:PORT")->capture_default_str();
  serve_command->callback([&session, &status, listen] { status = serve(session, *listen); });

  auto* audit = app.add_subcommand("audit", "the audit trail");
  audit->require_subcommand(1);
  audit->add_subcommand("verify", "recompute every hash chain")->callback([&] {
    status = check_trail(session);
  });
}

}  // namespace chucai::cli
