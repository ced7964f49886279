#include "importers/import_file.h"

#include "importers/error_report.h"
#include "importers/file.h"
#include "importers/registered.h"
#include "importers/sniff.h"
#include "importers/watched_reader.h"
#include "registry/service/import_batches.h"
#include "registry/service/staged_import.h"
#include "registry/storage/crypto.h"
#include "registry/storage/sha256.h"

namespace chucai::importers {
namespace {

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
                             const ImportRequest& request, WatchedReader& reader) {
  const Understanding understanding{registry.codes(), registry.regions(),
                                    request.region.empty() ? principal.region : request.region,
                                    request.program, registry.today()};
  Result<ImportPlan> plan = fail(ErrorCode::Internal, "import.header.absent");
  const Done done = registry.database().read([&](Connection& db) -> Done {
    const RegisteredRecords existing(registry, principal, db, [&](std::int64_t checked) -> Done {
      const bool go_on =
          !request.watch || request.watch({ImportPhase::Checking, checked, reader.rows()});
      return go_on ? Done{} : fail(ErrorCode::FailedPrecondition, "import.cancelled");
    });
    plan = make_plan(reader, kind, understanding, existing, request.mode);
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
  if (!allows(principal, Permission::Import)) {
    return fail(ErrorCode::PermissionDenied, "import.permission");
  }
  auto opened = request.confinement ? open_confined(request.file, *request.confinement)
                                    : open_table(request.file);
  if (!opened) return tl::make_unexpected(opened.error());
  WatchedReader reader(std::move(*opened), request.watch);
  const auto digest = digest_of(request.file);
  if (!digest) return tl::make_unexpected(digest.error());
  auto plan = plan_file(registry, principal, *kind, request, reader);
  if (!plan) return tl::make_unexpected(plan.error());

  ImportOutcome outcome{std::move(*plan), {}, 0, 0};
  outcome.counts = counts_of(outcome.plan);
  const auto same_file = batch_of_same_file(registry, principal, *digest);
  if (!same_file) return tl::make_unexpected(same_file.error());
  outcome.same_file = *same_file;
  if (!request.errors.empty()) {
    const Done written =
        write_error_report(reader, outcome.plan, registry.messages(), request.errors);
    if (!written) return tl::make_unexpected(written.error());
  }
  const bool kept_out =
      request.all_or_nothing && outcome.counts.refused + outcome.counts.review > 0;
  const bool anything = outcome.counts.added + outcome.counts.updated > 0;
  if (request.dry_run || kept_out || !anything) return outcome;
  const auto batch = commit(registry, principal, request, *digest, outcome);
  if (!batch) return tl::make_unexpected(batch.error());
  outcome.batch = *batch;
  return outcome;
}

}  // namespace chucai::importers
