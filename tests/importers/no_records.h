// An empty register, for plans of files alone.
#pragma once

#include "importers/existing.h"

namespace chucai::importers::testing {

class NoRecords : public ExistingRecords {
 public:
  using One = Result<std::unique_ptr<Record>>;
  using Several = Result<std::vector<std::unique_ptr<Record>>>;

  One same(const RecordType&, const Record&) const override { return std::unique_ptr<Record>(); }
  One by_id(const RecordType&, std::int64_t) const override { return std::unique_ptr<Record>(); }
  Several alike(const RecordType&, const Record&, const std::vector<const Field*>&) const override {
    return std::vector<std::unique_ptr<Record>>();
  }
  Several shown_as(const Person&, std::string_view) const override {
    return std::vector<std::unique_ptr<Record>>();
  }
  Result<StoredTwin> likely_twin(const Person&) const override { return StoredTwin{}; }
  One known_as(const RecordType&, std::string_view) const override {
    return std::unique_ptr<Record>();
  }
  Done admits(const RecordType&, const Record*, Record&) const override { return {}; }
  Result<std::string> organization_name(std::string_view) const override { return std::string(); }
};

}  // namespace chucai::importers::testing
