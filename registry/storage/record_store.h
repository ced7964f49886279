// Stores any record type by its field table: one INSERT, UPDATE and SELECT per type, written once.
// Each write notes itself in the change feed and keeps the search table, so that no caller can
// forget either. Every query takes a Scope. Sealed fields are written as ciphertext, blind index
// and mask, and are read back as the mask; reveal() alone opens them.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "registry/domain/principal.h"
#include "registry/domain/record.h"
#include "registry/domain/region_map.h"
#include "registry/domain/result.h"
#include "registry/domain/search_text.h"
#include "registry/storage/database.h"
#include "registry/storage/row_writer.h"
#include "registry/storage/search_store.h"
#include "registry/storage/vault.h"

namespace chucai {

/// One condition of a list: the field equals the value, or contains it when it is a list.
struct Filter {
  const Field* field = nullptr;  ///< null: the record takes part in the programme `equals`
  Value equals;
  std::vector<CodeRange> within = {};  ///< instead of `equals`: the code lies in one of these
};

/// A page of a list, in order of id.
struct PageRequest {
  std::vector<Filter> filters;
  std::int64_t after = 0;  ///< last id of the page before; 0: from the start
  int limit = 50;
  std::optional<SearchQuery> search = std::nullopt;  ///< words that the record must hold
};

/// The setting that names the master key which wraps new data keys.
inline constexpr std::string_view kWrapKeySetting = "wrap_key";

/// Names the master key that wraps new data keys. The lock keeps a rotation from passing by a key
/// that is about to be written.
std::string current_wrap_key(Connection& db);

/// Sealed columns by name, in hex.
using SealedColumns = std::map<std::string, std::string>;

/// Where a record's keys are met (RecordStore::held).
enum class Held : std::uint8_t { Nowhere, Stored, Before };

/// What no two records of a type share; empty: the record has none.
struct RecordKeys {
  std::string natural;
  std::string identity;  ///< blind index of the identity number
};

/// New records as they will be written; `records[i]` has `keys[i]`, `rows[i]` and `searched[i]`.
struct PreparedRecords {
  std::vector<RecordKeys> keys;
  std::vector<std::vector<Cell>> rows;
  std::vector<Searched> searched;
};

class RecordStore {
 public:
  /// `vault` must outlive the store.
  explicit RecordStore(const Vault& vault);

  /// Writes a new record; id, version (1), times and office are set by the caller.
  /// Errors: Conflict "storage.unique" comes from the transaction when a key exists.
  Done insert(Connection& db, const RecordType& type, const Record& record) const;
  /// The first half of writing many: all that needs no database, on any thread. `wrap_key`: of the
  /// transaction that will write them. Errors: those of Vault::seal_first.
  Result<PreparedRecords> prepare(const RecordType& type, std::span<const Record* const> records,
                                  std::string_view wrap_key) const;
  /// The second half, in few statements; `records` are those that were prepared.
  void insert_all(Connection& db, const RecordType& type, std::span<const Record* const> records,
                  PreparedRecords prepared) const;
  /// Replaces the record whose version is `record.version - 1`. A Sealed field that is empty
  /// or a mask keeps what is stored. Errors: Stale "record.version" when somebody else changed
  /// it.
  Done update(Connection& db, const RecordType& type, const Record& record) const;
  /// Removes a record whose version is `version` (undo of an import only).
  /// Errors: Stale "record.version".
  Done erase(Connection& db, const RecordType& type, std::int64_t id, std::int64_t version) const;

