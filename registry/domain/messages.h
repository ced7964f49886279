// Words for people, in Chinese and English, by reason: problem texts, statuses of an import,
// reasons of a match. They stand once, in registry/codes/messages.csv.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include "registry/domain/embedded.h"
#include "registry/domain/result.h"

namespace chucai {

enum class Language { Chinese, English };

class Messages {
 public:
  /// Reads messages.csv (columns reason,zh,en; {0} {1} ... stand for parameters).
  /// Errors: Internal naming the line of a malformed row.
  static Result<Messages> load(std::span<const EmbeddedFile> codes);

  /// The sentence for a reason with its parameters filled in; the reason itself when unknown.
  std::string text(const Problem& problem, Language language) const;
  bool knows(std::string_view reason) const;

 private:
  struct Row {
    std::string zh;
    std::string en;
  };
  std::unordered_map<std::string, Row> rows_;
};

}  // namespace chucai
