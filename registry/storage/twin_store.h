// What likely twins meet by, and the pairs that were found: keyed hashes, never in clear.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "registry/domain/principal.h"
#include "registry/domain/rules/likeness.h"
#include "registry/storage/database.h"
#include "registry/storage/vault.h"

namespace chucai {

/// Keyed hashes of what a person meets others by, sorted, each once.
std::vector<std::int64_t> hash_keys(const Vault& vault, std::span<const MeetingKey> keys);
/// One hash of a person.
struct PersonKey {
  std::int64_t hash = 0;
  std::int64_t person = 0;

  auto operator<=>(const PersonKey&) const = default;
};
/// Keeps the hashes of people who have none yet, each once.
void insert_keys(Connection& db, std::vector<PersonKey> keys);
/// Which of the hashes somebody has.
std::unordered_set<std::int64_t> known_hashes(Connection& db, std::span<const PersonKey> keys);
void delete_keys(Connection& db, std::int64_t person);
/// Everybody but `except` who shares one of the hashes, in order of id; what more than kCrowd
/// people share brings nobody. One query whatever the number of hashes.
std::vector<std::int64_t> people_meeting(Connection& db, std::span<const std::int64_t> hashes,
                                         std::int64_t except);

/// Two people who may be one; `one` < `other`.
struct StoredPair {
  std::int64_t id = 0;
  std::int64_t one = 0;
  std::int64_t other = 0;
  int score = 0;
  Band band = Band::No;
  std::string evidence;  ///< lines "reason points"
  std::string state;     ///< open, distinct, merged
};
namespace pair_state {
inline constexpr std::string_view kOpen = "open";
inline constexpr std::string_view kDistinct = "distinct";
inline constexpr std::string_view kMerged = "merged";
}  // namespace pair_state

void insert_pair(Connection& db, const StoredPair& pair);
/// Replaces score, band, evidence and state.
void update_pair(Connection& db, const StoredPair& pair);
void delete_pair(Connection& db, std::int64_t id);
/// Replaces the state and says who decided, when (microseconds UTC).
void decide_pair(Connection& db, std::int64_t id, std::string_view state, std::string_view actor,
                 std::int64_t at);
std::vector<StoredPair> pairs_of(Connection& db, std::int64_t person);
std::optional<StoredPair> load_pair(Connection& db, std::int64_t id);
/// The pair of the two, in either order.
std::optional<StoredPair> pair_between(Connection& db, std::int64_t a, std::int64_t b);

/// Where a page of pairs starts: behind this score and id; the likeliest first, of one score the
/// newest.
struct PairCursor {
  std::int64_t score = INT32_MAX;
  std::int64_t id = INT64_MAX;
};
/// Open pairs of which both people are in scope, at most `limit`. `band` No: any.
std::vector<StoredPair> open_pairs(Connection& db, const Scope& scope, Band band,
                                   const PairCursor& after, int limit);

/// Open pairs of the whole register; `band` No: of any.
std::int64_t count_open_pairs(Connection& db, Band band);

std::string pack_evidence(std::span<const Evidence> evidence);
/// Reasons and points as they were stored.
std::vector<std::pair<std::string, int>> unpack_evidence(std::string_view packed);

}  // namespace chucai
