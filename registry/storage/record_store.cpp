#include "registry/storage/record_store.h"

#include <algorithm>

#include "registry/domain/identity.h"
#include "registry/domain/person.h"
#include "registry/domain/region_map.h"
#include "registry/domain/text.h"
#include "registry/storage/bulk_query.h"
#include "registry/storage/change_feed.h"

namespace chucai {
namespace {

constexpr std::size_t kFoldedNameLimit = 100;  // code points that the name index holds
constexpr int kNamedLimit = 50;

// Columns in front of the fields, in the order in which they are bound and read.
constexpr std::string_view kCommonColumns[] = {"version", "created_at", "updated_at",  "batch",
                                               "office",  "scope",      "natural_key", "extra"};

bool is_seal(const Field& field) {
  return field.type == FieldType::Sealed;
}

// A record that was read carries the mask; writing it back keeps what is sealed.
bool is_mask(std::string_view text) {
  return text.find('*') != std::string_view::npos;
}

bool has_folded_name(const RecordType& type) {
  return type.name == "person" || type.name == "organization";
}

// As a record is read: of a Sealed field the mask.
std::string column_list(const RecordType& type) {
  std::string columns = "id";
  for (const std::string_view column : kCommonColumns) columns.append(", ").append(column);
  for (const Field& field : type.fields) {
    const std::string name(field.name);
    columns += is_seal(field) ? ", " + name + "_mask" : ", `" + name + "`";
  }
  if (has_folded_name(type)) columns += ", name_folded";
  return columns;
}

// The columns that hold a Sealed field; the key is the record's own.
std::vector<std::string> seal_columns(const Field& field) {
  const std::string name(field.name);
  return {name + "_sealed", name + "_index", name + "_mask"};
}

// As a record is inserted, in the order of cells_of().
std::vector<std::string> insert_columns(const RecordType& type) {
  std::vector<std::string> columns = {"id"};
  for (const std::string_view column : kCommonColumns) columns.emplace_back(column);
  for (const Field& field : type.fields) {
    if (is_seal(field)) {
      columns.emplace_back("data_key");
      for (std::string& column : seal_columns(field)) columns.push_back(std::move(column));
    } else {
      columns.push_back("`" + std::string(field.name) + "`");
    }
  }
  if (has_folded_name(type)) columns.emplace_back("name_folded");
  return columns;
}

void set_data_key(Connection& db, const RecordType& type, std::int64_t id, std::string_view key) {
  db.prepare("UPDATE " + std::string(type.table) + " SET data_key = ? WHERE id = ?")
      .bind_blob(0, key)
      .bind(1, id)
      .run();
}

// Sealed columns are left alone here: reseal() and restore_seal() write them.
std::string update_sql(const RecordType& type) {
  std::string set;
  const auto assign = [&](std::string_view column) {
    if (!set.empty()) set += ", ";
    set.append("`").append(column).append("` = ?");
  };
  for (const std::string_view column : kCommonColumns) assign(column);
  for (const Field& field : type.fields) {
    if (!is_seal(field)) assign(field.name);
  }
  if (has_folded_name(type)) assign("name_folded");
  return "UPDATE " + std::string(type.table) + " SET " + set + " WHERE id = ? AND version = ?";
}

std::string seal_sql(const RecordType& type, const Field& field) {
  std::string set;
  for (const std::string& column : seal_columns(field)) {
    if (!set.empty()) set += ", ";
    set += column + " = ?";
  }
  return "UPDATE " + std::string(type.table) + " SET " + set + " WHERE id = ?";
}

std::string escape(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\') {
      out += "\\\\";
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else {
      out += c;
    }
  }
  return out;
}

std::string unescape(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
      continue;
    }
    const char c = text[++i];
    out += c == 'n' ? '\n' : c == 't' ? '\t' : c;
  }
  return out;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

Cell text_or_null(std::string text) {
  return text.empty() ? Cell{} : Cell{std::move(text)};
}

