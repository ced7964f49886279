#include "registry/service/staged_import.h"

#include <algorithm>
#include <future>

#include "registry/domain/region_map.h"
#include "registry/service/records.h"
#include "registry/storage/import_stage.h"
#include "registry/storage/trail_stores.h"

namespace chucai {
namespace {

constexpr std::size_t kChunk = 1024;  // rows: some hundred KB, eight full statements of RowWriter
constexpr std::size_t kChunkBytes = 4 << 20;    // a packet of MariaDB holds 16 MB
constexpr std::size_t kStagedAtOnce = 8;        // chunks: a transaction a chunk waits for the disk
constexpr std::size_t kTrailPiece = 16 * 1024;  // events held in memory
constexpr std::string_view kTable = "import_batch";

std::string chunk_column(std::int64_t chunk) {
  return "chunk:" + std::to_string(chunk);
}

std::string before_image(Registry& registry, Connection& db, const RecordType& type,
                         const Record& before, const Record& after) {
  std::map<std::string, std::string> image;
  for (const std::string_view name : changed_fields(type, before, after)) {
    const Field* field = type.field(name);
    image.emplace(name, field ? pack_value(field->get(before)) : pack_map(before.extra));
    if (field && field->type == FieldType::Sealed) {
      for (const auto& [column, hex] : registry.store().take_seal(db, type, before.id)) {
        image.emplace(std::string(kSealedInImage) + column, hex);
      }
    }
  }
  return pack_map(image);
}

/// True when a record of the type may name another one of it, which an earlier row then brought.
bool names_its_own_kind(const RecordType& type) {
  return type.name == "program" ||
         std::any_of(type.fields.begin(), type.fields.end(), [&](const Field& field) {
           return field.type == FieldType::Ref && field.scheme == type.name;
         });
}

bool lies_in(const Principal& principal, const ImportBatch& batch) {
  const CodeRange range = subtree(principal.region);
  return batch.office >= range.from && batch.office < range.below;
}

/// What trying again would not mend.
bool is_final(const Error& error) {
  return error.code != ErrorCode::Unavailable && error.problem.reason != "storage.busy";
}

/// Writes the staged rows of one batch within one transaction.
class Applying {
 public:
  Applying(Registry& registry, Connection& db, const Principal& principal, const ImportBatch& batch,
           const ImportWatch& watch)
      : registry_(registry), db_(db), principal_(principal), batch_(batch), watch_(watch) {}

  Done run() {
    key_ = stage_key(db_, batch_.id);
    wrap_key_ = current_wrap_key(db_);
    std::future<Result<Chunk>> next = opened(0);
    for (std::int64_t number = 1; next.valid(); ++number) {
      auto chunk = next.get();
      if (!chunk) return tl::make_unexpected(chunk.error());
      next = opened(number);  // on its way while the rows before it are written
      if (const Done written = write(*chunk); !written) return written;
      if (const Done told = tell(); !told) return told;
    }
    append_trail();
    return {};
  }

 private:
  struct Written {
    std::int64_t record = 0;
    bool is_new = false;
  };

  /// Staged rows; `fresh`: the same ready to be written, when all are new and stand alone.
  struct Chunk {
    UnpackedRows rows;
    std::optional<NewRecords> fresh;
  };

  /// A chunk in the making on another thread; not valid behind the last one.
  std::future<Result<Chunk>> opened(std::int64_t number) {
    auto sealed = chunk_of(db_, batch_.id, number);
    if (!sealed) return {};
    return std::async(
        std::launch::async,
        [this, number](const std::string& bytes) { return open(number, bytes); },
        std::move(*sealed));
  }

