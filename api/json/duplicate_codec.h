// Likely twins to JSON: the pair, its evidence in words, the two people.
#pragma once

#include <span>
#include <string>

#include "api/json/record_codec.h"
#include "registry/domain/messages.h"
#include "registry/service/merge_people.h"
#include "registry/service/one_person.h"

namespace chucai {

/// How and for whom pairs are written.
struct DuplicateView {
  const Messages& messages;
  Language language;
  Viewer viewer;  ///< of both: they lie in the asker's scope
};

/// {"id", "score", "band", "reasons": [{"code", "points", "text"}], "people": [one, other]}; the
/// points add up to the score.
void write_pair(JsonWriter& json, const DuplicatePair& pair, const DuplicateView& view);

/// {"items": [pair ...], "next_cursor": text or null}
std::string duplicates_json(const DuplicatePage& page, const DuplicateView& view);

/// What a newly entered person draws: [{"pair", "person", "name", "score", "band", "reasons"}], the
/// twins of `person`.
void write_likely_twins(JsonWriter& json, std::span<const DuplicatePair> pairs, std::int64_t person,
                        const DuplicateView& view);

/// {"merge", "survivor", "changed": [field], "moved": {type: count}, "duplicates": {type: count}}
std::string merge_json(const MergeReport& report);
/// {"survivor", "other", "moved": {type: count}, "kept": [{"type", "id", "field"}]}
std::string unmerge_json(const UnmergeReport& report);

}  // namespace chucai
