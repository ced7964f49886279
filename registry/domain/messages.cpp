#include "registry/domain/messages.h"

#include <charconv>

#include "registry/domain/csv_text.h"

namespace chucai {
namespace {

/// `pattern` with {0}, {1} ... replaced; a placeholder without a parameter stays as it is.
std::string fill(std::string_view pattern, const std::vector<std::string>& params) {
  std::string text;
  while (!pattern.empty()) {
    const std::size_t open = pattern.find('{');
    const std::size_t close = pattern.find('}', open);
    if (open == std::string_view::npos || close == std::string_view::npos) break;
    const std::string_view digits = pattern.substr(open + 1, close - open - 1);
    std::size_t place = params.size();
    std::from_chars(digits.data(), digits.data() + digits.size(), place);
    text += pattern.substr(0, open);
    text += place < params.size() ? std::string_view(params[place])
                                  : pattern.substr(open, close + 1 - open);
    pattern.remove_prefix(close + 1);
  }
  return text.append(pattern);
}

}  // namespace

Result<Messages> Messages::load(std::span<const EmbeddedFile> codes) {
  const EmbeddedFile* file = find_file(codes, "messages.csv");
  if (file == nullptr) {
    return fail(ErrorCode::Internal, "codes.malformed", {}, {"messages.csv", "0"});
  }
  CsvTable table(*file);
  const std::size_t reason = table.column("reason");
  const std::size_t zh = table.column("zh");
  const std::size_t en = table.column("en");
  Messages messages;
  while (table.next()) {
    Row row{std::string(table.at(zh)), std::string(table.at(en))};
    if (table.at(reason).empty() || row.zh.empty() || row.en.empty()) return table.malformed();
    const auto [_, fresh] = messages.rows_.emplace(table.at(reason), std::move(row));
    if (!fresh) return table.malformed();
  }
  if (const Done done = table.finish(); !done) return tl::make_unexpected(done.error());
  return messages;
}

std::string Messages::text(const Problem& problem, Language language) const {
  const auto found = rows_.find(problem.reason);
  if (found == rows_.end()) return problem.reason;
  const Row& row = found->second;
  return fill(language == Language::Chinese ? row.zh : row.en, problem.params);
}

bool Messages::knows(std::string_view reason) const {
  return rows_.contains(std::string(reason));
}

}  // namespace chucai
