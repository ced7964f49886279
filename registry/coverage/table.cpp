#include "registry/coverage/table.h"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace chucai::coverage {
std::string month_text(Date date) {
  date.day = 0;
  return to_text(date);
}

std::int32_t day_number(Date date) {
  return date ? static_cast<std::int32_t>(first_day(date)) : kFromEver;
}

std::size_t rows_of(const Table& table) {
  return std::accumulate(table.begin(), table.end(), std::size_t{0},
                         [](std::size_t sum, const auto& chunk) { return sum + chunk->size(); });
}

std::size_t bytes_of(const Table& table) {
  const auto bytes = [](const auto& column) {
    return column.capacity() * sizeof(typename std::decay_t<decltype(column)>::value_type);
  };
  std::size_t sum = 0;
  for (const auto& chunk : table) {
    for (const auto& column : chunk->columns) sum += bytes(column);
    sum += bytes(chunk->id) + bytes(chunk->owner) + bytes(chunk->day) + bytes(chunk->amount) +
           bytes(chunk->log_end) + bytes(chunk->log);
  }
  return sum;
}

GrowingTable::GrowingTable(std::initializer_list<Column> columns) {
  for (const Column column : columns) has_[static_cast<std::size_t>(column)] = true;
}

GrowingTable::Open& GrowingTable::open_at(std::size_t at) {
  if (at >= open_.size()) open_.resize(at + 1);
  while (table_.size() <= at) table_.push_back(std::make_shared<Chunk>());
  Open& open = open_[at];
  if (open.added.empty() && open.removed.empty()) touched_.push_back(at);
  return open;
}

bool GrowingTable::remove(std::int64_t id) {
  const auto owner = owners_.find(id);
  if (!owner) return false;
  Open& open = open_at(*owner / kOwners);
  std::erase_if(open.added, [&](const FactRow& row) { return row.id == id; });
  open.removed.push_back(id);
  owners_.erase(id);
  return true;
}

void GrowingTable::put(FactRow row) {
  remove(row.id);
  owners_.set(row.id, row.owner);
  open_at(row.owner / kOwners).added.push_back(std::move(row));
}

FactRow GrowingTable::row_of(const Chunk& chunk, std::size_t row) const {
  FactRow fact{chunk.id[row], chunk.owner[row], {}, chunk.day[row], chunk.amount[row], {}};
  for (std::size_t column = 0; column < kColumns; ++column) {
    if (has_[column]) fact.codes[column] = chunk.columns[column][row];
  }
  const auto log = chunk.log_of(row);
  fact.log.assign(log.begin(), log.end());
  return fact;
}

void GrowingTable::append(Chunk& chunk, const FactRow& row) const {
  chunk.id.push_back(row.id);
  chunk.owner.push_back(row.owner);
  for (std::size_t column = 0; column < kColumns; ++column) {
    if (has_[column]) chunk.columns[column].push_back(row.codes[column]);
  }
  chunk.day.push_back(row.day);
  chunk.amount.push_back(row.amount);
  chunk.log.insert(chunk.log.end(), row.log.begin(), row.log.end());
  chunk.log_end.push_back(static_cast<std::uint32_t>(chunk.log.size()));
}

void GrowingTable::close(std::size_t at) {
  Open open = std::exchange(open_[at], {});
  std::sort(open.removed.begin(), open.removed.end());
  std::vector<FactRow> rows = std::move(open.added);
  const Chunk& before = *table_[at];
  for (std::size_t row = 0; row < before.size(); ++row) {
    if (std::binary_search(open.removed.begin(), open.removed.end(), before.id[row])) continue;
    rows.push_back(row_of(before, row));
  }
  std::sort(rows.begin(), rows.end(), [](const FactRow& a, const FactRow& b) {
    return std::tie(a.owner, a.id) < std::tie(b.owner, b.id);
  });
  auto chunk = std::make_shared<Chunk>();
  chunk->id.reserve(rows.size());
  chunk->owner.reserve(rows.size());
  for (std::size_t column = 0; column < kColumns; ++column) {
    if (has_[column]) chunk->columns[column].reserve(rows.size());
  }
  for (const FactRow& row : rows) append(*chunk, row);
  chunk->log.shrink_to_fit();
  table_[at] = std::move(chunk);
}

Table GrowingTable::snapshot() {
  for (const std::size_t at : touched_) close(at);
  touched_.clear();
  return table_;
}

}  // namespace chucai::coverage
