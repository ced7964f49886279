// A request sent twice is done once: what carries a key of the sender's choice is answered the
// second time with what it was answered the first time.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "registry/service/registry.h"

namespace chucai {

/// A key that somebody sent with a request, and what they asked with it.
struct RequestKey {
  std::string actor;    ///< keys of two askers never meet
  std::string key;      ///< 1 to 128 visible ASCII characters
  std::string request;  ///< everything that makes it another request: method, path, query, body
};

/// The earlier answer; nullopt: this is the first, and the caller must say how it ended, by
/// keep_answer() or, when nothing was changed, drop_request(). Without either (a crash between) the
/// key stays taken for 24 hours: nobody knows whether the work was done.
/// Errors: InvalidArgument "request.key"; Conflict "request.unanswered" (under way, or not known);
/// Mismatch "request.key.other" when the key was sent with another request.
Result<std::optional<std::string>> begin_request(Registry& registry, const RequestKey& key);
/// Keeps the answer for 24 hours, sealed. Errors: those of Database::write.
Done keep_answer(Registry& registry, const RequestKey& key, std::string_view answer);
Done drop_request(Registry& registry, const RequestKey& key);

}  // namespace chucai
