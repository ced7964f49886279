// What an import has checked and not applied yet: rows in sealed pieces, which nothing but the
// import itself reads.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/domain/import_batch.h"
#include "registry/domain/principal.h"
#include "registry/storage/database.h"

namespace chucai {

/// The wrapped key of a batch's pieces; empty: nothing is staged.
std::string stage_key(Connection& db, std::int64_t batch);
void set_stage_key(Connection& db, std::int64_t batch, std::string_view wrapped);

/// Keeps piece number `chunk` (0, 1, 2 ...), in place of one that is there.
void put_chunk(Connection& db, std::int64_t batch, std::int64_t chunk, std::string_view sealed);
/// nullopt: there is none.
std::optional<std::string> chunk_of(Connection& db, std::int64_t batch, std::int64_t chunk);
/// Forgets the pieces and their key.
void drop_stage(Connection& db, std::int64_t batch);

/// The batch of the office that staged this file as this kind and was neither applied nor dropped.
std::optional<ImportBatch> unfinished_batch(Connection& db, std::string_view digest,
                                            std::string_view kind, std::string_view office);

/// Batches of offices in scope that were begun before `before` (microseconds UTC) and neither
/// applied nor dropped, in order of id.
std::vector<std::int64_t> unfinished_batches(Connection& db, const Scope& scope,
                                             std::int64_t before);

}  // namespace chucai
