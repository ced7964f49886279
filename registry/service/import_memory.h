// What the register remembers of imports beside their batches: corrections of the column dictionary
// per office and kind, and which batch of mended rows goes on with which.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "registry/service/registry.h"
#include "registry/storage/import_memory_store.h"

namespace chucai {

/// What the office learned about headers of a kind. Errors: those of the database.
Result<std::vector<ColumnMapping>> learned_mappings(Registry& registry, std::string_view office,
                                                    std::string_view kind);

/// All corrections of offices in scope. Errors: those of the database.
Result<std::vector<ColumnMapping>> list_learned_mappings(Registry& registry,
                                                         const Principal& principal);

/// Remembers corrections (header, target) of an office and kind, audited. Errors: PermissionDenied
/// "import.permission", "record.out_of_scope"; those of the database.
Done learn_mappings(Registry& registry, const Principal& principal, const std::string& office,
                    const std::string& kind,
                    const std::vector<std::pair<std::string, std::string>>& mappings);

/// Forgets one, audited. Errors: those of learn_mappings; NotFound "import.map.absent".
Done forget_mapping(Registry& registry, const Principal& principal, const std::string& office,
                    const std::string& kind, const std::string& header);

/// A batch of an office in scope; 0 when it is none. Errors: those of the database.
Result<std::int64_t> batch_in_scope(Registry& registry, const Principal& principal,
                                    std::int64_t batch);

}  // namespace chucai
