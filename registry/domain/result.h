// The one error type. Every function that can fail for a reason the caller may meet returns
// Result<T>; exceptions mean a bug or a broken machine and stop at the seams (database drivers,
// file readers, HTTP dispatcher).
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

namespace chucai {

/// Failure classes; api/http/problem.cpp maps each to one HTTP status.
enum class ErrorCode {
  InvalidArgument,     ///< the input breaks a rule; fixing the input helps
  Unauthenticated,     ///< nobody is signed in
  PermissionDenied,    ///< signed in, but this action is not granted
  NotFound,            ///< absent, or outside the asker's scope (the two look the same)
  Conflict,            ///< somebody else changed it, or it exists already
  Stale,               ///< not at the version any more that the change was made from
  VersionMissing,      ///< a change must say from which version it was made
  Mismatch,            ///< well formed, but not what was said before under the same name
  FailedPrecondition,  ///< the record's state does not allow this now
  TooLarge,            ///< over a stated limit
  Throttled,           ///< too often; the first parameter says for how many seconds to wait
  Unavailable,         ///< try again later (database away, queue full)
  Internal,            ///< a bug or a broken machine; the cause is for the log only
};

/// One thing wrong at one place. `reason` is a key of registry/codes/messages.csv.
struct Problem {
  std::string reason;               ///< dotted, stable: "person.id_no.check"
  std::string where;                ///< field name, path or cell; empty: the whole
  std::vector<std::string> params;  ///< fill {0}, {1} ... of the message; never personal data

  bool operator==(const Problem&) const = default;
};

/// Why a call failed. Validation collects every problem; anything else stops at the first.
struct Error {
  ErrorCode code = ErrorCode::Internal;
  Problem problem;                 ///< what to say
  std::vector<Problem> details{};  ///< each field problem, when validation failed
  std::string cause{};             ///< raw cause for the log, never shown
};

template <class T>
using Result = tl::expected<T, Error>;

/// Nothing to return but success.
using Done = Result<void>;

/// Builds the failure side of a Result.
inline tl::unexpected<Error> fail(ErrorCode code, std::string reason, std::string where = {},
                                  std::vector<std::string> params = {}, std::string cause = {}) {
  return tl::make_unexpected(Error{
      code, Problem{std::move(reason), std::move(where), std::move(params)}, {}, std::move(cause)});
}

/// Builds the failure of a validation: `details` is not empty.
inline tl::unexpected<Error> fail_all(std::string reason, std::vector<Problem> details) {
  return tl::make_unexpected(Error{
      ErrorCode::InvalidArgument, Problem{std::move(reason), {}, {}}, std::move(details), {}});
}

}  // namespace chucai
