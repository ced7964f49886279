#include "registry/storage/table_dump.h"

#include <algorithm>

#include "registry/domain/text.h"
#include "registry/storage/row_writer.h"

namespace chucai {
namespace {

constexpr int kPage = 2000;
constexpr std::size_t kFrameSize = std::size_t{1} << 20;

// In SQLite's catalogue an FTS table and its shadows are tables like others.
constexpr const char* kTables[] = {
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    " AND name NOT LIKE 'search%' ORDER BY name",
    "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()"
    " AND table_type = 'BASE TABLE' AND table_name NOT LIKE 'search%' ORDER BY table_name",
};
// Name, type, place in the primary key (0: none).
constexpr const char* kColumns[] = {
    "SELECT name, lower(type), pk FROM pragma_table_info(?) ORDER BY cid",
    "SELECT c.column_name, c.data_type, COALESCE(k.ordinal_position, 0)"
    " FROM information_schema.columns c"
    " LEFT JOIN information_schema.key_column_usage k ON k.table_schema = c.table_schema"
    " AND k.table_name = c.table_name AND k.column_name = c.column_name"
    " AND k.constraint_name = 'PRIMARY'"
    " WHERE c.table_schema = DATABASE() AND c.table_name = ? ORDER BY c.ordinal_position",
};

// A table and not a setting: the first schema had no settings.
constexpr const char* kIsRestoring[] = {
    "SELECT COUNT(*) FROM sqlite_schema WHERE name = 'restoring'",
    "SELECT COUNT(*) FROM information_schema.tables"
    " WHERE table_schema = DATABASE() AND table_name = 'restoring'",
};

enum class CellKind : char { Integer = 'i', Text = 't', Bytes = 'b' };

CellKind kind_of(const std::string& type) {
  if (type == "bigint" || type == "int" || type == "integer") return CellKind::Integer;
  if (type.find("blob") != std::string::npos || type.find("binary") != std::string::npos) {
    return CellKind::Bytes;
  }
  return CellKind::Text;
}

struct Column {
  std::string name;
  CellKind kind = CellKind::Text;
  std::int64_t key = 0;
};

struct Table {
  std::string name;
  std::vector<Column> columns;
};

bool is_made_anew(const std::string& table) {
  return one_of(table, {"schema_version", "schema_lock", "change_feed"});
}

std::string quoted(std::string_view name) {
  return "`" + std::string(name) + "`";
}

std::vector<Table> all_tables(Connection& db) {
  const bool is_mariadb = db.dialect() == Dialect::MariaDb;
  std::vector<Table> tables;
  Statement& names = db.prepare(kTables[is_mariadb]);
  while (names.step()) {
    if (!is_made_anew(names.text(0))) tables.push_back({names.text(0), {}});
  }
  for (Table& table : tables) {
    Statement& columns = db.prepare(kColumns[is_mariadb]);
    columns.bind_text(0, table.name);
    while (columns.step()) {
      table.columns.push_back({columns.text(0), kind_of(columns.text(1)), columns.integer(2)});
    }
  }
  return tables;
}

// Packed cell: kind or 0 for NULL, then a length and bytes, or eight bytes of a number.
void put_number(std::string& out, std::uint64_t number, int bytes) {
  for (int i = 0; i < bytes; ++i, number >>= 8) out += static_cast<char>(number & 0xFF);
}

void put_cell(std::string& out, Statement& row, int index, CellKind kind) {
  if (row.is_null(index)) {
    out += '\0';
    return;
  }
  out += static_cast<char>(kind);
  if (kind == CellKind::Integer) {
    put_number(out, static_cast<std::uint64_t>(row.integer(index)), 8);
    return;
  }
  const std::string bytes = kind == CellKind::Text ? row.text(index) : row.blob(index);
  put_number(out, bytes.size(), 4);
  out += bytes;
}

/// Takes packed cells apart; `ok` says whether all so far was sound.
class Unpacker {
 public:
  explicit Unpacker(std::string_view bytes) : rest_(bytes) {}
  bool at_end() const { return rest_.empty(); }
  bool ok() const { return ok_; }

