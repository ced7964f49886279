// One client's connection: its socket, the bytes in and out, and how long each phase may last.
// Belongs to the server's loop thread.
#pragma once

#include <Poco/Net/StreamSocket.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "api/http/dispatcher.h"
#include "api/http/framing.h"
#include "api/http/poller.h"
#include "api/http/server.h"

namespace chucai::http {

enum class Phase {
  Idle,       ///< no byte of a next request yet
  Head,       ///< its head is arriving
  Body,       ///< its body is arriving
  Waiting,    ///< a worker has it
  Answering,  ///< the answer is leaving
  Lingering,  ///< answered and closed for writing; what still comes is thrown away
};

class Connection {
 public:
  using Clock = std::chrono::steady_clock;
  enum class Io { Progress, Blocked, Closed };

  /// `socket` must not block.
  Connection(std::uint64_t id, Poco::Net::StreamSocket socket, std::string peer);

  std::uint64_t id() const { return id_; }
  const std::string& peer() const { return peer_; }
  int descriptor() const { return socket_.impl()->sockfd(); }
  Phase phase() const { return phase_; }
  /// What to wait for in this phase.
  Interest interest() const;

  /// Enters a phase: its clocks and its byte count start anew.
  void enter(Phase phase);
  /// True when the phase has lasted too long or moves too slowly. To be asked often.
  bool overdue(Clock::time_point now, const Deadlines& deadlines, std::size_t min_rate);

  /// Reads what is there, up to 64 KB, behind `in`; in Lingering it is dropped.
  Io receive();
  /// Sends what `queue` left.
  Io send();
  /// Lines bytes up behind those not sent yet.
  void queue(std::string head, std::string body);
  /// Nothing more will be sent; the client sees the end of the stream.
  void shut();
  /// Makes the end abrupt: what the kernel still holds for the client is dropped at once.
  void abort();

  std::string in;           ///< received and not used yet
  std::size_t scanned = 0;  ///< of `in`, by head_length()
  BodyReader body;
  /// The request being read or answered; while a worker has it, an outline of it.
  std::unique_ptr<Exchange> exchange;
  Interest watched = Interest::Read;  ///< what the poller waits for now
  bool close_after_answer = false;
  bool continued = false;  ///< "100 Continue" was sent or is not asked for

 private:
  bool is_slow(Clock::time_point now, const Deadlines& deadlines, std::size_t min_rate);

  const std::uint64_t id_;
  Poco::Net::StreamSocket socket_;
  const std::string peer_;
  Phase phase_ = Phase::Head;  // a new client gets the time of a head, not of an idle one
  Clock::time_point since_ = Clock::now();
  Clock::time_point window_ = Clock::now();  // a stretch of the phase, in which
  std::size_t moved_ = 0;                    // so many bytes were received or sent
  std::string out_head_;
  std::string out_body_;
  std::size_t sent_ = 0;  // of head and body together
};

}  // namespace chucai::http
