// Many look-ups in few queries: on MariaDB a round trip costs more than finding the row.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>

#include "registry/storage/database.h"
#include "registry/storage/row_writer.h"

namespace chucai {

/// Runs `head` + " IN (?, ...)" for a few hundred of `values` at a time and calls `visit` for each
/// row found; it must not prepare the same statement. `head`: "SELECT a FROM t WHERE b".
void select_in(Connection& db, std::string_view head, std::span<const Cell> values,
               const std::function<void(Statement&)>& visit);

/// Which of `values` (texts or blobs) stand in a column.
std::unordered_set<std::string> present_in(Connection& db, std::string_view table,
                                           std::string_view column, std::span<const Cell> values);

}  // namespace chucai
