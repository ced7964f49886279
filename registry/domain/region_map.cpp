#include "registry/domain/region_map.h"

#include <algorithm>
#include <charconv>
#include <span>
#include <utility>

#include "registry/domain/csv_text.h"
#include "registry/domain/text.h"

namespace chucai {
namespace {

constexpr std::string_view kProvince = "420000";
constexpr int kUnitLevel = 2;
constexpr int kCountyLevel = 3;
constexpr int kTownLevel = 4;
constexpr std::size_t kLongestName = 16;       // code points of a name down to the county
constexpr std::size_t kLongestSmallName = 24;  // and of a township or village
constexpr int kLongestChain = 4;               // successors of successors

/// A way to read a whole text: where it ends, and whether a former name or code was on the way.
struct Reading {
  const Term* place;
  bool former;
};

/// The digits by which everything below a region begins: "42", "4201", "420106", "420106002".
std::string_view prefix_of(std::string_view code) {
  if (code.size() != 6) return code;
  if (code.ends_with("0000")) return code.substr(0, 2);
  if (code.ends_with("00")) return code.substr(0, 4);
  return code;
}

bool below(std::string_view code, std::string_view ancestor) {
  return code != ancestor && code.starts_with(prefix_of(ancestor));
}

bool in_province(const Term& term) {
  return term.code.starts_with(prefix_of(kProvince));
}

bool all_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool drop_prefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

int number(std::string_view digits) {
  int value = -1;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

/// Today's place for a term: itself, or the end of its chain of successors; null when none is
/// known.
const Term* today(const CodeBook& codes, const Term* term) {
  for (int step = 0; term != nullptr && term->retired() && step < kLongestChain; ++step) {
    term = codes.find("region", term->successor);
  }
  return term != nullptr && term->retired() ? nullptr : term;
}

/// The readings that count: places of the province in force, else its former ones, else the rest;
/// each place once.
std::vector<Reading> best_of(const std::vector<Reading>& readings) {
  const auto rank = [](const Reading& r) { return in_province(*r.place) ? (r.former ? 1 : 0) : 2; };
  int best = 2;
  for (const Reading& reading : readings) best = std::min(best, rank(reading));
  std::vector<Reading> kept;
  for (const Reading& reading : readings) {
    const bool known = std::any_of(kept.begin(), kept.end(),
                                   [&](const Reading& k) { return k.place == reading.place; });
    if (rank(reading) == best && !known) kept.push_back(reading);
  }
  return kept;
}

RegionMatch match(const Reading& reading) {
  return {reading.former ? RegionMatch::Kind::Retired : RegionMatch::Kind::Exact,
          reading.place->code};
}

/// The one candidate that holds all others (荆州 the prefecture, 荆州 its district), or null.
const Reading* outermost(const std::vector<Reading>& candidates) {
  for (const Reading& outer : candidates) {
    const bool holds_all =
        std::all_of(candidates.begin(), candidates.end(), [&](const Reading& inner) {
          return &inner == &outer || below(inner.place->code, outer.place->code);
        });
    if (holds_all) return &outer;
  }
  return nullptr;
}

/// The only candidate inside `region`, or null.
const Reading* only_one_within(const std::vector<Reading>& candidates, std::string_view region) {
  const Reading* found = nullptr;
  for (const Reading& candidate : candidates) {
    if (candidate.place->code != region && !below(candidate.place->code, region)) continue;
    if (found != nullptr) return nullptr;
    found = &candidate;
  }
  return found;
}

RegionMatch decide(const std::vector<Reading>& candidates, std::string_view context) {
  if (candidates.empty()) return {};
  if (candidates.size() == 1) return match(candidates.front());
  const RegionMatch ambiguous{RegionMatch::Kind::Ambiguous, {}};
  if (context.empty()) return ambiguous;
  if (const Reading* outer = outermost(candidates)) {
    const bool inside = std::any_of(candidates.begin(), candidates.end(), [&](const Reading& c) {
      return &c != outer && context.starts_with(prefix_of(c.place->code));
    });
    return inside ? ambiguous : match(*outer);
  }
  for (const std::size_t digits : {12U, 9U, 6U, 4U}) {  // village, township, county, prefecture
    if (digits > context.size()) continue;
    std::string region(context.substr(0, digits));
    if (digits == 4) region += "00";
    if (const Reading* one = only_one_within(candidates, region)) return match(*one);
  }
  return ambiguous;
}

}  // namespace

/// Reads a text as a walk down the tree, each step one place name in any of its spellings, and
/// collects every walk that uses up the whole text. Levels may be left out above the county.
class RegionMap::Walk {
 public:
  /// Starts below `start`, null at the root.
  Walk(const RegionMap& map, const Term* start) : map_(map), start_(start) {}

