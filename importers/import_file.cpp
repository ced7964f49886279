#include "importers/import_file.h"

#include <set>

#include "importers/error_report.h"
#include "importers/file.h"
#include "importers/registered.h"
#include "importers/sniff.h"
#include "importers/watched_reader.h"
#include "importers/workbook_writer.h"
#include "registry/domain/text.h"
#include "registry/service/import_batches.h"
#include "registry/service/import_memory.h"
#include "registry/service/staged_import.h"
#include "registry/storage/crypto.h"
#include "registry/storage/sha256.h"

namespace chucai::importers {
namespace {

/// What belongs to the whole province takes more than a roster of an office does.
Permission needed_for(const RecordType& type) {
  return one_of(type.name, {"program", "term"}) ? Permission::ManagePrograms : Permission::Import;
}

std::string_view to_text(Mode mode) {
  switch (mode) {
    case Mode::Upsert:
      return "upsert";
    case Mode::Create:
      return "create";
    case Mode::Update:
      return "update";
  }
  return "";
}

Result<std::string> digest_of(const std::filesystem::path& path) {
  auto file = InputFile::open(path);
  if (!file) return tl::make_unexpected(file.error());
  Sha256 digest;
  for (;;) {
    const auto block = file->next();
    if (!block) return tl::make_unexpected(block.error());
    if (block->empty()) return to_hex(digest.digest());
    digest.add(*block);
  }
}

ImportCounts counts_of(const ImportPlan& plan) {
  const auto by_verdict = plan.counts();
  const auto count = [&](Verdict verdict) {
    return static_cast<std::int64_t>(by_verdict[static_cast<std::size_t>(verdict)]);
  };
  return {static_cast<std::int64_t>(plan.rows.size()),
          count(Verdict::New),
          count(Verdict::Updated),
          count(Verdict::Same),
          count(Verdict::Duplicate),
          count(Verdict::Review),
          count(Verdict::Refused)};
}

Result<ImportPlan> plan_file(Registry& registry, const Principal& principal, const Kind& kind,
                             const ImportRequest& request, const PlanOptions& options,
                             WatchedReader& reader) {
  const Understanding understanding{registry.codes(), registry.regions(), principal.region,
                                    request.program, registry.today()};
  Result<ImportPlan> plan = fail(ErrorCode::Internal, "import.header.absent");
  const Done done = registry.database().read([&](Connection& db) -> Done {
    const RegisteredRecords existing(registry, principal, db, [&](std::int64_t checked) -> Done {
      const bool go_on =
          !request.watch || request.watch({ImportPhase::Checking, checked, reader.rows()});
      return go_on ? Done{} : fail(ErrorCode::FailedPrecondition, "import.cancelled");
    });
    plan = make_plan(reader, kind, understanding, existing, options);
    return plan ? Done{} : tl::make_unexpected(plan.error());
  });
  if (!done) return tl::make_unexpected(done.error());
  return plan;
}

Result<std::int64_t> commit(Registry& registry, const Principal& principal,
                            const ImportRequest& request, const std::string& digest,
                            ImportOutcome& outcome) {
  ImportBatch batch;
  batch.kind = request.kind;
  batch.file_name =
      request.file_name.empty() ? request.file.filename().string() : request.file_name;
  batch.file_digest = digest;
  batch.mode = to_text(request.mode);
  batch.counts = outcome.counts;
  if (outcome.plan.continues) {
    batch.continues = outcome.continues;
    batch.continued_digest = outcome.plan.continues->file_digest;
  }
  BatchStager stager(registry, principal, outcome.plan.kind->type(), std::move(batch),
                     outcome.counts.added + outcome.counts.updated, request.watch);
  for (PlannedRow& row : outcome.plan.rows) {
    if (row.verdict != Verdict::New && row.verdict != Verdict::Updated) continue;
    if (row.record == nullptr) continue;  // its project goes in with an earlier row
    const Done added = stager.add({row.row, std::move(row.record)});
    if (!added) return tl::make_unexpected(added.error());
  }
  const auto id = stager.finish();
  if (!id) return id;
  return apply_staged(registry, principal, *id, request.watch).map([](const ImportBatch& applied) {
    return applied.id;
  });
}

/// What the request and the office's earlier corrections ask of the plan.
Result<PlanOptions> options_for(Registry& registry, const Kind& kind, const ImportRequest& request,
                                const std::string& office) {
  PlanOptions options;
  options.mode = request.mode;
  auto key = parse_key(kind, request.key);
  if (!key) return tl::make_unexpected(key.error());
  options.key = std::move(*key);
  for (const std::string& text : request.maps) {
    auto mapping = parse_mapping(kind, text);
    if (!mapping) return tl::make_unexpected(mapping.error());
    options.mappings.add(std::move(*mapping));
  }
  const auto learned = learned_mappings(registry, office, kind.name);
  if (!learned) return tl::make_unexpected(learned.error());
  for (const ColumnMapping& mapping : *learned) {
    const Column* column = mapping_target(kind, mapping.target);
    if (column != nullptr) options.mappings.add({mapping.header, column, Meaning::Learned});
  }
  return options;
}

/// Corrections that the file made use of are remembered for its office.
Done learn(Registry& registry, const Principal& principal, const ImportRequest& request,
           const Mappings& mappings, const ImportPlan& plan) {
  std::set<std::string> used;
  for (const PlannedSheet& sheet : plan.sheets) {
    if (!sheet.header) continue;
    for (const SheetColumn& column : sheet.header->columns) used.insert(header_key(column.header));
  }
  std::vector<std::pair<std::string, std::string>> told;
  for (const Mapping& mapping : mappings.all()) {
    if (mapping.by != Meaning::Told || !used.contains(mapping.header)) continue;
    told.emplace_back(mapping.header, mapping.column->header);
  }
  if (told.empty()) return {};
  return learn_mappings(registry, principal, principal.region, request.kind, told);
}

/// The batch that a mended workbook goes on with: the one that it names, else the one that took the
/// file it was made from. 0: none that the principal may know of.
Result<std::int64_t> continued_batch(Registry& registry, const Principal& principal,
                                     const ImportPlan& plan) {
  if (!plan.continues) return 0;
  if (plan.continues->batch != 0) {
    return batch_in_scope(registry, principal, plan.continues->batch);
  }
  return batch_of_same_file(registry, principal, plan.continues->file_digest);
}

/// Commits what may be taken, and remembers what was said about the file.
Done carry_out(Registry& registry, const Principal& principal, const ImportRequest& request,
               const Mappings& mappings, const std::string& digest, ImportOutcome& outcome) {
  if (const Done learned = learn(registry, principal, request, mappings, outcome.plan); !learned) {
    return learned;
  }
  const bool kept_out =
      request.all_or_nothing && outcome.counts.refused + outcome.counts.review > 0;
  const bool anything = outcome.counts.added + outcome.counts.updated > 0;
  if (kept_out || !anything) return {};
  const auto batch = commit(registry, principal, request, digest, outcome);
  if (!batch) return tl::make_unexpected(batch.error());
  outcome.batch = *batch;
  return {};
}

}  // namespace

Result<Mode> parse_mode(std::string_view name) {
  if (name.empty()) return Mode::Upsert;
  for (const Mode mode : {Mode::Upsert, Mode::Create, Mode::Update}) {
    if (name == to_text(mode)) return mode;
  }
  return fail(ErrorCode::InvalidArgument, "import.mode", "mode");
}

Result<ImportOutcome> import_file(Registry& registry, const Principal& principal,
                                  const ImportRequest& request) {
  const Kind* kind = find_kind(request.kind);
  if (kind == nullptr) {
    return fail(ErrorCode::InvalidArgument, "import.kind", {}, {request.kind});
  }
  if (!allows(principal, Permission::Import) || !allows(principal, needed_for(kind->type()))) {
    return fail(ErrorCode::PermissionDenied, "import.permission");
  }
  const auto options = options_for(registry, *kind, request, principal.region);
  if (!options) return tl::make_unexpected(options.error());
  auto opened = request.confinement ? open_confined(request.file, *request.confinement)
                                    : open_table(request.file);
  if (!opened) return tl::make_unexpected(opened.error());
  WatchedReader reader(std::move(*opened), request.watch);
  const auto digest = digest_of(request.file);
  if (!digest) return tl::make_unexpected(digest.error());
  auto plan = plan_file(registry, principal, *kind, request, *options, reader);
  if (!plan) return tl::make_unexpected(plan.error());
  if (!request.errors.empty()) {
    if (const Done may = check_writable(request.errors); !may) {
      return tl::make_unexpected(may.error());
    }
  }

  ImportOutcome outcome{std::move(*plan), {}, 0, 0, 0, {}};
  outcome.counts = counts_of(outcome.plan);
  const auto same_file = batch_of_same_file(registry, principal, *digest);
  if (!same_file) return tl::make_unexpected(same_file.error());
  outcome.same_file = *same_file;
  const auto continues = continued_batch(registry, principal, outcome.plan);
  if (!continues) return tl::make_unexpected(continues.error());
  outcome.continues = *continues;
  if (!request.dry_run) {
    const Done carried_out =
        carry_out(registry, principal, request, options->mappings, *digest, outcome);
    if (!carried_out) return tl::make_unexpected(carried_out.error());
  }
  if (!request.errors.empty()) {
    outcome.report = write_error_report(reader, outcome.plan,
                                        {registry.codes(), registry.regions(), registry.messages()},
                                        {outcome.batch, *digest}, request.errors);
  }
  return outcome;
}

}  // namespace chucai::importers
