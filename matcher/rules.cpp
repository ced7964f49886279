#include "matcher/rules.h"

#include <algorithm>

namespace chucai::matcher {

std::string_view rule_name(Rule rule) {
  static constexpr std::array<std::string_view, kRules> kNames = {
      "rule.exit",      "rule.status",   "rule.already",   "rule.never",    "rule.conflict",
      "rule.there",     "rule.rotation", "rule.programme", "rule.language", "rule.title",
      "rule.education", "rule.mode",     "rule.region",    "rule.post",     "rule.load",
      "rule.days",      "rule.window"};
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
    if (expert.active) profile.flags |= kActive;
    if (expert.exited) profile.flags |= kExited;
    profile.title_grade = expert.title_grade;
    profile.education = expert.education;
    profile.modes = expert.modes;
    for (const std::string& language : expert.languages) {
      const std::uint32_t number = intern(languages_, language);
      if (number > 0 && number <= kLanguages) profile.languages.set(number - 1);
    }
    profile.employer = intern(units_, expert.employer);
    profile.employer_uscc = intern(units_, expert.employer_uscc);
    profile.services_left =
        expert.services_per_year - std::min(expert.services_per_year, expert.services_taken);
    if (expert.days_per_year) profile.days_left = *expert.days_per_year - expert.days_taken;
    profile.areas_begin = static_cast<std::uint32_t>(areas_.size());
    for (const std::string& region : expert.service_regions) {
      if (!region.empty()) areas_.push_back(intern(service_areas_, region) - 1);
    }
    profile.areas_end = static_cast<std::uint32_t>(areas_.size());
    profile.hosts_begin = static_cast<std::uint32_t>(hosts_.size());
    add_hosts(expert);
    profile.hosts_end = static_cast<std::uint32_t>(hosts_.size());
    if (profile.hosts_begin != profile.hosts_end) profile.flags |= kHasHosts;
    profiles_.push_back(profile);
  }
}

void Rules::add_hosts(const Expert& expert) {
  for (const PastService& past : expert.past) {
    const bool unhappy =
        past.outcome == Outcome::Dissatisfied || past.outcome == Outcome::Terminated;
    if (!unhappy && !past.long_post) continue;
    hosts_.push_back({intern(units_, past.requester), unhappy, false, past.long_post, 0, 0});
  }
  for (const Standing& standing : expert.standing) {
    hosts_.push_back({intern(units_, standing.requester), false, true, standing.long_post,
                      standing.first_day, standing.last_day});
  }
}

std::span<const Rules::Host> Rules::hosts(const Profile& profile) const {
  return std::span(hosts_).subspan(profile.hosts_begin, profile.hosts_end - profile.hosts_begin);
}

Rules::Demand Rules::compile(const NeedView& need) const {
  Demand demand{};
  demand.need = &need;
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
  demand.requester = number_of(units_, need.requester);
  demand.requester_uscc = number_of(units_, need.requester_uscc);
  demand.days = need.days.value_or(0);
  demand.days_needed =
      (need.firm & firm::kDays) != 0 ? demand.days : std::min<std::int64_t>(demand.days, 1);
  demand.closed_to = need.closed_to;
  std::sort(demand.closed_to.begin(), demand.closed_to.end());
  return demand;
}

std::optional<Rule> Rules::first_failing(const Demand& demand, std::uint32_t expert) const {
  const Profile& p = profiles_[expert];
  if ((p.flags & kExited) != 0) return Rule::Exit;
  if ((p.flags & kActive) == 0) return Rule::Status;
  if (std::binary_search(demand.closed_to.begin(), demand.closed_to.end(), p.id)) {
    return Rule::Already;
  }
  if ((p.flags & kHasHosts) != 0 && demand.requester != 0) {
    if (const auto rule = failing_with_host(demand, p)) return rule;
  }
  const bool same_name = demand.requester != 0 && demand.requester == p.employer;
  const bool same_unit = demand.requester_uscc != 0 && demand.requester_uscc == p.employer_uscc;
  if (same_name || same_unit) return Rule::Conflict;
  if (p.education != Education::Unknown && p.education < demand.need->programme_floor) {
    return Rule::Programme;
  }
  if (p.languages.any() && !speaks(demand, expert)) return Rule::Language;
  if (demand.need->firm != 0) {
    if (const auto rule = failing_wish(demand, expert)) return rule;
  }
  return failing_time(demand, p);
}

std::optional<Rule> Rules::failing_with_host(const Demand& demand, const Profile& profile) const {
  std::optional<Rule> failing;
  for (const Host& host : hosts(profile)) {
    if (host.requester != demand.requester) continue;
    if (host.unhappy) return Rule::Never;
    if (host.in_force) failing = Rule::There;
    const bool again = host.long_post && demand.need->setting == Setting::Long;
    if (again && !failing) failing = Rule::Rotation;
  }
  return failing;
}

std::optional<Rule> Rules::failing_wish(const Demand& demand, std::uint32_t expert) const {
  const Profile& p = profiles_[expert];
  const NeedView& need = *demand.need;
  const auto insists = [&](std::uint8_t bit) { return (need.firm & bit) != 0; };
  if (insists(firm::kTitle) && need.title_floor != 0 && p.title_grade > need.title_floor) {
    return Rule::Title;
  }
  const bool lower = p.education != Education::Unknown && p.education < need.education_floor;
  if (insists(firm::kEducation) && lower) return Rule::Education;
  if (insists(firm::kMode) && p.modes != mode::kUnknown && (p.modes & demand.modes) == 0) {
    return Rule::Mode;
  }
  const bool remotely = (p.modes & demand.modes & mode::kRemote) != 0;
  if (insists(firm::kRegion) && !remotely && !is_willing(demand, expert).value_or(true)) {
    return Rule::Region;
  }
  return std::nullopt;
}

std::optional<Rule> Rules::failing_time(const Demand& demand, const Profile& profile) const {
  const NeedView& need = *demand.need;
  const bool has_window = need.last_day != 0;
  std::int64_t taken = 0;
  for (const Host& host : hosts(profile)) {
    if (!host.in_force) continue;
    const std::int64_t begin = std::max(host.first_day, need.first_day);
    const std::int64_t end = std::min(host.last_day, need.last_day);
    const std::int64_t overlap = std::max<std::int64_t>(0, end - begin + 1);
    if (host.long_post && (need.setting == Setting::Long || (has_window && overlap > 0))) {
      return Rule::Post;
    }
    taken += overlap;
  }
  if (profile.services_left == 0) return Rule::Load;
  if (profile.days_left && *profile.days_left < demand.days_needed) return Rule::Days;
  const std::int64_t window = need.last_day - need.first_day + 1;
  if (has_window && taken > 0 && window - taken < demand.days_needed) return Rule::Window;
  return std::nullopt;
}

std::optional<bool> Rules::is_willing(const Demand& demand, std::uint32_t expert) const {
  const Profile& p = profiles_[expert];
  if (p.areas_begin == p.areas_end) return std::nullopt;
  return std::any_of(areas_.begin() + p.areas_begin, areas_.begin() + p.areas_end,
                     [&](std::uint32_t area) { return demand.served_by[area]; });
}

bool Rules::speaks(const Demand& demand, std::uint32_t expert) const {
  return demand.languages_known && (demand.languages & ~profiles_[expert].languages).none();
}

std::uint32_t Rules::services_left(std::uint32_t expert) const {
  return profiles_[expert].services_left;
}

std::optional<std::int64_t> Rules::days_left(std::uint32_t expert) const {
  return profiles_[expert].days_left;
}

}  // namespace chucai::matcher