  std::vector<Reading> readings(std::string_view text) && {
    go(text, {start_, false});
    return std::move(readings_);
  }

 private:
  void go(std::string_view rest, Reading at) {
    skip_links(rest, at.place);
    if (rest.empty()) {
      if (at.place != start_) readings_.push_back(at);
    } else if (at.place == nullptr || at.place->level < kCountyLevel) {
      step_to_county(rest, at);
    } else {
      step_below_county(rest, at);
    }
  }

  void step_to_county(std::string_view rest, Reading at) {
    std::size_t length = 0;
    for (std::size_t points = 1; points <= kLongestName && length < rest.size(); ++points) {
      next_code_point(rest, length);
      // 房 and 随 stand for 房县 and 随县 behind 十堰 and 随州 only.
      if (points == 1 && (at.place == nullptr || at.place->level < kUnitLevel)) continue;
      const auto [first, last] = map_.spellings_.equal_range(rest.substr(0, length));
      for (auto entry = first; entry != last; ++entry) {
        const Spelling& spelling = entry->second;
        if (at.place != nullptr && !below(spelling.written->code, at.place->code)) continue;
        go(rest.substr(length), {spelling.today, at.former || spelling.former});
      }
    }
  }

  void step_below_county(std::string_view rest, Reading at) {
    std::size_t length = 0;
    for (std::size_t points = 1; points <= kLongestSmallName && length < rest.size(); ++points) {
      next_code_point(rest, length);
      step_to_small_place(rest.substr(0, length), rest.substr(length), at);
    }
    // A village is written without its committee: 胡家村 for 胡家村委会.
    if (code_points(rest) < 2) return;
    for (const std::string_view committee :
         {"委会", "民委员会", "村委会", "村民委员会", "居委会", "居民委员会"}) {
      step_to_small_place(std::string(rest).append(committee), {}, at);
    }
  }

  // A township must lie right below its county; a village below its township or county.
  void step_to_small_place(std::string_view name, std::string_view rest, Reading at) {
    for (const Term* term : map_.codes_->named("region", name)) {
      const bool follows = term->level == kTownLevel
                               ? term->parent == at.place->code
                               : term->level > kTownLevel && below(term->code, at.place->code);
      if (follows && term->code != name) go(rest, {term, at.former});
    }
  }

  // What may stand between two names, and what a street office adds to its own.
  static void skip_links(std::string_view& rest, const Term* place) {
    if (place == nullptr) return;
    if (place->level == kTownLevel) drop_prefix(rest, "办事处");
    for (const std::string_view link : {"-", "/", ">", "·", ",", "、", "—"}) {
      if (drop_prefix(rest, link)) return;
    }
  }

