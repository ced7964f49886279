#include "api/http/framing.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "registry/domain/text.h"

namespace chucai::http {
namespace {

constexpr std::size_t kMaxChunkLine = 256;
constexpr std::size_t kMaxTrailerBytes = 4 * 1024;
constexpr std::size_t kMaxLengthDigits = 18;
constexpr std::size_t kMaxChunkSizeDigits = 8;
constexpr std::array<std::string_view, 7> kMethods = {"GET",   "HEAD",   "POST",   "PUT",
                                                      "PATCH", "DELETE", "OPTIONS"};
// Fields of which two would leave open which one counts.
constexpr std::array<std::string_view, 7> kSingle = {
    "host",         "content-length", "transfer-encoding",
    "content-type", "authorization",  "content-encoding",
    "expect"};

using Refused = tl::unexpected<Refusal>;

Refused refuse(int status, std::string reason, std::string where = {}) {
  return Refused(Refusal{status, Problem{std::move(reason), std::move(where), {}}});
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lowered(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), lower);
  return result;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_token(std::string_view text) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    const char l = lower(c);
    return is_digit(c) || (l >= 'a' && l <= 'z') || kMarks.find(c) != std::string_view::npos;
  });
}

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

std::string_view cut(std::string_view& rest, char separator) {
  const auto at = rest.find(separator);
  const std::string_view part = rest.substr(0, at);
  rest = at == std::string_view::npos ? std::string_view() : rest.substr(at + 1);
  return part;
}

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F;
  });
}

int hex_digit(char c) {
  if (is_digit(c)) return c - '0';
  const char l = lower(c);
  return l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}

enum class Plus { Literal, Blank };

// Percent-decoding; nullopt for a bad escape, a control character or text that is not UTF-8.
std::optional<std::string> decoded(std::string_view text, Plus plus) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      result += text[i] == '+' && plus == Plus::Blank ? ' ' : text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    const int low = high >= 0 ? hex_digit(text[i + 2]) : -1;
    if (low < 0) return std::nullopt;
    result += static_cast<char>(high * 16 + low);
    i += 2;
  }
  const bool control =
      result.find('\0') != std::string::npos || (plus == Plus::Literal && has_control(result));
  return control || !is_utf8(result) ? std::nullopt : std::optional(std::move(result));
}

std::optional<Refusal> split_path(Head& head) {
  std::string_view rest = std::string_view(head.path).substr(1);
  for (bool more = true; more;) {
    more = rest.find('/') != std::string_view::npos;
    auto segment = decoded(cut(rest, '/'), Plus::Literal);
    if (!segment) return Refusal{400, {"http.path.escape", {}, {}}};
    if (*segment == "." || *segment == "..") return Refusal{400, {"http.path.dots", {}, {}}};
    head.segments.push_back(std::move(*segment));
  }
  return std::nullopt;
}

std::optional<Refusal> split_query(Head& head, std::string_view query) {
  while (!query.empty()) {
    std::string_view value = cut(query, '&');
    if (value.empty()) continue;
    auto name = decoded(cut(value, '='), Plus::Blank);
    auto text = decoded(value, Plus::Blank);
    if (!name || !text) return Refusal{400, {"http.query.escape", {}, {}}};
    head.query.emplace_back(std::move(*name), std::move(*text));
  }
  return std::nullopt;
}

// The origin form only. A proxy's absolute form could name another host than the Host field.
std::optional<Refusal> read_target(Head& head, std::string_view target) {
  if (target.size() > kMaxTargetBytes) return Refusal{414, {"http.target.long", {}, {}}};
  const bool visible = std::all_of(target.begin(), target.end(),
                                   [](char c) { return c > 0x20 && c < 0x7F && c != '#'; });
  if (target.empty() || target.front() != '/' || !visible) {
    return Refusal{400, {"http.target.form", {}, {}}};
  }
  std::string_view query = target;
  head.path = cut(query, '?');
  if (auto refusal = split_path(head)) return refusal;
  return split_query(head, query);
}

std::optional<Refusal> read_request_line(Head& head, std::string_view line) {
  std::string_view rest = line;
  head.method = cut(rest, ' ');
  const std::string_view target = cut(rest, ' ');
  if (!is_token(head.method) || rest.substr(0, 5) != "HTTP/") {
    return Refusal{400, {"http.request_line", {}, {}}};
  }
  if (rest != "HTTP/1.1" && rest != "HTTP/1.0") {
    const bool version =
        rest.size() == 8 && is_digit(rest[5]) && rest[6] == '.' && is_digit(rest[7]);
    return Refusal{version ? 505 : 400, {"http.version", {}, {}}};
  }
  head.http_1_0 = rest == "HTTP/1.0";
  if (std::find(kMethods.begin(), kMethods.end(), head.method) == kMethods.end()) {
    return Refusal{501, {"http.method.unknown", {}, {}}};
  }
  return read_target(head, target);
}

