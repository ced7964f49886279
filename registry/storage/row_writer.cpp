#include "registry/storage/row_writer.h"

namespace chucai {
namespace {

constexpr std::size_t kRowsAtOnce = 128;
constexpr std::size_t kFewRows = 8;  // a second size, so that a remainder needs few statements

// A packet of MariaDB holds 16 MB.
constexpr std::size_t kBytesAtOnce = 4 << 20;

std::size_t bytes_of(const Cell& cell) {
  if (const auto* text = std::get_if<std::string>(&cell)) return text->size();
  if (const auto* blob = std::get_if<Blob>(&cell)) return blob->bytes.size();
  return sizeof(std::int64_t);
}

std::size_t bytes_of(const std::vector<std::vector<Cell>>& rows) {
  std::size_t bytes = 0;
  for (const auto& row : rows) {
    for (const Cell& cell : row) bytes += bytes_of(cell);
  }
  return bytes;
}

struct Binder {
  Statement& statement;
  int index;
  void operator()(std::monostate) const { statement.bind_null(index); }
  void operator()(std::int64_t number) const { statement.bind(index, number); }
  void operator()(const std::string& text) const { statement.bind_text(index, text); }
  void operator()(const Blob& blob) const { statement.bind_blob(index, blob.bytes); }
};

// "(?, ?), (?, ?)" for two rows of two columns.
std::string places(std::size_t rows, std::size_t columns) {
  std::string row;
  for (std::size_t i = 0; i < columns; ++i) row += row.empty() ? "(?" : ", ?";
  row += ')';
  std::string all;
  for (std::size_t i = 0; i < rows; ++i) all += all.empty() ? row : ", " + row;
  return all;
}

}  // namespace

void bind_cell(Statement& statement, int index, const Cell& cell) {
  std::visit(Binder{statement, index}, cell);
}

void RowWriter::add(std::vector<Cell> row) {
  rows_.push_back(std::move(row));
  if (rows_.size() == (db_->dialect() == Dialect::Sqlite ? 1 : kRowsAtOnce)) flush();
}

void RowWriter::flush() {
  while (!rows_.empty()) {
    const std::size_t left = rows_.size();
    const bool small = bytes_of(rows_) < kBytesAtOnce;
    send(!small ? 1 : left >= kRowsAtOnce ? kRowsAtOnce : left >= kFewRows ? kFewRows : 1);
  }
}

void RowWriter::send(std::size_t rows) {
  if (rows != sql_rows_) {
    sql_ = into_ + " VALUES " + places(rows, rows_.front().size()) + conflict_;
    sql_rows_ = rows;
  }
  Statement& insert = db_->prepare(sql_);
  int index = 0;
  for (std::size_t i = 0; i < rows; ++i) {
    for (const Cell& cell : rows_[i]) bind_cell(insert, index++, cell);
  }
  insert.run();
  rows_.erase(rows_.begin(), rows_.begin() + static_cast<std::ptrdiff_t>(rows));
}

}  // namespace chucai
