// person, key, retention: the rights of a person, the master key, how long data is kept.
#include <CLI/CLI.hpp>
#include <iostream>

#include "api/cli/commands.h"
#include "api/json/privacy_codec.h"
#include "api/json/writer.h"
#include "registry/service/key_rotation.h"
#include "registry/service/records.h"
#include "registry/service/reveal.h"

namespace chucai::cli {
namespace {

struct PersonArguments {
  std::string person;
  std::string reason;  // purpose, basis or reason of a hold
  std::string field = "id_no";
  std::string case_number;
  std::string out;
};

/// Opens the register, finds the person (id or number) and hands both to `act`.
int with_person(Session& session, const PersonArguments& arguments,
                const std::function<int(Registry&, std::int64_t)>& act) {
  Registry* registry = session.open();
  if (!registry) return kFailed;
  const auto person =
      find_record(*registry, session.operator_here(), type_of<Person>(), arguments.person);
  if (!person) return session.report(person.error());
  return act(*registry, (*person)->id);
}

int reveal(Session& session, const PersonArguments& arguments) {
  return with_person(session, arguments, [&](Registry& registry, std::int64_t person) {
    const auto value =
        reveal_field(registry, session.operator_here(),
                     {person, arguments.field, arguments.reason, arguments.case_number});
    if (!value) return session.report(value.error());
    JsonWriter out;
    out.begin_object().field("value", *value).end_object();
    std::cout << (session.json ? std::move(out).take() : *value) << '\n';
    return kDone;
  });
}

int export_person(Session& session, const PersonArguments& arguments) {
  return with_person(session, arguments, [&](Registry& registry, std::int64_t person) {
    const auto dossier = read_dossier(registry, session.operator_here(), person);
    if (!dossier) return session.report(dossier.error());
    const std::string json = dossier_json(*dossier);
    if (arguments.out.empty()) {
      std::cout << json << '\n';
      return kDone;
    }
    if (const Done written = write_file(arguments.out, json); !written) {
      return session.report(written.error(), kUnusable);
    }
    JsonWriter out;
    out.begin_object().field("file", arguments.out).end_object();
    std::cout << (session.json ? std::move(out).take() : arguments.out) << '\n';
    return kDone;
  });
}

/// What there is to say of a change that succeeds in silence.
int settle(const Session& session, const Done& done, std::string_view action) {
  if (!done) return session.report(done.error());
  JsonWriter out;
  out.begin_object().field("done", action).end_object();
  std::cout << (session.json ? std::move(out).take() : std::string(action)) << '\n';
  return kDone;
}

int erase(Session& session, const PersonArguments& arguments) {
  return with_person(session, arguments, [&](Registry& registry, std::int64_t person) {
    return settle(session,
                  erase_person(registry, session.operator_here(), person, arguments.reason),
                  "erase");
  });
}

int hold(Session& session, const PersonArguments& arguments) {
  return with_person(session, arguments, [&](Registry& registry, std::int64_t person) {
    return settle(session, hold_person(registry, session.operator_here(), person, arguments.reason),
                  "hold");
  });
}

int rotate(Session& session) {
  Registry* registry = session.open();
  if (!registry) return kFailed;
  const auto count = rotate_keys(*registry, session.operator_here());
  if (!count) return session.report(count.error());
  JsonWriter out;
  out.begin_object().field("rewrapped", *count).field("key", registry->key_file()).end_object();
  std::cout << (session.json
                    ? std::move(out).take()
                    : session.text(
                          {"cli.key.rotated", {}, {std::to_string(*count), registry->key_file()}}))
            << '\n';
  return kDone;
}

int retain(Session& session, RetentionMode mode) {
  Registry* registry = session.open();
  if (!registry) return kFailed;
  const auto lines = apply_retention(*registry, session.operator_here(), mode);
  if (!lines) return session.report(lines.error());
  if (session.json) {
    std::cout << retention_json(*lines) << '\n';
    return kDone;
  }
  for (const RetentionLine& line : *lines) {
    std::cout << "  " << line.rule << "  " << line.action << "  " << line.due << " / " << line.held
              << " / " << line.done << '\n';
  }
  return kDone;
}

CLI::App* person_command(CLI::App& group, const char* name, const char* about,
                         PersonArguments& arguments) {
  auto* command = group.add_subcommand(name, about);
  command->add_option("PERSON", arguments.person, "id or number")->required();
  return command;
}

}  // namespace

void add_privacy_commands(CLI::App& app, Session& session, int& status) {
  auto* person = app.add_subcommand("person", "the rights of one person");
  person->require_subcommand(1);
  auto in = std::make_shared<PersonArguments>();
  auto* revealed = person_command(*person, "reveal", "open one masked field", *in);
  revealed->add_option("--field", in->field, "id_no, phone or email")->capture_default_str();
  revealed->add_option("--purpose", in->reason)->required();
  revealed->add_option("--case", in->case_number);
  revealed->callback([&session, &status, in] { status = reveal(session, *in); });
  auto* exported = person_command(*person, "export", "everything kept of the person", *in);
  exported->add_option("--out", in->out, "JSON file; standard output without it");
  exported->callback([&session, &status, in] { status = export_person(session, *in); });
  auto* erased = person_command(*person, "erase", "destroy the key and clear the record", *in);
  erased->add_option("--basis", in->reason, "why, for the trail")->required();
  erased->callback([&session, &status, in] { status = erase(session, *in); });
  auto* held = person_command(*person, "hold", "keep the data for now", *in);
  held->add_option("--reason", in->reason, "without it the hold is lifted");
  held->callback([&session, &status, in] { status = hold(session, *in); });

  auto* key = app.add_subcommand("key", "the master key");
  key->require_subcommand(1);
  key->add_subcommand("rotate", "give the register a new one, while it is in use")->callback([&] {
    status = rotate(session);
  });

  auto* retention = app.add_subcommand("retention", "erase what is past its time");
  auto dry_run = std::make_shared<bool>(false);
  retention->add_flag("--dry-run", *dry_run, "only count");
  retention->callback([&session, &status, dry_run] {
    status = retain(session, *dry_run ? RetentionMode::DryRun : RetentionMode::Apply);
  });
}

}  // namespace chucai::cli