struct CellOfValue {
  Cell operator()(std::monostate) const { return {}; }
  Cell operator()(const std::string& text) const { return text; }
  Cell operator()(std::int64_t number) const { return number; }
  Cell operator()(Date date) const { return to_text(date); }
  Cell operator()(const std::vector<std::string>& list) const { return pack_list(list); }
};

// Writes rows of cells under the columns that any of them fills: rosters leave most columns out.
// A single row names them all, so that few statements are kept prepared.
void write_cells(Connection& db, std::string_view table, const std::vector<std::string>& columns,
                 std::vector<std::vector<Cell>>& rows) {
  std::vector<std::size_t> filled;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const bool any =
        rows.size() == 1 || std::any_of(rows.begin(), rows.end(), [&](const auto& row) {
          return !std::holds_alternative<std::monostate>(row[i]);
        });
    if (any) filled.push_back(i);
  }
  std::string into = "INSERT INTO " + std::string(table) + " (";
  for (std::size_t i = 0; i < filled.size(); ++i) into += (i > 0 ? ", " : "") + columns[filled[i]];
  RowWriter writer(db, into + ")");
  for (std::vector<Cell>& row : rows) {
    for (std::size_t i = 0; i < filled.size(); ++i) {
      if (filled[i] != i) row[i] = std::move(row[filled[i]]);
    }
    row.resize(filled.size());
    writer.add(std::move(row));
  }
  writer.flush();
}

void bind_text_or_null(Statement& statement, int index, std::string_view text) {
  if (text.empty()) {
    statement.bind_null(index);
  } else {
    statement.bind_text(index, text);
  }
}

struct ValueBinder {
  Statement& statement;
  int index;
  void operator()(std::monostate) const { statement.bind_null(index); }
  void operator()(const std::string& text) const { statement.bind_text(index, text); }
  void operator()(std::int64_t number) const { statement.bind(index, number); }
  void operator()(Date date) const { statement.bind_text(index, to_text(date)); }
  void operator()(const std::vector<std::string>& list) const {
    statement.bind_text(index, pack_list(list));
  }
};

Value column_value(const Field& field, Statement& row, int column) {
  if (row.is_null(column)) return {};
  if (field.type == FieldType::Integer || field.type == FieldType::Ref) return row.integer(column);
  return unpack_value(field, row.text(column));
}

std::string folded_name(const RecordType& type, const Record& record) {
  const std::string folded = fold(to_text(type.field("name")->get(record)));
  std::size_t at = 0;
  for (std::size_t n = 0; n < kFoldedNameLimit && at < folded.size(); ++n) {
    next_code_point(folded, at);
  }
  return folded.substr(0, at);
}

// The id in `column`, a text of 13 characters (registry/domain/ids.h), as a number.
std::string id_from_text_sql(std::string_view column) {
  constexpr int kCharacters = 13;
  std::string sql;
  for (int i = 0; i < kCharacters; ++i) {
    if (i > 0) sql += " + ";
    sql += "((INSTR('0123456789abcdefghjkmnpqrstvwxyz', SUBSTR(" + std::string(column) + ", " +
           std::to_string(i + 1) + ", 1)) - 1) << " + std::to_string(5 * (kCharacters - 1 - i)) +
           ")";
  }
  return sql;
}

std::string condition_of(const Filter& filter) {
  if (!filter.field) {
    return "id IN (SELECT " + id_from_text_sql("subject") +
           " FROM participation WHERE program = ? AND subject_type = ?)";
  }
  const std::string column = "`" + std::string(filter.field->name) + "`";
  if (!filter.within.empty()) {
    std::string any;
    for (std::size_t i = 0; i < filter.within.size(); ++i) {
      any += (i > 0 ? " OR " : "") + column + " >= ? AND " + column + " < ?";
    }
    return "(" + any + ")";
  }
  if (filter.field->type == FieldType::List) {
    // Packed lists have a line break between their parts (pack_list).
    return "INSTR(? || " + column + " || ?, ?) > 0";
  }
  return column + " = ?";
}

