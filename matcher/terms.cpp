#include "matcher/terms.h"

#include <algorithm>

#include "registry/domain/text.h"

namespace chucai::matcher {
namespace {

bool is_word(char32_t c) {
  return (c >= U'0' && c <= U'9') || (c >= U'a' && c <= U'z') || (c >= 0xC0 && c < 0x250) ||
         (c >= 0x370 && c < 0x530);
}

bool known(const std::vector<std::string>& sorted, const std::string& term) {
  return std::binary_search(sorted.begin(), sorted.end(), term);
}

/// networks -> network, studies -> study; class, analysis and bus stay.
std::string singular(std::string word) {
  const auto ends = [&](std::string_view tail) {
    return word.size() > tail.size() + 2 && std::string_view(word).ends_with(tail);
  };
  if (ends("ies")) {
    word.replace(word.size() - 3, 3, "y");
  } else if (ends("s") && !ends("ss") && !ends("us") && !ends("is")) {
    word.pop_back();
  }
  return word;
}

/// Calls `han(previous, current)`, `word(text)` and `gap()` along the text.
template <class Handler>
void scan(std::string_view text, Handler& handler) {
  // Width and case as in fold(), but blanks still part words.
  std::string lowered = normalise_space(text);
  for (char& c : lowered) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  std::string previous;  // the Han character just before, or empty
  std::string word;
  for (std::size_t at = 0; at < lowered.size();) {
    const char32_t c = next_code_point(lowered, at);
    if (is_word(c)) {
      append_code_point(word, c);
      previous.clear();
      continue;
    }
    if (!word.empty()) handler.word(singular(std::move(word)));
    word.clear();
    if (!is_han(c)) {
      previous.clear();
      handler.gap();
      continue;
    }
    std::string han;
    append_code_point(han, c);
    handler.han(previous, han);
    previous = std::move(han);
  }
  if (!word.empty()) handler.word(singular(std::move(word)));
}

struct Collect {
  std::vector<std::string> terms;

  void han(const std::string& previous, const std::string& current) {
    if (!previous.empty()) terms.push_back(previous + current);
    terms.push_back(current);
  }
  void word(const std::string& word) { terms.push_back(word); }
  void gap() {}
};

/// Characters that stand alone are known one step late.
struct CollectQuery {
  std::vector<std::string> terms;
  std::string alone{};

  void han(const std::string& previous, const std::string& current) {
    if (previous.empty()) {
      flush();
      alone = current;
      return;
    }
    alone.clear();
    terms.push_back(previous + current);
  }
  void word(const std::string& word) {
    flush();
    terms.push_back(word);
  }
  void gap() { flush(); }
  void flush() {
    if (!alone.empty()) terms.push_back(std::move(alone));
    alone.clear();
  }
};

struct Share {
  const std::vector<std::string>& sorted;
  std::vector<std::string> phrases{};
  std::string run{};

  void han(const std::string& previous, const std::string& current) {
    if (previous.empty() || !known(sorted, previous + current)) {
      flush();
      return;
    }
    if (run.empty()) run = previous;
    run += current;
  }
  void word(const std::string& word) {
    flush();
    if (known(sorted, word)) add(word);
  }
  void gap() { flush(); }
  void flush() {
    if (!run.empty()) add(run);
    run.clear();
  }
  void add(const std::string& phrase) {
    if (std::find(phrases.begin(), phrases.end(), phrase) == phrases.end()) {
      phrases.push_back(phrase);
    }
  }
};

}  // namespace

std::vector<std::string> terms_of(std::string_view text) {
  Collect collect;
  scan(text, collect);
  return std::move(collect.terms);
}

std::vector<std::string> query_terms_of(std::string_view text) {
  CollectQuery collect{};
  scan(text, collect);
  collect.flush();
  return std::move(collect.terms);
}

bool is_single(std::string_view term) {
  std::size_t at = 0;
  return is_han(next_code_point(term, at)) && at == term.size();
}

std::vector<std::string> shared_phrases(std::string_view text,
                                        const std::vector<std::string>& known_sorted) {
  Share share{known_sorted};
  scan(text, share);
  share.flush();
  return std::move(share.phrases);
}

}  // namespace chucai::matcher
