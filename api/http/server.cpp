#include "api/http/server.h"

#include <Poco/Exception.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/SocketAddress.h>
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <mutex>
#include <random>
#include <thread>
#include <unordered_map>
#include <utility>

#include "api/http/connection.h"
#include "api/http/dispatcher.h"
#include "api/http/wire.h"
#include "api/http/worker_pool.h"
#include "registry/domain/ids.h"

namespace chucai::http {
namespace {

constexpr std::uint64_t kListenerToken = 1;
constexpr int kBacklog = 1024;
constexpr std::chrono::milliseconds kTick{50};  // how late a deadline may be noticed
constexpr std::size_t kLogQueue = 8192;
constexpr std::size_t kMaxRequestId = 64;
constexpr std::size_t kSpareDescriptors = 128;  // for databases, files and the log

// Connections close after their answer above this share of the limit, to make room.
bool is_crowded(std::size_t connections, std::size_t limit) {
  return connections * 10 > limit * 7;
}

std::size_t affordable_connections(std::size_t wanted) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return wanted;
  const auto descriptors = static_cast<std::size_t>(limit.rlim_cur);
  return std::min(wanted, std::max(descriptors, 2 * kSpareDescriptors) - kSpareDescriptors);
}

bool is_request_id(std::string_view text) {
  return !text.empty() && text.size() <= kMaxRequestId &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                  c == '-' || c == '_' || c == '.';
         });
}

// The last address of X-Forwarded-For that no trusted proxy wrote itself; `peer` when there is
// none.
std::string client_address(std::string_view forwarded, const std::string& peer,
                           const std::vector<std::string>& trusted) {
  const auto is_trusted = [&](std::string_view address) {
    return std::find(trusted.begin(), trusted.end(), address) != trusted.end();
  };
  std::string address = peer;
  while (is_trusted(address) && !forwarded.empty()) {
    const auto comma = forwarded.rfind(',');
    std::string_view last =
        comma == std::string_view::npos ? forwarded : forwarded.substr(comma + 1);
    last.remove_prefix(std::min(last.find_first_not_of(' '), last.size()));
    Poco::Net::IPAddress parsed;
    if (!Poco::Net::IPAddress::tryParse(std::string(last), parsed)) break;
    address = parsed.toString();
    forwarded = comma == std::string_view::npos ? std::string_view() : forwarded.substr(0, comma);
  }
  return address;
}

// What can still be said of an exchange while a worker has it.
std::unique_ptr<Exchange> outline(const Exchange& exchange) {
  auto copy = std::make_unique<Exchange>();
  copy->connection = exchange.connection;
  copy->route = exchange.route;
  copy->begun = exchange.begun;
  copy->request.method = exchange.request.method;
  copy->request.request_id = exchange.request.request_id;
  copy->request.language = exchange.request.language;
  return copy;
}

}  // namespace

// Everything but the queues and the flags is touched by the loop thread alone.
class Server::Loop {
 public:
  Loop(ServerConfig config, Poco::Net::ServerSocket listener, Router router, Authorizer authorizer,
       const Messages& messages);
  ~Loop() { stop(); }

  const Poco::Net::SocketAddress& address() const { return address_; }
  void stop();

 private:
  using Ticket = std::unique_ptr<Exchange>;

  void run();
  bool accept_one();
  void admit(Poco::Net::StreamSocket socket, const std::string& peer);
  bool make_room();
  void on_event(const Poller::Event& event);
  void collect_finished();
  void cut_overdue(Connection::Clock::time_point now);
  void begin_stop();

  void pump(Connection& connection);
  bool read_head(Connection& connection);
  void begin(Connection& connection, Head head);
  Ticket make_exchange(const Connection& connection, Head head, RouteMatch& match);
  bool read_body(Connection& connection);
  void hand_over(Connection& connection);
  void resume(Connection& connection, Ticket ticket);
  bool flush(Connection& connection);
  void refuse(Connection& connection, const Refusal& refusal);
  void answer(Connection& connection, Response response);
  void count(const Exchange& exchange) const;
  void show_load() const;
  void close(Connection& connection);

  std::string new_request_id();
  WorkerPool<Ticket>& lane(Lane lane);
  void work(Ticket ticket);