int bind_condition(Statement& statement, int index, const RecordType& type, const Filter& filter) {
  if (!filter.field) {
    statement.bind_text(index, to_text(filter.equals)).bind_text(index + 1, type.name);
    return index + 2;
  }
  if (!filter.within.empty()) {
    for (const CodeRange& range : filter.within) {
      statement.bind_text(index, range.from).bind_text(index + 1, range.below);
      index += 2;
    }
    return index;
  }
  if (filter.field->type == FieldType::List) {
    const std::string part = "\n" + escape(to_text(filter.equals)) + "\n";
    statement.bind_text(index, "\n").bind_text(index + 1, "\n").bind_text(index + 2, part);
    return index + 3;
  }
  std::visit(ValueBinder{statement, index}, filter.equals);
  return index + 1;
}

constexpr std::size_t kCountyDigits = 6;

// A filter by region narrows the scope: a record of the province lies in the scope of its region.
std::string narrowed(const RecordType& type, const Scope& scope, const PageRequest& request) {
  for (const Filter& filter : request.filters) {
    if (!filter.field || filter.field->name != type.region) continue;
    const auto* code = std::get_if<std::string>(&filter.equals);
    const std::string from = filter.within.size() == 1       ? filter.within.front().from
                             : filter.within.empty() && code ? *code
                                                             : std::string();
    const CodeRange whole = subtree(scope.region);
    if (from.size() >= kCountyDigits && from >= whole.from && from < whole.below) return from;
  }
  return scope.region;
}

int bind_scope(Statement& statement, const RecordType& type, const Scope& scope) {
  if (type.region.empty()) return 0;
  const CodeRange range = subtree(scope.region);
  statement.bind_text(0, range.from).bind_text(1, range.below);
  return 2;
}

}  // namespace

std::string current_wrap_key(Connection& db) {
  std::string sql = "SELECT value FROM setting WHERE name = ?";
  if (db.dialect() == Dialect::MariaDb) sql += " LOCK IN SHARE MODE";
  Statement& select = db.prepare(sql);
  select.bind_text(0, kWrapKeySetting);
  std::string name = select.step() ? select.text(0) : std::string();
  select.reset();
  return name;
}

std::string pack_list(const std::vector<std::string>& list) {
  std::string packed;
  for (const std::string& part : list) {
    if (!packed.empty()) packed += '\n';
    packed += escape(part);
  }
  return packed;
}

std::vector<std::string> unpack_list(std::string_view packed) {
  std::vector<std::string> list;
  if (packed.empty()) return list;
  for (const std::string_view part : split(packed, '\n')) list.push_back(unescape(part));
  return list;
}

std::string pack_value(const Value& value) {
  const auto* list = std::get_if<std::vector<std::string>>(&value);
  return list ? pack_list(*list) : to_text(value);
}

Value unpack_value(const Field& field, const std::string& packed) {
  if (packed.empty()) return {};
  switch (field.type) {
    case FieldType::Integer:
    case FieldType::Ref:
      return std::int64_t{std::stoll(packed)};
    case FieldType::List:
      return unpack_list(packed);
    case FieldType::Date: {
      const auto date = parse_date(packed);
      return date ? Value{*date} : Value{};
    }
    case FieldType::Text:
    case FieldType::Code:
    case FieldType::Sealed:
      break;
  }
  return packed;
}

std::string pack_map(const std::map<std::string, std::string>& map) {
  std::string packed;
  for (const auto& [key, value] : map) {
    if (!packed.empty()) packed += '\n';
    packed += escape(key) + '\t' + escape(value);
  }
  return packed;
}

