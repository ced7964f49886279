#include "registry/service/person_rights.h"

#include <algorithm>

#include "registry/domain/participation.h"
#include "registry/domain/text.h"
#include "registry/service/one_person.h"
#include "registry/service/reveal.h"
#include "registry/storage/merge_store.h"
#include "registry/storage/trail_stores.h"

namespace chucai {
namespace {

constexpr std::string_view kErasedName = "（已删除）";
constexpr std::string_view kErasedStatus = "archived";
constexpr std::string_view kMergedStatus = "merged";  // stays: the record leads to its survivor
constexpr std::string_view kTable = "person";         // whose data key seals it
// What an erased person still is in figures.
constexpr std::string_view kKept[] = {"education",   "degree",          "title_grade",
                                      "skill_grade", "talent_category", "industry",
                                      "discipline",  "region",          "roles"};

Result<Person> load_person(Registry& registry, Connection& db, const Principal& principal,
                           std::int64_t id) {
  auto person = registry.store().get(db, principal.scope(), PersonId{id});
  if (!person) return fail(ErrorCode::NotFound, "record.absent");
  return std::move(*person);
}

Done check_right(const Principal& principal) {
  if (allows(principal, Permission::ManageRights)) return {};
  return fail(ErrorCode::PermissionDenied, "rights.permission");
}

void note(Registry& registry, Connection& db, const Principal& principal, std::string action,
          std::int64_t person, std::string_view detail) {
  const AuditEntry entry{std::move(action), "person", person, normalise_space(detail)};
  registry.audit().append(db, registry.audit_context(principal), {&entry, 1});
}

// The tombstone of what offices know a person by; no identity key begins so.
std::string number_mark(const Registry& registry, std::string_view number) {
  return registry.vault().blind_index("number\x1f" + std::string(number));
}

/// The conditions under which records of a type name the person; empty when none can.
std::vector<std::vector<Filter>> naming(const RecordType& type, std::int64_t person) {
  std::vector<std::vector<Filter>> found;
  for (const Field& field : type.fields) {
    if (field.type == FieldType::Ref && field.scheme == "person") {
      found.push_back({{&field, Value{person}}});
    }
  }
  const Field* kind = type.field("subject_type");
  const Field* subject = type.field("subject");
  if (kind && subject) {
    found.push_back({{kind, Value{std::string("person")}}, {subject, Value{id_text(person)}}});
  }
  return found;
}

void visit_naming(Registry& registry, Connection& db, const Scope& scope, std::int64_t person,
                  const std::function<void(const RecordType&, std::unique_ptr<Record>)>& visit) {
  constexpr int kPage = 500;
  for (const RecordType* type : record_types()) {
    for (auto& filters : naming(*type, person)) {
      PageRequest request{std::move(filters), 0, kPage};
      std::vector<std::unique_ptr<Record>> page;
      do {
        page = registry.store().page(db, scope, *type, request);
        if (!page.empty()) request.after = page.back()->id;
        for (auto& record : page) visit(*type, std::move(record));
      } while (page.size() == kPage);
    }
  }
}

// Bound to its own row, so that corrections cannot change places.
std::string change_column(std::int64_t change) {
  return "change:" + id_text(change);
}

Result<Correction> opened(Registry& registry, const PersonChange& change, std::string_view key) {
  const auto before = registry.vault().open_field(key, kTable, change_column(change.id),
                                                  change.person, change.before_sealed);
  if (!before) return tl::make_unexpected(before.error());
  return Correction{change.at, change.actor, unpack_map(*before)};
}

// What nobody can be told by any more stays; the rest goes.
void clear(Person& person) {
  const bool is_merged = person.status == kMergedStatus;
  for (const Field& field : type_of<Person>().fields) {
    const bool kept = std::find(std::begin(kKept), std::end(kKept), field.name) != std::end(kKept);
    if (!kept) field.set(person, Value{});
  }
  person.extra.clear();
  person.name = kErasedName;
  person.status = is_merged ? kMergedStatus : kErasedStatus;
}

Done clear_participations(Registry& registry, Connection& db, std::int64_t person) {
  Done done;
  visit_naming(registry, db, whole_register(), person,
               [&](const RecordType& type, std::unique_ptr<Record> record) {
                 const Field* words = type.field("note");
                 if (!done || (!words && record->extra.empty())) return;
                 if (words) words->set(*record, Value{});
                 record->extra.clear();
                 ++record->version;
                 record->updated_at = registry.now_us();
                 drop_before_images(db, type.name, record->id);
                 done = registry.store().update(db, type, *record);
               });
  return done;
}

void bury_person(Registry& registry, Connection& db, const Principal& principal,
                 const Person& person, std::string_view basis) {
  const auto put = [&](const std::string& mark) {
    bury(db, mark, registry.now_us(), principal.signature(), basis);
  };
  const auto seal = registry.store().take_seal(db, type_of<Person>(), person.id);
  const auto index = seal.find("id_no_index");
  if (index != seal.end() && !index->second.empty()) put(from_hex(index->second));
  if (!person.expert_no.empty()) put(number_mark(registry, person.expert_no));
}

Done erase_row(Registry& registry, Connection& db, const Principal& principal, Person& person,
               std::string_view basis) {
  bury_person(registry, db, principal, person, normalise_space(basis));
  clear(person);
  ++person.version;
  person.updated_at = registry.now_us();
  if (const Done updated = registry.store().update(db, type_of<Person>(), person); !updated) {
    return updated;
  }
  registry.store().destroy_key(db, type_of<Person>(), person.id);
  delete_changes(db, person.id);
  drop_before_images(db, "person", person.id);
  drop_merge_images(db, person.id);
  forget_likeness(db, person.id);
  append_status(db, registry.new_id(),
                {"person", person.id, person.status, registry.today(), registry.now_us(),
                 principal.signature()});
  return clear_participations(registry, db, person.id);
}

}  // namespace

Result<Dossier> read_dossier(Registry& registry, const Principal& principal, std::int64_t id) {
  if (const Done may = check_right(principal); !may) return tl::make_unexpected(may.error());
  Dossier dossier;
  const Done done = registry.database().write([&](Connection& db) -> Done {
    dossier = {};
    note(registry, db, principal, "dossier", id, {});
    auto person = load_person(registry, db, principal, id);
    if (!person) return tl::make_unexpected(person.error());
    auto number = registry.store().reveal(db, principal.scope(), type_of<Person>(), id);
    if (!number) return tl::make_unexpected(number.error());
    dossier.person = std::move(*person);
    dossier.person.id_no = std::move(*number);
    visit_naming(registry, db, principal.scope(), id,
                 [&](const RecordType& type, std::unique_ptr<Record> record) {
                   dossier.records.emplace_back(&type, std::move(record));
                 });
    const auto changes = changes_of(db, id);
    std::string key;
    if (!changes.empty()) {
      auto stored = registry.store().data_key(db, type_of<Person>(), id);
      if (!stored) return tl::make_unexpected(stored.error());
      key = std::move(*stored);
    }
    for (const PersonChange& change : changes) {
      auto correction = opened(registry, change, key);
      if (!correction) return tl::make_unexpected(correction.error());
      dossier.corrections.push_back(std::move(*correction));
    }
    dossier.trail = audit_of(db, "person", id);
    dossier.hold = hold_on(db, id);
    return {};
  });
  if (!done) return tl::make_unexpected(done.error());
  return dossier;
}

Done hold_person(Registry& registry, const Principal& principal, std::int64_t id,
                 std::string_view reason) {
  if (const Done may = check_right(principal); !may) return may;
  const std::string text = normalise_space(reason);
  if (!text.empty()) {
    if (const Done fits = check_purpose(text); !fits) return fits;
  }
  return registry.database().write([&](Connection& db) -> Done {
    if (const auto person = load_person(registry, db, principal, id); !person) {
      return tl::make_unexpected(person.error());
    }
    set_hold(db, id, text, principal.signature(), registry.now_us());
    note(registry, db, principal, text.empty() ? "hold.lift" : "hold", id, text);
    return {};
  });
}

Done erase_person(Registry& registry, const Principal& principal, std::int64_t id,
                  std::string_view basis) {
  if (const Done may = check_right(principal); !may) return may;
  if (const Done fits = check_purpose(basis); !fits) return fits;
  return registry.database().write([&](Connection& db) -> Done {
    auto loaded = load_person(registry, db, principal, id);
    if (!loaded) return tl::make_unexpected(loaded.error());
    if (hold_on(db, id)) return fail(ErrorCode::FailedPrecondition, "person.held");
    // With the records that were merged into it, which lie in nobody's scope.
    for (const std::int64_t other : merged_into(db, id)) {
      auto part = registry.store().get(db, merged_people(), PersonId{other});
      if (!part) continue;
      if (const Done erased = erase_row(registry, db, principal, *part, basis); !erased) {
        return erased;
      }
    }
    if (const Done erased = erase_row(registry, db, principal, *loaded, basis); !erased) {
      return erased;
    }
    note(registry, db, principal, "erase", id, basis);
    return {};
  });
}

Done keep_correction(Registry& registry, Connection& db, const Principal& principal,
                     const RecordType& type, const Record& before, const Record& after) {
  if (&type != &type_of<Person>()) return {};
  std::map<std::string, std::string> said;
  for (const std::string_view name : changed_fields(type, before, after)) {
    const Field* field = type.field(name);
    std::string text = field ? pack_value(field->get(before)) : pack_map(before.extra);
    if (field && field->type == FieldType::Sealed && !text.empty()) {
      auto number = registry.store().reveal(db, whole_register(), type, before.id);
      if (!number) return tl::make_unexpected(number.error());
      text = std::move(*number);
    }
    said.emplace(name, std::move(text));
  }
  if (said.empty()) return {};
  const auto key = registry.store().data_key(db, type, before.id);
  if (!key) return tl::make_unexpected(key.error());
  const std::int64_t change = registry.new_id();
  const auto sealed =
      registry.vault().seal_field(*key, kTable, change_column(change), before.id, pack_map(said));
  if (!sealed) return tl::make_unexpected(sealed.error());
  insert_change(db, {change, before.id, registry.now_us(), principal.signature(), *sealed});
  return {};
}

Done check_not_erased(Registry& registry, Connection& db, const RecordType& type,
                      const Record& record) {
  const RecordKeys keys = registry.store().keys_of(type, record);
  return check_none_erased(registry, db, type, {&keys, 1});
}

Done check_none_erased(Registry& registry, Connection& db, const RecordType& type,
                       std::span<const RecordKeys> keys) {
  if (!type.identity_key) return {};
  std::vector<Cell> marks;
  for (const RecordKeys& own : keys) {
    if (!own.identity.empty()) marks.emplace_back(Blob{own.identity});
    if (!own.natural.empty()) marks.emplace_back(Blob{number_mark(registry, own.natural)});
  }
  if (any_buried(db, marks)) return fail(ErrorCode::Conflict, "person.erased", "id_no");
  return {};
}

}  // namespace chucai