  Result<Chunk> open(std::int64_t number, const std::string& sealed) const {
    const auto plain =
        registry_.vault().open_field(key_, kTable, chunk_column(number), batch_.id, sealed);
    if (!plain) return fail(ErrorCode::FailedPrecondition, "import.stage.unreadable");
    auto rows = unpack_rows(*plain);
    if (!rows) return tl::make_unexpected(rows.error());
    Chunk chunk{std::move(*rows), std::nullopt};
    const bool all_new = new_rows(chunk.rows, 0) == chunk.rows.rows.size();
    if (!all_new || !stands_alone(*chunk.rows.type)) return chunk;
    auto fresh =
        prepare_new_records(registry_, *chunk.rows.type, adopted(chunk.rows.rows), wrap_key_);
    if (!fresh) return tl::make_unexpected(fresh.error());
    chunk.fresh = std::move(*fresh);
    return chunk;
  }

  /// New records as the batch and its office bring them.
  std::vector<Record*> adopted(std::span<const StagedRow> rows) const {
    std::vector<Record*> records;
    for (const StagedRow& staged : rows) {
      staged.record->batch = batch_.id;
      staged.record->office = batch_.office;
      records.push_back(staged.record.get());
    }
    return records;
  }

  Done tell() const {
    const auto done = static_cast<std::int64_t>(written_.size());
    const bool go_on = !watch_ || watch_({ImportPhase::Committing, done,
                                          batch_.counts.added + batch_.counts.updated});
    return go_on ? Done{} : fail(ErrorCode::FailedPrecondition, "import.cancelled");
  }

  Done write(Chunk& chunk) {
    if (!chunk.fresh) return write_mixed(chunk.rows);
    const RecordType& type = *chunk.rows.type;
    const Done written = write_prepared(registry_, db_, principal_, type, std::move(*chunk.fresh));
    if (!written) return written;
    std::vector<BatchRow> notes;
    for (const StagedRow& staged : chunk.rows.rows) note(type, staged, "new", {}, notes);
    insert_batch_rows(db_, notes);
    return {};
  }

  Done write_mixed(UnpackedRows& chunk) {
    const std::size_t at_once = names_its_own_kind(*chunk.type) ? 1 : kChunk;
    std::vector<BatchRow> notes;
    for (std::size_t at = 0; at < chunk.rows.size();) {
      const std::size_t count = std::min(new_rows(chunk, at), at_once);
      const Done written = count > 0 ? write_new(*chunk.type, {&chunk.rows[at], count}, notes)
                                     : write_changed(*chunk.type, chunk.rows[at], notes);
      if (!written) return written;
      at += std::max<std::size_t>(count, 1);
    }
    insert_batch_rows(db_, notes);
    return {};
  }

  /// How many rows from `at` on are new.
  static std::size_t new_rows(const UnpackedRows& chunk, std::size_t at) {
    std::size_t count = 0;
    while (at + count < chunk.rows.size() && chunk.rows[at + count].record->version == 0) ++count;
    return count;
  }

  Done write_new(const RecordType& type, std::span<const StagedRow> rows,
                 std::vector<BatchRow>& notes) {
    const Done written = write_new_records(registry_, db_, principal_, type, adopted(rows));
    if (!written) return written;
    for (const StagedRow& staged : rows) note(type, staged, "new", {}, notes);
    return {};
  }

  Done write_changed(const RecordType& type, StagedRow& staged, std::vector<BatchRow>& notes) {
    Record& record = *staged.record;
    const auto before = registry_.store().load(db_, principal_.scope(), type, record.id);
    if (!before || before->version != record.version) {
      return fail(ErrorCode::Stale, "record.version");
    }
    std::string image = before_image(registry_, db_, type, *before, record);
    const Done written = write_record(registry_, db_, principal_, type, before.get(), record);
    if (!written) return written;
    note(type, staged, "updated", std::move(image), notes);
    return {};
  }

  void note(const RecordType& type, const StagedRow& staged, const char* operation,
            std::string image, std::vector<BatchRow>& notes) {
    type_ = &type;
    written_.push_back({staged.record->id, staged.record->version == 1});
    notes.push_back({batch_.id, staged.row, operation, std::string(type.name), staged.record->id,
                     staged.record->version, std::move(image)});
  }