  Cell cell() {
    const char kind = take(1).empty() ? '?' : last_.front();
    switch (kind) {
      case '\0':
        return {};
      case static_cast<char>(CellKind::Integer):
        return static_cast<std::int64_t>(number(8));
      case static_cast<char>(CellKind::Text):
        return std::string(take(number(4)));
      case static_cast<char>(CellKind::Bytes):
        return Blob{std::string(take(number(4)))};
      default:
        ok_ = false;
        return {};
    }
  }

 private:
  std::string_view take(std::size_t count) {
    if (count > rest_.size()) {
      ok_ = false;
      count = rest_.size();
    }
    last_ = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return last_;
  }
  std::uint64_t number(std::size_t bytes) {
    const std::string_view packed = take(bytes);
    std::uint64_t value = 0;
    for (std::size_t i = packed.size(); i-- > 0;) {
      value = value << 8 | static_cast<unsigned char>(packed[i]);
    }
    return value;
  }

  std::string_view rest_;
  std::string_view last_;
  bool ok_ = true;
};

/// The rows of one table in order of its primary key, which each has, a page at a time: the
/// connector would hold a whole table in memory.
class TableReader {
 public:
  TableReader(Connection& db, const Table& table) : db_(&db), table_(&table) {
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      if (table.columns[i].key > 0) keys_.push_back(i);
    }
    std::sort(keys_.begin(), keys_.end(), [&](std::size_t a, std::size_t b) {
      return table.columns[a].key < table.columns[b].key;
    });
  }

  /// Calls `visit` with every row; it must not touch the database.
  template <class Visit>
  void each(const Visit& visit) {
    while (true) {
      Statement& page = db_->prepare(sql());
      bind_after(page);
      int rows = 0;
      while (page.step()) {
        visit(page);
        if (++rows == kPage) remember(page);
      }
      if (rows < kPage) return;
    }
  }

 private:
  std::string key(std::size_t i) const { return quoted(table_->columns[keys_[i]].name); }

  // Behind (1, 2): "a >= 1 AND (a > 1 OR (a = 1 AND b > 2))", for which both use the key.
  std::string behind(std::size_t i) const {
    if (i + 1 == keys_.size()) return key(i) + " > ?";
    return "(" + key(i) + " > ? OR (" + key(i) + " = ? AND " + behind(i + 1) + "))";
  }

  std::string sql() const {
    std::string columns;
    std::string order;
    for (const Column& column : table_->columns) {
      columns += (columns.empty() ? "" : ", ") + quoted(column.name);
    }
    for (std::size_t i = 0; i < keys_.size(); ++i) order += (i > 0 ? ", " : "") + key(i);
    std::string text = "SELECT " + columns + " FROM " + quoted(table_->name);
    if (!after_.empty()) text += " WHERE " + key(0) + " >= ? AND " + behind(0);
    return text + " ORDER BY " + order + " LIMIT " + std::to_string(kPage);
  }

  void bind_after(Statement& page) const {
    if (after_.empty()) return;
    int index = 0;
    bind_cell(page, index++, after_[0]);
    for (std::size_t i = 0; i < after_.size(); ++i) {
      bind_cell(page, index++, after_[i]);
      if (i + 1 < after_.size()) bind_cell(page, index++, after_[i]);
    }
  }

  void remember(Statement& row) {
    after_.clear();
    for (const std::size_t at : keys_) {
      const int index = static_cast<int>(at);
      const CellKind kind = table_->columns[at].kind;
      if (kind == CellKind::Integer) {
        after_.emplace_back(row.integer(index));
      } else if (kind == CellKind::Bytes) {
        after_.emplace_back(Blob{row.blob(index)});
      } else {
        after_.emplace_back(row.text(index));
      }
    }
  }