std::map<std::string, std::string> unpack_map(std::string_view packed) {
  std::map<std::string, std::string> map;
  if (packed.empty()) return map;
  for (const std::string_view line : split(packed, '\n')) {
    const std::size_t tab = line.find('\t');
    map.emplace(unescape(line.substr(0, tab)),
                tab == std::string_view::npos ? "" : unescape(line.substr(tab + 1)));
  }
  return map;
}

std::string scope_region(const RecordType& type, const Record& record) {
  if (&type == &type_of<Person>() && static_cast<const Person&>(record).status == "merged") {
    return merged_people().region;
  }
  if (type.region.empty()) return record.office;
  const std::string region = to_text(type.field(type.region)->get(record));
  return region.rfind("42", 0) == 0 ? region : record.office;
}

RecordStore::RecordStore(const Vault& vault) : vault_(&vault) {
  for (const RecordType* type : record_types()) {
    const std::string table(type->table);
    const std::string columns = column_list(*type);
    const std::string scope = type->region.empty() ? "1 = 1" : "scope >= ? AND scope < ?";
    sql_.emplace(type->name, TypeSql{insert_columns(*type), update_sql(*type), columns, scope,
                                     "SELECT " + columns + " FROM " + table + " WHERE " + scope,
                                     "DELETE FROM " + table + " WHERE id = ? AND version = ?"});
  }
}

void RecordStore::bind_plain(Statement& statement, int& index, const RecordType& type,
                             const Record& record) const {
  statement.bind(index++, record.version);
  statement.bind(index++, record.created_at);
  statement.bind(index++, record.updated_at);
  statement.bind(index++, record.batch);
  statement.bind_text(index++, record.office);
  statement.bind_text(index++, scope_region(type, record));
  bind_text_or_null(statement, index++, type.natural_key(record));
  bind_text_or_null(statement, index++, pack_map(record.extra));
  for (const Field& field : type.fields) {
    if (!is_seal(field)) std::visit(ValueBinder{statement, index++}, field.get(record));
  }
  if (has_folded_name(type)) bind_text_or_null(statement, index++, folded_name(type, record));
}

Done RecordStore::insert(Connection& db, const RecordType& type, const Record& record) const {
  const Record* const one = &record;
  auto prepared = prepare(type, {&one, 1}, type.identity_key ? current_wrap_key(db) : "");
  if (!prepared) return tl::make_unexpected(prepared.error());
  insert_all(db, type, {&one, 1}, std::move(*prepared));
  return {};
}

Result<PreparedRecords> RecordStore::prepare(const RecordType& type,
                                             std::span<const Record* const> records,
                                             std::string_view wrap_key) const {
  PreparedRecords prepared;
  for (const Record* record : records) {
    const RecordKeys& keys = prepared.keys.emplace_back(keys_of(type, *record));
    auto cells = cells_of(type, *record, keys, wrap_key);
    if (!cells) return tl::make_unexpected(cells.error());
    prepared.rows.push_back(std::move(*cells));
    prepared.searched.emplace_back(record->id, searched_text(type, *record));
  }
  return prepared;
}

void RecordStore::insert_all(Connection& db, const RecordType& type,
                             std::span<const Record* const> records,
                             PreparedRecords prepared) const {
  std::vector<std::int64_t> ids;
  for (const Record* record : records) ids.push_back(record->id);
  write_cells(db, type.table, sql(type).insert_columns, prepared.rows);
  note_new(db, type.name, ids);
  add_searched(db, prepared.searched);
}