  /// Last, for other writers of this process wait for the chain until the transaction ends.
  void append_trail() {
    const AuditContext context = registry_.audit_context(principal_);
    std::vector<AuditEntry> trail;
    for (const Written& one : written_) {
      trail.push_back(
          {one.is_new ? "create" : "update", std::string(type_->name), one.record, "import"});
      if (trail.size() < kTrailPiece) continue;
      registry_.audit().append(db_, context, trail);
      trail.clear();
    }
    trail.push_back({"import", "import_batch", batch_.id, batch_.kind});
    registry_.audit().append(db_, context, trail);
  }

  Registry& registry_;
  Connection& db_;
  const Principal& principal_;
  const ImportBatch& batch_;
  const ImportWatch& watch_;
  std::string key_;       ///< of the chunks, wrapped
  std::string wrap_key_;  ///< wraps new data keys while the transaction lasts
  const RecordType* type_ = nullptr;
  std::vector<Written> written_;
};

Done check_staged(const ImportBatch& batch) {
  if (batch.status == "undone") {
    return fail(ErrorCode::FailedPrecondition, "import.batch.undone");
  }
  if (batch.status != "staged") {
    return fail(ErrorCode::FailedPrecondition, "import.batch.unstaged");
  }
  return {};
}

}  // namespace

BatchStager::BatchStager(Registry& registry, const Principal& principal, const RecordType& type,
                         ImportBatch batch, std::int64_t total, ImportWatch watch)
    : registry_(registry),
      principal_(principal),
      type_(type),
      batch_(std::move(batch)),
      total_(total),
      watch_(std::move(watch)) {
  batch_.office = principal.region;
  batch_.actor = principal.actor;
  batch_.status = "staging";
  batch_.created_at = registry.now_us();
}

Done BatchStager::add(StagedRow row) {
  if (row.record->version == 0) row.record->id = registry_.new_id();
  if (!packer_) packer_.emplace(type_);
  packer_->add(row);
  const bool full =
      packer_->rows() == std::int64_t{kChunk} || packer_->bytes().size() >= kChunkBytes;
  if (!full) return {};
  close_chunk();
  // The first chunk goes at once, so that a batch is seen to be under way.
  return group_.first == 0 || group_.chunks.size() == kStagedAtOnce ? flush(Piece::More) : Done{};
}

Result<std::int64_t> BatchStager::finish() {
  close_chunk();
  if (const Done flushed = flush(Piece::Last); !flushed)
    return tl::make_unexpected(flushed.error());
  if (const Done settled = settle(); !settled) return tl::make_unexpected(settled.error());
  return batch_.id;
}

void BatchStager::close_chunk() {
  if (!packer_) packer_.emplace(type_);
  group_.rows += packer_->rows();
  group_.chunks.push_back(packer_->bytes());
  packer_.reset();
}

/// Sends the group off once the one before is kept.
Done BatchStager::flush(Piece piece) {
  if (const Done settled = settle(); !settled) return settled;
  group_.piece = piece;
  staged_ += group_.rows;
  const std::int64_t next = group_.first + static_cast<std::int64_t>(group_.chunks.size());
  writing_ = std::async(
      std::launch::async, [this](const Group& group) { return write(group); }, std::move(group_));
  group_ = {next, {}, 0, Piece::More};
  return {};
}

/// Waits for the group that was sent off.
Done BatchStager::settle() {
  if (!writing_.valid()) return {};
  if (const Done written = writing_.get(); !written) return written;
  if (!watch_ || watch_({ImportPhase::Staging, staged_, total_})) return {};
  if (const Done dropped = drop_batch(registry_, principal_, batch_.id); !dropped) return dropped;
  return fail(ErrorCode::FailedPrecondition, "import.cancelled");
}

Done BatchStager::write(const Group& group) {
  return registry_.database().write([&](Connection& db) -> Done {
    if (group.first == 0) {
      if (const Done opened = open(db); !opened) return opened;
    } else if (stage_key(db, batch_.id) != key_) {  // somebody imports the same file beside us
      return fail(ErrorCode::FailedPrecondition, "import.stage.unreadable");
    }
    for (std::size_t i = 0; i < group.chunks.size(); ++i) {
      const std::int64_t number = group.first + static_cast<std::int64_t>(i);
      const auto sealed = registry_.vault().seal_field(key_, kTable, chunk_column(number),
                                                       batch_.id, group.chunks[i]);
      if (!sealed) return tl::make_unexpected(sealed.error());
      put_chunk(db, batch_.id, number, *sealed);
    }
    if (group.piece == Piece::Last) set_batch_status(db, batch_.id, "staged");
    return {};
  });
}

/// Takes up the batch that an earlier try left, else begins one.
Done BatchStager::open(Connection& db) {
  const auto left = batch_.file_digest.empty()
                        ? std::nullopt
                        : unfinished_batch(db, batch_.file_digest, batch_.kind, batch_.office);
  batch_.id = left ? left->id : registry_.new_id();
  if (left) {
    drop_stage(db, batch_.id);
    delete_batch(db, batch_.id);
  }
  insert_batch(db, batch_);
  auto key = registry_.vault().new_data_key(kTable, batch_.id, registry_.vault().wrap_key_name());
  if (!key) return tl::make_unexpected(key.error());
  key_ = std::move(*key);
  set_stage_key(db, batch_.id, key_);
  return {};
}

Result<ImportBatch> apply_staged(Registry& registry, const Principal& principal,
                                 std::int64_t batch_id, const ImportWatch& watch) {
  ImportBatch batch;
  bool mine = false;
  const Done done = registry.database().write([&](Connection& db) -> Done {
    const auto stored = load_batch(db, batch_id);
    mine = stored && lies_in(principal, *stored);
    if (!mine) return fail(ErrorCode::NotFound, "import.batch.absent");
    batch = *stored;
    if (batch.status == "committed") return {};
    if (const Done staged = check_staged(batch); !staged) return staged;
    if (const Done applied = Applying(registry, db, principal, batch, watch).run(); !applied) {
      return applied;
    }
    batch.status = "committed";
    batch.finished_at = registry.now_us();
    finish_batch(db, batch.id, batch.status, batch.finished_at);
    drop_stage(db, batch.id);
    return {};
  });
  if (done) return batch;
  if (mine && batch.status == "staged" && is_final(done.error())) {
    if (const Done dropped = drop_batch(registry, principal, batch_id); !dropped) {
      return tl::make_unexpected(dropped.error());
    }
  }
  return tl::make_unexpected(done.error());
}

Done drop_batch(Registry& registry, const Principal& principal, std::int64_t batch_id) {
  return registry.database().write([&](Connection& db) -> Done {
    const auto batch = load_batch(db, batch_id);
    if (!batch || !lies_in(principal, *batch)) {
      return fail(ErrorCode::NotFound, "import.batch.absent");
    }
    if (batch->status != "staging" && batch->status != "staged") {
      return fail(ErrorCode::FailedPrecondition, "import.batch.applied");
    }
    drop_stage(db, batch_id);
    delete_batch(db, batch_id);
    const AuditEntry entry{"drop", "import_batch", batch_id, batch->kind};
    registry.audit().append(db, registry.audit_context(principal), {&entry, 1});
    return {};
  });
}

Result<std::int64_t> apply_batch(Registry& registry, const Principal& principal,
                                 const RecordType& type, ImportBatch batch,
                                 std::vector<StagedRow> rows) {
  BatchStager stager(registry, principal, type, std::move(batch));
  for (StagedRow& row : rows) {
    if (const Done added = stager.add(std::move(row)); !added) {
      return tl::make_unexpected(added.error());
    }
  }
  const auto id = stager.finish();
  if (!id) return id;
  return apply_staged(registry, principal, *id).map([](const ImportBatch& b) { return b.id; });
}

}  // namespace chucai
