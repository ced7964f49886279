#include "api/http/wire.h"

#include <Poco/DateTimeFormat.h>
#include <Poco/DateTimeFormatter.h>
#include <Poco/DeflatingStream.h>
#include <Poco/InflatingStream.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/StreamCopier.h>
#include <Poco/Timestamp.h>

#include <algorithm>
#include <array>
#include <sstream>

#include "api/http/framing.h"

namespace chucai::http {
namespace {

constexpr std::size_t kCompressAbove = 1024;
constexpr int kCompressLevel = 4;  // beyond it JSON shrinks by 1 % for twice the time

constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kDefaults = {{
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "no-referrer"},
    {"Cache-Control", "no-store"},
    {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"},
}};

bool starts_with(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

bool gains_by_compression(std::string_view type) {
  return starts_with(type, "text/") || starts_with(type, "application/json") ||
         starts_with(type, "application/problem+json") ||
         starts_with(type, "application/x-ndjson") || starts_with(type, "application/javascript") ||
         starts_with(type, "image/svg+xml");
}

bool has(const Response& response, std::string_view name) {
  return std::any_of(response.headers.begin(), response.headers.end(),
                     [&](const auto& pair) { return pair.first == name; });
}

void append_field(std::string& head, std::string_view name, std::string_view value) {
  head.append(name).append(": ");
  // A line break inside a value would start a field of the caller's choosing.
  std::copy_if(value.begin(), value.end(), std::back_inserter(head),
               [](char c) { return c != '\r' && c != '\n' && c != '\0'; });
  head.append("\r\n");
}

}  // namespace

bool may_have_body(int status) {
  return status >= 200 && status != 204 && status != 304;
}

void compress(Response& response, std::string_view accept_encoding) {
  if (!gains_by_compression(response.content_type) || response.body.size() <= kCompressAbove)
    return;
  if (!may_have_body(response.status) || has(response, "Content-Encoding")) return;
  response.with("Vary", "Accept-Encoding");
  if (!accepts_gzip(accept_encoding)) return;
  std::ostringstream packed;
  Poco::DeflatingOutputStream gzip(packed, Poco::DeflatingStreamBuf::STREAM_GZIP, kCompressLevel);
  gzip.write(response.body.data(), static_cast<std::streamsize>(response.body.size()));
  gzip.close();
  response.body = packed.str();
  response.with("Content-Encoding", "gzip");
}

std::string inflated(std::string_view gzip) {
  std::istringstream packed{std::string(gzip)};
  Poco::InflatingInputStream plain(packed, Poco::InflatingStreamBuf::STREAM_GZIP);
  std::string text;
  Poco::StreamCopier::copyToString(plain, text);
  return text;
}

std::string head_text(const Response& response, std::string_view request_id, AfterAnswer after) {
  const auto status = static_cast<Poco::Net::HTTPResponse::HTTPStatus>(response.status);
  std::string head = "HTTP/1.1 " + std::to_string(response.status) + ' ' +
                     Poco::Net::HTTPResponse::getReasonForStatus(status) + "\r\n";
  append_field(
      head, "Date",
      Poco::DateTimeFormatter::format(Poco::Timestamp(), Poco::DateTimeFormat::HTTP_FORMAT));
  append_field(head, "X-Request-Id", request_id);
  append_field(head, "Connection", after == AfterAnswer::Close ? "close" : "keep-alive");
  if (may_have_body(response.status)) {
    append_field(head, "Content-Length", std::to_string(response.body.size()));
    if (!response.content_type.empty()) append_field(head, "Content-Type", response.content_type);
  }
  for (const auto& [name, value] : kDefaults) {
    if (!has(response, name)) append_field(head, name, value);
  }
  for (const auto& [name, value] : response.headers) append_field(head, name, value);
  return head.append("\r\n");
}

}  // namespace chucai::http
