// Text as terms for ranking: Han characters singly and in pairs, Latin words and numbers whole.
// Chinese needs no dictionary that way: 茶叶加工 shares 茶叶 and 加工 with 茶叶精深加工.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace chucai::matcher {

/// The terms of `text` (valid UTF-8) in order, with repetitions: for 茶叶AI: 茶, 茶叶, 叶, ai.
/// Pairs do not reach across anything that is not Han. Latin words lose the ending of a plural.
std::vector<std::string> terms_of(std::string_view text);

/// The same as a question: a single character only where it stands alone (茶), since a pair says
/// more than its two halves.
std::vector<std::string> query_terms_of(std::string_view text);

/// True for a single Han character, which says less than a pair or a word.
bool is_single(std::string_view term);

/// The longest stretches of `text` all of whose pairs and words satisfy `known`, in order, each
/// once: what two texts share, in words that people read.
std::vector<std::string> shared_phrases(std::string_view text,
                                        const std::vector<std::string>& known_sorted);

}  // namespace chucai::matcher