  const ServerConfig config_;
  const Router router_;
  const Authorizer authorizer_;
  const std::size_t max_connections_;
  Poco::Net::ServerSocket listener_;
  const Poco::Net::SocketAddress address_;
  Poller poller_;
  std::unordered_map<std::uint64_t, std::unique_ptr<Connection>> connections_;
  std::unordered_map<std::string, std::size_t> per_address_;
  std::uint64_t last_id_ = kListenerToken;
  std::uint64_t request_seed_ = std::random_device{}() | std::uint64_t{std::random_device{}()}
                                                             << 32;
  std::size_t body_bytes_ = 0;  // of all bodies, in connections and at workers
  bool stopping_ = false;

  std::atomic<bool> stop_asked_ = false;
  std::atomic<bool> abandoned_ = false;  // the stop took too long: queued work is dropped
  std::mutex finished_mutex_;
  std::vector<Ticket> finished_;  // guarded by finished_mutex_

  // Lines are dropped when the sink is slower than the requests: the log must not stop the service.
  WorkerPool<std::string> log_lines_;
  const Dispatcher::Log log_;
  const Dispatcher dispatcher_;
  WorkerPool<Ticket> health_;
  WorkerPool<Ticket> normal_;
  WorkerPool<Ticket> heavy_;
  std::thread thread_;  // last: it uses all of the above
};

Server::Loop::Loop(ServerConfig config, Poco::Net::ServerSocket listener, Router router,
                   Authorizer authorizer, const Messages& messages)
    : config_(std::move(config)),
      router_(std::move(router)),
      authorizer_(std::move(authorizer)),
      max_connections_(affordable_connections(config_.max_connections)),
      listener_(std::move(listener)),
      address_(listener_.address()),
      log_lines_(1, kLogQueue, [this](const std::string& line) { config_.log(line); }),
      log_(config_.log
               ? Dispatcher::Log([this](std::string line) { log_lines_.submit(std::move(line)); })
               : Dispatcher::Log()),
      dispatcher_(authorizer_, messages, log_),
      health_(config_.health.threads, config_.health.queue,
              [this](Ticket t) { work(std::move(t)); }),
      normal_(config_.normal.threads, config_.normal.queue,
              [this](Ticket t) { work(std::move(t)); }),
      heavy_(config_.heavy.threads, config_.heavy.queue, [this](Ticket t) { work(std::move(t)); }) {
  listener_.setBlocking(false);
  poller_.watch(listener_.impl()->sockfd(), kListenerToken, Interest::Read);
  thread_ = std::thread([this] { run(); });
}

void Server::Loop::stop() {
  stop_asked_ = true;
  poller_.wake();
  if (thread_.joinable()) thread_.join();
  health_.stop();
  normal_.stop();
  heavy_.stop();
  log_lines_.stop();
}

void Server::Loop::run() {
  auto next_cut = Connection::Clock::now();
  auto stop_at = Connection::Clock::time_point::max();
  while (!stopping_ || (!connections_.empty() && Connection::Clock::now() < stop_at)) {
    for (const Poller::Event& event : poller_.wait(kTick)) on_event(event);
    collect_finished();
    if (const auto now = Connection::Clock::now(); now >= next_cut) {
      cut_overdue(now);
      show_load();
      next_cut = now + kTick;
    }
    if (stop_asked_ && !stopping_) {
      begin_stop();
      stop_at = Connection::Clock::now() + config_.deadlines.stop;
    }
  }
  abandoned_ = true;
  connections_.clear();
}

void Server::Loop::on_event(const Poller::Event& event) {
  if (event.token == kListenerToken) {
    accept_one();  // the next one, if any, is the next event
    return;
  }
  const auto entry = connections_.find(event.token);
  if (entry == connections_.end()) return;
  Connection& connection = *entry->second;
  if (event.broken) return close(connection);
  if (connection.watched == Interest::Read) {
    const auto received = connection.receive();
    if (received == Connection::Io::Closed) return close(connection);
    if (received == Connection::Io::Blocked) return;
  }
  pump(connection);
}

// False when nobody waits (or left before being accepted).
bool Server::Loop::accept_one() {
  try {
    Poco::Net::SocketAddress peer;
    Poco::Net::StreamSocket socket = listener_.acceptConnection(peer);
    admit(std::move(socket), peer.host().toString());
    return true;
  } catch (const Poco::Exception&) {
    return false;
  }
}