std::optional<Refusal> read_field(Head& head, std::string_view line) {
  if (head.headers.size() == kMaxHeaderFields) return Refusal{431, {"http.header.many", {}, {}}};
  const auto colon = line.find(':');
  // A blank before the colon or at the start of a line (a folded field) is no token character.
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) {
    return Refusal{400, {"http.header.name", {}, {}}};
  }
  const std::string_view value = trimmed(line.substr(colon + 1));
  if (has_control(value) || !is_utf8(value)) return Refusal{400, {"http.header.value", {}, {}}};
  head.headers.emplace_back(lowered(line.substr(0, colon)), std::string(value));
  return std::nullopt;
}

std::size_t count_of(const Pairs& headers, std::string_view name) {
  return static_cast<std::size_t>(std::count_if(
      headers.begin(), headers.end(), [&](const auto& pair) { return pair.first == name; }));
}

std::optional<Refusal> check_host(Head& head) {
  const std::string_view host = first(head.headers, "host");
  const bool present = count_of(head.headers, "host") == 1;
  if (!present) {
    return head.http_1_0 ? std::nullopt : std::optional(Refusal{400, {"http.host", {}, {}}});
  }
  const bool plain =
      !host.empty() && host.find_first_of(" ,/@\\\t\"<>?#") == std::string_view::npos;
  return plain ? std::nullopt : std::optional(Refusal{400, {"http.host", {}, {}}});
}

std::optional<Refusal> read_framing(Head& head) {
  const bool has_length = count_of(head.headers, "content-length") == 1;
  const bool has_coding = count_of(head.headers, "transfer-encoding") == 1;
  if (has_length && has_coding) return Refusal{400, {"http.framing.both", {}, {}}};
  if (has_coding) {
    if (head.http_1_0) return Refusal{400, {"http.framing.coding", {}, {}}};
    head.chunked = lowered(first(head.headers, "transfer-encoding")) == "chunked";
    if (!head.chunked) return Refusal{501, {"http.framing.coding", {}, {}}};
  }
  if (has_length) {
    const std::string_view text = first(head.headers, "content-length");
    const bool digits = !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
    if (!digits || text.size() > kMaxLengthDigits) {
      return Refusal{400, {"http.framing.length", {}, {}}};
    }
    std::from_chars(text.data(), text.data() + text.size(), head.content_length);
  }
  return std::nullopt;
}

std::optional<Refusal> read_options(Head& head) {
  const std::string expect = lowered(first(head.headers, "expect"));
  if (!expect.empty() && expect != "100-continue") return Refusal{417, {"http.expect", {}, {}}};
  head.expects_continue = !expect.empty() && !head.http_1_0;
  head.keep_alive = !head.http_1_0;
  std::string_view tokens = first(head.headers, "connection");
  while (!tokens.empty()) {
    if (lowered(trimmed(cut(tokens, ','))) == "close") head.keep_alive = false;
  }
  if (!first(head.headers, "content-encoding").empty()) {
    return Refusal{415, {"http.content_encoding", {}, {}}};
  }
  return std::nullopt;
}

// Takes the next line off `rest`; nullopt for a line feed or carriage return on its own.
std::optional<std::string_view> next_line(std::string_view& rest) {
  const auto end = rest.find_first_of("\r\n");
  if (end == std::string_view::npos || rest.substr(end, 2) != "\r\n") return std::nullopt;
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end + 2);
  return line;
}

// Calls `use(name, weight)` for each element of an Accept-like field; weights are 0..1000.
template <class Use>
void each_weighted(std::string_view field, Use use) {
  while (!field.empty()) {
    std::string_view options = cut(field, ',');
    const std::string name = lowered(trimmed(cut(options, ';')));
    int weight = 1000;
    const std::string option = lowered(trimmed(options));
    if (option.rfind("q=", 0) == 0) {
      double q = 0;
      std::from_chars(option.data() + 2, option.data() + option.size(), q);
      weight = static_cast<int>(std::clamp(q, 0.0, 1.0) * 1000);
    }
    use(name, weight);
  }
}

}  // namespace

std::optional<std::size_t> head_length(std::string_view bytes, std::size_t& scanned) {
  std::size_t at = scanned;
  while ((at = bytes.find('\n', at)) != std::string_view::npos) {
    // An empty line ends the head, however it is written: parse_head refuses the wrong ways.
    if (bytes.substr(at + 1, 1) == "\n") return at + 2;
    if (bytes.substr(at + 1, 2) == "\r\n") return at + 3;
    if (at + 2 >= bytes.size()) break;
    ++at;
  }
  scanned = at == std::string_view::npos ? bytes.size() : at;
  return std::nullopt;
}