Result<std::vector<Cell>> RecordStore::cells_of(const RecordType& type, const Record& record,
                                                const RecordKeys& keys,
                                                std::string_view wrap_key) const {
  std::vector<Cell> cells = {record.id,
                             record.version,
                             record.created_at,
                             record.updated_at,
                             record.batch,
                             record.office,
                             scope_region(type, record),
                             text_or_null(keys.natural),
                             text_or_null(pack_map(record.extra))};
  cells.reserve(sql(type).insert_columns.size());
  for (const Field& field : type.fields) {
    const Value value = field.get(record);
    if (!is_seal(field)) {
      cells.push_back(std::visit(CellOfValue{}, value));
      continue;
    }
    const std::string plain = to_text(value);
    if (plain.empty() || is_mask(plain)) {
      cells.resize(cells.size() + 4);
      continue;
    }
    auto seal = vault_->seal_first(type.table, field.name, record.id, plain, wrap_key);
    if (!seal) return tl::make_unexpected(seal.error());
    cells.emplace_back(Blob{std::move(seal->wrapped_key)});
    cells.emplace_back(Blob{std::move(seal->sealed)});
    cells.emplace_back(Blob{keys.identity});
    cells.emplace_back(mask_identity(plain));
  }
  if (has_folded_name(type)) cells.push_back(text_or_null(folded_name(type, record)));
  return cells;
}

Done RecordStore::update(Connection& db, const RecordType& type, const Record& record) const {
  Statement& statement = db.prepare(sql(type).update);
  int index = 0;
  bind_plain(statement, index, type, record);
  statement.bind(index, record.id).bind(index + 1, record.version - 1);
  if (statement.run() != 1) return fail(ErrorCode::Stale, "record.version");
  note_change(db, type.name, record.id, record.version);
  change_searched(db, record.id, searched_text(type, record));
  return reseal(db, type, record);
}

Done RecordStore::reseal(Connection& db, const RecordType& type, const Record& record) const {
  for (const Field& field : type.fields) {
    if (!is_seal(field)) continue;
    const std::string plain = to_text(field.get(record));
    if (plain.empty() || is_mask(plain)) continue;
    const auto key = data_key(db, type, record.id);
    if (!key) return tl::make_unexpected(key.error());
    const auto sealed = vault_->seal_field(*key, type.table, field.name, record.id, plain);
    if (!sealed) return tl::make_unexpected(sealed.error());
    db.prepare(seal_sql(type, field))
        .bind_blob(0, *sealed)
        .bind_blob(1, vault_->blind_index(type.identity_key(record)))
        .bind_text(2, mask_identity(plain))
        .bind(3, record.id)
        .run();
  }
  return {};
}

Result<std::string> RecordStore::data_key(Connection& db, const RecordType& type,
                                          std::int64_t id) const {
  Statement& select =
      db.prepare("SELECT data_key FROM " + std::string(type.table) + " WHERE id = ?");
  select.bind(0, id);
  std::string key = select.step() ? select.blob(0) : std::string();
  select.reset();
  if (!key.empty()) return key;
  auto made = new_data_key(db, type, id);
  if (made) set_data_key(db, type, id, *made);
  return made;
}

Result<std::string> RecordStore::new_data_key(Connection& db, const RecordType& type,
                                              std::int64_t id) const {
  return vault_->new_data_key(type.table, id, current_wrap_key(db));
}

void RecordStore::destroy_key(Connection& db, const RecordType& type, std::int64_t id) const {
  std::string set = "data_key = NULL";
  for (const Field& field : type.fields) {
    if (!is_seal(field)) continue;
    for (const std::string& column : seal_columns(field)) set += ", " + column + " = NULL";
  }
  db.prepare("UPDATE " + std::string(type.table) + " SET " + set + " WHERE id = ?")
      .bind(0, id)
      .run();
}

SealedColumns RecordStore::take_seal(Connection& db, const RecordType& type,
                                     std::int64_t id) const {
  SealedColumns columns;
  for (const Field& field : type.fields) {
    if (!is_seal(field)) continue;
    const auto names = seal_columns(field);
    Statement& select = db.prepare("SELECT " + join(names, ", ") + " FROM " +
                                   std::string(type.table) + " WHERE id = ?");
    select.bind(0, id);
    if (select.step()) {
      for (std::size_t i = 0; i < names.size(); ++i) {
        columns[names[i]] = to_hex(select.blob(static_cast<int>(i)));
      }
    }
    select.reset();
  }
  return columns;
}

