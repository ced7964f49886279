// The change feed: every version that a record gets is noted in the transaction that writes it, and
// numbered after the commit, so that a reader who follows the numbers misses nothing. Ids that grow
// at insert would not do: a transaction that commits late puts its rows behind the reader's back.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "registry/storage/database.h"

namespace chucai {

/// A record got this version, or left the register at it.
struct Change {
  std::int64_t seq = 0;  ///< 1, 2, 3 ... without gaps
  std::string record_type;
  std::int64_t record_id = 0;
  std::int64_t version = 0;  ///< versions of one record come in their order

  bool operator==(const Change&) const = default;
};

/// Notes, in the caller's transaction, that the record gets `version`.
void note_change(Connection& db, std::string_view record_type, std::int64_t record_id,
                 std::int64_t version);

/// The same for new records, whose version is 1.
void note_new(Connection& db, std::string_view record_type, std::span<const std::int64_t> records);

/// Numbers what is committed and has no number yet; whoever reads the feed calls it first, in any
/// process, and on Galera on any node. Takes no lock that a writer of records waits for. Returns
/// how many changes got a number. Errors: those of Database::write.
Result<std::int64_t> number_changes(Database& database);

/// The number of the last change committed so far, after giving numbers where there are none: what
/// a reader compares with where it stands. Errors: those of Database::write.
Result<std::int64_t> latest_change(Database& database);

/// Changes with a number above `after`, in its order, at most `limit`.
std::vector<Change> changes_after(Connection& db, std::int64_t after, int limit);

/// The number of the last change; 0: none. With a snapshot of the records read in the same
/// transaction, changes_after() this number tells all that the snapshot does not show (and perhaps
/// some that it does).
std::int64_t last_change(Connection& db);

/// True while something committed has no number.
bool has_unnumbered_changes(Connection& db);

}  // namespace chucai
