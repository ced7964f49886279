#include "registry/storage/bulk_query.h"

#include <algorithm>

namespace chucai {
namespace {

constexpr std::size_t kAtOnce = 256;
constexpr std::size_t kFew = 16;  // a second size, so that a short list does not bind 256 places

std::string query(std::string_view head, std::size_t places) {
  std::string sql(head);
  sql += " IN (?";
  for (std::size_t i = 1; i < places; ++i) sql += ", ?";
  return sql + ")";
}

}  // namespace

void select_in(Connection& db, std::string_view head, std::span<const Cell> values,
               const std::function<void(Statement&)>& visit) {
  while (!values.empty()) {
    const std::size_t places = values.size() > kFew ? kAtOnce : kFew;
    const auto piece = values.first(std::min(places, values.size()));
    Statement& select = db.prepare(query(head, places));
    // Places left over repeat the last value: a row is found once all the same.
    for (std::size_t i = 0; i < places; ++i) {
      bind_cell(select, static_cast<int>(i), piece[std::min(i, piece.size() - 1)]);
    }
    while (select.step()) visit(select);
    values = values.subspan(piece.size());
  }
}

std::unordered_set<std::string> present_in(Connection& db, std::string_view table,
                                           std::string_view column, std::span<const Cell> values) {
  std::string head = "SELECT ";
  head.append(column).append(" FROM ").append(table).append(" WHERE ").append(column);
  std::unordered_set<std::string> present;
  select_in(db, head, values, [&](Statement& row) { present.insert(row.blob(0)); });
  return present;
}

}  // namespace chucai
