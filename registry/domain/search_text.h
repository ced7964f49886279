// How Chinese is searched: text becomes ASCII words, one for each character and each pair of
// neighbours, which SQLite's FTS5 and InnoDB's FULLTEXT index alike with their default settings;
// neither can cut a run of Han characters itself. Words may find too much (they say nothing of
// order), so what they find is compared with the text again: `SearchQuery::fits` decides.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "registry/domain/record.h"
#include "registry/domain/result.h"

namespace chucai {

/// What a record is searched by: its names, units and specialties in search form; empty for types
/// that are not searched. At most 4,000 characters.
std::string searched_text(const RecordType& type, const Record& record);

/// Width and case folded, everything but letters, digits and Han characters a blank, single blanks:
/// "湖北·C++（５Ｇ网络）" is "湖北 c 5g网络".
std::string search_form(std::string_view text);

/// The index words of a text in search form, sorted, each once: "湖北 5g" gives u06e56, u05317,
/// b06e5605317 and ww5g. Words are at least three characters long and hold nothing but lower-case
/// letters and digits, for InnoDB leaves out shorter ones.
std::vector<std::string> search_words(std::string_view search_form);

/// A question: every term must stand in the text; a Latin word or number is found from its start
/// ("lst" finds LSTM, "stm" does not).
class SearchQuery {
 public:
  /// Errors: InvalidArgument "search.text" when nothing is left to search for, or for more than 100
  /// characters.
  static Result<SearchQuery> parse(std::string_view text);

  /// True when a text in search form holds every term.
  bool fits(std::string_view searched) const;
  /// Index words that every such text has; those that end in * are beginnings of words.
  const std::vector<std::string>& words() const { return words_; }

 private:
  std::vector<std::string> terms_;
  std::vector<std::string> words_;
};

}  // namespace chucai
