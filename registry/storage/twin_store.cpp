#include "registry/storage/twin_store.h"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "registry/domain/region_map.h"
#include "registry/storage/bulk_query.h"

namespace chucai {
namespace {

constexpr std::string_view kPairColumns =
    "p.id, p.one, p.other, p.score, p.band, p.evidence, p.state";

// 63 bits of the blind index: among a million people two keys collide once in 10,000 registers, and
// then cost one comparison more.
std::int64_t hash_of(const Vault& vault, const MeetingKey& key) {
  const std::string index = vault.blind_index(
      "meeting\x1f" + std::to_string(static_cast<int>(key.kind)) + '\x1f' + key.text);
  std::uint64_t hash = 0;
  std::memcpy(&hash, index.data(), sizeof hash);
  return static_cast<std::int64_t>(hash >> 1);
}

std::string repeated(std::string_view part, std::string_view between, std::size_t times) {
  std::string text;
  for (std::size_t i = 0; i < times; ++i) text.append(i == 0 ? "" : between).append(part);
  return text;
}

StoredPair read_pair(Statement& row) {
  StoredPair pair;
  pair.id = row.integer(0);
  pair.one = row.integer(1);
  pair.other = row.integer(2);
  pair.score = static_cast<int>(row.integer(3));
  pair.band = band_named(row.text(4));
  pair.evidence = row.text(5);
  pair.state = row.text(6);
  return pair;
}

}  // namespace

std::vector<std::int64_t> hash_keys(const Vault& vault, std::span<const MeetingKey> keys) {
  std::vector<std::int64_t> hashes;
  for (const MeetingKey& key : keys) hashes.push_back(hash_of(vault, key));
  std::sort(hashes.begin(), hashes.end());
  hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
  return hashes;
}

void insert_keys(Connection& db, std::vector<PersonKey> keys) {
  std::sort(keys.begin(), keys.end());  // neighbours in the index are written together
  RowWriter writer(db, "INSERT INTO person_key (hash, person)");
  for (const PersonKey& key : keys) writer.add({key.hash, key.person});
  writer.flush();
}

std::unordered_set<std::int64_t> known_hashes(Connection& db, std::span<const PersonKey> keys) {
  std::vector<Cell> hashes;
  for (const PersonKey& key : keys) hashes.emplace_back(key.hash);
  std::unordered_set<std::int64_t> known;
  select_in(db, "SELECT DISTINCT hash FROM person_key WHERE hash", hashes,
            [&](Statement& row) { known.insert(row.integer(0)); });
  return known;
}

void delete_keys(Connection& db, std::int64_t person) {
  db.prepare("DELETE FROM person_key WHERE person = ?").bind(0, person).run();
}

std::vector<std::int64_t> people_meeting(Connection& db, std::span<const std::int64_t> hashes,
                                         std::int64_t except) {
  std::vector<std::int64_t> people;
  if (hashes.empty()) return people;
  const std::string one_key =
      "SELECT hash, person FROM (SELECT hash, person FROM person_key WHERE hash = ?"
      " ORDER BY person LIMIT " +
      std::to_string(kCrowd + 1) + ") AS met";
  Statement& select = db.prepare(repeated(one_key, " UNION ALL ", hashes.size()));
  for (std::size_t i = 0; i < hashes.size(); ++i) select.bind(static_cast<int>(i), hashes[i]);
  std::int64_t hash = 0;
  std::size_t start = 0;
  const auto drop_crowd = [&] {
    if (people.size() - start > kCrowd) people.resize(start);
  };
  while (select.step()) {
    if (select.integer(0) != hash) {
      drop_crowd();
      hash = select.integer(0);
      start = people.size();
    }
    people.push_back(select.integer(1));
  }
  drop_crowd();
  std::sort(people.begin(), people.end());
  people.erase(std::unique(people.begin(), people.end()), people.end());
  std::erase(people, except);
  return people;
}

void insert_pair(Connection& db, const StoredPair& pair) {
  db.prepare(
        "INSERT INTO person_pair (id, one, other, score, band, evidence, state)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)")
      .bind(0, pair.id)
      .bind(1, pair.one)
      .bind(2, pair.other)
      .bind(3, pair.score)
      .bind_text(4, to_text(pair.band))
      .bind_text(5, pair.evidence)
      .bind_text(6, pair.state)
      .run();
}

void update_pair(Connection& db, const StoredPair& pair) {
  db.prepare("UPDATE person_pair SET score = ?, band = ?, evidence = ?, state = ? WHERE id = ?")
      .bind(0, pair.score)
      .bind_text(1, to_text(pair.band))
      .bind_text(2, pair.evidence)
      .bind_text(3, pair.state)
      .bind(4, pair.id)
      .run();
}

void delete_pair(Connection& db, std::int64_t id) {
  db.prepare("DELETE FROM person_pair WHERE id = ?").bind(0, id).run();
}

void decide_pair(Connection& db, std::int64_t id, std::string_view state, std::string_view actor,
                 std::int64_t at) {
  db.prepare("UPDATE person_pair SET state = ?, decided_by = ?, decided_at = ? WHERE id = ?")
      .bind_text(0, state)
      .bind_text(1, actor)
      .bind(2, at)
      .bind(3, id)
      .run();
}

std::vector<StoredPair> pairs_of(Connection& db, std::int64_t person) {
  const std::string columns(kPairColumns);
  Statement& select =
      db.prepare("SELECT " + columns + " FROM person_pair p WHERE p.one = ?" +
                 " UNION ALL SELECT " + columns + " FROM person_pair p WHERE p.other = ?");
  select.bind(0, person).bind(1, person);
  std::vector<StoredPair> pairs;
  while (select.step()) pairs.push_back(read_pair(select));
  return pairs;
}

std::optional<StoredPair> load_pair(Connection& db, std::int64_t id) {
  Statement& select =
      db.prepare("SELECT " + std::string(kPairColumns) + " FROM person_pair p WHERE p.id = ?");
  select.bind(0, id);
  if (!select.step()) return std::nullopt;
  const StoredPair pair = read_pair(select);
  select.reset();
  return pair;
}

std::optional<StoredPair> pair_between(Connection& db, std::int64_t a, std::int64_t b) {
  Statement& select = db.prepare("SELECT " + std::string(kPairColumns) +
                                 " FROM person_pair p WHERE p.one = ? AND p.other = ?");
  select.bind(0, std::min(a, b)).bind(1, std::max(a, b));
  if (!select.step()) return std::nullopt;
  const StoredPair pair = read_pair(select);
  select.reset();
  return pair;
}

std::vector<StoredPair> open_pairs(Connection& db, const Scope& scope, Band band,
                                   const PairCursor& after, int limit) {
  const CodeRange range = subtree(scope.region);
  std::string text = "SELECT " + std::string(kPairColumns) +
                     " FROM person_pair p"
                     " JOIN person a ON a.id = p.one"
                     " JOIN person b ON b.id = p.other"
                     " WHERE p.state = 'open'"
                     " AND p.score <= ? AND (p.score < ? OR p.id < ?)"
                     " AND a.scope >= ? AND a.scope < ?"
                     " AND b.scope >= ? AND b.scope < ?";
  if (band != Band::No) text += " AND p.band = ?";
  text += " ORDER BY p.score DESC, p.id DESC LIMIT ?";
  Statement& select = db.prepare(text);
  select.bind(0, after.score).bind(1, after.score).bind(2, after.id);
  select.bind_text(3, range.from).bind_text(4, range.below);
  select.bind_text(5, range.from).bind_text(6, range.below);
  int index = 7;
  if (band != Band::No) select.bind_text(index++, to_text(band));
  select.bind(index, limit);
  std::vector<StoredPair> pairs;
  while (select.step()) pairs.push_back(read_pair(select));
  return pairs;
}

std::int64_t count_open_pairs(Connection& db, Band band) {
  std::string text = "SELECT COUNT(*) FROM person_pair WHERE state = 'open'";
  if (band != Band::No) text += " AND band = ?";
  Statement& select = db.prepare(text);
  if (band != Band::No) select.bind_text(0, to_text(band));
  select.step();
  const std::int64_t count = select.integer(0);
  select.reset();
  return count;
}

std::string pack_evidence(std::span<const Evidence> evidence) {
  std::string packed;
  for (const Evidence& one : evidence) {
    if (!packed.empty()) packed += '\n';
    packed.append(one.reason).append(" ").append(std::to_string(one.points));
  }
  return packed;
}

std::vector<std::pair<std::string, int>> unpack_evidence(std::string_view packed) {
  std::vector<std::pair<std::string, int>> evidence;
  while (!packed.empty()) {
    const std::string_view line = packed.substr(0, packed.find('\n'));
    packed.remove_prefix(std::min(packed.size(), line.size() + 1));
    const std::size_t blank = line.find(' ');
    int points = 0;
    std::from_chars(line.data() + blank + 1, line.data() + line.size(), points);
    evidence.emplace_back(line.substr(0, blank), points);
  }
  return evidence;
}

}  // namespace chucai