  const RegionMap& map_;
  const Term* start_;
  std::vector<Reading> readings_;
};

RegionMap::RegionMap(const CodeBook& codes) : codes_(&codes) {
  for (const Term* term : codes.terms("region")) {
    if (term->level > kCountyLevel) continue;
    add_spellings(*term);
    if (!in_province(*term) || term->retired()) continue;
    const bool direct = term->level == kCountyLevel && term->parent == kProvince;
    if (term->level == kUnitLevel || direct) units_.push_back(term->code);
    if (term->level == kCountyLevel && !term->has("local")) counties_.push_back(term->code);
  }
  std::sort(units_.begin(), units_.end());
  std::sort(counties_.begin(), counties_.end());
  for (std::size_t i = 0; i < counties_.size(); ++i) {
    county_index_.emplace(region(counties_[i])->code, i);
  }
  read_distances();
}

void RegionMap::add_spellings(const Term& term) {
  const Term* now = today(*codes_, &term);
  if (now == nullptr) return;
  add_spelling(term.name, {&term, now, term.retired()});
  for (const std::string& alias : term.aliases) {
    add_spelling(alias, {&term, now, term.retired() || term.has("former:" + alias)});
  }
}

// The name and, where it ends in 省, 市, 区 or 县, the name without.
void RegionMap::add_spelling(std::string_view name, const Spelling& spelling) {
  spellings_.emplace(name, spelling);
  for (const std::string_view suffix : {"省", "市", "区", "县"}) {
    if (name.size() <= suffix.size() || !name.ends_with(suffix)) continue;
    spellings_.emplace(name.substr(0, name.size() - suffix.size()), spelling);
  }
}

void RegionMap::read_distances() {
  const std::size_t size = counties_.size();
  distance_.resize(size * size);
  for (std::size_t i = 0; i < size; ++i) distance_[i * size + i] = {0, 0};
  const EmbeddedFile* file = find_file(embedded_codes(), "hubei_county_distance.csv");
  if (file == nullptr) return;
  CsvTable table(*file);
  const std::size_t code_a = table.column("code_a");
  const std::size_t code_b = table.column("code_b");
  const std::size_t km_column = table.column("km");
  const std::size_t hops_column = table.column("hops");
  while (table.next()) {
    const auto a = county_index_.find(table.at(code_a));
    const auto b = county_index_.find(table.at(code_b));
    if (a == county_index_.end() || b == county_index_.end()) continue;
    const Pair pair{static_cast<std::int16_t>(number(table.at(hops_column))),
                    static_cast<std::int16_t>(number(table.at(km_column)))};
    distance_[a->second * size + b->second] = pair;
    distance_[b->second * size + a->second] = pair;
  }
}

RegionMatch RegionMap::resolve_code(std::string_view code) const {
  while (code.size() > 6 && code.ends_with("000")) code.remove_suffix(3);
  const Term* term = region(code);
  if (term == nullptr && code.size() > 6) {
    term = region(code.substr(0, 6));  // what lay in a retired county lies in its successor
    if (term != nullptr && !term->retired()) term = nullptr;
  }
  const Term* now = today(*codes_, term);
  if (now == nullptr) return {};
  return match({now, now != term});
}

RegionMatch RegionMap::resolve(std::string_view text, std::string_view context) const {
  const std::string folded = fold(text);
  if (folded.empty()) return {};
  if (all_digits(folded)) {
    const bool sized = folded.size() == 6 || folded.size() == 9 || folded.size() == 12;
    return sized ? resolve_code(folded) : RegionMatch{};
  }
  std::string_view name = folded;
  drop_prefix(name, "中国");
  const auto read = [&](std::string_view rest, const Term* from) {
    return best_of(Walk(*this, from).readings(rest));
  };
  std::vector<Reading> candidates = read(name, nullptr);
  if (candidates.empty() && drop_prefix(name, "市")) {
    candidates = read(name, nullptr);  // 荆州市监利市 from which somebody cut 荆州
  }
  if (candidates.empty() && !name.empty()) {
    const Term* county = region(county_of(context));
    if (county != nullptr) candidates = read(name, county);  // a township of the office's county
  }
  return decide(candidates, context);
}

std::string RegionMap::full_name(std::string_view code) const {
  const std::vector<const Term*> chain = codes_->chain("region", code);
  if (chain.empty()) return std::string(code);
  std::string name;
  for (auto term = chain.rbegin(); term != chain.rend(); ++term) name += (*term)->name;
  return name;
}

std::string RegionMap::unit_of(std::string_view code) const {
  if (code.size() < 6) return {};
  const std::string prefecture = std::string(code.substr(0, 4)) + "00";
  for (const std::string_view unit : {std::string_view(prefecture), code.substr(0, 6)}) {
    if (std::binary_search(units_.begin(), units_.end(), unit)) return std::string(unit);
  }
  return {};
}

std::string RegionMap::county_of(std::string_view code) const {
  if (code.size() < 6) return {};
  const Term* term = region(code.substr(0, 6));
  return term != nullptr && term->level == kCountyLevel ? term->code : std::string{};
}

bool RegionMap::within(std::string_view code, std::string_view ancestor) const {
  return !ancestor.empty() && code.starts_with(prefix_of(ancestor));
}

RegionMap::Pair RegionMap::distance(std::string_view county_a, std::string_view county_b) const {
  const auto a = county_index_.find(county_a);
  const auto b = county_index_.find(county_b);
  if (a == county_index_.end() || b == county_index_.end()) return {};
  return distance_[a->second * counties_.size() + b->second];
}

int RegionMap::hops(std::string_view county_a, std::string_view county_b) const {
  return distance(county_a, county_b).hops;
}

int RegionMap::km(std::string_view county_a, std::string_view county_b) const {
  return distance(county_a, county_b).km;
}

bool RegionMap::has_flag(std::string_view code, std::string_view flag) const {
  const Term* county = region(county_of(code));
  return county != nullptr && county->has(flag);
}

CodeRange subtree(std::string_view region) {
  if (region.empty()) return {};
  const std::string from(prefix_of(region));
  std::string below_it = from;
  std::size_t digit = below_it.size();
  while (digit > 0 && below_it[digit - 1] == '9') below_it[--digit] = '0';
  if (digit > 0) ++below_it[digit - 1];
  return {from, below_it};
}

}  // namespace chucai
