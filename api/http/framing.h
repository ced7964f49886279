// Where a request ends and what it says, read strictly (RFC 9110, 9112). POCO 1.11's own parser
// answers 200 to two lengths, bad chunks, bare line feeds and the like (measured), which behind a
// proxy is request smuggling, so nothing of it is used: what is not exactly a request is refused
// and the connection closes. Pure functions of bytes: no socket, no clock.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/http/request.h"
#include "registry/domain/result.h"

namespace chucai::http {

/// Why bytes are no acceptable request. The connection must close after the answer.
struct Refusal {
  int status = 400;
  Problem problem;
};

inline constexpr std::size_t kMaxHeadBytes = 16 * 1024;
inline constexpr std::size_t kMaxTargetBytes = 8 * 1024;
inline constexpr std::size_t kMaxHeaderFields = 100;

/// A request's head, checked.
struct Head {
  std::string method;
  std::string path;                   ///< percent-encoded, begins with '/'
  std::vector<std::string> segments;  ///< the path split at '/' and decoded; "/" is one empty one
  Pairs query;
  Pairs headers;
  bool http_1_0 = false;
  bool keep_alive = true;
  bool expects_continue = false;
  bool chunked = false;
  std::uint64_t content_length = 0;  ///< 0 when chunked

  bool has_body() const { return chunked || content_length > 0; }
};

/// Length of the head at the start of `bytes`, its empty line included; nullopt while incomplete.
/// `scanned`: bytes looked at before, kept by the caller between calls so that a dripper costs
/// linear time; start with 0.
std::optional<std::size_t> head_length(std::string_view bytes, std::size_t& scanned);

/// Checks and decodes a whole head. Refuses (status): 400 malformed line, bare CR or LF, folded
/// field, blank before a colon, control characters, missing or repeated Host, both or repeated
/// framing fields, bad length, bad escape or text, dot segments; 414 and 431 limits; 417 unknown
/// expectation; 501 unknown method or transfer coding; 505 other version.
tl::expected<Head, Refusal> parse_head(std::string_view block);

/// Takes a body out of a stream of bytes as they arrive.
class BodyReader {
 public:
  enum class State { Reading, Complete, Refused };

  BodyReader() = default;
  /// `limit`: largest body accepted, bytes.
  BodyReader(const Head& head, std::size_t limit);

  /// Consumes what belongs to the body from the front of `bytes`. After Refused the rest of the
  /// stream has no meaning.
  State feed(std::string& bytes);
  /// Why feed() answered Refused.
  const Refusal& refusal() const { return refusal_; }
  /// Body bytes taken so far.
  std::size_t size() const { return body_.size(); }
  /// The body; size() is 0 afterwards.
  std::string take() { return std::exchange(body_, {}); }

 private:
  enum class Part { Size, Data, DataEnd, Trailer, Done };

  bool step(std::string_view bytes, std::size_t& at);
  bool read_size(std::string_view line);
  bool read_trailer(std::string_view line);
  bool refuse(int status, std::string reason, std::vector<std::string> params = {});

  Part part_ = Part::Done;
  bool chunked_ = false;
  bool refused_ = false;
  std::uint64_t left_ = 0;  // bytes of the body or of the chunk still to come
  std::size_t limit_ = 0;
  std::size_t trailer_bytes_ = 0;
  std::string body_;
  Refusal refusal_;
};

/// Language of the highest weight in an Accept-Language field; Chinese when it names neither.
Language accepted_language(std::string_view field);
/// True when an Accept-Encoding field allows gzip.
bool accepts_gzip(std::string_view field);

}  // namespace chucai::http
