// The HTTP/1.1 server: one thread owns every connection (POCO sockets, non-blocking), a few worker
// threads run the handlers.
//
// Not POCO's HTTPServer, for three measured reasons (Debian 12, POCO 1.11): it holds a thread per
// connection, so that 16 idle browsers or drippers stop 16 threads for seconds; its timeouts are
// per read, so that a byte a second lives for hours; and its parser accepts most of the request
// smuggling list. Here an idle or slow client costs a descriptor and a few hundred bytes, every
// phase of a request has an absolute deadline, and framing.h decides what a request is.
//
// The life of a request: head -> route and limits -> [permission, then "100 Continue"] -> body ->
// permission and handler on a worker of the route's lane -> answer. TLS is the proxy's work.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "api/http/metrics.h"
#include "api/http/router.h"
#include "registry/domain/messages.h"
#include "registry/domain/principal.h"

namespace chucai::http {

/// Who is asking, when that grants `permission`. Errors: Unauthenticated, PermissionDenied. Runs on
/// a worker of the route's lane, before the body is read unless that came along with the head; not
/// asked on routes for kAnyone.
using Authorizer =
    std::function<Result<Principal>(const Request& request, std::string_view permission)>;

/// Longest time of each phase, from its start.
struct Deadlines {
  using Duration = std::chrono::milliseconds;
  Duration head{10'000};  ///< first byte of a request to the end of its head
  Duration idle{15'000};  ///< between two requests of a connection
  /// A body or an answer on its way must move min_rate times this in each stretch of this length.
  Duration transfer{30'000};
  Duration message{600'000};  ///< a whole body or answer, however fast
  Duration handler{60'000};   ///< waiting for a worker and its answer; then 503
  Duration linger{2'000};     ///< reading on after a refusal, so that it is not lost to a reset
  Duration stop{10'000};      ///< for requests in flight when the server stops
};

struct LaneSize {
  std::size_t threads;
  std::size_t queue;  ///< requests that may wait; beyond it 503
};

struct ServerConfig {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;  ///< 0: any free one, see Server::port()
  Deadlines deadlines{};
  std::size_t min_rate = 1024;          ///< bytes per second of a body or an answer
  std::size_t max_connections = 4096;   ///< lowered to what the descriptor limit allows
  std::size_t max_per_address = 256;    ///< trusted proxies excepted
  std::size_t body_memory = 256 << 20;  ///< bytes of all bodies being received or handled
  LaneSize health{2, 64};
  LaneSize normal{32, 1024};
  LaneSize heavy{4, 64};
  std::vector<std::string> trusted_proxies{};  ///< addresses whose X-Forwarded-For is believed
  std::shared_ptr<Metrics> metrics{};          ///< counts what is answered; null: nobody does
  /// Takes one JSON line per request (no query, no personal data) and per internal error, on a
  /// thread of its own. Empty: no log.
  std::function<void(const std::string& line)> log{};
};

/// A running server. Handlers of one route run at the same time on several threads.
class Server {
 public:
  /// Listens and starts. `messages` must outlive it. Errors: Unavailable http.listen (address).
  static Result<std::unique_ptr<Server>> start(ServerConfig config, Router router,
                                               Authorizer authorizer, const Messages& messages);
  /// Stops.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  std::uint16_t port() const;
  /// "http://127.0.0.1:8080"
  std::string url() const;
  /// Takes no more requests, finishes those in flight within deadlines.stop, then returns. A
  /// handler that runs on past that is waited for, its answer dropped. Safe to call twice.
  void stop();

 private:
  class Loop;
  explicit Server(std::unique_ptr<Loop> loop);
  std::unique_ptr<Loop> loop_;
};

/// A sink for ServerConfig::log.
void log_to_stderr(const std::string& line);

}  // namespace chucai::http