tl::expected<Head, Refusal> parse_head(std::string_view block) {
  if (block.size() > kMaxHeadBytes) return refuse(431, "http.header.large");
  Head head;
  std::string_view rest = block;
  auto line = next_line(rest);
  if (!line) return refuse(400, "http.line_end");
  if (auto refusal = read_request_line(head, *line)) return Refused(*refusal);
  while (line = next_line(rest), line && !line->empty()) {
    if (auto refusal = read_field(head, *line)) return Refused(*refusal);
  }
  if (!line) return refuse(400, "http.line_end");
  for (const std::string_view name : kSingle) {
    if (count_of(head.headers, name) > 1) {
      return refuse(400, "http.header.repeated", std::string(name));
    }
  }
  for (const auto check : {&check_host, &read_framing, &read_options}) {
    if (auto refusal = check(head)) return Refused(*refusal);
  }
  return head;
}

BodyReader::BodyReader(const Head& head, std::size_t limit)
    : part_(head.chunked ? Part::Size : Part::Data),
      chunked_(head.chunked),
      left_(head.content_length),
      limit_(limit) {
  if (!chunked_ && left_ == 0) part_ = Part::Done;
  if (left_ > limit_) refuse(413, "http.body.large", {std::to_string(limit_)});
}

BodyReader::State BodyReader::feed(std::string& bytes) {
  std::size_t at = 0;
  while (!refused_ && part_ != Part::Done && step(bytes, at)) {
  }
  bytes.erase(0, at);
  if (refused_) return State::Refused;
  return part_ == Part::Done ? State::Complete : State::Reading;
}

// One step over `bytes` from `at`; false when more bytes are needed or the body is refused.
bool BodyReader::step(std::string_view bytes, std::size_t& at) {
  if (part_ == Part::Data) {
    const auto count = static_cast<std::size_t>(
        std::min<std::uint64_t>(left_, static_cast<std::uint64_t>(bytes.size() - at)));
    body_ += bytes.substr(at, count);
    at += count;
    left_ -= count;
    if (left_ > 0) return false;
    part_ = chunked_ ? Part::DataEnd : Part::Done;
    return true;
  }
  if (part_ == Part::DataEnd) {
    if (bytes.size() - at < 2) return false;
    if (bytes.substr(at, 2) != "\r\n") return refuse(400, "http.chunk");
    at += 2;
    part_ = Part::Size;
    return true;
  }
  std::string_view rest = bytes.substr(at);
  const auto end = rest.find('\n');
  if (end == std::string_view::npos) {
    return rest.size() > kMaxChunkLine ? refuse(400, "http.chunk") : false;
  }
  const auto line = next_line(rest);
  if (!line || line->size() > kMaxChunkLine) return refuse(400, "http.chunk");
  at += line->size() + 2;
  return part_ == Part::Size ? read_size(*line) : read_trailer(*line);
}

bool BodyReader::read_size(std::string_view line) {
  const std::string_view extension =
      line.find(';') == std::string_view::npos ? std::string_view() : line.substr(line.find(';'));
  const std::string_view digits = line.substr(0, line.size() - extension.size());
  const bool hex =
      !digits.empty() && digits.size() <= kMaxChunkSizeDigits &&
      std::all_of(digits.begin(), digits.end(), [](char c) { return hex_digit(c) >= 0; });
  if (!hex || has_control(extension)) return refuse(400, "http.chunk");
  std::from_chars(digits.data(), digits.data() + digits.size(), left_, 16);
  if (left_ > limit_ - body_.size())
    return refuse(413, "http.body.large", {std::to_string(limit_)});
  part_ = left_ == 0 ? Part::Trailer : Part::Data;
  return true;
}

// Trailer fields are checked for form and dropped: nothing here may change what the head said.
bool BodyReader::read_trailer(std::string_view line) {
  if (line.empty()) {
    part_ = Part::Done;
    return true;
  }
  trailer_bytes_ += line.size();
  const auto colon = line.find(':');
  const bool good = colon != std::string_view::npos && is_token(line.substr(0, colon)) &&
                    !has_control(line) && trailer_bytes_ <= kMaxTrailerBytes;
  return good || refuse(400, "http.chunk");
}

bool BodyReader::refuse(int status, std::string reason, std::vector<std::string> params) {
  refused_ = true;
  refusal_ = {status, {std::move(reason), {}, std::move(params)}};
  return false;
}

Language accepted_language(std::string_view field) {
  int chinese = 0;
  int english = 0;
  each_weighted(field, [&](std::string_view name, int weight) {
    if (name.substr(0, 2) == "zh") chinese = std::max(chinese, weight);
    if (name.substr(0, 2) == "en") english = std::max(english, weight);
  });
  return english > chinese ? Language::English : Language::Chinese;
}

bool accepts_gzip(std::string_view field) {
  bool accepted = false;
  each_weighted(field, [&](std::string_view name, int weight) {
    if (name == "gzip") accepted = weight > 0;
  });
  return accepted;
}

}  // namespace chucai::http
