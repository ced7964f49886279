#include "api/handlers/paging.h"

#include <charconv>

namespace chucai {

int page_limit(const http::Request& request) {
  constexpr int kDefault = 50;
  const std::string_view text = request.query_value("limit");
  if (text.empty()) return kDefault;
  int limit = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), limit);
  return error == std::errc{} && end == text.data() + text.size() ? limit : 0;
}

}  // namespace chucai
