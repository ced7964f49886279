#include "api/handlers/done_once.h"

#include <charconv>

#include "registry/service/answered_requests.h"

namespace chucai {
namespace {

using http::Request;
using http::Response;

constexpr std::size_t kLongestKept = 8 << 20;

// Lengths before parts, so that no two requests read alike.
std::string asked(const Request& request) {
  std::string text = request.method + " " + request.path + "\n";
  for (const auto& [name, value] : request.query) {
    text += std::to_string(name.size()) + ":" + name + std::to_string(value.size()) + ":" + value;
  }
  text.append("\n").append(request.header("content-type")).append("\n");
  text.append(request.header("x-on-behalf-of")).append("\n");
  return text + request.body;
}

// "201 application/json", "ETag: ...", an empty line, the body.
std::string packed(const Response& response) {
  std::string text = std::to_string(response.status) + " " + response.content_type + "\n";
  for (const auto& [name, value] : response.headers) text += name + ": " + value + "\n";
  return text + "\n" + response.body;
}

Response unpacked(std::string_view text) {
  const auto line = [&] {
    const auto end = text.find('\n');
    const std::string_view first = text.substr(0, end);
    text.remove_prefix(end + 1);
    return first;
  };
  Response response;
  const std::string_view first = line();
  std::from_chars(first.data(), first.data() + first.size(), response.status);
  response.content_type = first.substr(first.find(' ') + 1);
  for (std::string_view header = line(); !header.empty(); header = line()) {
    const auto colon = header.find(": ");
    response.with(std::string(header.substr(0, colon)), std::string(header.substr(colon + 2)));
  }
  response.body = text;
  return response;
}

bool changed_nothing(ErrorCode code) {
  return code != ErrorCode::Internal && code != ErrorCode::Unavailable;
}

}  // namespace

http::Handler done_once(Registry& registry, http::Handler handler) {
  return [&registry, handler = std::move(handler)](const Request& request) -> Result<Response> {
    const std::string_view sent = request.header("idempotency-key");
    if (sent.empty()) return handler(request);
    const RequestKey key{request.principal.actor, std::string(sent), asked(request)};
    const auto earlier = begin_request(registry, key);
    if (!earlier) return tl::make_unexpected(earlier.error());
    if (*earlier) return unpacked(**earlier).with("Idempotency-Replayed", "true");
    auto response = handler(request);
    if (!response && changed_nothing(response.error().code)) {
      if (const Done dropped = drop_request(registry, key); !dropped) {
        return tl::make_unexpected(dropped.error());
      }
    }
    if (response && response->body.size() <= kLongestKept) {
      // The work is done and durable: a key that cannot be kept must not turn that into a failure.
      (void)keep_answer(registry, key, packed(*response));
    }
    return response;
  };
}

}  // namespace chucai
