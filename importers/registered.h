// The register's own answers to an import, within what the importing office may see.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "importers/existing.h"
#include "registry/service/registry.h"

namespace chucai::importers {

class RegisteredRecords : public ExistingRecords {
 public:
  /// Hears how many drafts were foreseen so far; an error ends the planning.
  using Told = std::function<Done(std::int64_t)>;

  /// All must outlive the object; `db` is a connection inside a read transaction.
  RegisteredRecords(Registry& registry, const Principal& principal, Connection& db, Told told = {});

  Done foresee(const RecordType& type, std::span<const Record* const> drafts) const override;
  Done foresee_names(std::span<const std::string> usccs) const override;

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

  /// What foresee() found out about a draft.
  struct Foreseen {
    bool held = true;     ///< the register may have its keys
    bool meets = true;    ///< it may have a likely twin
    bool living = false;  ///< nobody of its keys was erased
  };
  Foreseen foreseen(const Record& draft) const;

  Registry& registry_;
  const Principal& principal_;
  Connection& db_;
  /// Ids by the hash of what their key fields say, of the type and fields asked for first.
  mutable std::optional<std::unordered_multimap<std::size_t, std::int64_t>> by_key_;
  Told told_;
  mutable std::int64_t foreseen_drafts_ = 0;
  mutable std::unordered_map<const Record*, Foreseen> foreseen_;  // a memory, not an answer
  mutable std::unordered_set<std::string> unknown_usccs_;
};

}  // namespace chucai::importers
