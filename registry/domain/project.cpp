#include "registry/domain/project.h"

#include <algorithm>

#include "registry/domain/text.h"

namespace chucai {
namespace {

constexpr std::string_view kSeparator = " | ";
constexpr std::size_t kParts = 4;

std::vector<std::string> parts_of(std::string_view text) {
  std::vector<std::string> parts;
  for (bool more = true; more;) {
    const std::size_t bar = text.find('|');
    more = bar != std::string_view::npos;
    parts.push_back(tidy(text.substr(0, bar)));
    if (more) text.remove_prefix(bar + 1);
  }
  return parts;
}

// What the newer says wins; what it leaves open stays.
Milestone updated(Milestone milestone, const Milestone& newer) {
  if (newer.due) milestone.due = newer.due;
  if (!newer.status.empty() && newer.status != milestone.status) {
    milestone.status = newer.status;
    milestone.closed_on = newer.closed_on;
  }
  if (newer.closed_on) milestone.closed_on = newer.closed_on;
  return milestone;
}

// The place of the milestone of that name, or the end.
std::vector<std::string>::const_iterator find_named(const std::vector<std::string>& list,
                                                    const std::string& name) {
  return std::find_if(list.begin(), list.end(), [&](const std::string& line) {
    const auto milestone = parse_milestone(line);
    return milestone && milestone->name == name;
  });
}

bool is_done_in(const std::vector<std::string>& list, const std::string& name) {
  const auto found = find_named(list, name);
  return found != list.end() && parse_milestone(*found)->status == "done";
}

}  // namespace

std::string to_text(const Milestone& milestone) {
  std::vector<std::string> parts = {milestone.name, to_text(milestone.due), milestone.status,
                                    to_text(milestone.closed_on)};
  while (parts.size() > 1 && parts.back().empty()) parts.pop_back();
  return join(parts, kSeparator);
}

std::optional<Milestone> parse_milestone(std::string_view text) {
  std::vector<std::string> parts = parts_of(text);
  if (parts.size() > kParts || parts.front().empty()) return std::nullopt;
  parts.resize(kParts);
  const auto date = [](const std::string& part) {
    return part.empty() ? std::optional(Date{}) : parse_date(part);
  };
  const auto due = date(parts[1]);
  const auto closed_on = date(parts[3]);
  if (!due || !closed_on) return std::nullopt;
  return Milestone{parts[0], *due, parts[2], *closed_on};
}

void close_milestones(std::vector<std::string>& list, const std::vector<std::string>& before,
                      Date today) {
  for (std::string& line : list) {
    auto milestone = parse_milestone(line);
    const bool open = milestone && milestone->status == "done" && !milestone->closed_on;
    if (!open || is_done_in(before, milestone->name)) continue;
    milestone->closed_on = today;
    line = to_text(*milestone);
  }
}

void add_milestones(std::vector<std::string>& list, const std::vector<std::string>& more) {
  for (const std::string& line : more) {
    const auto newer = parse_milestone(line);
    const auto same = newer ? find_named(list, newer->name) : list.cend();
    if (same == list.cend()) {
      list.push_back(line);
    } else {
      std::string& known = list[static_cast<std::size_t>(same - list.cbegin())];
      known = to_text(updated(*parse_milestone(known), *newer));
    }
  }
}

}  // namespace chucai
