// A small raw-socket HTTP client, so that tests see the bytes as a hostile peer would. No Poco.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace chucai::testing {

struct HttpReply {
  int status = 0;
  std::map<std::string, std::string> headers;  ///< names in lower case
  std::string body;                            ///< as sent, still compressed when it was
  std::string head;                            ///< status line and fields as sent

  std::string header(const std::string& lower_case_name) const;
};

/// One connection to 127.0.0.1. Throws std::runtime_error when it cannot connect or send.
class HttpClient {
 public:
  /// Beyond this something hangs: wide, since tests run on busy machines and under sanitizers.
  static constexpr std::chrono::milliseconds kPatience{60'000};

  explicit HttpClient(std::uint16_t port);
  ~HttpClient();
  HttpClient(HttpClient&& other) noexcept;
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  /// Sends bytes as they are; false when the peer has closed.
  bool send(std::string_view bytes);
  /// Ends our half of the stream.
  void finish_sending();
  /// The next reply on the connection; nullopt when it closes or nothing comes in time. `method`
  /// tells whether a body follows. An interim 100 is a reply of its own.
  std::optional<HttpReply> receive(std::string_view method = "GET",
                                   std::chrono::milliseconds patience = kPatience);
  /// True when the peer closes; bytes that come before are dropped.
  bool closes();
  /// True when the peer resets the connection, though nothing is read from it.
  bool resets();

  /// Sends a whole request and reads the reply. `fields`: further header lines, each with CRLF.
  std::optional<HttpReply> request(std::string_view method, std::string_view target,
                                   std::string_view body = {}, std::string_view fields = {});

 private:
  bool fill(std::chrono::steady_clock::time_point until);

  int socket_ = -1;
  std::string received_;
};

/// One request on a connection of its own.
std::optional<HttpReply> http(std::uint16_t port, std::string_view method, std::string_view target,
                              std::string_view body = {}, std::string_view fields = {});

/// The text member `name` of a flat JSON answer; empty: there is none.
std::string json_field(const std::string& body, const std::string& name);

}  // namespace chucai::testing
