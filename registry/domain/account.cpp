#include "registry/domain/account.h"

#include <algorithm>
#include <set>

#include "registry/domain/text.h"

namespace chucai {
namespace {

constexpr std::int64_t kMinute = 60'000'000;  // microseconds
constexpr std::int64_t kWindow = 15 * kMinute;
constexpr std::int64_t kIdle = 30 * kMinute;
constexpr std::int64_t kLongest = 12 * 60 * kMinute;
constexpr std::size_t kShortestName = 2;
constexpr std::size_t kLongestName = 64;
constexpr std::size_t kShortestPassword = 10;
constexpr std::size_t kLongestPassword = 256;
constexpr std::size_t kFewestDifferent = 5;

bool is_name_character(char32_t c) {
  return (c >= U'a' && c <= U'z') || (c >= U'0' && c <= U'9') || c == U'.' || c == U'_' ||
         c == U'-' || is_han(c);
}

}  // namespace

Result<std::string> checked_account_name(std::string_view name) {
  const auto refused = fail(ErrorCode::InvalidArgument, "account.name", "name");
  if (!is_utf8(name)) return refused;
  const std::string folded = fold(normalise_space(name));
  const std::size_t length = code_points(folded);
  if (length < kShortestName || length > kLongestName) return refused;
  for (std::size_t at = 0; at < folded.size();) {
    if (!is_name_character(next_code_point(folded, at))) return refused;
  }
  return folded;
}

Done check_password(std::string_view password, std::string_view account_name) {
  if (password.size() < kShortestPassword || password.size() > kLongestPassword) {
    return fail(ErrorCode::InvalidArgument, "account.password.length", "password",
                {std::to_string(kShortestPassword), std::to_string(kLongestPassword)});
  }
  const bool tells_name =
      is_utf8(password) && fold(password).find(account_name) != std::string::npos;
  if (tells_name || std::set<char>(password.begin(), password.end()).size() < kFewestDifferent) {
    return fail(ErrorCode::InvalidArgument, "account.password.weak", "password");
  }
  return {};
}

bool failures_forgotten(std::int64_t last_at, std::int64_t now) {
  return now - last_at >= kWindow;
}

std::int64_t throttled_for(const Throttle& throttle, std::int64_t failures, std::int64_t last_at,
                           std::int64_t now) {
  if (failures < throttle.free_failures || failures_forgotten(last_at, now)) return 0;
  const std::int64_t doublings = std::min<std::int64_t>(failures - throttle.free_failures, 4);
  const std::int64_t wait = std::min(kMinute << doublings, kWindow);
  return std::max<std::int64_t>(last_at + wait - now, 0);
}

bool session_over(std::int64_t begun_at, std::int64_t used_at, std::int64_t now) {
  return now - used_at > kIdle || now - begun_at > kLongest;
}

std::string network_of(std::string_view address) {
  const bool six = address.find(':') != std::string_view::npos;
  const std::size_t parts = 3;
  const char separator = six ? ':' : '.';
  std::size_t end = 0;
  for (std::size_t part = 0; part < parts; ++part) {
    const std::size_t next = address.find(separator, end);
    if (next == std::string_view::npos) return std::string(address);
    end = next + 1;
  }
  return std::string(address.substr(0, end));
}

}  // namespace chucai
