// The region tree of the province and the rest of the country: what a place is called, where it
// lies, what it was called before, and how far two counties are apart.
// Codes: 6 digits to the county (GB/T 2260), 9 to the township, 12 to the village.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "registry/domain/code_book.h"

namespace chucai {

/// What a written place name came to.
struct RegionMatch {
  enum class Kind {
    Exact,      ///< today's full or short name, or a code in force
    Retired,    ///< a former name or code; `code` is today's successor
    Ambiguous,  ///< several places fit and the context does not decide; `code` empty
    Unknown,    ///< no such place; `code` empty
  };
  Kind kind = Kind::Unknown;
  std::string code;
};

class RegionMap {
 public:
  /// Views the region terms of `codes`, which must outlive this map.
  explicit RegionMap(const CodeBook& codes);

  /// Resolves a name or code as offices write it: 湖北省荆州市监利市, 监利, 荆州市监利县, 湖北武汉,
  /// 恩施州, 421023. `context`: region of the reporting office, which breaks ties; may be empty.
  /// A name shared by a prefecture and its county (荆州, 恩施) means the prefecture to every office
  /// but that county's own, to which it stays ambiguous. Places of the province go before others.
  /// Townships and villages count only below a county that the text or the context names. A text
  /// that is not wholly understood is Unknown. O(length).
  RegionMatch resolve(std::string_view text, std::string_view context) const;

  /// 湖北省荆州市监利市, 湖北省仙桃市, 湖北省武汉市; the code itself when unknown.
  std::string full_name(std::string_view code) const;
  /// The prefecture-level unit of a region in force or retired (420106 -> 420100; 429004 ->
  /// itself); empty for the province and for places outside it.
  std::string unit_of(std::string_view code) const;
  /// The county of a township or village code, a county itself; empty above county. The two
  /// statistical zones (flag "local") stand in for the county of their townships.
  std::string county_of(std::string_view code) const;
  /// True when `code` is `ancestor` or lies below it ("420000" holds all of the province, 420100
  /// holds 420106 and 420106002003; 420000 holds 429004).
  bool within(std::string_view code, std::string_view ancestor) const;
  /// The 17 prefecture-level units, and the 103 counties, of the province in code order.
  const std::vector<std::string>& units() const { return units_; }
  const std::vector<std::string>& counties() const { return counties_; }
  /// Steps between neighbouring counties on the county graph, 0 for the same one; -1 when either
  /// is not a county of the province. O(1).
  int hops(std::string_view county_a, std::string_view county_b) const;
  /// Centroid distance of two counties in km (great circle); -1 likewise.
  int km(std::string_view county_a, std::string_view county_b) const;
  /// True when the region's county carries the flag ("poverty_national_832", "dabie_old_rev_area").
  bool has_flag(std::string_view code, std::string_view flag) const;

 private:
  struct Pair {
    std::int16_t hops = -1;
    std::int16_t km = -1;
  };
  /// One way to write a place down to the county.
  struct Spelling {
    const Term* written;  ///< the term that is so called, perhaps a retired one
    const Term* today;    ///< the place in force that it stands for
    bool former;          ///< a retired term, or a name that its place no longer has
  };
  class Walk;

  void add_spellings(const Term& term);
  void add_spelling(std::string_view name, const Spelling& spelling);
  void read_distances();
  RegionMatch resolve_code(std::string_view code) const;
  const Term* region(std::string_view code) const { return codes_->find("region", code); }
  Pair distance(std::string_view county_a, std::string_view county_b) const;

  const CodeBook* codes_;
  std::vector<std::string> units_;
  std::vector<std::string> counties_;
  std::unordered_map<std::string_view, std::size_t> county_index_;  // keys view the terms
  std::vector<Pair> distance_;                                      // counties() x counties()
  std::unordered_multimap<std::string_view, Spelling> spellings_;   // keys view the terms
};

/// The half-open code range that holds `region` and everything below it, for a column compared as
/// text: {"4201", "4202"} for 420100, {"42", "43"} for 420000, {"429004", "429005"} for 429004.
/// Empty strings for an empty region (no bound).
struct CodeRange {
  std::string from;
  std::string below;
};
CodeRange subtree(std::string_view region);

}  // namespace chucai
