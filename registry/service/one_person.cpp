#include "registry/service/one_person.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <span>
#include <unordered_map>

#include "registry/domain/in_halves.h"
#include "registry/service/records.h"
#include "registry/storage/trail_stores.h"

namespace chucai {
namespace {

constexpr int kChunk = 500;  // people compared in one transaction of a rescan
constexpr std::string_view kRescanAfter = "rescan_after";

Portrait portrait(const Registry& registry, const Record& person) {
  return portrait_of(static_cast<const Person&>(person), registry.codes().pinyin());
}

/// What a stored person meets others by. Not by its identity number: that is told apart by the
/// register's own index.
std::vector<std::int64_t> stored_hashes(const Registry& registry, const Portrait& mine) {
  auto keys = meeting_keys(mine);
  std::erase_if(keys, [](const MeetingKey& key) { return key.kind == MeetingKind::Identity; });
  return hash_keys(registry.vault(), keys);
}

std::vector<PersonKey> keys_of(std::int64_t person, std::span<const std::int64_t> hashes) {
  std::vector<PersonKey> keys;
  for (const std::int64_t hash : hashes) keys.push_back({hash, person});
  return keys;
}

std::vector<PersonKey> keys_of_all(std::span<const Record* const> people,
                                   std::span<const Meeting> meetings) {
  std::vector<PersonKey> keys;
  for (std::size_t i = 0; i < people.size(); ++i) {
    for (const std::int64_t hash : meetings[i].hashes) keys.push_back({hash, people[i]->id});
  }
  return keys;
}

std::vector<LikelyTwin> twins_among(Registry& registry, Connection& db, const Scope& scope,
                                    const Portrait& mine, std::span<const std::int64_t> met) {
  std::vector<LikelyTwin> twins;
  for (const std::int64_t id : met) {
    auto other = registry.store().load(db, scope, type_of<Person>(), id);
    if (!other) continue;
    Likeness found = likeness(mine, portrait(registry, *other));
    if (found.band != Band::No) twins.push_back({std::move(other), std::move(found)});
  }
  std::stable_sort(twins.begin(), twins.end(), [](const LikelyTwin& a, const LikelyTwin& b) {
    return likelier(a.likeness, b.likeness);
  });
  return twins;
}

/// Which fields that the rule reads were changed; a new person changed them all.
struct Change {
  bool likeness = false;
  bool key = false;
};

Change change_of(const Person* before, const Person& after) {
  if (!before) return {true, true};
  Change change;
  for (const std::string_view field : changed_fields(type_of<Person>(), *before, after)) {
    change.likeness = change.likeness || is_likeness_field(field) || field == "status";
    change.key = change.key || is_key_field(field);
  }
  return change;
}

StoredPair pair_of(std::int64_t a, std::int64_t b, const Likeness& found) {
  StoredPair pair;
  pair.one = std::min(a, b);
  pair.other = std::max(a, b);
  pair.score = found.score;
  pair.band = found.band;
  pair.evidence = pack_evidence(found.evidence);
  pair.state = pair_state::kOpen;
  return pair;
}

/// What becomes of "two different people" when the two are compared again.
enum class Verdicts { Stand, Reopen };

/// Lays what was found now over the pair as it was stored.
void renew_pair(Connection& db, const StoredPair& stored, StoredPair found, Verdicts verdicts) {
  if (stored.state != pair_state::kOpen && verdicts == Verdicts::Stand) return;
  found.id = stored.id;
  const bool same = stored.score == found.score && stored.band == found.band &&
                    stored.evidence == found.evidence && stored.state == found.state;
  if (!same) update_pair(db, found);
}

void renew_pairs(Registry& registry, Connection& db, const Person& person,
                 const std::vector<LikelyTwin>& twins, Verdicts verdicts) {
  std::vector<StoredPair> stored = pairs_of(db, person.id);
  for (const LikelyTwin& twin : twins) {
    StoredPair found = pair_of(person.id, twin.person->id, twin.likeness);
    const auto known = std::find_if(stored.begin(), stored.end(), [&](const StoredPair& pair) {
      return pair.one == found.one && pair.other == found.other;
    });
    if (known == stored.end()) {
      found.id = registry.new_id();
      insert_pair(db, found);
    } else {
      renew_pair(db, *known, std::move(found), verdicts);
      stored.erase(known);
    }
  }
  for (const StoredPair& gone : stored) {
    if (gone.state == pair_state::kOpen) delete_pair(db, gone.id);
  }
}

/// Gives a person who has no keys its keys and pairs. Returns the number of comparisons.
std::size_t compare_anew(Registry& registry, Connection& db, const Person& person,
                         Verdicts verdicts) {
  const Portrait mine = portrait(registry, person);
  const auto hashes = stored_hashes(registry, mine);
  const auto met = people_meeting(db, hashes, person.id);
  insert_keys(db, keys_of(person.id, hashes));
  renew_pairs(registry, db, person, twins_among(registry, db, whole_register(), mine, met),
              verdicts);
  return met.size();
}

std::optional<DuplicatePair> shown_pair(Registry& registry, Connection& db, const Scope& scope,
                                        const StoredPair& stored) {
  const auto one = registry.store().get(db, scope, PersonId{stored.one});
  const auto other = registry.store().get(db, scope, PersonId{stored.other});
  if (!one || !other) return std::nullopt;
  return DuplicatePair{stored.id, stored.score, stored.band, unpack_evidence(stored.evidence),
                       *one,      *other};
}

std::string cursor_text(const StoredPair& pair) {
  return std::to_string(pair.score) + '.' + id_text(pair.id);
}

Result<PairCursor> read_cursor(std::string_view text) {
  PairCursor cursor;
  if (text.empty()) return cursor;
  const std::size_t dot = text.find('.');
  const auto id = dot == std::string_view::npos ? std::nullopt : parse_id(text.substr(dot + 1));
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), cursor.score);
  if (!id || error != std::errc{} || end != text.data() + dot) {
    return fail(ErrorCode::InvalidArgument, "page.cursor", "cursor");
  }
  cursor.id = *id;
  return cursor;
}

