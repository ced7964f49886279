#include "registry/domain/employers.h"

#include <array>
#include <utility>

namespace chucai {
namespace {

struct Replacement {
  std::string_view full;
  std::string_view shorter;
};

constexpr std::array<Replacement, 3> kShortened = {
    {{"有限责任公司", "有限公司"}, {"股份有限公司", "公司"}, {"人民医院", "医院"}}};
constexpr std::string_view kOffice = "办公室";

void replace_all(std::string& text, const Replacement& rule) {
  for (std::size_t at = text.find(rule.full); at != std::string::npos;
       at = text.find(rule.full, at + rule.shorter.size())) {
    text.replace(at, rule.full.size(), rule.shorter);
  }
}

void drop_province(std::string& name) {
  for (const std::string_view prefix : {std::string_view("湖北省"), std::string_view("湖北")}) {
    if (!name.starts_with(prefix)) continue;
    name.erase(0, prefix.size());
    return;
  }
}

/// The name without brackets or 办公室 at its end; the name itself when there are none.
std::string undecorated(std::string_view name) {
  for (const auto& [open, close] : {std::pair<std::string_view, std::string_view>{"（", "）"},
                                    std::pair<std::string_view, std::string_view>{"(", ")"}}) {
    const std::size_t at = name.rfind(open);
    if (name.ends_with(close) && at != std::string_view::npos && at > 0) {
      return std::string(name.substr(0, at));
    }
  }
  if (name.ends_with(kOffice) && name.size() > kOffice.size()) name.remove_suffix(kOffice.size());
  return std::string(name);
}

}  // namespace

std::string loose_name(std::string_view name) {
  std::string loose = undecorated(name);
  drop_province(loose);
  for (const Replacement& rule : kShortened) replace_all(loose, rule);
  replace_all(loose, {"有限公司", "公司"});
  return loose;
}

bool is_spelling_of(std::string_view written, std::string_view full) {
  if (written == full) return false;
  if (undecorated(written) == full) return true;
  // Each habit alone and all combinations: bit 0 drops the province, the others shorten.
  for (unsigned habits = 1; habits < 1U << (kShortened.size() + 1); ++habits) {
    std::string shortened(full);
    if ((habits & 1U) != 0) drop_province(shortened);
    for (std::size_t i = 0; i < kShortened.size(); ++i) {
      if ((habits >> (i + 1) & 1U) != 0) replace_all(shortened, kShortened[i]);
    }
    if (shortened == written) return true;
  }
  return false;
}

}  // namespace chucai
