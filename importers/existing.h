// What an import asks the register. The service layer answers within the importing office's scope;
// tests answer from a map.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "registry/domain/person.h"
#include "registry/domain/record.h"
#include "registry/domain/result.h"
#include "registry/domain/rules/likeness.h"

namespace chucai::importers {

/// A person of the register whom a draft resembles.
struct StoredTwin {
  std::unique_ptr<Record> person;  ///< null: nobody
  Band band = Band::No;
};

class ExistingRecords {
 public:
  virtual ~ExistingRecords() = default;

  /// Looks at once for what the next questions will be about, so that a question a row does not
  /// become a query a row: drafts of one type, which stay alive and as they are until they have
  /// been asked about. Changes no answer.
  virtual Done foresee(const RecordType&, std::span<const Record* const>) const { return {}; }
  /// The same for organization_name().
  virtual Done foresee_names(std::span<const std::string>) const { return {}; }

  /// The stored record that a draft of `type` is about: a person by identity number, else by expert
  /// number; anything else by its natural key. Null: none. Errors: Conflict when there is one that
  /// is not the asker's to see (its reason is what the sender is told, and nothing else).
  virtual Result<std::unique_ptr<Record>> same(const RecordType& type,
                                               const Record& draft) const = 0;
  /// The record with this id, or null.
  virtual Result<std::unique_ptr<Record>> by_id(const RecordType& type, std::int64_t id) const = 0;
  /// The records whose `fields` all say what the draft's do; of more than two, two.
  virtual Result<std::vector<std::unique_ptr<Record>>> alike(
      const RecordType& type, const Record& draft,
      const std::vector<const Field*>& fields) const = 0;
  /// The people called like the draft whose identity number is shown as `mask`.
  virtual Result<std::vector<std::unique_ptr<Record>>> shown_as(const Person& draft,
                                                                std::string_view mask) const = 0;
  /// The stored person who is likeliest the draft (registry/domain/rules/likeness.h). A name alone
  /// is not likeness.
  virtual Result<StoredTwin> likely_twin(const Person& draft) const = 0;
  /// The record that an office knows by `key` (identity number, 专家编号, 需求编号, credit code,
  /// 计划代码) or that an export calls so (its id), or null.
  virtual Result<std::unique_ptr<Record>> known_as(const RecordType& type,
                                                   std::string_view key) const = 0;
  /// Whether the asker may write the record; `stored`: what it changes, null for a new one.
  /// Errors: PermissionDenied record.out_of_scope; those of a step of its lifecycle.
  virtual Done admits(const RecordType& type, const Record* stored, Record& record) const = 0;
  /// The name under which the register knows an organization; empty: not known.
  virtual Result<std::string> organization_name(std::string_view uscc) const = 0;
};

}  // namespace chucai::importers
