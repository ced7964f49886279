#include "registry/storage/search_store.h"

#include "registry/storage/row_writer.h"

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

Searched::Searched(std::int64_t record_id, std::string searched)
    : record(record_id), text(std::move(searched)), words(words_of(text)) {}

void add_searched(Connection& db, std::span<const Searched> records) {
  const bool words_apart = db.dialect() == Dialect::Sqlite;
  RowWriter texts(db, words_apart ? "INSERT INTO search_text (record_id, searched)"
                                  : "INSERT INTO search_text (record_id, searched, tokens)");
  RowWriter index(db, "INSERT INTO search_index (rowid, tokens)");
  for (const Searched& one : records) {
    if (one.text.empty()) continue;
    if (words_apart) {
      texts.add({one.record, one.text});
      index.add({one.record, one.words});
    } else {
      texts.add({one.record, one.text, one.words});
    }
  }
  texts.flush();
  index.flush();
}

void change_searched(Connection& db, std::int64_t record_id, std::string_view searched) {
  Statement& select = db.prepare("SELECT searched FROM search_text WHERE record_id = ?");
  select.bind(0, record_id);
  const std::string before = select.step() ? select.text(0) : std::string();
  select.reset();
  if (before == searched) return;
  if (!before.empty()) remove_searched(db, record_id, before);
  const Searched after{record_id, std::string(searched)};
  add_searched(db, {&after, 1});
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
