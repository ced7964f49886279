#include "registry/domain/search_text.h"

#include <algorithm>
#include <span>

#include "registry/domain/text.h"

namespace chucai {
namespace {

constexpr std::size_t kLongestText = 4000;  // code points
constexpr std::size_t kLongestQuery = 100;
constexpr std::size_t kLongestWord = 60;  // bytes; InnoDB drops words above 84
constexpr std::size_t kMostWords = 24;    // of a query; what it finds is compared again

// A field that a type does not have is a mistake here; a test looks for it.
constexpr std::string_view kPerson[] = {"name",     "expert_no", "employer",      "discipline_text",
                                        "research", "major",     "industry_text", "title",
                                        "post"};
constexpr std::string_view kOrganization[] = {"name", "parent"};
constexpr std::string_view kProgram[] = {"name_zh", "name_en", "seed_item"};
constexpr std::string_view kNeed[] = {"number",          "requester",     "name",
                                      "discipline_text", "industry_text", "description"};
constexpr std::string_view kProject[] = {"number",          "name",          "host",   "lead_name",
                                         "discipline_text", "industry_text", "summary"};

std::span<const std::string_view> searched_fields(std::string_view type) {
  if (type == "person") return kPerson;
  if (type == "organization") return kOrganization;
  if (type == "program") return kProgram;
  if (type == "need") return kNeed;
  if (type == "project") return kProject;
  return {};
}

bool is_latin(char32_t c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

// Letters of other scripts count as Han characters do; 々〆〇 are three of them.
bool is_letter(char32_t c) {
  if (c < 0xC0 || c == 0xD7 || c == 0xF7) return false;
  if (c >= 0x2000 && c <= 0x2BFF) return false;  // punctuation, arrows, shapes
  if (c >= 0x3000 && c <= 0x303F) return c >= 0x3005 && c <= 0x3007;
  if (c == 0x30FB || (c >= 0xFE00 && c <= 0xFE6F) || c >= 0xE0000) return false;
  return c < 0xFF00 || c > 0xFFEF || (c >= 0xFF66 && c <= 0xFFDC);
}

/// Calls `visit` with each run of Latin characters, or of others, in a text in search form.
template <class Visit>
void for_each_run(std::string_view text, const Visit& visit) {
  const auto latin_at = [&](std::size_t at) {
    return is_latin(static_cast<unsigned char>(text[at]));
  };
  std::size_t begin = 0;
  while (begin < text.size()) {
    if (text[begin] == ' ') {
      ++begin;
      continue;
    }
    std::size_t end = begin + 1;
    while (end < text.size() && text[end] != ' ' && latin_at(end) == latin_at(begin)) ++end;
    visit(text.substr(begin, end - begin), latin_at(begin));
    begin = end;
  }
}

void append_hex(std::string& word, char32_t c) {
  constexpr std::string_view kHex = "0123456789abcdef";
  for (int shift = 16; shift >= 0; shift -= 4) word += kHex[c >> shift & 0xF];
}

std::string single_word(char32_t c) {
  std::string word = "u";
  append_hex(word, c);
  return word;
}

std::string pair_word(char32_t first, char32_t second) {
  std::string word = "b";
  append_hex(word, first);
  append_hex(word, second);
  return word;
}

std::string latin_word(std::string_view run) {
  return "ww" + std::string(run.substr(0, kLongestWord));
}

std::vector<char32_t> decoded(std::string_view run) {
  std::vector<char32_t> characters;
  for (std::size_t at = 0; at < run.size();) characters.push_back(next_code_point(run, at));
  return characters;
}

template <class Word>
void sort_unique(std::vector<Word>& words) {
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
}

bool holds(std::string_view searched, std::string_view term) {
  const bool from_start = is_latin(static_cast<unsigned char>(term.front()));
  for (std::size_t at = searched.find(term); at != std::string_view::npos;
       at = searched.find(term, at + 1)) {
    const bool starts = at == 0 || !is_latin(static_cast<unsigned char>(searched[at - 1]));
    if (!from_start || starts) return true;
  }
  return false;
}

}  // namespace

std::string search_form(std::string_view text) {
  std::string form;
  const std::string spaced = normalise_space(text);
  for (std::size_t at = 0; at < spaced.size();) {
    char32_t c = next_code_point(spaced, at);
    if (c >= 'A' && c <= 'Z') c += 'a' - 'A';
    if (is_latin(c) || is_letter(c)) {
      append_code_point(form, c);
    } else if (!form.empty() && form.back() != ' ') {
      form += ' ';
    }
  }
  if (!form.empty() && form.back() == ' ') form.pop_back();
  return form;
}

std::string searched_text(const RecordType& type, const Record& record) {
  std::string text;
  for (const std::string_view name : searched_fields(type.name)) {
    const std::string value = to_text(type.field(name)->get(record));
    if (value.empty()) continue;
    if (!text.empty()) text += '\n';
    text += value;
  }
  std::string form = search_form(text);
  std::size_t end = 0;
  for (std::size_t n = 0; n < kLongestText && end < form.size(); ++n) next_code_point(form, end);
  form.resize(end);
  return form;
}

// Numbers sort as the hexadecimal words do that they become, and sort faster.
std::vector<std::string> search_words(std::string_view search_form) {
  std::vector<std::uint64_t> pairs;
  std::vector<char32_t> singles;
  std::vector<std::string> latins;
  for_each_run(search_form, [&](std::string_view run, bool latin) {
    if (latin) {
      latins.push_back(latin_word(run));
      return;
    }
    char32_t before = 0;
    for (std::size_t at = 0; at < run.size();) {
      const char32_t c = next_code_point(run, at);
      singles.push_back(c);
      if (before != 0) pairs.push_back(std::uint64_t{before} << 32 | c);
      before = c;
    }
  });
  sort_unique(pairs);
  sort_unique(singles);
  sort_unique(latins);
  std::vector<std::string> words;  // b, u, w
  words.reserve(pairs.size() + singles.size() + latins.size());
  for (const std::uint64_t pair : pairs) {
    words.push_back(pair_word(static_cast<char32_t>(pair >> 32), static_cast<char32_t>(pair)));
  }
  for (const char32_t single : singles) words.push_back(single_word(single));
  words.insert(words.end(), latins.begin(), latins.end());
  return words;
}

Result<SearchQuery> SearchQuery::parse(std::string_view text) {
  const std::string form = is_utf8(text) ? search_form(text) : std::string();
  if (form.empty() || code_points(form) > kLongestQuery) {
    return fail(ErrorCode::InvalidArgument, "search.text", "q", {std::to_string(kLongestQuery)});
  }
  SearchQuery query;
  for (std::string_view rest = form; !rest.empty();) {
    const std::size_t end = rest.find(' ');
    query.terms_.emplace_back(rest.substr(0, end));
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
  for_each_run(form, [&](std::string_view run, bool latin) {
    if (latin) {
      query.words_.push_back(latin_word(run) + "*");
      return;
    }
    const auto characters = decoded(run);
    if (characters.size() == 1) query.words_.push_back(single_word(characters.front()));
    for (std::size_t i = 1; i < characters.size(); ++i) {
      query.words_.push_back(pair_word(characters[i - 1], characters[i]));
    }
  });
  sort_unique(query.words_);
  if (query.words_.size() > kMostWords) query.words_.resize(kMostWords);
  return query;
}

bool SearchQuery::fits(std::string_view searched) const {
  return std::all_of(terms_.begin(), terms_.end(),
                     [&](const std::string& term) { return holds(searched, term); });
}

}  // namespace chucai
