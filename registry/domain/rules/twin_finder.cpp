#include "registry/domain/rules/twin_finder.h"

#include <algorithm>
#include <functional>
#include <string_view>

namespace chucai {
namespace {

// Two keys with one hash only cost a comparison more.
std::uint64_t hash_of(const MeetingKey& key) {
  return std::hash<std::string_view>{}(key.text) * 31 + static_cast<std::uint64_t>(key.kind);
}

}  // namespace

std::vector<TwinFinder::Twin> TwinFinder::twins_of(const Portrait& portrait) {
  std::vector<std::uint32_t> places;
  for (const MeetingKey& key : meeting_keys(portrait)) {
    const auto met = by_key_.find(hash_of(key));
    if (met == by_key_.end() || met->second.size() > kCrowd) continue;
    places.insert(places.end(), met->second.begin(), met->second.end());
  }
  std::sort(places.begin(), places.end());
  places.erase(std::unique(places.begin(), places.end()), places.end());
  std::vector<Twin> twins;
  for (const std::uint32_t place : places) {
    ++compared_;
    Likeness found = likeness(people_[place], portrait);
    if (found.band != Band::No) twins.push_back({place, std::move(found)});
  }
  std::stable_sort(twins.begin(), twins.end(),
                   [](const Twin& a, const Twin& b) { return likelier(a.likeness, b.likeness); });
  return twins;
}

void TwinFinder::add(Portrait portrait) {
  const auto place = static_cast<std::uint32_t>(people_.size());
  for (const MeetingKey& key : meeting_keys(portrait)) {
    by_key_[hash_of(key)].push_back(place);
  }
  people_.push_back(std::move(portrait));
}

}  // namespace chucai
