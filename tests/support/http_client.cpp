#include "tests/support/http_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <stdexcept>
#include <utility>

namespace chucai::testing {
namespace {

using Clock = std::chrono::steady_clock;

int milliseconds_until(Clock::time_point until) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now());
  return static_cast<int>(std::max<std::int64_t>(left.count(), 0));
}

void parse_fields(HttpReply& reply) {
  std::string_view rest = reply.head;
  rest.remove_prefix(rest.find("\r\n") + 2);
  while (rest.substr(0, 2) != "\r\n") {
    const auto end = rest.find("\r\n");
    const std::string_view line = rest.substr(0, end);
    const auto colon = line.find(": ");
    if (colon == std::string_view::npos) throw std::runtime_error("reply field without a colon");
    std::string name(line.substr(0, colon));
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    reply.headers.emplace(std::move(name), line.substr(colon + 2));
    rest.remove_prefix(end + 2);
  }
}

}  // namespace

std::string HttpReply::header(const std::string& lower_case_name) const {
  const auto entry = headers.find(lower_case_name);
  return entry == headers.end() ? std::string() : entry->second;
}

HttpClient::HttpClient(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (socket_ < 0 ||
      ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    ::close(socket_);
    throw std::runtime_error("cannot connect");
  }
}

HttpClient::~HttpClient() {
  if (socket_ >= 0) ::close(socket_);
}

HttpClient::HttpClient(HttpClient&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)), received_(std::move(other.received_)) {}

bool HttpClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

void HttpClient::finish_sending() {
  ::shutdown(socket_, SHUT_WR);
}

// Waits for bytes and takes them; false when the peer closed or the time is over.
bool HttpClient::fill(Clock::time_point until) {
  pollfd waiting{socket_, POLLIN, 0};
  if (::poll(&waiting, 1, milliseconds_until(until)) <= 0) return false;
  std::array<char, 64 * 1024> buffer;
  const auto count = ::recv(socket_, buffer.data(), buffer.size(), 0);
  if (count <= 0) return false;
  received_.append(buffer.data(), static_cast<std::size_t>(count));
  return true;
}

std::optional<HttpReply> HttpClient::receive(std::string_view method,
                                             std::chrono::milliseconds patience) {
  const auto until = Clock::now() + patience;
  std::size_t end = 0;
  while ((end = received_.find("\r\n\r\n")) == std::string::npos) {
    if (!fill(until)) return std::nullopt;
  }
  HttpReply reply;
  reply.head = received_.substr(0, end + 4);
  received_.erase(0, end + 4);
  reply.status = std::stoi(reply.head.substr(9, 3));
  parse_fields(reply);
  const std::string length = reply.header("content-length");
  const std::size_t expected = length.empty() || method == "HEAD" ? 0 : std::stoul(length);
  while (received_.size() < expected) {
    if (!fill(until)) return std::nullopt;
  }
  reply.body = received_.substr(0, expected);
  received_.erase(0, expected);
  return reply;
}

bool HttpClient::closes() {
  const auto until = Clock::now() + kPatience;
  while (fill(until)) {
  }
  received_.clear();
  pollfd waiting{socket_, POLLIN, 0};
  char byte = 0;
  return ::poll(&waiting, 1, 0) == 1 && ::recv(socket_, &byte, 1, MSG_DONTWAIT) <= 0;
}

bool HttpClient::resets() {
  pollfd waiting{socket_, 0, 0};
  return ::poll(&waiting, 1, static_cast<int>(kPatience.count())) == 1 &&
         (waiting.revents & POLLERR) != 0;
}

std::optional<HttpReply> HttpClient::request(std::string_view method, std::string_view target,
                                             std::string_view body, std::string_view fields) {
  std::string bytes;
  bytes.append(method).append(" ").append(target).append(" HTTP/1.1\r\nHost: localhost\r\n");
  bytes.append(fields);
  if (!body.empty()) bytes.append("Content-Length: " + std::to_string(body.size()) + "\r\n");
  bytes.append("\r\n").append(body);
  if (!send(bytes)) return std::nullopt;
  return receive(method);
}

std::optional<HttpReply> http(std::uint16_t port, std::string_view method, std::string_view target,
                              std::string_view body, std::string_view fields) {
  return HttpClient(port).request(method, target, body, fields);
}

std::string json_field(const std::string& body, const std::string& name) {
  const std::string key = "\"" + name + "\":\"";
  const auto at = body.find(key);
  if (at == std::string::npos) return {};
  const auto begin = at + key.size();
  return body.substr(begin, body.find('"', begin) - begin);
}

}  // namespace chucai::testing
