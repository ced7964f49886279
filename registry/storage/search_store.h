// The search table: what each record is searched by, with an index of its words (FTS5 on SQLite,
// InnoDB FULLTEXT on MariaDB). Kept by RecordStore in the transaction that writes the record.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "registry/domain/search_text.h"
#include "registry/storage/database.h"

namespace chucai {

/// Name of the setting that says that every record is in the search table.
inline constexpr std::string_view kSearchFilledSetting = "search_filled";

/// A record, its searched_text(), and the words of that as they are indexed.
struct Searched {
  Searched() = default;
  Searched(std::int64_t record_id, std::string searched);

  std::int64_t record = 0;
  std::string text;
  std::string words;
};
/// Makes records that had no text found by theirs; an empty one is left out.
void add_searched(Connection& db, std::span<const Searched> records);
/// Replaces the text of a record; empty: it is found no longer.
void change_searched(Connection& db, std::int64_t record_id, std::string_view searched);

/// Empties the search table, for filling it anew.
void clear_searched(Connection& db);

/// How a query of a record table finds its rows by their words. MariaDB sees rows after their
/// commit only. The caller compares each text again (SearchQuery::fits).
struct SearchJoin {
  std::string from;       ///< "search_index CROSS JOIN person ON ..."
  std::string condition;  ///< with one parameter: search_expression()
  std::string key;        ///< the record's id, in whose order rows come cheaply
};
SearchJoin search_join(Dialect dialect, std::string_view record_table);
std::string search_expression(Dialect dialect, const SearchQuery& query);

}  // namespace chucai