void Server::Loop::admit(Poco::Net::StreamSocket socket, const std::string& peer) {
  const auto& trusted = config_.trusted_proxies;
  const bool capped = std::find(trusted.begin(), trusted.end(), peer) == trusted.end();
  const auto known = per_address_.find(peer);
  const bool too_many =
      capped && known != per_address_.end() && known->second >= config_.max_per_address;
  socket.setBlocking(false);
  socket.setNoDelay(true);
  const std::uint64_t id = ++last_id_;
  auto connection = std::make_unique<Connection>(id, std::move(socket), peer);
  if (too_many || !make_room()) {
    const Response busy{503, {}, {}, {{"Retry-After", "2"}}};
    connection->queue(head_text(busy, new_request_id(), AfterAnswer::Close), {});
    connection->send();
    return;
  }
  poller_.watch(connection->descriptor(), id, connection->watched);
  ++per_address_[peer];
  connections_.emplace(id, std::move(connection));
}

// At the limit a connection between two requests gives way: its client will simply open another.
bool Server::Loop::make_room() {
  if (connections_.size() < max_connections_) return true;
  const auto idle = std::find_if(connections_.begin(), connections_.end(), [](const auto& entry) {
    return entry.second->phase() == Phase::Idle;
  });
  if (idle == connections_.end()) return false;
  close(*idle->second);
  return true;
}

void Server::Loop::close(Connection& connection) {
  body_bytes_ -= connection.body.size();
  const auto entry = per_address_.find(connection.peer());
  if (--entry->second == 0) per_address_.erase(entry);
  connections_.erase(connection.id());
}

// Moves a connection on until it needs the network or a worker. It may be gone afterwards.
void Server::Loop::pump(Connection& connection) {
  for (bool more = true; more;) {
    switch (connection.phase()) {
      case Phase::Idle:
      case Phase::Head:
        more = read_head(connection);
        break;
      case Phase::Body:
        more = read_body(connection);
        break;
      case Phase::Answering:
        if (!flush(connection)) return;
        more = connection.phase() != Phase::Answering;
        break;
      case Phase::Waiting:
      case Phase::Lingering:
        more = false;
        break;
    }
  }
  if (connection.interest() != connection.watched) {
    connection.watched = connection.interest();
    poller_.change(connection.descriptor(), connection.id(), connection.watched);
  }
}

// False while the head is incomplete.
bool Server::Loop::read_head(Connection& connection) {
  if (connection.phase() == Phase::Idle) {
    if (connection.in.empty()) return false;
    connection.enter(Phase::Head);
  }
  // Some clients send a line end behind a body (RFC 9112, 2.2).
  if (connection.scanned == 0 && connection.in.rfind("\r\n", 0) == 0) connection.in.erase(0, 2);
  const auto length = head_length(connection.in, connection.scanned);
  if (!length && connection.in.size() <= kMaxHeadBytes) return false;
  if (!length) {
    const bool in_target = connection.in.find('\n') == std::string::npos;
    refuse(connection, in_target ? Refusal{414, {"http.target.long", {}, {}}}
                                 : Refusal{431, {"http.header.large", {}, {}}});
    return true;
  }
  auto head = parse_head(std::string_view(connection.in).substr(0, *length));
  connection.in.erase(0, *length);
  connection.scanned = 0;
  if (head) {
    begin(connection, std::move(*head));
  } else {
    refuse(connection, head.error());
  }
  return true;
}

// Route and limits: what can be refused before a byte of the body is asked for.
void Server::Loop::begin(Connection& connection, Head head) {
  RouteMatch match = router_.match(head.method, head.segments);
  connection.close_after_answer = !head.keep_alive;
  connection.continued = !head.expects_continue;
  connection.body = BodyReader(head, match.route ? match.route->max_body : 0);
  const bool has_body = head.has_body();
  connection.exchange = make_exchange(connection, std::move(head), match);
  if (match.route) return connection.enter(Phase::Body);

  connection.close_after_answer |= has_body;  // nobody reads it
  const Exchange& exchange = *connection.exchange;
  if (match.allow.empty()) {
    return answer(connection, dispatcher_.problem(404, {"http.path.unknown", {}, {}}, exchange));
  }
  Response response = exchange.request.method == "OPTIONS"
                          ? Response::no_content()
                          : dispatcher_.problem(405, {"http.method.not_allowed", {}, {}}, exchange);
  answer(connection, std::move(response).with("Allow", match.allow));
}