void RecordStore::restore_seal(Connection& db, const RecordType& type, std::int64_t id,
                               const SealedColumns& columns) const {
  for (const Field& field : type.fields) {
    if (!is_seal(field)) continue;
    Statement& update = db.prepare(seal_sql(type, field));
    int index = 0;
    for (const std::string& name : seal_columns(field)) {
      const auto at = columns.find(name);
      const std::string bytes = at == columns.end() ? std::string() : from_hex(at->second);
      if (bytes.empty()) {
        update.bind_null(index++);
      } else if (name.ends_with("_mask")) {
        update.bind_text(index++, bytes);
      } else {
        update.bind_blob(index++, bytes);
      }
    }
    update.bind(index, id).run();
  }
  // Images from before schema 5 were sealed under a key of their own.
  if (const auto key = columns.find("data_key"); key != columns.end()) {
    set_data_key(db, type, id, from_hex(key->second));
  }
}

void RecordStore::release_number(Connection& db, std::int64_t person) const {
  db.prepare(
        "UPDATE person SET id_no_sealed = NULL, id_no_index = NULL, id_no_mask = NULL"
        " WHERE id = ?")
      .bind(0, person)
      .run();
}

Done RecordStore::erase(Connection& db, const RecordType& type, std::int64_t id,
                        std::int64_t version) const {
  Statement& statement = db.prepare(sql(type).erase);
  statement.bind(0, id).bind(1, version);
  if (statement.run() != 1) return fail(ErrorCode::Stale, "record.version");
  note_change(db, type.name, id, version + 1);
  change_searched(db, id, {});
  return {};
}

std::unique_ptr<Record> RecordStore::read(const RecordType& type, Statement& row) const {
  auto record = type.make();
  int column = 0;
  record->id = row.integer(column++);
  record->version = row.integer(column++);
  record->created_at = row.integer(column++);
  record->updated_at = row.integer(column++);
  record->batch = row.integer(column++);
  record->office = row.text(column++);
  ++column;  // scope
  ++column;  // natural_key
  record->extra = unpack_map(row.text(column++));
  for (const Field& field : type.fields) field.set(*record, column_value(field, row, column++));
  return record;
}

std::unique_ptr<Record> RecordStore::load_where(
    Connection& db, const Scope& scope, const RecordType& type, std::string_view condition,
    const std::function<void(Statement&, int)>& bind) const {
  Statement& statement = db.prepare(sql(type).select + " AND " + std::string(condition));
  bind(statement, bind_scope(statement, type, scope));
  std::unique_ptr<Record> record;
  if (statement.step()) record = read(type, statement);
  statement.reset();
  return record;
}

std::unique_ptr<Record> RecordStore::load(Connection& db, const Scope& scope,
                                          const RecordType& type, std::int64_t id) const {
  return load_where(db, scope, type, "id = ?",
                    [&](Statement& statement, int index) { statement.bind(index, id); });
}

std::unique_ptr<Record> RecordStore::load_by_key(Connection& db, const Scope& scope,
                                                 const RecordType& type,
                                                 std::string_view natural_key) const {
  return load_where(db, scope, type, "natural_key = ?", [&](Statement& statement, int index) {
    statement.bind_text(index, natural_key);
  });
}

std::unique_ptr<Record> RecordStore::load_by_identity(Connection& db, const Scope& scope,
                                                      const RecordType& type,
                                                      std::string_view identity) const {
  return load_where(db, scope, type, "id_no_index = ?", [&](Statement& statement, int index) {
    statement.bind_blob(index, vault_->blind_index(identity));
  });
}

RecordKeys RecordStore::keys_of(const RecordType& type, const Record& record) const {
  const std::string identity = type.identity_key ? type.identity_key(record) : std::string();
  const bool in_clear = !identity.empty() && !is_mask(identity);
  return {type.natural_key(record), in_clear ? vault_->blind_index(identity) : std::string()};
}

