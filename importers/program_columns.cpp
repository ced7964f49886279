#include "importers/program_columns.h"

#include <algorithm>
#include <array>
#include <utility>

#include "registry/domain/text.h"

namespace chucai::importers {
namespace {

constexpr std::array<std::pair<char, std::string_view>, 11> kBases = {{{'P', "persons"},
                                                                       {'R', "participations"},
                                                                       {'O', "organizations"},
                                                                       {'S', "rounds"},
                                                                       {'T', "targets"},
                                                                       {'F', "funds"},
                                                                       {'N', "needs"},
                                                                       {'A', "assessments"},
                                                                       {'D', "documents"},
                                                                       {'J', "projects"},
                                                                       {'L', "links"}}};

/// Parts between `mark` outside brackets, trimmed.
std::vector<std::string> split_outside_brackets(std::string_view text, char mark) {
  std::vector<std::string> parts(1);
  int depth = 0;
  for (const char c : text) {
    depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    if (c == mark && depth == 0) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  for (std::string& part : parts) part = tidy(part);
  std::erase_if(parts, [](const std::string& part) { return part.empty(); });
  return parts;
}

/// 类型(街区/园区): a header with choices.
ProgramColumn column_of(const std::string& text) {
  constexpr std::string_view kAndSoOn = "…";
  const std::size_t open = text.find('(');
  ProgramColumn column{tidy(text.substr(0, open))};
  if (open == std::string::npos || !text.ends_with(')')) return column;
  std::string_view inside = std::string_view(text).substr(open + 1, text.size() - open - 2);
  for (std::string choice : split_outside_brackets(inside, '/')) {
    if (choice.ends_with(kAndSoOn)) choice.resize(choice.size() - kAndSoOn.size());
    if (!choice.empty()) column.choices.push_back(std::move(choice));
  }
  return column;
}

const Kind* base_of(std::string_view part) {
  if (part.size() > 1 && part[1] != ' ' && part[1] != '(') return nullptr;
  for (const auto& [letter, name] : kBases) {
    if (part.front() == letter) return find_kind(name);
  }
  return nullptr;
}

void add_columns(std::string_view list, ColumnSet& set) {
  for (const std::string& text : split_outside_brackets(list, ',')) {
    set.added.push_back(column_of(text));
  }
}

}  // namespace

std::vector<ColumnSet> column_sets(std::string_view import_columns) {
  std::vector<ColumnSet> sets;
  for (const std::string& part : split_outside_brackets(import_columns, '+')) {
    const Kind* base = base_of(part);
    if (base == nullptr) {
      if (!sets.empty()) add_columns(part, sets.back());
      continue;
    }
    sets.push_back({base, {}});
    const bool remark = part.front() == 'L' || part.front() == 'N';
    const bool columns = part.size() > 2 && part[1] == '(' && part.ends_with(')') && !remark;
    if (columns) add_columns(std::string_view(part).substr(2, part.size() - 3), sets.back());
  }
  return sets;
}

}  // namespace chucai::importers