Server::Loop::Ticket Server::Loop::make_exchange(const Connection& connection, Head head,
                                                 RouteMatch& match) {
  auto exchange = std::make_unique<Exchange>();
  exchange->connection = connection.id();
  exchange->begun = Connection::Clock::now();
  exchange->route = match.route;
  Request& request = exchange->request;
  request.method = std::move(head.method);
  request.path = std::move(head.path);
  request.params = std::move(match.params);
  request.query = std::move(head.query);
  request.headers = std::move(head.headers);
  const std::string_view given_id = request.header("x-request-id");
  request.request_id = is_request_id(given_id) ? std::string(given_id) : new_request_id();
  request.language = accepted_language(request.header("accept-language"));
  request.remote =
      client_address(request.header("x-forwarded-for"), connection.peer(), config_.trusted_proxies);
  return exchange;
}

// False while the body is incomplete.
bool Server::Loop::read_body(Connection& connection) {
  const std::size_t before = connection.body.size();
  const auto state = connection.body.feed(connection.in);
  body_bytes_ += connection.body.size() - before;
  if (state == BodyReader::State::Refused) {
    refuse(connection, connection.body.refusal());
    return true;
  }
  if (body_bytes_ > config_.body_memory) {
    refuse(connection, {503, {"http.busy", {}, {}}});
    return true;
  }
  Exchange& exchange = *connection.exchange;
  exchange.body_pending = state == BodyReader::State::Reading;
  if (exchange.body_pending && exchange.granted) return false;
  if (!exchange.body_pending) {
    exchange.request.body = connection.body.take();
  }
  hand_over(connection);
  return true;
}

void Server::Loop::hand_over(Connection& connection) {
  Ticket ticket = std::move(connection.exchange);
  connection.exchange = outline(*ticket);
  connection.enter(Phase::Waiting);
  if (const auto refused = lane(ticket->route->lane).submit(std::move(ticket))) {
    body_bytes_ -= (*refused)->request.body.size();
    connection.close_after_answer |= (*refused)->body_pending;
    const Problem busy{"http.busy", {}, {}};
    answer(connection, dispatcher_.problem(503, busy, *connection.exchange));
  }
}

WorkerPool<Server::Loop::Ticket>& Server::Loop::lane(Lane lane) {
  switch (lane) {
    case Lane::Health:
      return health_;
    case Lane::Normal:
      return normal_;
    case Lane::Heavy:
      return heavy_;
  }
  return normal_;
}

// On a worker.
void Server::Loop::work(Ticket ticket) {
  if (abandoned_) return;
  dispatcher_.run(*ticket);
  {
    const std::lock_guard lock(finished_mutex_);
    finished_.push_back(std::move(ticket));
  }
  poller_.wake();
}

void Server::Loop::collect_finished() {
  std::vector<Ticket> finished;
  {
    const std::lock_guard lock(finished_mutex_);
    finished.swap(finished_);
  }
  for (Ticket& ticket : finished) {
    body_bytes_ -= ticket->request.body.size();
    const auto entry = connections_.find(ticket->connection);
    if (entry == connections_.end()) continue;  // the client left
    Connection& connection = *entry->second;
    if (connection.phase() != Phase::Waiting) continue;  // it was told 503 meanwhile
    resume(connection, std::move(ticket));
  }
}

// A worker is done with the exchange: answered, or granted and its body may come.
void Server::Loop::resume(Connection& connection, Ticket ticket) {
  connection.exchange = std::move(ticket);
  Exchange& exchange = *connection.exchange;
  if (exchange.response) {
    connection.close_after_answer |= exchange.body_pending;
    answer(connection, std::move(*exchange.response));
  } else {
    connection.enter(Phase::Body);
    if (!connection.continued && connection.in.empty()) {
      connection.queue("HTTP/1.1 100 Continue\r\n\r\n", {});
      connection.send();
    }
    connection.continued = true;
  }
  pump(connection);
}

// For what is no request: nothing behind it can be trusted, so the connection closes.
void Server::Loop::refuse(Connection& connection, const Refusal& refusal) {
  if (!connection.exchange) {
    connection.exchange = std::make_unique<Exchange>();
    connection.exchange->begun = Connection::Clock::now();
    connection.exchange->request.request_id = new_request_id();
  }
  connection.close_after_answer = true;
  answer(connection, dispatcher_.problem(refusal.status, refusal.problem, *connection.exchange));
}

void Server::Loop::answer(Connection& connection, Response response) {
  body_bytes_ -= connection.body.size();
  connection.body = BodyReader();
  connection.close_after_answer |= stopping_ || is_crowded(connections_.size(), max_connections_);
  const auto after = connection.close_after_answer ? AfterAnswer::Close : AfterAnswer::KeepOpen;
  Exchange& exchange = *connection.exchange;
  std::string head = head_text(response, exchange.request.request_id, after);
  const bool silent = exchange.request.method == "HEAD" || !may_have_body(response.status);
  connection.queue(std::move(head), silent ? std::string() : std::move(response.body));
  exchange.response = std::move(response);
  dispatcher_.log_access(exchange);
  count(exchange);
  connection.exchange.reset();
  connection.enter(Phase::Answering);
}

