#include "registry/coverage/lens.h"

#include <algorithm>

#include "registry/domain/engagement.h"
#include "registry/domain/rules/coverage.h"

namespace chucai::coverage {
namespace {

bool takes_a_seat(const std::string& status) {
  Engagement engagement;
  engagement.status = status;
  return fills_seat(engagement);
}

}  // namespace

Lens::Lens(const Cube& cube, const Tables& tables, std::string scope, Date as_of, Date today)
    : cube_(cube),
      tables_(tables),
      scope_(std::move(scope)),
      range_(subtree(scope_)),
      as_of_(as_of),
      past_(as_of && first_day(as_of) < first_day(today)),
      today_(today) {
  for (const fact::Program& program : *cube.programs) programs_.emplace(program.code, &program);
}

bool Lens::counts(Date on) const {
  return counts_by(on, as_of_);
}

Scan Lens::scan(const Table& table) const {
  Scan scan;
  scan.table = &table;
  scan.as_of = as_of_ ? day_number(as_of_) : INT32_MAX;
  scan.past = past_;
  scan.filters.push_back(
      filter(From::Fact, Column::Scope, [&](const std::string& code) { return sees(code); }));
  return scan;
}

Scan Lens::reached() const {
  Scan scan = this->scan(cube_.participations);
  scan.statuses = passing(Column::Status, counts_as_reached);
  scan.no_result = passing(
      Column::Reason, [&](const std::string& reason) { return leaves_no_result(codes(), reason); });
  scan.exited = cube_.code(Column::Status, "exited");
  return scan;
}

Scan Lens::seats() const {
  Scan scan = this->scan(cube_.engagements);
  scan.statuses = passing(Column::Status, takes_a_seat);
  return scan;
}

Scan Lens::asked() const {
  Scan scan = this->scan(cube_.needs);
  scan.statuses = passing(Column::Status, is_asked);
  return scan;
}

Scan Lens::people() const {
  Scan scan = this->scan(cube_.subjects);
  scan.statuses = passing(Column::Status, [](const std::string& s) { return s == "active"; });
  scan.filters.push_back(
      filter(From::Fact, Column::Type, [](const std::string& type) { return type == "person"; }));
  return scan;
}

void Lens::only_eligible(Scan& scan, std::string_view unit) const {
  const auto add = [&](Column column, const Test& test) {
    scan.filters.push_back(filter(From::Subject, column, test));
  };
  add(Column::Type, [](const std::string& type) { return type == "person"; });
  add(Column::Scope, [&](const std::string& code) { return sees(code); });
  add(Column::Status, [](const std::string& status) { return status == "active"; });
  if (unit == "expert") {
    add(Column::Role, [](const std::string& role) { return role == "expert"; });
  }
}

std::vector<std::uint8_t> Lens::passing(Column column, const Test& test) const {
  const Dictionary& words = cube_.words->of(column);
  std::vector<std::uint8_t> passes(words.size());
  for (Code code = 0; code < words.size(); ++code) passes[code] = test(words.text(code));
  return passes;
}

Filter Lens::filter(From from, Column column, const Test& test) const {
  return {from, column, passing(column, test)};
}

Axis Lens::axis(From from, Column column, Groups& groups, const Name& name) const {
  return axis_of_many(from, column, groups, [&](const std::string& text) {
    std::string group = name(text);
    return group.empty() ? std::vector<std::string>() : std::vector{std::move(group)};
  });
}

Axis Lens::axis_of_many(From from, Column column, Groups& groups, const Names& names) const {
  Axis axis;
  axis.from = from;
  axis.column = column;
  const Dictionary& words = cube_.words->of(column);
  for (Code code = 0; code < words.size(); ++code) {
    axis.next_code();
    for (const std::string& name : names(words.text(code))) axis.add(groups.add(name));
  }
  axis.finish();
  axis.size = std::max(1U, groups.size());
  return axis;
}

Axis Lens::years(Groups& groups) const {
  return axis_of_many(From::Fact, Column::Month, groups,
                      [](const std::string& month) { return std::vector{month.substr(0, 4)}; });
}

std::vector<std::string> Lens::up_the_tree(const std::string& code) const {
  std::vector<std::string> line;
  for (const fact::Program* at = program(code); at != nullptr; at = program(at->parent)) {
    if (std::find(line.begin(), line.end(), at->code) != line.end()) break;
    line.push_back(at->code);
  }
  return line;
}

std::vector<std::string> Lens::family_of(std::string_view code) const {
  std::vector<std::string> family;
  for (const fact::Program& program : *cube_.programs) {
    const auto line = up_the_tree(program.code);
    if (std::find(line.begin(), line.end(), code) != line.end()) family.push_back(program.code);
  }
  return family;
}

namespace {

// Null when there is none in scope.
template <class Row, class Key>
const Row* row_with_id(const Lens& lens, const std::vector<Row>& rows, std::int64_t id,
                       const Key& key) {
  const auto at = std::lower_bound(rows.begin(), rows.end(), id,
                                   [&](const Row& row, auto one) { return key(row).id < one; });
  const bool is_there = at != rows.end() && key(*at).id == id && lens.sees(key(*at).scope);
  return is_there ? &*at : nullptr;
}

}  // namespace

const fact::Organization* Lens::organization(std::int64_t id) const {
  return row_with_id(*this, *cube_.organizations, id,
                     [](const fact::Organization& row) { return row.key; });
}

const ProjectFact* Lens::project(std::int64_t id) const {
  return row_with_id(*this, *cube_.projects, id,
                     [](const ProjectFact& row) { return row.row.key; });
}

std::string_view Lens::industry_of(const fact::Party& party) const {
  if (party.type == "organization") {
    const fact::Organization* unit = organization(party.id);
    return unit == nullptr ? std::string_view() : std::string_view(unit->industry);
  }
  const ProjectFact* one = party.type == "project" ? project(party.id) : nullptr;
  return one == nullptr ? std::string_view() : std::string_view(one->row.industry);
}

std::string_view Lens::industry_of(const fact::Link& link) const {
  constexpr std::size_t kDigits = 2;
  for (const fact::Party* party : {&link.to, &link.from}) {
    if (party->type == "industry") return std::string_view(party->code).substr(0, kDigits);
  }
  for (const fact::Party* party : {&link.to, &link.from}) {
    const std::string_view industry = industry_of(*party);
    if (!industry.empty()) return industry.substr(0, kDigits);
  }
  return {};
}

std::string or_unknown(std::string_view name) {
  return std::string(name.empty() ? kUnknownRegion : name);
}

std::vector<std::int64_t> filled_seats(const Lens& lens) {
  const Cube& cube = lens.cube();
  std::vector<std::int64_t> seats(cube.need_owners);
  Scan scan = lens.seats();
  scan.any_day = true;
  Axis need;
  need.column = Column::Need;
  need.size = std::max(1U, cube.need_owners);
  for (std::uint32_t owner = 0; owner < cube.need_owners; ++owner) {
    need.next_code();
    need.add(owner);
  }
  need.finish();
  scan.axes.push_back(std::move(need));
  for (const CellCount& one : count(cube, scan)) seats[one.cell] = one.rows;
  for (const auto& chunk : cube.needs) {
    for (std::size_t row = 0; row < chunk->size(); ++row) {
      std::int64_t& filled = seats[chunk->owner[row]];
      filled = std::min(filled, chunk->amount[row]);
    }
  }
  return seats;
}

const fact::Program* Lens::program(std::string_view code) const {
  const auto found = programs_.find(code);
  return found == programs_.end() ? nullptr : found->second;
}

}  // namespace chucai::coverage