  /// The record, or null when it is absent or out of scope.
  std::unique_ptr<Record> load(Connection& db, const Scope& scope, const RecordType& type,
                               std::int64_t id) const;
  /// The record with this natural key, or null likewise.
  std::unique_ptr<Record> load_by_key(Connection& db, const Scope& scope, const RecordType& type,
                                      std::string_view natural_key) const;
  /// The person whose identity number this is, or null likewise. `identity`:
  /// RecordType::identity_key.
  std::unique_ptr<Record> load_by_identity(Connection& db, const Scope& scope,
                                           const RecordType& type, std::string_view identity) const;
  /// At most `limit` records in order of id. Cost of a search: its words' rows in the index; on
  /// MariaDB all of them for every page.
  std::vector<std::unique_ptr<Record>> page(Connection& db, const Scope& scope,
                                            const RecordType& type,
                                            const PageRequest& request) const;
  /// Which of the records have a natural key or an identity number that the register holds, in
  /// whosever scope, or that one before them in the list has. Few queries for many records.
  std::vector<Held> held(Connection& db, const RecordType& type,
                         std::span<const RecordKeys> keys) const;
  /// What held() looks for; a masked identity number is none.
  RecordKeys keys_of(const RecordType& type, const Record& record) const;
  /// People and organizations by folded name, at most 50, in order of id.
  std::vector<std::unique_ptr<Record>> named(Connection& db, const Scope& scope,
                                             const RecordType& type,
                                             std::string_view folded_name) const;
  /// Calls `visit` for every record in scope, in order of id.
  void for_each(Connection& db, const Scope& scope, const RecordType& type,
                const std::function<void(const Record&)>& visit) const;
  /// Fills the search table from the records, as after a migration that brought it. One
  /// transaction a piece; what it holds before is forgotten. Errors: those of Database::write.
  Done fill_search(Database& database) const;
  /// Number of records in scope.
  std::int64_t count(Connection& db, const Scope& scope, const RecordType& type) const;

  /// Opens the Sealed field of a record in scope. Errors: NotFound "record.absent"; Internal
  /// "crypto.open". The caller writes the audit event first.
  Result<std::string> reveal(Connection& db, const Scope& scope, const RecordType& type,
                             std::int64_t id) const;

  /// What is stored of a record's Sealed fields, and putting it back: undoing an import opens no
  /// identity number.
  SealedColumns take_seal(Connection& db, const RecordType& type, std::int64_t id) const;
  void restore_seal(Connection& db, const RecordType& type, std::int64_t id,
                    const SealedColumns& columns) const;

  /// The record's data key, made when it has none: one key for as long as the record lives, so that
  /// everything sealed of a person goes with it. Wrapped; errors: those of Vault::new_data_key.
  Result<std::string> data_key(Connection& db, const RecordType& type, std::int64_t id) const;
  /// Destroys the data key with all that the record's own row has sealed: nothing opens it again.
  void destroy_key(Connection& db, const RecordType& type, std::int64_t id) const;

  /// Takes a person's identity number away, so that another record of the same person can have it.
  void release_number(Connection& db, std::int64_t person) const;

  template <class R>
  std::optional<R> get(Connection& db, const Scope& scope, Id<R> id) const {
    const auto record = load(db, scope, type_of<R>(), id.value);
    if (!record) return std::nullopt;
    return static_cast<const R&>(*record);
  }

 private:
  struct Part;
  static std::vector<Part> parts_of(const RecordType& type, Dialect dialect, const Scope& scope,
                                    const PageRequest& request);
  struct TypeSql {
    std::vector<std::string> insert_columns;
    std::string update;
    std::string columns;  ///< as a record is read
    std::string scope;    ///< the scope condition
    std::string select;   ///< up to and including the scope condition
    std::string erase;
  };
  const TypeSql& sql(const RecordType& type) const { return sql_.at(type.name); }
  std::unique_ptr<Record> read(const RecordType& type, Statement& row) const;
  std::unique_ptr<Record> load_where(Connection& db, const Scope& scope, const RecordType& type,
                                     std::string_view condition,
                                     const std::function<void(Statement&, int)>& bind) const;
  std::vector<std::unique_ptr<Record>> rows(Connection& db, const Scope& scope,
                                            const RecordType& type,
                                            const PageRequest& request) const;
  void bind_plain(Statement& statement, int& index, const RecordType& type,
                  const Record& record) const;
  Done reseal(Connection& db, const RecordType& type, const Record& record) const;
  Result<std::string> new_data_key(Connection& db, const RecordType& type, std::int64_t id) const;
  Result<std::vector<Cell>> cells_of(const RecordType& type, const Record& record,
                                     const RecordKeys& keys, std::string_view wrap_key) const;

  const Vault* vault_;
  std::unordered_map<std::string_view, TypeSql> sql_;
};

/// Writes the text form of a list or an extra map that one column holds, and reads it back.
std::string pack_list(const std::vector<std::string>& list);
std::vector<std::string> unpack_list(std::string_view packed);
std::string pack_value(const Value& value);
Value unpack_value(const Field& field, const std::string& packed);
std::string pack_map(const std::map<std::string, std::string>& map);
std::map<std::string, std::string> unpack_map(std::string_view packed);

/// The region that decides who sees the record: its own when it lies in the province, else its
/// office's; of a merged person nobody's.
std::string scope_region(const RecordType& type, const Record& record);

}  // namespace chucai
