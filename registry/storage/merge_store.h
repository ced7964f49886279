// Who was merged into whom, and what an unmerge needs to take it back.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/storage/database.h"

namespace chucai {

/// `other` became part of `survivor`. Images are packed maps (pack_map) of field to packed value,
/// of the fields that the merge changed.
struct StoredMerge {
  std::int64_t id = 0;
  std::int64_t survivor = 0;
  std::int64_t other = 0;
  std::int64_t at = 0;  ///< microseconds UTC
  std::string actor;
  std::string reason;    ///< why, where the likeness alone did not say it
  std::string identity;  ///< what became of the identity numbers: "kept", "moved", "swapped"
  std::string survivor_before;
  std::string survivor_after;
  std::string other_before;
};

/// A record that referred to `other`.
struct MergedChild {
  std::string record_type;
  std::int64_t record_id = 0;
  std::string before_image;
  std::string after_image;
};

void insert_merge(Connection& db, const StoredMerge& merge);
void insert_merged_child(Connection& db, std::int64_t merge, const MergedChild& child);
/// In order of type and id.
std::vector<MergedChild> merged_children(Connection& db, std::int64_t merge);
/// The latest merge of the person, as survivor or as the other, that was not undone.
std::optional<StoredMerge> latest_merge(Connection& db, std::int64_t person);
void set_merge_undone(Connection& db, std::int64_t merge, std::int64_t at);
/// Who the person is today: the survivor at the end of its merges, or the person itself.
std::int64_t current_person(Connection& db, std::int64_t person);
/// Everybody who was merged into the person, directly or through others.
std::vector<std::int64_t> merged_into(Connection& db, std::int64_t survivor);

}  // namespace chucai
