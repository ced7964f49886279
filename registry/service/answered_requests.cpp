#include "registry/service/answered_requests.h"

#include <algorithm>

#include "registry/storage/answer_store.h"

namespace chucai {
namespace {

constexpr std::size_t kLongestKey = 128;
constexpr std::int64_t kKeptUs = std::int64_t{24} * 3600 * 1'000'000;

bool is_sound(std::string_view key) {
  return !key.empty() && key.size() <= kLongestKey &&
         std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c < '\x7F'; });
}

// Lengths apart, so that no two pairs read alike.
std::string digest_of(const Registry& registry, const RequestKey& key) {
  return registry.vault().request_digest(std::to_string(key.actor.size()) + ":" + key.actor +
                                         key.key);
}

}  // namespace

Result<std::optional<std::string>> begin_request(Registry& registry, const RequestKey& key) {
  if (!is_sound(key.key)) {
    return fail(ErrorCode::InvalidArgument, "request.key", "Idempotency-Key");
  }
  const std::string digest = digest_of(registry, key);
  const std::string request = registry.vault().request_digest(key.request);
  const std::int64_t now = registry.now_us();
  std::optional<AnsweredRequest> earlier;
  const Done begun = registry.database().write([&](Connection& db) -> Done {
    sweep_answered(db, now - kKeptUs);
    earlier = load_answered(db, digest);
    if (!earlier) begin_answered(db, digest, request, now);
    return {};
  });
  if (!begun && begun.error().problem.reason != "storage.unique") {
    return tl::make_unexpected(begun.error());
  }
  if (begun && !earlier) return std::nullopt;
  if (earlier && earlier->request != request) {
    return fail(ErrorCode::Mismatch, "request.key.other", "Idempotency-Key");
  }
  if (!earlier || !earlier->sealed) {
    return fail(ErrorCode::Conflict, "request.unanswered", "Idempotency-Key");
  }
  auto answer = registry.vault().open_answer(digest, *earlier->sealed);
  if (!answer) return tl::make_unexpected(answer.error());
  return std::optional(std::move(*answer));
}

Done keep_answer(Registry& registry, const RequestKey& key, std::string_view answer) {
  const std::string digest = digest_of(registry, key);
  const std::string sealed = registry.vault().seal_answer(digest, answer);
  return registry.database().write([&](Connection& db) -> Done {
    finish_answered(db, digest, sealed);
    return {};
  });
}

Done drop_request(Registry& registry, const RequestKey& key) {
  return registry.database().write([&](Connection& db) -> Done {
    forget_answered(db, digest_of(registry, key));
    return {};
  });
}

}  // namespace chucai
