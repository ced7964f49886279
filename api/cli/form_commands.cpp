// template, mappings: the forms that offices fill in, and what was learned of those they send.
#include <CLI/CLI.hpp>
#include <iostream>

#include "api/cli/commands.h"
#include "api/json/import_codec.h"
#include "api/json/writer.h"
#include "api/rosters.h"
#include "registry/service/import_memory.h"

namespace chucai::cli {
namespace {

struct TemplateArguments {
  std::string kind;
  std::string program;
  std::string path;
};

int write_template(Session& session, const TemplateArguments& arguments) {
  Registry* registry = session.open();
  if (!registry) return kUnusable;
  const Done written = write_form(*registry, arguments.kind, arguments.program, arguments.path);
  if (!written) return session.report(written.error(), kUnusable);
  JsonWriter out;
  out.begin_object().field("kind", arguments.kind).field("file", arguments.path).end_object();
  std::cout << (session.json ? std::move(out).take() : arguments.path) << '\n';
  return kDone;
}

int list(Session& session) {
  Registry* registry = session.open();
  if (!registry) return kFailed;
  const auto mappings = list_learned_mappings(*registry, session.operator_here());
  if (!mappings) return session.report(mappings.error());
  if (session.json) {
    std::cout << mappings_json(*mappings) << '\n';
    return kDone;
  }
  for (const ColumnMapping& mapping : *mappings) {
    std::cout << mapping.office << "  " << mapping.kind << "  " << mapping.header << " = "
              << mapping.target << '\n';
  }
  return kDone;
}

struct ForgetArguments {
  std::string kind;
  std::string header;
  std::string region;
};

int forget(Session& session, const ForgetArguments& arguments) {
  Registry* registry = session.open();
  if (!registry) return kFailed;
  const Principal principal = session.operator_here();
  const Done forgotten = forget_mapping(
      *registry, principal, arguments.region.empty() ? principal.region : arguments.region,
      arguments.kind, importers::header_key(arguments.header));
  if (!forgotten) return session.report(forgotten.error());
  JsonWriter out;
  out.begin_object().field("forgotten", true).end_object();
  if (session.json) std::cout << std::move(out).take() << '\n';
  return kDone;
}

}  // namespace

void add_form_commands(CLI::App& app, Session& session, int& status) {
  auto* form = app.add_subcommand("template", "write the empty form of a kind");
  auto to = std::make_shared<TemplateArguments>();
  form->add_option("KIND", to->kind)->required();
  form->add_option("--program", to->program, "with the columns that this programme adds");
  form->add_option("--out", to->path, "the .xlsx to write")->required();
  form->callback([&session, &status, to] { status = write_template(session, *to); });

  auto* mappings = app.add_subcommand("mappings", "what imports learned about headers");
  mappings->require_subcommand(0, 1);
  auto* forgotten = mappings->add_subcommand("forget", "forget what one header means");
  auto which = std::make_shared<ForgetArguments>();
  forgotten->add_option("KIND", which->kind)->required();
  forgotten->add_option("HEADER", which->header)->required();
  forgotten->add_option("--region", which->region, "office; the operator's own without it");
  forgotten->callback([&session, &status, which] { status = forget(session, *which); });
  mappings->callback([&session, &status, forgotten] {
    if (!forgotten->parsed()) status = list(session);
  });
}

}  // namespace chucai::cli
