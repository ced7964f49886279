#include "registry/domain/rules/twin_finder.h"

#include <algorithm>
#include <cstring>
#include <functional>
#include <string_view>

namespace chucai {
namespace {

constexpr std::string Portrait::*kTexts[] = {
    &Portrait::name,   &Portrait::sound, &Portrait::sex,      &Portrait::identity,
    &Portrait::mobile, &Portrait::email, &Portrait::employer, &Portrait::employer_uscc,
    &Portrait::school, &Portrait::region};

// Two keys with one hash only cost a comparison more.
std::uint64_t hash_of(const MeetingKey& key) {
  return std::hash<std::string_view>{}(key.text) * 31 + static_cast<std::uint64_t>(key.kind);
}

void pack(const Portrait& portrait, std::string& out) {
  out.append(reinterpret_cast<const char*>(&portrait.birth), sizeof portrait.birth);
  for (const auto text : kTexts) {
    const auto size = static_cast<std::uint32_t>((portrait.*text).size());
    out.append(reinterpret_cast<const char*>(&size), sizeof size);
    out += portrait.*text;
  }
}

Portrait unpack(const char* at) {
  Portrait portrait;
  std::memcpy(&portrait.birth, at, sizeof portrait.birth);
  at += sizeof portrait.birth;
  for (const auto text : kTexts) {
    std::uint32_t size = 0;
    std::memcpy(&size, at, sizeof size);
    at += sizeof size;
    (portrait.*text).assign(at, size);
    at += size;
  }
  return portrait;
}

}  // namespace

TwinFinder::Newcomer::Newcomer(Portrait person) : portrait(std::move(person)) {
  for (const MeetingKey& key : meeting_keys(portrait)) keys.push_back(hash_of(key));
}

std::vector<TwinFinder::Twin> TwinFinder::twins_of(const Newcomer& newcomer) {
  std::vector<std::uint32_t> places;
  for (const std::uint64_t key : newcomer.keys) {
    const auto met = last_.find(key);
    const std::size_t start = places.size();
    std::uint32_t at = met == last_.end() ? kNone : met->second;
    for (; at != kNone && places.size() - start <= kCrowd; at = entries_[at].before) {
      places.push_back(entries_[at].place);
    }
    if (places.size() - start > kCrowd) places.resize(start);
  }
  std::sort(places.begin(), places.end());
  places.erase(std::unique(places.begin(), places.end()), places.end());
  std::vector<Twin> twins;
  for (const std::uint32_t place : places) {
    ++compared_;
    Likeness found = likeness(unpack(packed_.data() + starts_[place]), newcomer.portrait);
    if (found.band != Band::No) twins.push_back({place, std::move(found)});
  }
  std::stable_sort(twins.begin(), twins.end(),
                   [](const Twin& a, const Twin& b) { return likelier(a.likeness, b.likeness); });
  return twins;
}

void TwinFinder::add(const Newcomer& newcomer) {
  const auto place = static_cast<std::uint32_t>(starts_.size());
  for (const std::uint64_t key : newcomer.keys) {
    const auto entry = static_cast<std::uint32_t>(entries_.size());
    const auto [last, is_first] = last_.emplace(key, entry);
    entries_.push_back({place, is_first ? kNone : last->second});
    last->second = entry;
  }
  starts_.push_back(packed_.size());
  pack(newcomer.portrait, packed_);
}

}  // namespace chucai
