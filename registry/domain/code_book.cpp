#include "registry/domain/code_book.h"

#include <algorithm>
#include <charconv>
#include <tuple>
#include <utility>

#include "registry/domain/csv_text.h"
#include "registry/domain/text.h"

namespace chucai {
namespace {

constexpr std::size_t kDeepestTree = 8;  // regions have five levels; an office's terms may loop

constexpr std::size_t kMany = 1000;  // a batch for which room is made at once

/// Which shipped file fills which scheme; an empty scheme is told by the file's own column.
struct TermFile {
  std::string_view name;
  std::string_view scheme;
};
constexpr TermFile kTermFiles[] = {
    {"regions.csv", "region"},
    {"hubei_towns.csv", "region"},
    {"hubei_villages.csv", "region"},
    {"regions_retired.csv", "region"},
    {"industries.csv", "industry"},
    {"disciplines.csv", "discipline"},
    {"titles.csv", "title"},
    {"disciplines_moe.csv", "discipline_moe"},
    {"title_names.csv", "title_name"},
    {"countries.csv", "country"},
    {"languages.csv", "language"},
    {"enums.csv", ""},
    {"closed_sets.csv", ""},
    {"match_weights.csv", "match_weight"},
    {"discipline_industry.csv", "discipline_industry"},
};

/// What the side files (aliases, county flags) say of one term.
struct Extra {
  std::vector<std::string> aliases;
  std::vector<std::string> flags;
  bool used = false;
};
using Extras = std::map<std::string, std::unordered_map<std::string, Extra>, std::less<>>;

std::vector<std::string> split_bars(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('|'), text.size());
    if (end > 0) parts.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

int level_of(std::string_view text) {
  int level = 1;
  std::from_chars(text.data(), text.data() + text.size(), level);
  return level;
}

/// Calls `use` with everything by which a term is found beside its code as it stands.
template <class Use>
void for_each_name(const Term& term, Use use) {
  if (!surely_folded(term.code)) use(std::string_view(term.code));
  use(std::string_view(term.name));
  if (!term.label.empty()) use(std::string_view(term.label));
  if (!term.name_en.empty()) use(std::string_view(term.name_en));
  for (const std::string& alias : term.aliases) use(std::string_view(alias));
}

Result<CsvTable> open_table(std::string_view name) {
  const EmbeddedFile* file = find_file(embedded_codes(), name);
  if (file == nullptr) {
    return fail(ErrorCode::Internal, "codes.malformed", {}, {std::string(name), "0"});
  }
  return Result<CsvTable>(tl::in_place, *file);
}

Done read_aliases(Extras& extras) {
  auto table = open_table("aliases.csv");
  if (!table) return tl::make_unexpected(table.error());
  const std::size_t scheme = table->column("scheme");
  const std::size_t code = table->column("code");
  const std::size_t alias = table->column("alias");
  while (table->next()) {
    extras[std::string(table->at(scheme))][std::string(table->at(code))].aliases.emplace_back(
        table->at(alias));
  }
  return table->finish();
}

// Each column after code and name is a flag: "1" sets it, another value goes behind a colon.
Done read_county_flags(Extras& extras) {
  auto table = open_table("hubei_county_flags.csv");
  if (!table) return tl::make_unexpected(table.error());
  while (table->next()) {
    Extra& extra = extras["region"][std::string(table->at(0))];
    for (std::size_t i = 2; i < table->header().size(); ++i) {
      const std::string_view value = table->at(i);
      if (value.empty() || value == "0") continue;
      std::string flag = table->header()[i];
      if (value != "1") flag.append(":").append(value);
      extra.flags.push_back(std::move(flag));
    }
  }
  return table->finish();
}

void take(std::vector<std::string>& into, const std::vector<std::string>& from) {
  into.insert(into.end(), from.begin(), from.end());
}

Done read_terms(const TermFile& file, Extras& extras, std::vector<Term>& terms) {
  auto table = open_table(file.name);
  if (!table) return tl::make_unexpected(table.error());
  const std::size_t scheme = table->column("scheme");
  const std::size_t code = table->column("code");
  const std::size_t name = table->column("name_zh");
  const std::size_t name_en = table->column("name_en");
  const std::size_t label = table->column("label");
  const std::size_t parent = table->column("parent");
  const std::size_t level = table->column("level");
  const std::size_t aliases = table->column("aliases");
  const std::size_t flags = table->column("flags");
  const std::size_t valid_to = table->column("valid_to");
  const std::size_t successor = table->column("successor");
  terms.reserve(table->rows_at_most());
  while (table->next()) {
    Term& term = terms.emplace_back();
    term.scheme = file.scheme.empty() ? table->at(scheme) : file.scheme;
    term.code = table->at(code);
    term.name = table->at(name);
    term.name_en = table->at(name_en);
    term.label = table->at(label);
    term.parent = table->at(parent);
    term.level = level_of(table->at(level));
    term.aliases = split_bars(table->at(aliases));
    term.flags = split_bars(table->at(flags));
    term.valid_to = table->at(valid_to);
    term.successor = table->at(successor);
    if (term.scheme.empty() || term.code.empty() || term.name.empty()) return table->malformed();
    const auto of_scheme = extras.find(term.scheme);
    if (of_scheme == extras.end()) continue;
    const auto extra = of_scheme->second.find(term.code);
    if (extra == of_scheme->second.end()) continue;
    take(term.aliases, extra->second.aliases);
    take(term.flags, extra->second.flags);
    extra->second.used = true;
  }
  return table->finish();
}

/// Internal when an alias or flag names a term that no table has.
Done all_used(const Extras& extras) {
  for (const auto& [scheme, by_code] : extras) {
    for (const auto& [code, extra] : by_code) {
      if (extra.used) continue;
      return fail(ErrorCode::Internal, "codes.unknown_term", {}, {scheme, code});
    }
  }
  return {};
}

}  // namespace

bool Term::has(std::string_view flag) const {
  return std::find(flags.begin(), flags.end(), flag) != flags.end();
}

bool Term::retired() const {
  return !valid_to.empty() || !successor.empty() || has("retired");
}

const CodeBook::Scheme* CodeBook::scheme(std::string_view name) const {
  const auto found = schemes_.find(name);
  return found == schemes_.end() ? nullptr : &found->second;
}

void CodeBook::remember_name(Scheme& scheme, std::size_t place, std::string_view name) {
  if (!surely_folded(name)) name = folded_.emplace_back(fold(name));
  scheme.by_name.emplace(name, place);
}

void CodeBook::forget_name(Scheme& scheme, std::size_t place, std::string_view name) {
  auto [entry, last] = scheme.by_name.equal_range(fold(name));
  while (entry != last) entry = entry->second == place ? scheme.by_name.erase(entry) : ++entry;
}

void CodeBook::insert(const Term& term) {
  Scheme& scheme = schemes_[term.scheme];
  const auto known = scheme.by_code.find(term.code);
  std::size_t place = scheme.order.size();
  if (known == scheme.by_code.end()) {
    scheme.order.push_back(&term);
  } else {
    place = known->second;
    for_each_name(*scheme.order[place],
                  [&](std::string_view name) { forget_name(scheme, place, name); });
    scheme.by_code.erase(known);
    scheme.order[place] = &term;
  }
  scheme.by_code.emplace(term.code, place);
  for_each_name(term, [&](std::string_view name) { remember_name(scheme, place, name); });
}

void CodeBook::make_room(const std::vector<Term>& terms) {
  Scheme& scheme = schemes_[terms.front().scheme];
  scheme.order.reserve(scheme.order.size() + terms.size());
  scheme.by_code.reserve(scheme.by_code.size() + terms.size());
  scheme.by_name.reserve(scheme.by_name.size() + terms.size());
}

Done CodeBook::add(std::vector<Term> terms) {
  for (const Term& term : terms) {
    if (!term.scheme.empty() && !term.code.empty() && !term.name.empty()) continue;
    return fail(ErrorCode::InvalidArgument, "codes.incomplete_term", {}, {term.scheme, term.code});
  }
  const std::vector<Term>& kept = owned_.emplace_back(std::move(terms));
  if (kept.size() > kMany) make_room(kept);
  for (const Term& term : kept) insert(term);
  return {};
}

const Term* CodeBook::find(std::string_view scheme_name, std::string_view code) const {
  const Scheme* in = scheme(scheme_name);
  if (in == nullptr) return nullptr;
  const auto found = in->by_code.find(code);
  return found == in->by_code.end() ? nullptr : in->order[found->second];
}

std::vector<const Term*> CodeBook::named(std::string_view scheme_name,
                                         std::string_view text) const {
  const Scheme* in = scheme(scheme_name);
  if (in == nullptr) return {};
  const std::string folded = fold(text);
  std::vector<std::size_t> places;
  const auto [first, last] = in->by_name.equal_range(folded);
  for (auto entry = first; entry != last; ++entry) places.push_back(entry->second);
  if (const auto code = in->by_code.find(folded); code != in->by_code.end()) {
    places.push_back(code->second);
  }
  const auto rank = [&](std::size_t place) {
    const Term& term = *in->order[place];
    return std::tuple(fold(term.code) != folded, term.retired(), place);
  };
  if (places.size() > 1) {
    std::sort(places.begin(), places.end(),
              [&](std::size_t a, std::size_t b) { return rank(a) < rank(b); });
    places.erase(std::unique(places.begin(), places.end()), places.end());
  }
  std::vector<const Term*> terms;
  terms.reserve(places.size());
  for (const std::size_t place : places) terms.push_back(in->order[place]);
  return terms;
}

std::span<const Term* const> CodeBook::terms(std::string_view scheme_name) const {
  const Scheme* in = scheme(scheme_name);
  if (in == nullptr) return {};
  return in->order;
}

bool CodeBook::has_scheme(std::string_view scheme_name) const {
  return scheme(scheme_name) != nullptr;
}

std::vector<const Term*> CodeBook::chain(std::string_view scheme_name,
                                         std::string_view code) const {
  std::vector<const Term*> chain;
  const Term* term = find(scheme_name, code);
  while (term != nullptr && chain.size() < kDeepestTree) {
    chain.push_back(term);
    term = term->parent.empty() ? nullptr : find(scheme_name, term->parent);
  }
  return chain;
}

std::string_view CodeBook::shown(std::string_view scheme_name, std::string_view code) const {
  const Term* term = find(scheme_name, code);
  return term == nullptr ? code : std::string_view(term->shown());
}

Result<CodeBook> shipped_codes() {
  Extras extras;
  if (const Done done = read_aliases(extras); !done) return tl::make_unexpected(done.error());
  if (const Done done = read_county_flags(extras); !done) return tl::make_unexpected(done.error());
  CodeBook book;
  for (const TermFile& file : kTermFiles) {
    std::vector<Term> terms;
    if (const Done done = read_terms(file, extras, terms); !done) {
      return tl::make_unexpected(done.error());
    }
    if (const Done done = book.add(std::move(terms)); !done) {
      return tl::make_unexpected(done.error());
    }
  }
  if (const Done done = all_used(extras); !done) return tl::make_unexpected(done.error());
  auto pinyin = Pinyin::load(embedded_codes());
  if (!pinyin) return tl::make_unexpected(pinyin.error());
  book.set_pinyin(std::move(*pinyin));
  return book;
}

}  // namespace chucai
