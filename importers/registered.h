// The register's own answers to an import, within what the importing office may see.
#pragma once

#include <optional>
#include <unordered_map>

#include "importers/existing.h"
#include "registry/service/registry.h"

namespace chucai::importers {

class RegisteredRecords : public ExistingRecords {
 public:
  /// All must outlive the object; `db` is a connection inside a read transaction.
  RegisteredRecords(Registry& registry, const Principal& principal, Connection& db);

  Result<std::unique_ptr<Record>> same(const RecordType& type, const Record& draft) const override;
  Result<std::unique_ptr<Record>> by_id(const RecordType& type, std::int64_t id) const override;
  /// The first call reads every record in scope once.
  Result<std::vector<std::unique_ptr<Record>>> alike(
      const RecordType& type, const Record& draft,
      const std::vector<const Field*>& fields) const override;
  Result<std::vector<std::unique_ptr<Record>>> shown_as(const Person& draft,
                                                        std::string_view mask) const override;
  Result<StoredTwin> likely_twin(const Person& draft) const override;
  Result<std::unique_ptr<Record>> known_as(const RecordType& type,
                                           std::string_view key) const override;
  Done admits(const RecordType& type, const Record* stored, Record& record) const override;
  Result<std::string> organization_name(std::string_view uscc) const override;

 private:
  std::unique_ptr<Record> only_organization(std::string_view name) const;

  Registry& registry_;
  const Principal& principal_;
  Connection& db_;
  /// Ids by the hash of what their key fields say, of the type and fields asked for first.
  mutable std::optional<std::unordered_multimap<std::size_t, std::int64_t>> by_key_;
};

}  // namespace chucai::importers
