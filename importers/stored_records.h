// The register's answers to an import, inside one read transaction: one consistent view for the
// whole file, and no transaction per row.
#pragma once

#include "importers/existing.h"
#include "registry/service/registry.h"

namespace chucai::importers {

class StoredRecords : public ExistingRecords {
 public:
  /// All three must outlive the object; `db` is the connection of the running transaction.
  StoredRecords(const Registry& registry, const Principal& principal, Connection& db)
      : store_(registry.store()), scope_(principal.scope()), db_(db) {}

  Result<std::unique_ptr<Record>> same(const RecordType& type, const Record& draft) const override;
  Result<std::int64_t> likely_twin(const Person& draft) const override;
  Result<std::int64_t> id_of(const RecordType& type, std::string_view key) const override;
  Result<std::string> organization_name(std::string_view uscc) const override;

 private:
  const RecordStore& store_;
  Scope scope_;
  Connection& db_;
};

}  // namespace chucai::importers
