// register, import, export, undo: records in and out of the register.
#include <CLI/CLI.hpp>
#include <chrono>
#include <iostream>

#include "api/cli/commands.h"
#include "api/cli/progress_line.h"
#include "api/json/duplicate_codec.h"
#include "api/json/import_codec.h"
#include "api/json/reader.h"
#include "api/json/record_codec.h"
#include "api/json/writer.h"
#include "api/rosters.h"
#include "importers/export_records.h"
#include "importers/import_file.h"
#include "registry/domain/person.h"
#include "registry/service/import_batches.h"
#include "registry/service/one_person.h"
#include "registry/service/records.h"
#include "registry/service/staged_import.h"

namespace chucai::cli {
namespace {

struct ImportArguments {
  std::string mode;
  std::string region;
  std::string resume;
  std::string drop;
  importers::ImportRequest request;
};

int register_person(Session& session, const std::string& file) {
  const auto text = read_file(file);
  if (!text) return session.report(text.error(), kUnusable);
  const auto json = parse_json(*text);
  if (!json) return session.report(json.error(), kUnusable);
  Registry* registry = session.open();
  if (!registry) return kFailed;
  Person person;
  if (const Done read = read_record(type_of<Person>(), *json, registry->rules(), person); !read) {
    return session.report(read.error());
  }
  const Done created = create_record(*registry, session.operator_here(), type_of<Person>(), person);
  if (!created) return session.report(created.error());
  const auto twins = duplicates_of(*registry, session.operator_here(), person.id);
  if (!twins) return session.report(twins.error());
  const DuplicateView view{
      registry->messages(), session.language(), {session.operator_here().role}};
  JsonWriter out;
  out.begin_object().field("id", id_text(person.id)).key("likely_twins");
  write_likely_twins(out, *twins, person.id, view);
  out.end_object();
  std::cout << (session.json ? std::move(out).take() : id_text(person.id)) << '\n';
  for (const DuplicatePair& pair : *twins) {
    const Person& twin = pair.one.id == person.id ? pair.other : pair.one;
    const std::string band = "likeness.band." + std::string(to_text(pair.band));
    std::cerr << session.text({band, {}, {}}) << ": " << id_text(twin.id) << ' ' << twin.name
              << '\n';
  }
  return kDone;
}

/// What was understood otherwise than the dictionary says, and what was passed over.
void print_understanding(const Session& session, const importers::ImportPlan& plan) {
  constexpr std::size_t kShown = 10;
  for (const importers::PlannedSheet& sheet : plan.sheets) {
    if (!sheet.header) continue;
    for (const importers::SheetColumn& column : sheet.header->columns) {
      if (column.by != importers::Meaning::Learned && column.by != importers::Meaning::Told)
        continue;
      const std::string reason = "cli.import.column." + std::string(importers::to_text(column.by));
      const std::string_view target =
          column.column ? column.column->header : importers::kept_column().header;
      std::cout << "  " << session.text({reason, {}, {column.header, std::string(target)}}) << '\n';
    }
  }
  std::size_t shown = 0;
  for (const importers::SkippedRow& row : plan.skipped) {
    if (++shown > kShown) break;
    const std::string reason = "row.skipped." + std::string(importers::to_text(row.is));
    const std::string& sheet = plan.sheets[row.sheet].name;
    std::cout << "  " << (sheet.empty() ? "" : sheet + "!") << row.row << ": "
              << session.text({reason, {}, {}}) << '\n';
  }
  if (shown > kShown) std::cout << "  ...\n";
  for (const importers::Issue& issue : plan.issues) {
    const bool about_sheet = issue.column.empty() && issue.finding.reason.starts_with("import.");
    if (!about_sheet) continue;
    std::cout << "  " << plan.sheets[issue.sheet].name << ": "
              << session.text({issue.finding.reason, {}, issue.finding.params}) << '\n';
  }
}

void print_import(const Session& session, const importers::ImportOutcome& report) {
  const ImportCounts& counts = report.counts;
  std::cout << session.text({"cli.import.counts",
                             {},
                             {std::to_string(counts.rows), std::to_string(counts.added),
                              std::to_string(counts.updated), std::to_string(counts.same),
                              std::to_string(counts.duplicate), std::to_string(counts.review),
                              std::to_string(counts.refused)}})
            << '\n';
  print_understanding(session, report.plan);
  constexpr std::size_t kShown = 20;
  std::size_t shown = 0;
  for (const importers::Issue& issue : report.plan.issues) {
    if (issue.finding.severity < importers::Severity::Warning) continue;
    if (++shown > kShown) break;
    const std::string& sheet = report.plan.sheets[issue.sheet].name;
    std::cout << "  " << (sheet.empty() ? "" : sheet + "!") << issue.row << " " << issue.column
              << ": " << session.text({issue.finding.reason, {}, issue.finding.params}) << '\n';
  }
  if (shown > kShown) std::cout << "  ...\n";
  if (report.continues != 0) {
    std::cout << session.text({"cli.import.continues", {}, {id_text(report.continues)}}) << '\n';
  }
  if (report.batch != 0) {
    std::cout << session.text({"cli.import.batch", {}, {id_text(report.batch)}}) << '\n';
  }
}

int print_outcome(const Session& session, const Messages& messages,
                  const importers::ImportOutcome& outcome,
                  std::chrono::steady_clock::time_point start) {
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  if (session.json) {
    std::cout << import_json(outcome, taken.count(),
                             {messages, session.language(), {session.operator_here().role}})
              << '\n';
  } else {
    print_import(session, outcome);
  }
  // What was committed stays; the workbook can be asked for again.
  if (!outcome.report) return session.report(outcome.report.error());
  return outcome.counts.refused > 0 ? kRowsRefused : kDone;
}

int import_roster(Session& session, ImportArguments& arguments) {
  const auto mode = importers::parse_mode(arguments.mode);
  if (!mode) return session.report(mode.error(), kUnusable);
  arguments.request.mode = *mode;
  arguments.request.confinement.emplace();
  if (!importers::find_kind(arguments.request.kind)) {
    return session.report({ErrorCode::InvalidArgument, {"import.kind", "--as", {}}}, kUnusable);
  }
  ProgressLine progress(session);  // before there are threads that Ctrl-C could end
  Registry* registry = session.open();
  if (!registry) return kUnusable;
  Principal office = session.operator_here();
  if (!arguments.region.empty()) office.region = arguments.region;
  if (!registry->codes().find("region", office.region)) {
    return session.report({ErrorCode::InvalidArgument, {"token.region", "--region", {}}},
                          kUnusable);
  }
  const auto start = std::chrono::steady_clock::now();
  arguments.request.watch = [&](const ImportProgress& at) { return progress.show(at); };
  const auto outcome = importers::import_file(*registry, office, arguments.request);
  if (!outcome) return session.report(outcome.error(), kUnusable);
  return print_outcome(session, registry->messages(), *outcome, start);
}

/// Applies what an import that was cut off had staged.
int resume_import(Session& session, const std::string& text) {
  ProgressLine progress(session);
  Registry* registry = session.open();
  if (!registry) return kUnusable;
  const auto batch = parse_id(text);
  if (!batch) return session.report({ErrorCode::NotFound, {"import.batch.absent", text, {}}});
  const auto start = std::chrono::steady_clock::now();
  const auto applied = apply_staged(*registry, session.operator_here(), *batch,
                                    [&](const ImportProgress& at) { return progress.show(at); });
  if (!applied) return session.report(applied.error());
  importers::ImportOutcome outcome;
  outcome.plan.kind = importers::find_kind(applied->kind);
  outcome.counts = applied->counts;
  outcome.batch = applied->id;
  return print_outcome(session, registry->messages(), outcome, start);
}

int drop_import(Session& session, const std::string& text) {
  Registry* registry = session.open();
  if (!registry) return kUnusable;
  const auto batch = parse_id(text);
  if (!batch) return session.report({ErrorCode::NotFound, {"import.batch.absent", text, {}}});
  const Done dropped = drop_batch(*registry, session.operator_here(), *batch);
  if (!dropped) return session.report(dropped.error());
  if (session.json) {
    JsonWriter out;
    out.begin_object().field("dropped", text).end_object();
    std::cout << std::move(out).take() << '\n';
  } else {
    std::cout << session.text({"cli.import.dropped", {}, {text}}) << '\n';
  }
  return kDone;
}

int undo_import(Session& session, const std::string& text) {
  Registry* registry = session.open();
  if (!registry) return kFailed;
  const auto batch = parse_id(text);
  if (!batch) {
    return session.report({ErrorCode::NotFound, {"import.batch.absent", text, {}}});
  }
  const auto report = undo_batch(*registry, session.operator_here(), *batch);
  if (!report) return session.report(report.error());
  if (session.json) {
    std::cout << undo_json(*batch, *report) << '\n';
  } else {
    std::cout << session.text({"cli.undo",
                               {},
                               {std::to_string(report->removed), std::to_string(report->restored),
                                std::to_string(report->kept_rows.size())}})
              << '\n';
  }
  return kDone;
}

int run_import(Session& session, ImportArguments& arguments) {
  if (!arguments.resume.empty()) return resume_import(session, arguments.resume);
  if (!arguments.drop.empty()) return drop_import(session, arguments.drop);
  if (arguments.request.file.empty()) throw CLI::RequiredError("FILE");
  if (arguments.request.kind.empty()) throw CLI::RequiredError("--as");
  return import_roster(session, arguments);
}

struct ExportArguments {
  std::string format = "csv";
  std::string path;
  importers::ExportOptions options;
};

int export_roster(Session& session, const ExportArguments& arguments) {
  Registry* registry = session.open();
  if (!registry) return kFailed;
  if (!importers::find_kind(arguments.options.kind)) {
    return session.report({ErrorCode::InvalidArgument, {"import.kind", "KIND", {}}}, kUnusable);
  }
  const auto writer =
      table_writer(arguments.format, arguments.path, arguments.options.kind, "--format");
  if (!writer) return session.report(writer.error(), kUnusable);
  const auto rows =
      importers::export_records(*registry, session.operator_here(), arguments.options, **writer);
  if (!rows) return session.report(rows.error());
  JsonWriter out;
  out.begin_object().field("rows", *rows).field("file", arguments.path).end_object();
  std::cout << (session.json ? std::move(out).take()
                             : std::to_string(*rows) + " -> " + arguments.path)
            << '\n';
  return kDone;
}

}  // namespace

void add_record_commands(CLI::App& app, Session& session, int& status) {
  auto* person =
      app.add_subcommand("register", "register one person from a JSON file (- for stdin)");
  auto file = std::make_shared<std::string>();
  person->add_option("FILE", *file)->required();
  person->callback([&session, &status, file] { status = register_person(session, *file); });

  auto* import = app.add_subcommand("import", "check a roster and take its rows");
  auto in = std::make_shared<ImportArguments>();
  import->add_option("FILE", in->request.file);
  import->add_option("--as", in->request.kind, "persons, experts, needs ...");
  auto* resume = import->add_option("--resume", in->resume, "finish a batch that was cut off");
  import->add_option("--drop", in->drop, "forget a batch that was cut off")->excludes(resume);
  import->add_option("--program", in->request.program, "programme of rows that name none");
  import->add_option("--region", in->region,
                     "region of the importing office: nothing is written outside it");
  import->add_option("--mode", in->mode, "upsert, create or update");
  import->add_option("--key", in->request.key, "columns that tell rows apart: 姓名,出生日期");
  import
      ->add_option("--map", in->request.maps,
                   "列名=字段: what a header means, remembered for the office")
      ->allow_extra_args(false);
  import->add_flag("--dry-run", in->request.dry_run, "check only");
  import->add_flag("--all-or-nothing", in->request.all_or_nothing, "take no row when one fails");
  import->add_option("--errors", in->request.errors, "workbook for the failed rows");
  import->callback([&session, &status, in] { status = run_import(session, *in);
});

auto* undo = app.add_subcommand("undo", "take an import batch back");
auto batch = std::make_shared<std::string>();
undo->add_option("BATCH", *batch)->required();
undo->callback([&session, &status, batch] { status = undo_import(session, *batch); });

auto* out = app.add_subcommand("export", "write records in the columns of their kind");
auto to = std::make_shared<ExportArguments>();
out->add_option("KIND", to->options.kind)->required();
out->add_option("--program", to->options.program, "only records of this programme");
out->add_option("--region", to->options.region, "only records of this region and below");
out->add_option("--format", to->format, "csv, xlsx or json")->capture_default_str();
out->add_flag_callback(
    "--ids", [to] { to->options.ids = importers::RecordIds::Named; },
    "name each record by its id (系统编号), so that the sheet finds it again");
out->add_option("--reveal", to->options.purpose, "purpose for which identity numbers are opened");
out->add_option("--out", to->path)->required();
out->callback([&session, &status, to] { status = export_roster(session, *to); });
}  // namespace chucai::cli

}  // namespace chucai::cli