void Server::Loop::count(const Exchange& exchange) const {
  if (!config_.metrics) return;
  const std::chrono::duration<double> elapsed = Connection::Clock::now() - exchange.begun;
  config_.metrics->count(exchange.request.method,
                         exchange.route ? exchange.route->pattern : std::string_view(),
                         exchange.response->status, elapsed.count());
}

void Server::Loop::show_load() const {
  if (!config_.metrics) return;
  config_.metrics->set(
      {connections_.size(), body_bytes_, {health_.waiting(), normal_.waiting(), heavy_.waiting()}});
}

// Sends; false when the connection is gone.
bool Server::Loop::flush(Connection& connection) {
  const auto sent = connection.send();
  if (sent == Connection::Io::Closed) {
    close(connection);
    return false;
  }
  if (sent == Connection::Io::Blocked) return true;
  if (connection.close_after_answer) {
    // Closing at once would reset a client that is still sending, and lose it the answer.
    connection.shut();
    connection.in.clear();
    connection.enter(Phase::Lingering);
  } else {
    connection.enter(Phase::Idle);
  }
  return true;
}

void Server::Loop::cut_overdue(Connection::Clock::time_point now) {
  std::vector<Connection*> overdue;
  for (const auto& [id, connection] : connections_) {
    if (connection->overdue(now, config_.deadlines, config_.min_rate)) {
      overdue.push_back(connection.get());
    }
  }
  for (Connection* connection : overdue) {
    const Phase phase = connection->phase();
    if (phase == Phase::Body || (phase == Phase::Head && !connection->in.empty())) {
      refuse(*connection, {408, {"http.slow", {}, {}}});
    } else if (phase == Phase::Waiting) {
      refuse(*connection, {503, {"http.timeout", {}, {}}});
    } else {
      if (phase == Phase::Answering) connection->abort();
      close(*connection);
      continue;
    }
    pump(*connection);
  }
}

void Server::Loop::begin_stop() {
  while (accept_one()) {
  }
  stopping_ = true;
  listener_.close();
  std::vector<Connection*> idle;
  for (const auto& [id, connection] : connections_) {
    const bool waits = connection->phase() == Phase::Idle ||
                       (connection->phase() == Phase::Head && connection->in.empty());
    if (waits) idle.push_back(connection.get());
  }
  for (Connection* connection : idle) {
    // A request that has arrived but was not looked at yet is in flight too.
    if (connection->receive() == Connection::Io::Progress) {
      pump(*connection);
    } else {
      close(*connection);
    }
  }
}

// An odd step visits every 63-bit value before one repeats; the random start tells processes apart.
std::string Server::Loop::new_request_id() {
  request_seed_ += 0x9e3779b97f4a7c15ULL;
  return id_text(static_cast<std::int64_t>(request_seed_ & INT64_MAX));
}

Result<std::unique_ptr<Server>> Server::start(ServerConfig config, Router router,
                                              Authorizer authorizer, const Messages& messages) {
  const std::string where = config.host + ":" + std::to_string(config.port);
  try {
    Poco::Net::ServerSocket listener;
    // Not the port itself: a second server on it would silently take half of the clients.
    const bool reuse_address = true;
    const bool reuse_port = false;
    listener.bind(Poco::Net::SocketAddress(config.host, config.port), reuse_address, reuse_port);
    listener.listen(kBacklog);
    auto loop = std::make_unique<Loop>(std::move(config), std::move(listener), std::move(router),
                                       std::move(authorizer), messages);
    return std::unique_ptr<Server>(new Server(std::move(loop)));
  } catch (const Poco::Exception& exception) {
    return fail(ErrorCode::Unavailable, "http.listen", {}, {where}, exception.displayText());
  }
}

Server::Server(std::unique_ptr<Loop> loop) : loop_(std::move(loop)) {}
Server::~Server() = default;

std::uint16_t Server::port() const {
  return loop_->address().port();
}

std::string Server::url() const {
  return "http://" + loop_->address().toString();
}

void Server::stop() {
  loop_->stop();
}

void log_to_stderr(const std::string& line) {
  std::fprintf(stderr, "%s\n", line.c_str());
}

}  // namespace chucai::http
