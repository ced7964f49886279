// Facts of one kind in columns. A fact belongs to an owner, the thing that is counted once however
// many facts it has: a participation to its subject, a need to itself. Owners are numbered, and a
// chunk holds all facts of kOwners of them in their order, so that one pass with a mark per cell
// counts distinct owners, and a change touches one chunk.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "registry/coverage/dictionary.h"
#include "registry/coverage/id_map.h"
#include "registry/domain/date.h"

namespace chucai::coverage {

/// What is known of a fact, as codes of a dictionary. A table has the columns that its facts need.
enum class Column : std::uint8_t {
  Program,
  Scope,   ///< region that decides who sees it
  Office,  ///< region of the office that keeps it
  Region,
  Month,  ///< as written: 2018-03, or 2018 where only the year is known
  Status,
  Type,    ///< of a subject or of money
  Reason,  ///< of an exit
  Industry,
  Discipline,
  Category,
  Language,  ///< lists
  Country,
  Need,  ///< owner of the need of an engagement
  Role,  ///< "expert" or nothing
};
inline constexpr std::size_t kColumns = 15;

/// A date to its month, as the column of months has it.
std::string month_text(Date date);

/// Days since 1970 of a fact without a date: it counts from ever.
inline constexpr std::int32_t kFromEver = INT32_MIN;
std::int32_t day_number(Date date);

/// A status that a fact reached.
struct StatusAt {
  std::int32_t day = kFromEver;
  Code status = 0;
};

/// One fact on its way into a table.
struct FactRow {
  std::int64_t id = 0;
  std::uint32_t owner = 0;
  std::array<Code, kColumns> codes{};
  std::int32_t day = kFromEver;
  std::int64_t amount = 0;
  std::vector<StatusAt> log;  ///< the one that counts last comes last

  Code& at(Column column) { return codes[static_cast<std::size_t>(column)]; }
};

inline constexpr std::uint32_t kOwners = 8192;

/// The facts of owners `n * kOwners` to `(n + 1) * kOwners`, in order of owner and id.
struct Chunk {
  std::vector<std::int64_t> id;
  std::vector<std::uint32_t> owner;
  std::array<std::vector<Code>, kColumns> columns;  ///< empty where the table has no such column
  std::vector<std::int32_t> day;
  std::vector<std::int64_t> amount;
  std::vector<std::uint32_t> log_end;  ///< entries of row i: from log_end[i-1] to log_end[i]
  std::vector<StatusAt> log;

  std::size_t size() const { return id.size(); }
  std::span<const Code> column(Column which) const {
    return columns[static_cast<std::size_t>(which)];
  }
  std::span<const StatusAt> log_of(std::size_t row) const {
    const std::uint32_t from = row == 0 ? 0 : log_end[row - 1];
    return std::span(log).subspan(from, log_end[row] - from);
  }
};

/// An immutable version of a table. Chunks are shared between versions.
using Table = std::vector<std::shared_ptr<const Chunk>>;

std::size_t rows_of(const Table& table);
/// Bytes that the table's columns take.
std::size_t bytes_of(const Table& table);

/// The table while it grows. One thread.
class GrowingTable {
 public:
  explicit GrowingTable(std::initializer_list<Column> columns);

  /// Puts a fact in the place of the one with its id, if there is one; readers see it after
  /// snapshot(). O(1).
  void put(FactRow row);
  /// Takes the fact away; false when there was none.
  bool remove(std::int64_t id);
  /// The version that stands now. Cost: the chunks that were touched, written anew.
  Table snapshot();

 private:
  struct Open {
    std::vector<FactRow> added;
    std::vector<std::int64_t> removed;
  };
  Open& open_at(std::size_t at);
  void close(std::size_t at);
  FactRow row_of(const Chunk& chunk, std::size_t row) const;
  void append(Chunk& chunk, const FactRow& row) const;

  std::array<bool, kColumns> has_{};
  Table table_;
  std::vector<Open> open_;
  std::vector<std::size_t> touched_;
  IdMap owners_;  // by id of the fact
};

}  // namespace chucai::coverage
