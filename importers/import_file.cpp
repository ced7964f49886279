#include "importers/import_file.h"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <unordered_map>

#include "importers/error_report.h"
#include "importers/sniff.h"
#include "importers/stored_records.h"
#include "registry/domain/program.h"
#include "registry/service/import_batches.h"
#include "registry/service/records.h"
#include "registry/storage/crypto.h"

namespace chucai::importers {
namespace {

// The canonical header of a field, so that a rule's problem names the sender's column.
std::string_view header_of(const Kind& kind, std::string_view field) {
  for (const Column& column : kind.columns) {
    if (column.field == field) return column.header;
  }
  return {};
}

void refuse(ImportPlan& plan, PlannedRow& row, const Problem& problem) {
  row.verdict = Verdict::Refused;
  plan.issues.push_back({row.sheet, row.row, header_of(*plan.kind, problem.where),
                         {problem.reason, Severity::Error, problem.params}});
}

// What the register itself will not take: its rules, the office's scope, a number that another
// office registered, a programme that does not exist.
class Gate {
 public:
  Gate(Registry& registry, const Principal& principal, Connection& db)
      : registry_(registry), principal_(principal), db_(db) {}

  void check(ImportPlan& plan) {
    for (PlannedRow& row : plan.rows) {
      if (row.verdict == Verdict::New || row.verdict == Verdict::Updated) check_row(plan, row);
    }
  }

 private:
  void check_row(ImportPlan& plan, PlannedRow& row) {
    const RecordType& type = plan.kind->type();
    Record& record = *row.record;
    if (record.version == 0) record.office = principal_.region;
    const auto problems = check_draft(type, record, registry_.rules());
    if (!problems.empty()) {
      for (const Problem& problem : problems) refuse(plan, row, problem);
      return;
    }
    if (!may_write(principal_, type, record)) {
      return refuse(plan, row, {"record.out_of_scope", std::string(type.region), {}});
    }
    if (is_registered_elsewhere(type, record)) {
      return refuse(plan, row, {"person.id_no.registered", "id_no", {}});
    }
    if (!program_exists(type, record)) {
      return refuse(plan, row, {"reference.program", "program", {}});
    }
  }

  bool is_registered_elsewhere(const RecordType& type, const Record& record) {
    if (!type.identity_key || record.version != 0) return false;
    const std::string identity = type.identity_key(record);
    return !identity.empty() &&
           registry_.store().load_by_identity(db_, whole_register(), type, identity) != nullptr;
  }

  bool program_exists(const RecordType& type, const Record& record) {
    const Field* field = type.field("program");
    const std::string code = field ? to_text(field->get(record)) : std::string();
    if (code.empty()) return true;
    const auto known = programs_.find(code);
    if (known != programs_.end()) return known->second;
    const bool exists =
        registry_.store().load_by_key(db_, whole_register(), type_of<Program>(), code) != nullptr;
    programs_.emplace(code, exists);
    return exists;
  }

  Registry& registry_;
  const Principal& principal_;
  Connection& db_;
  std::unordered_map<std::string, bool> programs_;
};

ImportCounts count(const ImportPlan& plan) {
  const auto by_verdict = plan.counts();
  const auto of = [&](Verdict verdict) {
    return static_cast<std::int64_t>(by_verdict[static_cast<std::size_t>(verdict)]);
  };
  return {static_cast<std::int64_t>(plan.rows.size()),
          of(Verdict::New),
          of(Verdict::Updated),
          of(Verdict::Same),
          of(Verdict::Duplicate),
          of(Verdict::Review),
          of(Verdict::Refused)};
}

Result<std::string> digest_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return fail(ErrorCode::NotFound, "import.file.absent");
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  return to_hex(sha256(bytes));
}

std::vector<StagedRow> stage(ImportPlan& plan) {
  std::vector<StagedRow> rows;
  for (PlannedRow& row : plan.rows) {
    if (row.verdict == Verdict::New || row.verdict == Verdict::Updated) {
      rows.push_back({row.row, std::move(row.record)});
    }
  }
  return rows;
}

Result<ImportPlan> plan_file(Registry& registry, const Principal& principal, TableReader& reader,
                             const Kind& kind, const ImportOptions& options) {
  const Understanding understanding{registry.codes(), registry.regions(),
                                    options.region.empty() ? principal.region : options.region,
                                    options.program, registry.today()};
  Result<ImportPlan> plan = ImportPlan{};
  const Done read = registry.database().read([&](Connection& db) -> Done {
    const StoredRecords existing(registry, principal, db);
    plan = make_plan(reader, kind, understanding, existing, options.mode);
    if (plan) Gate(registry, principal, db).check(*plan);
    return {};
  });
  if (!read) return tl::make_unexpected(read.error());
  if (plan) {
    std::stable_sort(plan->issues.begin(), plan->issues.end(), [](const Issue& a, const Issue& b) {
      return std::pair(a.sheet, a.row) < std::pair(b.sheet, b.row);
    });
  }
  return plan;
}

}  // namespace

Result<Mode> parse_mode(std::string_view name) {
  if (name.empty() || name == "upsert") return Mode::Upsert;
  if (name == "create") return Mode::Create;
  if (name == "update") return Mode::Update;
  return fail(ErrorCode::InvalidArgument, "import.mode", "mode");
}

Result<ImportReport> import_file(Registry& registry, const Principal& principal,
                                 const std::filesystem::path& path, const ImportOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  const Kind* kind = find_kind(options.kind);
  if (!kind) return fail(ErrorCode::InvalidArgument, "import.kind", "kind");
  auto reader = open_table(path);
  if (!reader) return tl::make_unexpected(reader.error());
  auto plan = plan_file(registry, principal, **reader, *kind, options);
  if (!plan) return tl::make_unexpected(plan.error());
  ImportReport report{std::move(*plan), {}, 0, 0};
  report.counts = count(report.plan);
  if (!options.errors.empty()) {
    const Done written =
        write_error_report(**reader, report.plan, registry.messages(), options.errors);
    if (!written) return tl::make_unexpected(written.error());
  }
  const bool failed = report.counts.refused > 0 || report.counts.review > 0;
  if (!options.dry_run && options.all_or_nothing && failed) {
    return fail(ErrorCode::FailedPrecondition, "import.not_all", {},
                {std::to_string(report.counts.refused), std::to_string(report.counts.review)});
  }
  if (!options.dry_run && report.counts.added + report.counts.updated > 0) {
    ImportBatch header;
    header.kind = options.kind;
    header.file_name =
        options.file_name.empty() ? path.filename().string() : options.file_name;
    header.mode = options.mode == Mode::Upsert   ? "upsert"
                  : options.mode == Mode::Create ? "create"
                                                 : "update";
    header.counts = report.counts;
    const auto digest = digest_of(path);
    if (!digest) return tl::make_unexpected(digest.error());
    header.file_digest = *digest;
    auto rows = stage(report.plan);
    const auto batch = apply_batch(registry, principal, kind->type(), header, rows);
    if (!batch) return tl::make_unexpected(batch.error());
    report.batch = *batch;
  }
  report.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return report;
}

}  // namespace chucai::importers
