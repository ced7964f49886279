#include "registry/storage/import_memory_store.h"

#include "registry/domain/region_map.h"

namespace chucai {
namespace {

constexpr std::string_view kColumns =
    "SELECT office, kind, header, target, actor, learned_at FROM column_mapping";

std::vector<ColumnMapping> read_mappings(Statement& rows) {
  std::vector<ColumnMapping> mappings;
  while (rows.step()) {
    mappings.push_back(
        {rows.text(0), rows.text(1), rows.text(2), rows.text(3), rows.text(4), rows.integer(5)});
  }
  return mappings;
}

}  // namespace

void put_mapping(Connection& db, const ColumnMapping& mapping) {
  delete_mapping(db, mapping.office, mapping.kind, mapping.header);
  db.prepare(
        "INSERT INTO column_mapping (office, kind, header, target, actor, learned_at)"
        " VALUES (?, ?, ?, ?, ?, ?)")
      .bind_text(0, mapping.office)
      .bind_text(1, mapping.kind)
      .bind_text(2, mapping.header)
      .bind_text(3, mapping.target)
      .bind_text(4, mapping.actor)
      .bind(5, mapping.learned_at)
      .run();
}

std::vector<ColumnMapping> mappings_of(Connection& db, std::string_view office,
                                       std::string_view kind) {
  return read_mappings(
      db.prepare(std::string(kColumns) +
                 " WHERE office = ? AND kind = ? ORDER BY office, kind, header LIMIT 1000")
          .bind_text(0, office)
          .bind_text(1, kind));
}

std::vector<ColumnMapping> list_mappings(Connection& db, const Scope& scope) {
  const CodeRange range = subtree(scope.region);
  return read_mappings(
      db.prepare(std::string(kColumns) +
                 " WHERE office >= ? AND office < ? ORDER BY office, kind, header LIMIT 1000")
          .bind_text(0, range.from)
          .bind_text(1, range.below));
}

bool delete_mapping(Connection& db, std::string_view office, std::string_view kind,
                    std::string_view header) {
  return db.prepare("DELETE FROM column_mapping WHERE office = ? AND kind = ? AND header = ?")
             .bind_text(0, office)
             .bind_text(1, kind)
             .bind_text(2, header)
             .run() > 0;
}

}  // namespace chucai
