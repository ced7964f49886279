#include "matcher/parts.h"

#include <charconv>
#include <string>

namespace chucai::matcher {
namespace {

constexpr std::array<std::string_view, kParts> kCodes = {
    "discipline", "text",  "graph",   "industry", "region",
    "record",     "title", "service", "rural",    "freshness"};

}  // namespace

std::string_view part_code(Part part) {
  return kCodes[static_cast<std::size_t>(part)];
}

std::string_view flag_value(const Term& term, std::string_view key) {
  for (const std::string_view flag : term.flags) {
    if (flag.starts_with(key) && flag.substr(key.size()).starts_with(':')) {
      return flag.substr(key.size() + 1);
    }
  }
  return {};
}

Weights weights_of(const CodeBook& codes, Setting setting) {
  const std::string prefix = setting == Setting::Long ? "long." : "short.";
  Weights weights{};
  for (std::size_t part = 0; part < kParts; ++part) {
    const Term* term = codes.find("match_weight", prefix + std::string(kCodes[part]));
    if (term == nullptr) continue;
    const std::string_view points = flag_value(*term, "points");
    std::from_chars(points.data(), points.data() + points.size(), weights[part]);
  }
  return weights;
}

}  // namespace chucai::matcher