void write_verdict(Registry& registry, Connection& db, const Principal& principal,
                   const StoredPair& pair) {
  decide_pair(db, pair.id, pair_state::kDistinct, principal.actor, registry.now_us());
  const AuditEntry trail[] = {{"distinct", "person", pair.one, id_text(pair.other)},
                              {"distinct", "person", pair.other, id_text(pair.one)}};
  registry.audit().append(db, registry.audit_context(principal), trail);
}

/// Compares the people behind where the last chunk ended; true when those were the last.
bool rescan_chunk(Registry& registry, Connection& db, RescanReport& report) {
  PageRequest request{{}, 0, kChunk};
  request.after = parse_id(load_setting(db, kRescanAfter).value_or("")).value_or(0);
  const auto people = registry.store().page(db, whole_register(), type_of<Person>(), request);
  for (const auto& person : people) {
    delete_keys(db, person->id);
    report.compared += static_cast<std::int64_t>(
        compare_anew(registry, db, static_cast<const Person&>(*person), Verdicts::Stand));
  }
  report.people = static_cast<std::int64_t>(people.size());
  if (people.size() == static_cast<std::size_t>(kChunk)) {
    save_setting(db, kRescanAfter, id_text(people.back()->id));
    return false;
  }
  delete_setting(db, kRescanAfter);
  save_setting(db, kTwinsFilledSetting, "1");
  return true;
}

}  // namespace

std::vector<LikelyTwin> twins_of(Registry& registry, Connection& db, const Scope& scope,
                                 const Person& person) {
  const Portrait mine = portrait(registry, person);
  const auto met = people_meeting(db, stored_hashes(registry, mine), person.id);
  return twins_among(registry, db, scope, mine, met);
}

void note_likeness(Registry& registry, Connection& db, const Person* before, const Person& after) {
  const Change change = change_of(before, after);
  if (!change.likeness) return;
  if (before) delete_keys(db, after.id);
  compare_anew(registry, db, after, change.key ? Verdicts::Reopen : Verdicts::Stand);
}

Meeting meeting_of(const Registry& registry, const Record& person) {
  Meeting meeting{portrait(registry, person), {}};
  meeting.hashes = stored_hashes(registry, meeting.portrait);
  return meeting;
}

std::vector<bool> may_meet(Registry& registry, Connection& db,
                           std::span<const Record* const> people) {
  std::vector<Meeting> meetings(people.size());
  in_halves(people.size(), [&](std::size_t i) { meetings[i] = meeting_of(registry, *people[i]); });
  const auto known = known_hashes(db, keys_of_all(people, meetings));
  std::vector<bool> meets;
  for (const Meeting& one : meetings) {
    meets.push_back(std::any_of(one.hashes.begin(), one.hashes.end(),
                                [&](std::int64_t hash) { return known.contains(hash); }));
  }
  return meets;
}

