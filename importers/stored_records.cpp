#include "importers/stored_records.h"

#include "registry/domain/organization.h"
#include "registry/domain/text.h"

namespace chucai::importers {
namespace {

bool same_month(Date a, Date b) {
  return a && b && a.year == b.year && (a.month == 0 || b.month == 0 || a.month == b.month);
}

// Same name is given; what else makes two rows the same human.
bool is_like(const Person& stored, const Person& draft) {
  if (stored.birth && draft.birth && stored.birth.day != 0 && stored.birth == draft.birth) {
    return true;
  }
  if (!draft.phone.empty() && stored.phone == draft.phone) return true;
  const bool same_employer = !draft.employer.empty() && stored.employer == draft.employer;
  return same_employer && same_month(stored.birth, draft.birth);
}

}  // namespace

Result<std::unique_ptr<Record>> StoredRecords::same(const RecordType& type,
                                                    const Record& draft) const {
  const std::string identity = type.identity_key ? type.identity_key(draft) : std::string();
  if (!identity.empty()) {
    if (auto found = store_.load_by_identity(db_, scope_, type, identity)) return found;
  }
  const std::string key = type.natural_key(draft);
  return key.empty() ? nullptr : store_.load_by_key(db_, scope_, type, key);
}

Result<std::int64_t> StoredRecords::likely_twin(const Person& draft) const {
  for (const auto& record : store_.named(db_, scope_, type_of<Person>(), fold(draft.name))) {
    const auto& stored = static_cast<const Person&>(*record);
    if (is_like(stored, draft)) return stored.id;
  }
  return 0;
}

Result<std::int64_t> StoredRecords::id_of(const RecordType& type, std::string_view key) const {
  auto found = store_.load_by_key(db_, scope_, type, key);
  if (!found && type.identity_key) {
    Person probe;
    probe.id_no = key;
    found = store_.load_by_identity(db_, scope_, type, type.identity_key(probe));
  }
  return found ? found->id : 0;
}

Result<std::string> StoredRecords::organization_name(std::string_view uscc) const {
  const auto found = store_.load_by_key(db_, scope_, type_of<Organization>(), uscc);
  return found ? static_cast<const Organization&>(*found).name : std::string();
}

}  // namespace chucai::importers