std::vector<Held> RecordStore::held(Connection& db, const RecordType& type,
                                    std::span<const RecordKeys> keys) const {
  std::vector<Cell> natural;
  std::vector<Cell> identities;
  for (const RecordKeys& own : keys) {
    if (!own.natural.empty()) natural.emplace_back(own.natural);
    if (!own.identity.empty()) identities.emplace_back(Blob{own.identity});
  }
  const auto stored = present_in(db, type.table, "natural_key", natural);
  const auto known = present_in(db, type.table, "id_no_index", identities);
  std::unordered_set<std::string> before;
  const auto repeated = [&](char kind, const std::string& key) {
    return !key.empty() && !before.insert(kind + key).second;
  };
  std::vector<Held> held;
  for (const RecordKeys& own : keys) {
    const bool twice = repeated('k', own.natural) || repeated('i', own.identity);
    const bool is_stored = stored.contains(own.natural) || known.contains(own.identity);
    held.push_back(is_stored ? Held::Stored : twice ? Held::Before : Held::Nowhere);
  }
  return held;
}

// A part of a scope: its condition, what is bound to it, and the sign before the key.
struct RecordStore::Part {
  std::string condition;
  std::vector<std::string> bounds;
  std::string sign = {};
};

// A page comes in order of id. The index (scope, id) gives that order within one place: a county is
// read as the county itself and as what lies below it. A wider scope is walked by id, for to sort
// it would read all of it for every page. A plus keeps SQLite from choosing the other way.
std::vector<RecordStore::Part> RecordStore::parts_of(const RecordType& type, Dialect dialect,
                                                     const Scope& scope,
                                                     const PageRequest& request) {
  if (type.region.empty()) return {{"1 = 1", {}}};
  const CodeRange range = subtree(narrowed(type, scope, request));
  const bool is_county = range.from.size() >= kCountyDigits;
  if (is_county && !request.search) {
    return {{"scope = ?", {range.from}},
            {"scope > ? AND scope < ?", {range.from, range.below}, "+"}};
  }
  const bool walks = !is_county && !request.search && dialect == Dialect::Sqlite;
  return {{walks ? "+scope >= ? AND +scope < ?" : "scope >= ? AND scope < ?",
           {range.from, range.below}}};
}

std::vector<std::unique_ptr<Record>> RecordStore::rows(Connection& db, const Scope& scope,
                                                       const RecordType& type,
                                                       const PageRequest& request) const {
  const auto parts = parts_of(type, db.dialect(), scope, request);
  SearchJoin join{std::string(type.table), {}, "id"};
  if (request.search) join = search_join(db.dialect(), type.table);
  std::string text;
  for (const Part& part : parts) {
    std::string one = "SELECT " + sql(type).columns + " FROM " + join.from + " WHERE " +
                      part.condition + " AND " + part.sign + join.key + " > ?";
    if (request.search) one += " AND " + join.condition;
    for (const Filter& filter : request.filters) one += " AND " + condition_of(filter);
    one += " ORDER BY " + join.key + " LIMIT ?";
    if (parts.size() == 1) {
      text = one;
    } else {
      text += (text.empty() ? "" : " UNION ALL ") + ("SELECT " + sql(type).columns + " FROM (") +
              one + ") AS part";
    }
  }
  if (parts.size() > 1) text += " ORDER BY id LIMIT ?";
  Statement& statement = db.prepare(text);
  int index = 0;
  for (const Part& part : parts) {
    for (const std::string& bound : part.bounds) statement.bind_text(index++, bound);
    statement.bind(index++, request.after);
    if (request.search) {
      statement.bind_text(index++, search_expression(db.dialect(), *request.search));
    }
    for (const Filter& filter : request.filters) {
      index = bind_condition(statement, index, type, filter);
    }
    statement.bind(index++, request.limit);
  }
  if (parts.size() > 1) statement.bind(index, request.limit);
  std::vector<std::unique_ptr<Record>> records;
  while (statement.step()) records.push_back(read(type, statement));
  return records;
}