void note_likeness_of_new(Registry& registry, Connection& db, std::span<const Record* const> people,
                          std::span<const Meeting> meetings) {
  std::vector<PersonKey> keys = keys_of_all(people, meetings);
  const auto known = known_hashes(db, keys);
  std::unordered_map<std::int64_t, int> times;
  for (const PersonKey& key : keys) ++times[key.hash];
  insert_keys(db, std::move(keys));
  for (std::size_t i = 0; i < people.size(); ++i) {
    const Meeting& one = meetings[i];
    const bool meets = std::any_of(one.hashes.begin(), one.hashes.end(), [&](std::int64_t hash) {
      return times[hash] > 1 || known.contains(hash);
    });
    if (!meets) continue;  // most people of a roster share nothing with anybody
    const auto met = people_meeting(db, one.hashes, people[i]->id);
    renew_pairs(registry, db, static_cast<const Person&>(*people[i]),
                twins_among(registry, db, whole_register(), one.portrait, met), Verdicts::Reopen);
  }
}

void forget_likeness(Connection& db, std::int64_t person) {
  delete_keys(db, person);
  for (const StoredPair& pair : pairs_of(db, person)) delete_pair(db, pair.id);
}

Result<DuplicatePage> list_duplicates(Registry& registry, const Principal& principal, Band band,
                                      std::string_view cursor, int limit) {
  if (const Done fits = check_page_limit(limit); !fits) return tl::make_unexpected(fits.error());
  const auto after = read_cursor(cursor);
  if (!after) return tl::make_unexpected(after.error());
  DuplicatePage page;
  const Done read = registry.database().read([&](Connection& db) -> Done {
    auto stored = open_pairs(db, principal.scope(), band, *after, limit + 1);
    if (stored.size() > static_cast<std::size_t>(limit)) {
      stored.pop_back();
      page.next_cursor = cursor_text(stored.back());
    }
    for (const StoredPair& pair : stored) {
      auto shown = shown_pair(registry, db, principal.scope(), pair);
      if (shown) page.pairs.push_back(std::move(*shown));
    }
    return {};
  });
  if (!read) return tl::make_unexpected(read.error());
  return page;
}

Result<std::vector<DuplicatePair>> duplicates_of(Registry& registry, const Principal& principal,
                                                 std::int64_t person) {
  std::vector<DuplicatePair> pairs;
  const Done read = registry.database().read([&](Connection& db) -> Done {
    for (const StoredPair& stored : pairs_of(db, person)) {
      if (stored.state != pair_state::kOpen) continue;
      auto shown = shown_pair(registry, db, principal.scope(), stored);
      if (shown) pairs.push_back(std::move(*shown));
    }
    return {};
  });
  if (!read) return tl::make_unexpected(read.error());
  return pairs;
}

Done mark_distinct(Registry& registry, const Principal& principal, std::int64_t pair_id) {
  return registry.database().write([&](Connection& db) -> Done {
    const auto pair = load_pair(db, pair_id);
    if (!pair || !shown_pair(registry, db, principal.scope(), *pair)) {
      return fail(ErrorCode::NotFound, "person.pair.absent");
    }
    if (pair->state != pair_state::kOpen) {
      return fail(ErrorCode::FailedPrecondition, "person.pair.decided", {}, {pair->state});
    }
    write_verdict(registry, db, principal, *pair);
    return {};
  });
}

Done mark_distinct(Registry& registry, const Principal& principal, std::int64_t one,
                   std::int64_t other) {
  return registry.database().write([&](Connection& db) -> Done {
    const Scope scope = principal.scope();
    const auto a = registry.store().get(db, scope, PersonId{one});
    const auto b = registry.store().get(db, scope, PersonId{other});
    if (!a || !b || one == other) return fail(ErrorCode::NotFound, "record.absent");
    StoredPair pair = pair_of(one, other, likeness(portrait(registry, *a), portrait(registry, *b)));
    if (const auto known = pair_between(db, one, other)) {
      pair.id = known->id;
    } else {
      pair.id = registry.new_id();
      insert_pair(db, pair);
    }
    write_verdict(registry, db, principal, pair);
    return {};
  });
}

Result<RescanReport> rescan(Registry& registry, const Principal& principal) {
  RescanReport report;
  bool is_last = false;
  while (!is_last) {
    RescanReport chunk;
    const Done done = registry.database().write([&](Connection& db) -> Done {
      chunk = {};
      is_last = rescan_chunk(registry, db, chunk);
      if (!is_last) return {};
      report.open = count_open_pairs(db, Band::No);
      report.links = count_open_pairs(db, Band::Link);
      const std::int64_t people = report.people + chunk.people;
      if (people == 0) return {};
      const AuditEntry entry{"rescan", "person", 0, std::to_string(people)};
      registry.audit().append(db, registry.audit_context(principal), {&entry, 1});
      return {};
    });
    if (!done) return tl::make_unexpected(done.error());
    report.people += chunk.people;
    report.compared += chunk.compared;
  }
  return report;
}

}  // namespace chucai
