// What imports remember beside their batches: what operators said headers mean, and which batch
// goes on with which.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "registry/domain/principal.h"
#include "registry/storage/database.h"

namespace chucai {

/// A correction of the column dictionary that an office's operator made.
struct ColumnMapping {
  std::string office;  ///< region code
  std::string kind;    ///< "persons" ... (COLUMNS)
  std::string header;  ///< as headers are compared
  std::string target;  ///< canonical header, 忽略 or 保留
  std::string actor;
  std::int64_t learned_at = 0;  ///< microseconds UTC
};
/// Takes the place of an earlier one of the same office, kind and header.
void put_mapping(Connection& db, const ColumnMapping& mapping);
/// Of one office and kind, in order of header.
std::vector<ColumnMapping> mappings_of(Connection& db, std::string_view office,
                                       std::string_view kind);
/// Of all offices in scope, in order of office, kind and header; at most 1,000.
std::vector<ColumnMapping> list_mappings(Connection& db, const Scope& scope);
/// False when there is none.
bool delete_mapping(Connection& db, std::string_view office, std::string_view kind,
                    std::string_view header);

}  // namespace chucai