std::vector<std::unique_ptr<Record>> RecordStore::page(Connection& db, const Scope& scope,
                                                       const RecordType& type,
                                                       const PageRequest& request) const {
  if (!request.search) return rows(db, scope, type, request);
  const auto limit = static_cast<std::size_t>(request.limit);
  std::vector<std::unique_ptr<Record>> found;
  PageRequest part = request;
  while (true) {
    auto candidates = rows(db, scope, type, part);
    const bool is_last = candidates.size() < limit;
    if (!candidates.empty()) part.after = candidates.back()->id;
    for (auto& record : candidates) {
      if (!request.search->fits(searched_text(type, *record))) continue;
      found.push_back(std::move(record));
      if (found.size() == limit) return found;
    }
    if (is_last) return found;
  }
}

std::vector<std::unique_ptr<Record>> RecordStore::named(Connection& db, const Scope& scope,
                                                        const RecordType& type,
                                                        std::string_view folded_name) const {
  Statement& statement = db.prepare(sql(type).select + " AND name_folded = ? ORDER BY id LIMIT ?");
  const int index = bind_scope(statement, type, scope);
  statement.bind_text(index, folded_name).bind(index + 1, kNamedLimit);
  std::vector<std::unique_ptr<Record>> records;
  while (statement.step()) records.push_back(read(type, statement));
  return records;
}

void RecordStore::for_each(Connection& db, const Scope& scope, const RecordType& type,
                           const std::function<void(const Record&)>& visit) const {
  constexpr int kChunk = 2000;  // keeps MariaDB's buffered result sets small
  PageRequest request{{}, 0, kChunk};
  while (true) {
    const auto records = page(db, scope, type, request);
    for (const auto& record : records) visit(*record);
    if (records.size() < kChunk) return;
    request.after = records.back()->id;
  }
}

Done RecordStore::fill_search(Database& database) const {
  const Done cleared = database.write([](Connection& db) -> Done {
    clear_searched(db);
    return {};
  });
  if (!cleared) return cleared;
  for (const RecordType* type : record_types()) {
    PageRequest request{{}, 0, 1000};
    for (std::size_t filled = 1; filled > 0;) {
      const Done done = database.write([&](Connection& db) -> Done {
        const auto records = page(db, whole_register(), *type, request);
        std::vector<Searched> texts;
        for (const auto& record : records) {
          texts.emplace_back(record->id, searched_text(*type, *record));
        }
        add_searched(db, texts);
        filled = records.size();
        if (filled > 0) request.after = records.back()->id;
        return {};
      });
      if (!done) return done;
    }
  }
  return {};
}

std::int64_t RecordStore::count(Connection& db, const Scope& scope, const RecordType& type) const {
  const std::string condition = type.region.empty() ? "1 = 1" : "scope >= ? AND scope < ?";
  Statement& statement =
      db.prepare("SELECT COUNT(*) FROM " + std::string(type.table) + " WHERE " + condition);
  bind_scope(statement, type, scope);
  statement.step();
  const std::int64_t count = statement.integer(0);
  statement.reset();
  return count;
}

Result<std::string> RecordStore::reveal(Connection& db, const Scope& scope, const RecordType& type,
                                        std::int64_t id) const {
  Statement& statement =
      db.prepare("SELECT data_key, id_no_sealed FROM " + std::string(type.table) +
                 " WHERE scope >= ? AND scope < ? AND id = ?");
  statement.bind(bind_scope(statement, type, scope), id);
  if (!statement.step()) return fail(ErrorCode::NotFound, "record.absent");
  const std::string key = statement.blob(0);
  const std::string sealed = statement.blob(1);
  statement.reset();
  if (sealed.empty()) return std::string();
  return vault_->open_field(key, type.table, "id_no", id, sealed);
}

}  // namespace chucai
