#include "registry/storage/search_store.h"

namespace chucai {
namespace {

std::string words_of(std::string_view searched) {
  std::string words;
  for (const std::string& word : search_words(searched)) words += words.empty() ? word : " " + word;
  return words;
}

// An index without content of its own has to be told what it holds in order to forget it.
void forget_words(Connection& db, std::int64_t record_id, std::string_view searched) {
  db.prepare("INSERT INTO search_index (search_index, rowid, tokens) VALUES ('delete', ?, ?)")
      .bind(0, record_id)
      .bind_text(1, words_of(searched))
      .run();
}

void remove_searched(Connection& db, std::int64_t record_id, std::string_view before) {
  if (db.dialect() == Dialect::Sqlite) forget_words(db, record_id, before);
  db.prepare("DELETE FROM search_text WHERE record_id = ?").bind(0, record_id).run();
}

}  // namespace

void add_searched(Connection& db, std::int64_t record_id, std::string_view searched) {
  if (searched.empty()) return;
  if (db.dialect() == Dialect::MariaDb) {
    db.prepare("INSERT INTO search_text (record_id, searched, tokens) VALUES (?, ?, ?)")
        .bind(0, record_id)
        .bind_text(1, searched)
        .bind_text(2, words_of(searched))
        .run();
    return;
  }
  db.prepare("INSERT INTO search_text (record_id, searched) VALUES (?, ?)")
      .bind(0, record_id)
      .bind_text(1, searched)
      .run();
  db.prepare("INSERT INTO search_index (rowid, tokens) VALUES (?, ?)")
      .bind(0, record_id)
      .bind_text(1, words_of(searched))
      .run();
}

void change_searched(Connection& db, std::int64_t record_id, std::string_view searched) {
  Statement& select = db.prepare("SELECT searched FROM search_text WHERE record_id = ?");
  select.bind(0, record_id);
  const std::string before = select.step() ? select.text(0) : std::string();
  select.reset();
  if (before == searched) return;
  if (!before.empty()) remove_searched(db, record_id, before);
  add_searched(db, record_id, searched);
}

void clear_searched(Connection& db) {
  if (db.dialect() == Dialect::Sqlite) {
    db.execute("INSERT INTO search_index (search_index) VALUES ('delete-all')");
  }
  db.execute("DELETE FROM search_text");
}

SearchJoin search_join(Dialect dialect, std::string_view record_table) {
  const std::string table(record_table);
  if (dialect == Dialect::Sqlite) {
    return {"search_index CROSS JOIN " + table + " ON " + table + ".id = search_index.rowid",
            "search_index MATCH ?", "search_index.rowid"};
  }
  return {"search_text STRAIGHT_JOIN " + table + " ON " + table + ".id = search_text.record_id",
          "MATCH (search_text.tokens) AGAINST (? IN BOOLEAN MODE)", "search_text.record_id"};
}

std::string search_expression(Dialect dialect, const SearchQuery& query) {
  const std::string_view before = dialect == Dialect::MariaDb ? "+" : "";
  const std::string_view between = dialect == Dialect::MariaDb ? " " : " AND ";
  std::string expression;
  for (const std::string& word : query.words()) {
    if (!expression.empty()) expression += between;
    expression.append(before).append(word);
  }
  return expression;
}

}  // namespace chucai
