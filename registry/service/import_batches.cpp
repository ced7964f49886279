#include "registry/service/import_batches.h"

#include "registry/domain/person.h"
#include "registry/service/lifecycle.h"
#include "registry/service/one_person.h"
#include "registry/service/records.h"
#include "registry/service/staged_import.h"
#include "registry/storage/trail_stores.h"

namespace chucai {
namespace {

void restore_fields(const RecordType& type, const std::map<std::string, std::string>& image,
                    Record& record) {
  for (const auto& [name, packed] : image) {
    if (name == "extra") {
      record.extra = unpack_map(packed);
    } else if (const Field* field = type.field(name); field && field->type != FieldType::Sealed) {
      field->set(record, unpack_value(*field, packed));
    }
  }
}

// True when the row was taken back; false when the record was changed since the import.
Result<bool> undo_row(Registry& registry, Connection& db, const Principal& principal,
                      const BatchRow& row) {
  const RecordType& type = *record_type(row.record_type);
  const RecordStore& store = registry.store();
  auto record = store.load(db, whole_register(), type, row.record_id);
  if (!record || record->version != row.version_after) return false;
  if (row.operation == "new") {
    const Done erased = store.erase(db, type, row.record_id, row.version_after);
    if (!erased) return tl::make_unexpected(erased.error());
    if (&type == &type_of<Person>()) forget_likeness(db, row.record_id);
    return true;
  }
  const auto image = unpack_map(row.before_image);
  const auto imported = store.load(db, whole_register(), type, row.record_id);
  restore_fields(type, image, *record);
  ++record->version;
  record->updated_at = registry.now_us();
  const Done updated = store.update(db, type, *record);
  if (!updated) return tl::make_unexpected(updated.error());
  SealedColumns seal;
  for (const auto& [name, hex] : image) {
    if (name.starts_with(kSealedInImage)) seal.emplace(name.substr(kSealedInImage.size()), hex);
  }
  if (!seal.empty()) store.restore_seal(db, type, record->id, seal);
  if (&type == &type_of<Person>()) {
    note_likeness(registry, db, static_cast<const Person*>(imported.get()),
                  static_cast<const Person&>(*store.load(db, whole_register(), type, record->id)));
  }
  log_status(registry, db, principal, type, imported.get(), *record);
  renumber_batch_rows(db, row.record_type, row.record_id, row.version_after - 1, record->version);
  return true;
}

}  // namespace

Result<UndoReport> undo_batch(Registry& registry, const Principal& principal,
                              std::int64_t batch_id) {
  UndoReport report;
  const Done done = registry.database().write([&](Connection& db) -> Done {
    report = {};
    const auto batch = load_batch(db, batch_id);
    const CodeRange range = subtree(principal.region);
    if (!batch || batch->office < range.from || batch->office >= range.below) {
      return fail(ErrorCode::NotFound, "import.batch.absent");
    }
    if (batch->status == "undone") {
      return fail(ErrorCode::FailedPrecondition, "import.batch.undone");
    }
    if (batch->status != "committed") {
      return fail(ErrorCode::FailedPrecondition, "import.batch.unstaged");
    }
    std::vector<AuditEntry> trail;
    for (const BatchRow& row : batch_rows(db, batch_id)) {
      const auto undone = undo_row(registry, db, principal, row);
      if (!undone) return tl::make_unexpected(undone.error());
      if (!*undone) {
        report.kept_rows.push_back(row.row);
        continue;
      }
      ++(row.operation == "new" ? report.removed : report.restored);
      trail.push_back({"undo", row.record_type, row.record_id, "import"});
    }
    set_batch_status(db, batch_id, "undone");
    trail.push_back({"undo", "import_batch", batch_id, {}});
    registry.audit().append(db, registry.audit_context(principal), trail);
    return {};
  });
  if (!done) return tl::make_unexpected(done.error());
  return report;
}

Result<std::vector<ImportBatch>> list_import_batches(Registry& registry,
                                                     const Principal& principal) {
  std::vector<ImportBatch> batches;
  const Done read = registry.database().read([&](Connection& db) -> Done {
    batches = list_batches(db, principal.scope());
    return {};
  });
  if (!read) return tl::make_unexpected(read.error());
  return batches;
}

Result<std::int64_t> batch_of_same_file(Registry& registry, const Principal& principal,
                                        std::string_view digest) {
  std::int64_t batch = 0;
  const Done read = registry.database().read([&](Connection& db) -> Done {
    batch = batch_with_digest(db, digest, principal.region).value_or(0);
    return {};
  });
  if (!read) return tl::make_unexpected(read.error());
  return batch;
}

}  // namespace chucai
