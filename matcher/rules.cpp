#include "matcher/rules.h"

#include <algorithm>

namespace chucai::matcher {

std::string_view rule_name(Rule rule) {
  static constexpr std::array<std::string_view, kRules> kNames = {
      "rule.status",   "rule.already", "rule.conflict", "rule.title", "rule.education",
      "rule.language", "rule.mode",    "rule.region",   "rule.load",  "rule.days"};
  return kNames[static_cast<std::size_t>(rule)];
}

std::uint32_t Rules::intern(Numbers& numbers, const std::string& text) {
  if (text.empty()) return 0;
  return numbers.try_emplace(text, static_cast<std::uint32_t>(numbers.size() + 1)).first->second;
}

std::uint32_t Rules::number_of(const Numbers& numbers, const std::string& text) {
  const auto found = numbers.find(text);
  return found == numbers.end() ? 0 : found->second;
}

Rules::Rules(std::span<const Expert> experts, const RegionMap& regions) : regions_(&regions) {
  profiles_.reserve(experts.size());
  for (const Expert& expert : experts) {
    Profile profile{};
    profile.id = expert.id;
    profile.active = expert.active;
    profile.title_grade = expert.title_grade;
    profile.education = expert.education;
    profile.modes = expert.modes;
    for (const std::string& language : expert.languages) {
      const std::uint32_t number = intern(languages_, language);
      if (number > 0 && number <= kLanguages) profile.languages.set(number - 1);
    }
    profile.employer = intern(employers_, expert.employer);
    profile.employer_uscc = intern(employers_, expert.employer_uscc);
    profile.services_left =
        expert.services_per_year - std::min(expert.services_per_year, expert.services_taken);
    if (expert.days_per_year) profile.days_left = *expert.days_per_year - expert.days_taken;
    profile.areas_begin = static_cast<std::uint32_t>(areas_.size());
    for (const std::string& region : expert.service_regions) {
      if (!region.empty()) areas_.push_back(intern(service_areas_, region) - 1);
    }
    profile.areas_end = static_cast<std::uint32_t>(areas_.size());
    profiles_.push_back(profile);
  }
}

Rules::Demand Rules::compile(const NeedView& need) const {
  Demand demand{};
  demand.title_floor = need.title_floor;
  demand.education_floor = need.education_floor;
  demand.modes = need.modes == mode::kUnknown ? mode::kAny : need.modes;
  demand.languages_known = true;
  for (const std::string& language : need.languages) {
    const std::uint32_t number = number_of(languages_, language);
    if (number > 0 && number <= kLanguages) demand.languages.set(number - 1);
    demand.languages_known &= number > 0 && number <= kLanguages;
  }
  demand.served_by.assign(service_areas_.size(), need.region.empty());
  for (const auto& [area, number] : service_areas_) {
    if (regions_->within(need.region, area)) demand.served_by[number - 1] = true;
  }
  demand.requester = number_of(employers_, need.requester);
  demand.requester_uscc = number_of(employers_, need.requester_uscc);
  demand.days = need.days.value_or(0);
  demand.closed_to = need.closed_to;
  std::sort(demand.closed_to.begin(), demand.closed_to.end());
  return demand;
}

std::optional<Rule> Rules::first_failing(const Demand& demand, std::uint32_t expert) const {
  const Profile& p = profiles_[expert];
  if (!p.active) return Rule::Status;
  if (std::binary_search(demand.closed_to.begin(), demand.closed_to.end(), p.id)) {
    return Rule::Already;
  }
  const bool same_name = demand.requester != 0 && demand.requester == p.employer;
  const bool same_unit = demand.requester_uscc != 0 && demand.requester_uscc == p.employer_uscc;
  if (same_name || same_unit) return Rule::Conflict;
  if (demand.title_floor != 0 && p.title_grade > demand.title_floor) return Rule::Title;
  if (p.education != Education::Unknown && p.education < demand.education_floor) {
    return Rule::Education;
  }
  const bool speaks = demand.languages_known && (demand.languages & ~p.languages).none();
  if (p.languages.any() && !speaks) return Rule::Language;
  if (p.modes != mode::kUnknown && (p.modes & demand.modes) == 0) return Rule::Mode;
  const auto begin = areas_.begin() + p.areas_begin;
  const auto end = areas_.begin() + p.areas_end;
  const auto serves = [&](std::uint32_t area) { return demand.served_by[area]; };
  const bool remotely = (p.modes & demand.modes & mode::kRemote) != 0;
  if (!remotely && begin != end && std::none_of(begin, end, serves)) return Rule::Region;
  if (p.services_left == 0) return Rule::Load;
  if (p.days_left && *p.days_left < demand.days) return Rule::Days;
  return std::nullopt;
}

std::uint32_t Rules::services_left(std::uint32_t expert) const {
  return profiles_[expert].services_left;
}

std::optional<std::int64_t> Rules::days_left(std::uint32_t expert) const {
  return profiles_[expert].days_left;
}

}  // namespace chucai::matcher
