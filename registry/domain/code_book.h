// The code tables (词表): industries, disciplines, titles, enumerations, languages, countries, our
// own closed sets (statuses, kinds) and regions as plain terms. Built once from the embedded CSV
// files of registry/codes plus the office's own terms, then read-only and shared by every thread.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "registry/domain/pinyin.h"
#include "registry/domain/result.h"

namespace chucai {

/// One entry of a code table.
struct Term {
  std::string scheme;  ///< "industry", "discipline", "sex", "person_status" ...
  std::string code;    ///< unique within the scheme
  std::string name;    ///< official Chinese name
  std::string label;  ///< how offices write it when that differs (性别 男 for 男性); else empty
  std::string name_en;
  std::string parent;  ///< code of the parent in the same scheme; empty at the top
  std::vector<std::string> aliases;
  std::vector<std::string> flags;  ///< "poverty_national_832", "non_common", "grade:副高级" ...
  std::string valid_from;          ///< ISO date or empty
  std::string valid_to;            ///< ISO date or empty; a retired term has it
  std::string successor;           ///< code that took its place
  int level = 0;                   ///< depth in its tree, 1 at the top

  /// What exports and screens show in Chinese: the label where there is one, else the name.
  const std::string& shown() const { return label.empty() ? name : label; }
  /// True when the term carries the flag.
  bool has(std::string_view flag) const;
  /// True when the term is no longer in force: it has an end, a successor or the flag "retired".
  bool retired() const;
};

class CodeBook {
 public:
  /// Adds `terms` (later ones replace earlier ones with the same scheme and code).
  /// Errors: InvalidArgument naming scheme and code for an empty code or name.
  Done add(std::vector<Term> terms);

  /// The term, or null. O(1).
  const Term* find(std::string_view scheme, std::string_view code) const;
  /// Terms whose code, name, label, English name or alias equals `text` after folding (full-width
  /// to half-width, spaces dropped, ASCII case); the exact code first, current terms before retired
  /// ones. O(matches).
  std::vector<const Term*> named(std::string_view scheme, std::string_view text) const;
  /// All terms of a scheme in the order in which they were added; empty for an unknown scheme.
  std::span<const Term* const> terms(std::string_view scheme) const;
  /// True when some file or office defines the scheme.
  bool has_scheme(std::string_view scheme) const;
  /// `code` and its ancestors, nearest first; empty when unknown.
  std::vector<const Term*> chain(std::string_view scheme, std::string_view code) const;
  /// The Chinese name to show, or `code` itself when unknown.
  std::string_view shown(std::string_view scheme, std::string_view code) const;

  /// How names sound; knows no character unless the book was shipped.
  const Pinyin& pinyin() const { return pinyin_; }
  void set_pinyin(Pinyin pinyin) { pinyin_ = std::move(pinyin); }

 private:
  struct Scheme {
    std::vector<const Term*> order;
    // Keys view the terms or folded_; values are places in `order`.
    std::unordered_map<std::string_view, std::size_t> by_code;
    std::unordered_multimap<std::string_view, std::size_t> by_name;
  };

  void make_room(const std::vector<Term>& terms);
  void insert(const Term& term);
  void remember_name(Scheme& scheme, std::size_t place, std::string_view name);
  static void forget_name(Scheme& scheme, std::size_t place, std::string_view name);
  const Scheme* scheme(std::string_view name) const;

  std::deque<std::vector<Term>> owned_;  // batches as added; terms never move
  std::deque<std::string> folded_;       // names that do not fold to themselves
  std::map<std::string, Scheme, std::less<>> schemes_;
  Pinyin pinyin_;
};

/// Every code table shipped in registry/codes, parsed. Cost: about 37,000 rows; do it once.
/// Errors: Internal naming file and line when an embedded file is malformed (a build error).
Result<CodeBook> shipped_codes();

}  // namespace chucai