  Connection* db_;
  const Table* table_;
  std::vector<std::size_t> keys_;
  std::vector<Cell> after_;
};

Result<std::int64_t> dump_table(Connection& db, const Table& table, ArchiveWriter& archive) {
  std::string head = table.name + "\n";
  for (const Column& column : table.columns) {
    head += column.name + " " + static_cast<char>(column.kind) + "\n";
  }
  if (const Done added = archive.add(FrameKind::Table, head); !added) {
    return tl::make_unexpected(added.error());
  }
  std::int64_t rows = 0;
  std::string packed;
  Done written;
  const auto send = [&] {
    if (written) written = archive.add(FrameKind::Rows, packed);
    packed.clear();
  };
  TableReader(db, table).each([&](Statement& row) {
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      put_cell(packed, row, static_cast<int>(i), table.columns[i].kind);
    }
    ++rows;
    if (packed.size() >= kFrameSize) send();
  });
  if (!packed.empty()) send();
  if (!written) return tl::make_unexpected(written.error());
  return rows;
}

tl::unexpected<Error> malformed() {
  return fail(ErrorCode::InvalidArgument, "backup.format", "file");
}

Result<Table> unpack_head(const std::string& head) {
  Table table{head.substr(0, head.find('\n')), {}};
  for (std::size_t at = table.name.size() + 1; at < head.size();) {
    const std::size_t end = head.find('\n', at);
    if (end == std::string::npos || end < at + 3) return malformed();
    table.columns.push_back({head.substr(at, end - at - 2), CellKind::Text, 0});
    at = end + 1;
  }
  if (head.find('`') != std::string::npos || table.columns.empty()) return malformed();
  return table;
}

Done insert(Connection& db, const Table& table, std::string_view packed) {
  std::string into;
  for (const Column& column : table.columns) {
    into += (into.empty() ? "" : ", ") + quoted(column.name);
  }
  RowWriter writer(db, "INSERT INTO " + quoted(table.name) + " (" + into + ")");
  Unpacker unpacker(packed);
  while (!unpacker.at_end()) {
    std::vector<Cell> row;
    row.reserve(table.columns.size());
    for (std::size_t i = 0; i < table.columns.size(); ++i) row.push_back(unpacker.cell());
    if (!unpacker.ok()) return malformed();
    writer.add(std::move(row));
  }
  writer.flush();
  return {};
}

}  // namespace

Result<std::int64_t> dump_tables(Connection& db, ArchiveWriter& archive) {
  std::int64_t rows = 0;
  for (const Table& table : all_tables(db)) {
    const auto dumped = dump_table(db, table, archive);
    if (!dumped) return dumped;
    rows += *dumped;
  }
  return rows;
}

Done TableLoader::begin() {
  return database_->write([](Connection& db) -> Done {
    db.execute("CREATE TABLE IF NOT EXISTS restoring (id BIGINT PRIMARY KEY)");
    return {};
  });
}

Done TableLoader::load(const std::string& head, const NextRows& next) {
  const auto table = unpack_head(head);
  if (!table) return tl::make_unexpected(table.error());
  return database_->outside_transaction([&](Connection& db) -> Done {
    if (db.dialect() == Dialect::MariaDb) {
      db.execute("SET SESSION unique_checks = 0, foreign_key_checks = 0");
    }
    db.prepare("DELETE FROM " + quoted(table->name)).run();
    db.execute("BEGIN");
    while (true) {
      const auto packed = next();
      if (!packed) return tl::make_unexpected(packed.error());
      if (!*packed) break;
      if (const Done inserted = insert(db, *table, **packed); !inserted) return inserted;
    }
    db.execute("COMMIT");
    return {};
  });
}

Done TableLoader::finish() {
  return database_->write([](Connection& db) -> Done {
    db.execute("DROP TABLE restoring");
    return {};
  });
}

Result<bool> is_restoring(Database& database) {
  bool restoring = false;
  const Done read = database.read([&](Connection& db) -> Done {
    Statement& tables = db.prepare(kIsRestoring[db.dialect() == Dialect::MariaDb]);
    restoring = tables.step() && tables.integer(0) > 0;
    return {};
  });
  if (!read) return tl::make_unexpected(read.error());
  return restoring;
}

}  // namespace chucai
