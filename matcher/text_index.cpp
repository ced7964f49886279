#include "matcher/text_index.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "matcher/terms.h"

namespace chucai::matcher {
namespace {

// BM25 (Robertson and Zaragoza 2009) with a mild length norm: research fields are short lists.
constexpr double kSaturation = 1.2;
constexpr double kLengthNorm = 0.5;
/// A single Han character counts this much of a pair.
constexpr double kSingleWeight = 0.3;
/// A term that more than this share of the experts have says nothing.
constexpr double kStopShare = 0.5;
constexpr double kMostImpact = std::numeric_limits<std::uint16_t>::max();

}  // namespace

Postings Postings::within(std::uint32_t begin, std::uint32_t end) const {
  const auto first = std::lower_bound(number.begin(), number.end(), begin);
  const auto last = std::lower_bound(first, number.end(), end);
  const auto from = static_cast<std::size_t>(first - number.begin());
  const auto size = static_cast<std::size_t>(last - first);
  return {number.subspan(from, size), impact.subspan(from, size)};
}

PostingTable PostingTable::turned(std::uint32_t rows) const {
  PostingTable table;
  table.begin_.assign(rows + 1, 0);
  for (const std::uint32_t number : number_) ++table.begin_[number + 1];
  for (std::uint32_t row = 0; row < rows; ++row) table.begin_[row + 1] += table.begin_[row];
  table.number_.resize(number_.size());
  table.impact_.resize(impact_.size());
  std::vector<std::size_t> next(table.begin_.begin(), table.begin_.end() - 1);
  for (std::uint32_t old_row = 0; old_row + 1 < begin_.size(); ++old_row) {
    for (std::size_t at = begin_[old_row]; at < begin_[old_row + 1]; ++at) {
      const std::size_t to = next[number_[at]]++;
      table.number_[to] = old_row;
      table.impact_[to] = impact_[at];
    }
  }
  return table;
}

TextIndex::TextIndex(std::span<const Expert> experts, std::span<const WrittenWork> works) {
  std::vector<Document> wrote;
  for (const WrittenWork& work : works) wrote.push_back(read(work.title + "。" + work.summary));
  std::vector<Document> texts;
  std::unordered_map<std::int64_t, std::uint32_t> expert_of;
  for (std::uint32_t expert = 0; expert < experts.size(); ++expert) {
    expert_of.emplace(experts[expert].id.value, expert);
    texts.push_back(read(experts[expert].text));
  }
  for (std::size_t work = 0; work < works.size(); ++work) {
    for (const PersonId author : works[work].authors) {
      const auto found = expert_of.find(author.value);
      if (found == expert_of.end()) continue;
      texts[found->second] = merged(texts[found->second], wrote[work]);
    }
  }
  const std::vector<double> idf = weigh(texts);
  for (const double weight : idf) {
    idf_.push_back(static_cast<std::uint32_t>(std::lround(kImpact * weight)));
  }
  terms_of_ = impacts(texts, idf);
  experts_with_ = terms_of_.turned(terms());
  works_with_ = impacts(wrote, idf).turned(terms());
  for (std::uint32_t term = 0; term < terms(); ++term) {
    const auto impact = experts_with(term).impact;
    most_.push_back(impact.empty() ? 0 : *std::max_element(impact.begin(), impact.end()));
  }
}

std::optional<std::uint32_t> TextIndex::find(std::string_view term) const {
  const auto found = numbers_.find(term);
  if (found == numbers_.end()) return std::nullopt;
  return found->second;
}

TextIndex::Document TextIndex::read(std::string_view text) {
  std::vector<std::uint32_t> terms;
  for (std::string& term : terms_of(text)) {
    const auto next = static_cast<std::uint32_t>(numbers_.size());
    terms.push_back(numbers_.try_emplace(std::move(term), next).first->second);
  }
  std::sort(terms.begin(), terms.end());
  Document document;
  for (const std::uint32_t term : terms) {
    if (document.empty() || document.back().term != term) document.push_back({term, 0});
    ++document.back().count;
  }
  return document;
}

TextIndex::Document TextIndex::merged(const Document& a, const Document& b) {
  Document both;
  auto from_a = a.begin();
  for (const Frequency& frequency : b) {
    while (from_a != a.end() && from_a->term < frequency.term) both.push_back(*from_a++);
    const bool shared = from_a != a.end() && from_a->term == frequency.term;
    both.push_back({frequency.term, frequency.count + (shared ? (from_a++)->count : 0)});
  }
  both.insert(both.end(), from_a, a.end());
  return both;
}

std::vector<double> TextIndex::weigh(const std::vector<Document>& texts) {
  std::vector<std::uint32_t> with(numbers_.size(), 0);
  for (const Document& text : texts) {
    for (const Frequency& frequency : text) ++with[frequency.term];
  }
  const auto experts = static_cast<double>(texts.size());
  std::vector<double> idf(numbers_.size(), 0);
  for (const auto& [term, number] : numbers_) {
    const double have = with[number];
    if (have == 0 || (have > 3 && have > kStopShare * experts)) continue;
    idf[number] = std::log(1 + (experts - have + 0.5) / (have + 0.5)) *
                  (is_single(term) ? kSingleWeight : 1.0);
  }
  return idf;
}

PostingTable TextIndex::impacts(const std::vector<Document>& documents,
                                const std::vector<double>& idf) {
  const auto length_of = [](const Document& document) {
    double length = 0;
    for (const Frequency& frequency : document) length += frequency.count;
    return length;
  };
  double sum = 0;
  for (const Document& document : documents) sum += length_of(document);
  const double mean =
      std::max(1.0, sum / static_cast<double>(std::max<std::size_t>(1, documents.size())));
  PostingTable table;
  for (const Document& document : documents) {
    const double norm = kSaturation * (1 - kLengthNorm + kLengthNorm * length_of(document) / mean);
    for (const auto& [term, count] : document) {
      const double impact = kImpact * idf[term] * count * (kSaturation + 1) / (count + norm);
      const auto rounded = std::lround(std::min(impact, kMostImpact));
      if (rounded > 0) table.add(term, static_cast<std::uint16_t>(rounded));
    }
    table.end_row();
  }
  return table;
}

}  // namespace chucai::matcher
