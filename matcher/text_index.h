// The words of experts and works: postings from a term to those who have it, and for each expert
// the way back to the terms, both as packed columns with whole-number BM25 impacts. They are the
// term edges of the talent graph; being most of its edges and read for every ranking, they are kept
// apart from it, half as large. Experts are numbered as given, so that experts who are neighbours
// in the pool are neighbours in every posting.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "matcher/pool.h"

namespace chucai::matcher {

/// Those who have a term, or the terms that somebody has, in order; `impact[k]` belongs to
/// `number[k]`.
struct Postings {
  std::span<const std::uint32_t> number;
  std::span<const std::uint16_t> impact;

  std::size_t size() const { return number.size(); }
  /// The part with numbers from `begin` up to below `end`. O(log size).
  Postings within(std::uint32_t begin, std::uint32_t end) const;
};

/// Postings of many rows, one after the other.
class PostingTable {
 public:
  Postings row(std::uint32_t row) const {
    const std::size_t size = begin_[row + 1] - begin_[row];
    return {std::span(number_).subspan(begin_[row], size),
            std::span(impact_).subspan(begin_[row], size)};
  }
  void add(std::uint32_t number, std::uint16_t impact) {
    number_.push_back(number);
    impact_.push_back(impact);
  }
  void end_row() { begin_.push_back(number_.size()); }
  /// Rows become numbers and numbers rows, of which there are `rows`.
  PostingTable turned(std::uint32_t rows) const;

 private:
  std::vector<std::size_t> begin_{0};
  std::vector<std::uint32_t> number_;
  std::vector<std::uint16_t> impact_;
};

class TextIndex {
 public:
  /// One BM25 point is this many units of impact.
  static constexpr std::uint32_t kImpact = 1024;

  /// Reads the texts of `experts` and `works`; a work counts for those of its authors that are
  /// experts. O(text).
  TextIndex(std::span<const Expert> experts, std::span<const WrittenWork> works);

  std::uint32_t terms() const { return static_cast<std::uint32_t>(idf_.size()); }
  /// The number of a term; nullopt when no text has it.
  std::optional<std::uint32_t> find(std::string_view term) const;
  /// What a term is worth to a text of mean length that has it once, in units of kImpact; 0 for one
  /// that too many have.
  std::uint32_t idf(std::uint32_t term) const { return idf_[term]; }
  /// The most impact of a term on any expert.
  std::uint32_t most(std::uint32_t term) const { return most_[term]; }
  Postings experts_with(std::uint32_t term) const { return experts_with_.row(term); }
  Postings works_with(std::uint32_t term) const { return works_with_.row(term); }
  Postings terms_of_expert(std::uint32_t expert) const { return terms_of_.row(expert); }

 private:
  /// How often a text has a term.
  struct Frequency {
    std::uint32_t term;
    std::uint32_t count;
  };
  using Document = std::vector<Frequency>;
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };

  Document read(std::string_view text);
  static Document merged(const Document& a, const Document& b);
  std::vector<double> weigh(const std::vector<Document>& texts);
  static PostingTable impacts(const std::vector<Document>& documents,
                              const std::vector<double>& idf);

  std::unordered_map<std::string, std::uint32_t, Hash, std::equal_to<>> numbers_;
  std::vector<std::uint32_t> idf_;
  std::vector<std::uint32_t> most_;
  PostingTable terms_of_;  // of each expert
  PostingTable experts_with_;
  PostingTable works_with_;
};

}  // namespace chucai::matcher
