#include "importers/registered.h"

#include "registry/domain/organization.h"
#include "registry/domain/text.h"
#include "registry/service/lifecycle.h"
#include "registry/service/merge_people.h"
#include "registry/service/one_person.h"
#include "registry/service/person_rights.h"
#include "registry/service/records.h"

namespace chucai::importers {
namespace {

constexpr char kKeySeparator = '\x1f';  // stands in identity keys, never in what offices write

std::string key_text(const Record& record, const std::vector<const Field*>& fields) {
  std::string text;
  for (const Field* field : fields) text += to_text(field->get(record)) + kKeySeparator;
  return text;
}

}  // namespace

RegisteredRecords::RegisteredRecords(Registry& registry, const Principal& principal, Connection& db,
                                     Told told)
    : registry_(registry), principal_(principal), db_(db), told_(std::move(told)) {}

Done RegisteredRecords::foresee(const RecordType& type,
                                std::span<const Record* const> drafts) const {
  foreseen_.clear();
  foreseen_drafts_ += static_cast<std::int64_t>(drafts.size());
  if (const Done go_on = told_ ? told_(foreseen_drafts_) : Done{}; !go_on) return go_on;
  std::vector<RecordKeys> keys;
  for (const Record* draft : drafts) keys.push_back(registry_.store().keys_of(type, *draft));
  const auto held = registry_.store().held(db_, type, keys);
  const bool living = check_none_erased(registry_, db_, type, keys).has_value();
  std::vector<bool> meets(drafts.size(), true);
  if (&type == &type_of<Person>()) meets = may_meet(registry_, db_, drafts);
  for (std::size_t i = 0; i < drafts.size(); ++i) {
    foreseen_.emplace(drafts[i], Foreseen{held[i] == Held::Stored, meets[i], living});
  }
  return {};
}

Done RegisteredRecords::foresee_names(std::span<const std::string> usccs) const {
  std::vector<RecordKeys> keys;
  for (const std::string& uscc : usccs) keys.push_back({uscc, {}});
  const auto held = registry_.store().held(db_, type_of<Organization>(), keys);
  for (std::size_t i = 0; i < usccs.size(); ++i) {
    if (held[i] != Held::Stored) unknown_usccs_.insert(usccs[i]);
  }
  return {};
}

/// Of a draft that nothing was foreseen of, everything is possible.
RegisteredRecords::Foreseen RegisteredRecords::foreseen(const Record& draft) const {
  const auto at = foreseen_.find(&draft);
  return at == foreseen_.end() ? Foreseen{} : at->second;
}

Result<std::unique_ptr<Record>> RegisteredRecords::same(const RecordType& type,
                                                        const Record& draft) const {
  if (!foreseen(draft).held) return std::unique_ptr<Record>();
  const Scope scope = principal_.scope();
  const std::string identity = type.identity_key ? type.identity_key(draft) : std::string();
  if (!identity.empty()) {
    if (auto found = load_current_by_identity(registry_, db_, scope, identity)) return found;
    if (load_current_by_identity(registry_, db_, whole_register(), identity)) {
      return fail(ErrorCode::Conflict, "person.id_no.registered");
    }
  }
  const std::string key = type.natural_key(draft);
  if (key.empty()) return std::unique_ptr<Record>();
  if (auto found = load_current_by_key(registry_, db_, scope, type, key)) return found;
  if (load_current_by_key(registry_, db_, whole_register(), type, key)) {
    return fail(ErrorCode::Conflict, "record.exists");
  }
  return std::unique_ptr<Record>();
}

Result<std::unique_ptr<Record>> RegisteredRecords::by_id(const RecordType& type,
                                                         std::int64_t id) const {
  return load_current(registry_, db_, principal_.scope(), type, id);
}

Result<std::vector<std::unique_ptr<Record>>> RegisteredRecords::alike(
    const RecordType& type, const Record& draft, const std::vector<const Field*>& fields) const {
  const std::hash<std::string> hash;
  if (!by_key_) {
    by_key_.emplace();
    registry_.store().for_each(db_, principal_.scope(), type, [&](const Record& record) {
      by_key_->emplace(hash(key_text(record, fields)), record.id);
    });
  }
  const std::string wanted = key_text(draft, fields);
  std::vector<std::unique_ptr<Record>> found;
  const auto [first, last] = by_key_->equal_range(hash(wanted));
  for (auto at = first; at != last && found.size() < 2; ++at) {
    auto record = registry_.store().load(db_, principal_.scope(), type, at->second);
    if (record && key_text(*record, fields) == wanted) found.push_back(std::move(record));
  }
  return found;
}

Result<std::vector<std::unique_ptr<Record>>> RegisteredRecords::shown_as(
    const Person& draft, std::string_view mask) const {
  auto people =
      registry_.store().named(db_, principal_.scope(), type_of<Person>(), fold(draft.name));
  std::erase_if(people, [&](const auto& record) {
    const auto& person = static_cast<const Person&>(*record);
    return person.id_no != mask || person.status == "merged";
  });
  return people;
}

Result<StoredTwin> RegisteredRecords::likely_twin(const Person& draft) const {
  if (!foreseen(draft).meets) return StoredTwin{};
  auto twins = twins_of(registry_, db_, principal_.scope(), draft);
  if (twins.empty()) return StoredTwin{};
  return StoredTwin{std::move(twins.front().person), twins.front().likeness.band};
}

Result<std::unique_ptr<Record>> RegisteredRecords::known_as(const RecordType& type,
                                                            std::string_view key) const {
  const Scope scope = type.region.empty() ? whole_register() : principal_.scope();
  if (auto found = load_current_by_key(registry_, db_, scope, type, key)) return found;
  if (const auto id = parse_id(key)) {
    if (auto found = load_current(registry_, db_, scope, type, *id)) return found;
  }
  if (&type == &type_of<Organization>()) return only_organization(key);
  if (type.identity_key == nullptr) return std::unique_ptr<Record>();
  const bool is_identity_key = key.find(kKeySeparator) != std::string_view::npos;
  if (is_identity_key) return load_current_by_identity(registry_, db_, scope, key);
  Person person;
  person.id_no = key;
  return load_current_by_identity(registry_, db_, scope, type.identity_key(person));
}

// A unit without a credit code is known by its name, as long as no other unit bears it.
std::unique_ptr<Record> RegisteredRecords::only_organization(std::string_view name) const {
  auto named =
      registry_.store().named(db_, principal_.scope(), type_of<Organization>(), fold(name));
  return named.size() == 1 ? std::move(named.front()) : nullptr;
}

Done RegisteredRecords::admits(const RecordType& type, const Record* stored, Record& record) const {
  // Whoever sends what stands there already changes nothing.
  if (stored && changed_fields(type, *stored, record).empty()) return {};
  // What is stored was loaded within the scope, and stays there.
  if (stored && !may_write(principal_, type, record)) {
    return fail(ErrorCode::PermissionDenied, "record.out_of_scope");
  }
  if (stored) return make_step(registry_, db_, principal_, type, *stored, record);
  auto draft = type.make();
  for (const Field& field : type.fields) {
    if (field.name == type.region) field.set(*draft, field.get(record));
  }
  draft->office = principal_.region;
  if (!may_write(principal_, type, *draft)) {
    return fail(ErrorCode::PermissionDenied, "record.out_of_scope");
  }
  return foreseen(record).living ? Done{} : check_not_erased(registry_, db_, type, record);
}

Result<std::string> RegisteredRecords::organization_name(std::string_view uscc) const {
  if (unknown_usccs_.contains(std::string(uscc))) return std::string();
  const auto found =
      registry_.store().load_by_key(db_, whole_register(), type_of<Organization>(), uscc);
  return found ? static_cast<const Organization&>(*found).name : std::string();
}

}  // namespace chucai::importers
