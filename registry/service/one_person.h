// One person once: likely twins of a person, kept as pairs while records come and change, and the
// verdict that two people are two.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "registry/domain/rules/likeness.h"
#include "registry/service/registry.h"
#include "registry/storage/twin_store.h"

namespace chucai {

/// Name of the setting that says that everybody was compared with everybody.
inline constexpr std::string_view kTwinsFilledSetting = "twins_filled";

/// Somebody of the register who may be the person in question.
struct LikelyTwin {
  std::unique_ptr<Record> person;
  Likeness likeness;
};

/// Everybody in scope who is likely `person` (a draft or a stored person), the likeliest first.
/// Whoever has the same identity number is not among them: that is one person, not a likely one.
/// Cost: two queries and one read for each person met.
std::vector<LikelyTwin> twins_of(Registry& registry, Connection& db, const Scope& scope,
                                 const Person& person);

/// Which of many drafts share anything with a stored person, so that twins_of() may find somebody.
/// Few queries.
std::vector<bool> may_meet(Registry& registry, Connection& db,
                           std::span<const Record* const> people);

/// Keeps keys and pairs up to date after a person was written; `before` is null for a new one.
/// A verdict "two different people" stands until a key field of one of them changes. Part of the
/// transaction that wrote the person. Two people who are entered at the same moment on MariaDB may
/// not see each other: the next change of one, or rescan(), finds them.
void note_likeness(Registry& registry, Connection& db, const Person* before, const Person& after);
/// What a person meets others by, worked out without the register: on any thread.
struct Meeting {
  Portrait portrait;
  std::vector<std::int64_t> hashes;
};
Meeting meeting_of(const Registry& registry, const Record& person);
/// note_likeness() for new people, in few statements; `meetings[i]` is that of `people[i]`.
void note_likeness_of_new(Registry& registry, Connection& db, std::span<const Record* const> people,
                          std::span<const Meeting> meetings);
/// Forgets keys and pairs of a person who was taken out (undo of an import).
void forget_likeness(Connection& db, std::int64_t person);

/// Two people as a list of duplicates shows them.
struct DuplicatePair {
  std::int64_t id = 0;
  int score = 0;
  Band band = Band::No;
  std::vector<std::pair<std::string, int>> evidence;  ///< reason, points; they add up to score
  Person one;
  Person other;
};
struct DuplicatePage {
  std::vector<DuplicatePair> pairs;
  std::string next_cursor;  ///< empty: this was the last page
};

/// Open pairs of which both people are in the principal's scope, the likeliest first. `band` No:
/// any. Errors: InvalidArgument "page.limit" (1..200), "page.cursor".
Result<DuplicatePage> list_duplicates(Registry& registry, const Principal& principal, Band band,
                                      std::string_view cursor, int limit);

/// The open pairs of one person in scope.
Result<std::vector<DuplicatePair>> duplicates_of(Registry& registry, const Principal& principal,
                                                 std::int64_t person);

/// Remembers that the two of a pair are two different people. Errors: NotFound
/// "person.pair.absent", also when one of them is out of scope; FailedPrecondition
/// "person.pair.decided".
Done mark_distinct(Registry& registry, const Principal& principal, std::int64_t pair);
/// The same for two people of whom no pair was made. Errors: NotFound "record.absent".
Done mark_distinct(Registry& registry, const Principal& principal, std::int64_t one,
                   std::int64_t other);

/// What a pass over the whole register found.
struct RescanReport {
  std::int64_t people = 0;
  std::int64_t compared = 0;  ///< pairs of people
  std::int64_t open = 0;      ///< open pairs afterwards
  std::int64_t links = 0;     ///< those of them in Band::Link
};
/// Compares the whole register again: after an upgrade that changed the rule or the index key, and
/// by Registry::init where people were registered before there were pairs. Verdicts stay. Works in
/// chunks, so that others write between them, and goes on where one that was killed stopped.
Result<RescanReport> rescan(Registry& registry, const Principal& principal);

}  // namespace chucai
