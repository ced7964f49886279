// Texts as small numbers: every column of the cube holds codes of a dictionary.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>

namespace chucai::coverage {

using Code = std::uint32_t;

/// Grows only; the empty text is code 0. Not for two threads: a cube has a copy that stays.
class Dictionary {
 public:
  Dictionary() { add({}); }
  Dictionary(const Dictionary& other) {
    for (const std::string& text : other.texts_) add(text);
  }
  Dictionary& operator=(const Dictionary&) = delete;

  /// The code of `text`, a new one when it is new.
  Code add(std::string_view text) {
    if (const auto known = codes_.find(text); known != codes_.end()) return known->second;
    const auto code = static_cast<Code>(texts_.size());
    codes_.emplace(texts_.emplace_back(text), code);
    return code;
  }
  /// The code of `text`, or size() when it has none.
  Code find(std::string_view text) const {
    const auto known = codes_.find(text);
    return known == codes_.end() ? size() : known->second;
  }
  const std::string& text(Code code) const { return texts_[code]; }
  Code size() const { return static_cast<Code>(texts_.size()); }

 private:
  std::deque<std::string> texts_;  // never move
  std::unordered_map<std::string_view, Code> codes_;
};

}  // namespace chucai::coverage
