#include "registry/service/records.h"

#include "registry/domain/engagement.h"
#include "registry/domain/identity.h"
#include "registry/domain/party.h"
#include "registry/domain/program.h"
#include "registry/domain/project.h"
#include "registry/domain/text.h"
#include "registry/service/lifecycle.h"
#include "registry/service/merge_people.h"
#include "registry/service/one_person.h"
#include "registry/service/person_rights.h"

namespace chucai {
namespace {

constexpr int kPageLimit = 200;

// The record that a field names; null for one that names none or is not there.
std::unique_ptr<Record> record_named(Registry& registry, Connection& db, const RecordType& type,
                                     const Record& record, const Field& field) {
  const RecordStore& store = registry.store();
  if (field.type == FieldType::Ref) {
    const Value value = field.get(record);
    const auto* id = std::get_if<std::int64_t>(&value);
    return id ? store.load(db, whole_register(), *record_type(field.scheme), *id) : nullptr;
  }
  const Field* kind = party_type_field(type, field);
  const RecordType* named = kind ? record_type(to_text(kind->get(record))) : nullptr;
  if (!named) return nullptr;
  const std::string name = to_text(field.get(record));
  if (party_naming(named->name) == PartyNaming::ProgramCode) {
    return store.load_by_key(db, whole_register(), *named, name);
  }
  const auto id = parse_id(name);
  return id ? store.load(db, whole_register(), *named, *id) : nullptr;
}

// True when the field says that there is such a record.
bool names_record(const RecordType& type, const Record& record, const Field& field) {
  if (std::holds_alternative<std::monostate>(field.get(record))) return false;
  if (field.type == FieldType::Ref) return true;
  const Field* kind = party_type_field(type, field);
  return kind && party_naming(to_text(kind->get(record))) != PartyNaming::TermCode;
}

// An engagement, assessment, link or work lies where the first record that it names lies, as far as
// the writer may write there; else with the writer's office.
void place(const Principal& principal, const RecordType& type, Record& record,
           std::string_view named_type, const Record& named) {
  if (!one_of(type.name, {"engagement", "assessment", "link", "work"})) return;
  const Field* region = type.field("region");
  const Field* from = record_type(named_type)->field("region");
  if (!from || !to_text(region->get(record)).empty()) return;
  region->set(record, from->get(named));
  if (!may_write(principal, type, record)) region->set(record, Value{});
}

std::string named_type(const RecordType& type, const Record& record, const Field& field) {
  const Field* kind = party_type_field(type, field);
  return kind ? to_text(kind->get(record)) : std::string(field.scheme);
}

// The fields of a type that can name a record; of people none, and they come by the thousand.
std::vector<const Field*> naming_fields(const RecordType& type) {
  std::vector<const Field*> naming;
  for (const Field& field : type.fields) {
    if (field.type == FieldType::Ref || party_type_field(type, field)) naming.push_back(&field);
  }
  return naming;
}

// Every record that a field names must be there; "where" is the field.
Done settle_references(Registry& registry, Connection& db, const Principal& principal,
                       const RecordType& type, std::span<const Field* const> naming,
                       Record& record) {
  std::vector<Problem> problems;
  const std::string_view program_field = type.name == "program" ? "parent" : "program";
  const Field* field = type.field(program_field);
  const std::string code = field ? to_text(field->get(record)) : std::string();
  if (!code.empty() &&
      !registry.store().load_by_key(db, whole_register(), type_of<Program>(), code)) {
    problems.push_back({"reference.program", std::string(program_field), {}});
  }
  for (const Field* field_naming : naming) {
    if (!names_record(type, record, *field_naming)) continue;
    const auto named = record_named(registry, db, type, record, *field_naming);
    if (!named) {
      problems.push_back({"reference.record", std::string(field_naming->name), {}});
    } else if (field_naming->required) {
      place(principal, type, record, named_type(type, record, *field_naming), *named);
    }
  }
  if (!problems.empty()) return fail_all("record.invalid", std::move(problems));
  return {};
}

// One person once: a number that exists is refused, and what the asker learns depends on scope.
Done check_unique(Registry& registry, Connection& db, const Principal& principal,
                  const RecordType& type, const Record& record) {
  const RecordStore& store = registry.store();
  const std::string key = type.natural_key(record);
  if (!key.empty()) {
    const auto other = load_current_by_key(registry, db, whole_register(), type, key);
    if (other && other->id != record.id) return fail(ErrorCode::Conflict, "record.exists");
  }
  const std::string identity = type.identity_key ? type.identity_key(record) : std::string();
  if (identity.empty() || identity.find('*') != std::string::npos) return {};
  const auto other = load_current_by_identity(registry, db, whole_register(), identity);
  if (!other || other->id == record.id) return {};
  if (store.load(db, principal.scope(), type, other->id)) {
    return fail(ErrorCode::Conflict, "person.id_no.duplicate", "id_no",
                {id_text(other->id), mask_name(static_cast<const Person&>(*other).name)});
  }
  return fail(ErrorCode::Conflict, "person.id_no.registered", "id_no");
}

Done check_all_unique(Registry& registry, Connection& db, const Principal& principal,
                      const RecordType& type, const NewRecords& fresh) {
  const auto held = registry.store().held(db, type, fresh.prepared.keys);
  for (std::size_t i = 0; i < fresh.records.size(); ++i) {
    if (held[i] == Held::Nowhere) continue;
    if (held[i] == Held::Before) return fail(ErrorCode::Conflict, "record.exists");
    const Done unique = check_unique(registry, db, principal, type, *fresh.records[i]);
    if (!unique) return unique;
  }
  return {};
}

/// Nobody but a merge makes a person merged.
Done check_not_merged(const RecordType& type, const Record& record) {
  if (&type == &type_of<Person>() && static_cast<const Person&>(record).status == "merged") {
    return fail(ErrorCode::FailedPrecondition, "person.status.merged", "status");
  }
  return {};
}

/// What a record must be before it is written, whatever else is in the register.
Done check_references(Registry& registry, Connection& db, const Principal& principal,
                      const RecordType& type, std::span<const Field* const> naming,
                      Record& record) {
  if (const Done living = check_not_merged(type, record); !living) return living;
  Done referenced = settle_references(registry, db, principal, type, naming, record);
  if (referenced) return referenced;
  follow_merges(db, type, record);
  return settle_references(registry, db, principal, type, naming, record);
}

/// Somebody else took the key between our look and our write: says whose it is, as if we had looked
/// later.
Done lost_race(Registry& registry, const Principal& principal, const RecordType& type,
               const Record& record, Done refused) {
  const Done looked = registry.database().read(
      [&](Connection& db) -> Done { return check_unique(registry, db, principal, type, record); });
  return looked ? refused : looked;
}

Done check_rules(Registry& registry, const Principal& principal, const RecordType& type,
                 Record& record) {
  auto problems = check_draft(type, record, registry.rules());
  if (!problems.empty()) return fail_all("record.invalid", std::move(problems));
  if (!may_write(principal, type, record)) {
    return fail(ErrorCode::PermissionDenied, "record.out_of_scope", std::string(type.region));
  }
  return {};
}

}  // namespace

bool may_write(const Principal& principal, const RecordType& type, const Record& record) {
  const CodeRange range = subtree(principal.region);
  const std::string where = scope_region(type, record);
  return where >= range.from && where < range.below;
}

Done write_record(Registry& registry, Connection& db, const Principal& principal,
                  const RecordType& type, const Record* before, Record& record) {
  if (!before) {
    record.id = 0;
    Record* const one = &record;
    return write_new_records(registry, db, principal, type, {&one, 1});
  }
  if (const Done sound =
          check_references(registry, db, principal, type, naming_fields(type), record);
      !sound) {
    return sound;
  }
  if (const Done checked = check_unique(registry, db, principal, type, record); !checked) {
    return checked;
  }
  if (const Done living = check_not_erased(registry, db, type, record); !living) return living;
  if (const Done stepped = make_step(registry, db, principal, type, *before, record); !stepped) {
    return stepped;
  }
  if (&type == &type_of<Project>()) {
    close_milestones(static_cast<Project&>(record).milestones,
                     static_cast<const Project&>(*before).milestones, registry.today());
  }
  const Done kept = keep_correction(registry, db, principal, type, *before, record);
  if (!kept) return kept;
  record.updated_at = registry.now_us();
  record.version = before->version + 1;
  if (Done written = registry.store().update(db, type, record); !written) return written;
  log_status(registry, db, principal, type, before, record);
  if (&type == &type_of<Person>()) {
    note_likeness(registry, db, static_cast<const Person*>(before),
                  static_cast<const Person&>(record));
  }
  return {};
}

Done write_new_records(Registry& registry, Connection& db, const Principal& principal,
                       const RecordType& type, std::span<Record* const> records) {
  const auto naming = naming_fields(type);
  for (Record* record : records) {
    const Done sound = check_references(registry, db, principal, type, naming, *record);
    if (!sound) return sound;
  }
  auto fresh = prepare_new_records(registry, type, records,
                                   type.identity_key ? current_wrap_key(db) : std::string());
  if (!fresh) return tl::make_unexpected(fresh.error());
  return write_prepared(registry, db, principal, type, std::move(*fresh));
}

bool stands_alone(const RecordType& type) {
  return naming_fields(type).empty() && !type.field("program") && type.name != "program";
}

Result<NewRecords> prepare_new_records(Registry& registry, const RecordType& type,
                                       std::span<Record* const> records,
                                       std::string_view wrap_key) {
  NewRecords fresh;
  const std::int64_t now = registry.now_us();
  for (Record* record : records) {
    const Done living = check_not_merged(type, *record);
    if (!living) return tl::make_unexpected(living.error());
    if (record->id == 0) record->id = registry.new_id();
    record->version = 1;
    record->created_at = record->updated_at = now;
    fresh.records.push_back(record);
    if (&type == &type_of<Person>()) fresh.meetings.push_back(meeting_of(registry, *record));
  }
  auto prepared = registry.store().prepare(type, fresh.records, wrap_key);
  if (!prepared) return tl::make_unexpected(prepared.error());
  fresh.prepared = std::move(*prepared);
  return fresh;
}

Done write_prepared(Registry& registry, Connection& db, const Principal& principal,
                    const RecordType& type, NewRecords fresh) {
  const Done unique = check_all_unique(registry, db, principal, type, fresh);
  if (!unique) return unique;
  const Done living = check_none_erased(registry, db, type, fresh.prepared.keys);
  if (!living) return living;
  registry.store().insert_all(db, type, fresh.records, std::move(fresh.prepared));
  log_new_statuses(registry, db, principal, type, fresh.records);
  if (&type == &type_of<Person>()) {
    note_likeness_of_new(registry, db, fresh.records, fresh.meetings);
  }
  return {};
}

Done create_record(Registry& registry, const Principal& principal, const RecordType& type,
                   Record& draft) {
  draft.id = 0;
  draft.office = principal.region;
  if (const Done checked = check_rules(registry, principal, type, draft); !checked) return checked;
  Done done = registry.database().write([&](Connection& db) -> Done {
    if (const Done written = write_record(registry, db, principal, type, nullptr, draft);
        !written) {
      return written;
    }
    const AuditEntry entry{"create", std::string(type.name), draft.id, {}};
    registry.audit().append(db, registry.audit_context(principal), {&entry, 1});
    return {};
  });
  return done || done.error().problem.reason != "storage.unique"
             ? done
             : lost_race(registry, principal, type, draft, std::move(done));
}

Result<std::unique_ptr<Record>> find_record(Registry& registry, const Principal& principal,
                                            const RecordType& type, std::string_view id_or_number) {
  std::unique_ptr<Record> record;
  const Done read = registry.database().read([&](Connection& db) -> Done {
    record = load_current_by_key(registry, db, principal.scope(), type, id_or_number);
    if (record) return {};
    if (const auto id = parse_id(id_or_number)) {
      record = load_current(registry, db, principal.scope(), type, *id);
    }
    return {};
  });
  if (!read) return tl::make_unexpected(read.error());
  if (!record) return fail(ErrorCode::NotFound, "record.absent");
  return record;
}

Done change_record(Registry& registry, const Principal& principal, const RecordType& type,
                   Record& changed) {
  if (const Done checked = check_rules(registry, principal, type, changed); !checked) {
    return checked;
  }
  const std::int64_t version_read = changed.version;
  return registry.database().write([&](Connection& db) -> Done {
    const auto before = registry.store().load(db, principal.scope(), type, changed.id);
    if (!before) return fail(ErrorCode::NotFound, "record.absent");
    if (before->version != version_read) return fail(ErrorCode::Stale, "record.version");
    const auto fields = changed_fields(type, *before, changed);
    if (fields.empty()) return {};
    if (const Done written = write_record(registry, db, principal, type, before.get(), changed);
        !written) {
      return written;
    }
    std::string detail = join(fields, ",");
    if (approved_locally(registry, db, principal, type, *before, changed)) detail += "; local";
    const AuditEntry entry{"update", std::string(type.name), changed.id, detail};
    registry.audit().append(db, registry.audit_context(principal), {&entry, 1});
    return {};
  });
}

Done check_page_limit(int limit) {
  if (limit >= 1 && limit <= kPageLimit) return {};
  return fail(ErrorCode::InvalidArgument, "page.limit", "limit", {std::to_string(kPageLimit)});
}

Result<RecordPage> list_records(Registry& registry, const Principal& principal,
                                const RecordType& type, const PageRequest& request) {
  if (const Done fits = check_page_limit(request.limit); !fits) {
    return tl::make_unexpected(fits.error());
  }
  RecordPage page;
  PageRequest one_more = request;
  ++one_more.limit;
  const Done read = registry.database().read([&](Connection& db) -> Done {
    page.records = registry.store().page(db, principal.scope(), type, one_more);
    return {};
  });
  if (!read) return tl::make_unexpected(read.error());
  if (page.records.size() > static_cast<std::size_t>(request.limit)) {
    page.records.pop_back();
    page.next_after = page.records.back()->id;
  }
  return page;
}

}  // namespace chucai
