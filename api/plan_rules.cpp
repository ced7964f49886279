#include "api/plan_rules.h"

#include <algorithm>
#include <charconv>
#include <map>

#include "registry/domain/csv_text.h"
#include "registry/domain/text.h"

namespace chucai {
namespace {

constexpr std::string_view kPoverty = "poverty_national_832";
constexpr std::size_t kColumns = 5;

/// One line of the file; cells that it does not have are empty.
struct Line {
  std::string_view rule;
  std::string_view what;
  std::string_view who;
  std::uint32_t at_least = 0;
  std::uint32_t at_most = matcher::kNoQuota;
};

/// False when the cell is no whole number. An empty one leaves `number` as it is.
bool read_number(std::string_view cell, std::uint32_t& number) {
  if (cell.empty()) return true;
  const auto [end, failed] = std::from_chars(cell.data(), cell.data() + cell.size(), number);
  return failed == std::errc{} && end == cell.data() + cell.size();
}

std::optional<Line> line_of(std::span<const std::string_view> cells) {
  std::array<std::string_view, kColumns> cell{};
  if (cells.size() > kColumns) return std::nullopt;
  std::copy(cells.begin(), cells.end(), cell.begin());
  Line line{cell[0], cell[1], cell[2]};
  if (line.what.empty()) return std::nullopt;
  if (!read_number(cell[3], line.at_least) || !read_number(cell[4], line.at_most)) {
    return std::nullopt;
  }
  return line;
}

/// Id of whoever has this number or opaque id.
std::optional<std::int64_t> face_id(const std::vector<MatchFace>& faces, std::string_view key) {
  const auto found = std::find_if(faces.begin(), faces.end(), [&](const MatchFace& face) {
    return (!face.number.empty() && face.number == key) || id_text(face.id) == key;
  });
  if (found == faces.end()) return std::nullopt;
  return found->id;
}

class Reader {
 public:
  Reader(const MatchSnapshot& snapshot, const RegionMap& regions, matcher::PlanRules& rules)
      : snapshot_(snapshot), regions_(regions), rules_(rules) {}

  /// False when the line makes no sense.
  bool add(const Line& line) {
    if (line.rule == "pin") return add_pair(line, rules_.pinned);
    if (line.rule == "forbid") return add_pair(line, rules_.forbidden);
    const std::string what(line.what);
    if (line.rule == "region") {
      return add_needs(line, [&](const MatchFace&, const matcher::NeedView& view) {
        return regions_.within(view.region, what);
      });
    }
    if (line.rule == "program") {
      return add_needs(line, [&](const MatchFace& face, const matcher::NeedView&) {
        return face.program == what;
      });
    }
    if (line.rule == "employer") {
      return add_experts(line, [name = fold(what)](const matcher::Expert& expert) {
        return expert.employer == name;
      });
    }
    if (line.rule != "home") return false;
    return add_experts(
        line, [&](const matcher::Expert& expert) { return regions_.within(expert.region, what); });
  }

 private:
  bool add_pair(const Line& line, std::vector<matcher::PlanPair>& pairs) {
    const auto need = face_id(snapshot_.needs, line.what);
    const auto person = face_id(snapshot_.experts, line.who);
    if (!need || !person) return false;
    pairs.push_back({NeedId{*need}, PersonId{*person}});
    return true;
  }

  static std::string name_of(const Line& line) {
    return std::string(line.rule) + " " + std::string(line.what);
  }

  template <class Belongs>
  bool add_needs(const Line& line, Belongs belongs) {
    matcher::NeedQuota quota{name_of(line), {}, line.at_least, line.at_most};
    for (std::size_t k = 0; k < snapshot_.needs.size(); ++k) {
      if (belongs(snapshot_.needs[k], snapshot_.views[k])) {
        quota.needs.push_back(snapshot_.views[k].id);
      }
    }
    rules_.need_quotas.push_back(std::move(quota));
    return true;
  }

  template <class Belongs>
  bool add_experts(const Line& line, Belongs belongs) {
    matcher::ExpertQuota quota{name_of(line), {}, line.at_least, line.at_most};
    for (const matcher::Expert& expert : snapshot_.ranker->experts()) {
      if (belongs(expert)) quota.experts.push_back(expert.id);
    }
    rules_.expert_quotas.push_back(std::move(quota));
    return true;
  }

  const MatchSnapshot& snapshot_;
  const RegionMap& regions_;
  matcher::PlanRules& rules_;
};

}  // namespace

Done read_plan_rules(const MatchSnapshot& snapshot, const RegionMap& regions, std::string_view text,
                     matcher::PlanRules& rules) {
  Reader reader(snapshot, regions, rules);
  CsvText csv(text);
  const auto refuse = [&] {
    return fail(ErrorCode::InvalidArgument, "plan.rules", {}, {std::to_string(csv.line())});
  };
  while (csv.next()) {
    const auto cells = csv.fields();
    if (cells.empty() || cells[0] == "rule" || (cells.size() == 1 && cells[0].empty())) continue;
    const auto line = line_of(cells);
    if (!line || !reader.add(*line)) return refuse();
  }
  if (csv.malformed()) return refuse();
  return {};
}

Done serve_alike(const MatchSnapshot& snapshot, const RegionMap& regions,
                 const std::vector<std::size_t>& open, std::string_view by,
                 matcher::PlanRules& rules) {
  if (by != "county" && by != "unit") return fail(ErrorCode::InvalidArgument, "plan.fair");
  std::map<std::string, matcher::ServedAlike> groups;
  for (const std::size_t at : open) {
    const matcher::NeedView& view = snapshot.views[at];
    const std::string place =
        by == "county" ? regions.county_of(view.region) : regions.unit_of(view.region);
    matcher::ServedAlike& group = groups[place];
    group.needs.push_back(view.id);
    group.name = place.empty() ? "unknown" : regions.full_name(place);
    group.tier = regions.has_flag(place, kPoverty) ? 0 : 1;
  }
  for (auto& [place, group] : groups) rules.served_alike.push_back(std::move(group));
  return {};
}

}  // namespace chucai
