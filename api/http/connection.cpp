#include "api/http/connection.h"

#include <errno.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <utility>

namespace chucai::http {
namespace {

constexpr std::size_t kChunkBytes = 64 * 1024;

bool would_block() {
  return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

}  // namespace

Connection::Connection(std::uint64_t id, Poco::Net::StreamSocket socket, std::string peer)
    : id_(id), socket_(std::move(socket)), peer_(std::move(peer)) {}

Interest Connection::interest() const {
  switch (phase_) {
    case Phase::Idle:
    case Phase::Head:
    case Phase::Body:
    case Phase::Lingering:
      return Interest::Read;
    case Phase::Waiting:
      return Interest::Nothing;
    case Phase::Answering:
      return Interest::Write;
  }
  return Interest::Nothing;
}

void Connection::enter(Phase phase) {
  phase_ = phase;
  since_ = window_ = Clock::now();
  moved_ = 0;
}

// By windows, not from the start: what the kernel buffered at once would pay for hours of silence.
bool Connection::is_slow(Clock::time_point now, const Deadlines& deadlines, std::size_t min_rate) {
  if (now - window_ < deadlines.transfer) return false;
  const auto wanted = min_rate * static_cast<std::size_t>(deadlines.transfer.count()) / 1000;
  const bool slow = moved_ < wanted;
  window_ = now;
  moved_ = 0;
  return slow;
}

bool Connection::overdue(Clock::time_point now, const Deadlines& deadlines, std::size_t min_rate) {
  const auto elapsed = now - since_;
  switch (phase_) {
    case Phase::Idle:
      return elapsed > deadlines.idle;
    case Phase::Head:
      return elapsed > deadlines.head;
    case Phase::Body:
    case Phase::Answering:
      return elapsed > deadlines.message || is_slow(now, deadlines, min_rate);
    case Phase::Waiting:
      return elapsed > deadlines.handler;
    case Phase::Lingering:
      return elapsed > deadlines.linger;
  }
  return true;
}

// POCO's own calls turn a full or empty buffer into an exception, so the system's are used.
Connection::Io Connection::receive() {
  std::array<char, kChunkBytes> buffer;
  const auto count = ::recv(descriptor(), buffer.data(), buffer.size(), 0);
  if (count < 0 && would_block()) return Io::Blocked;
  if (count <= 0) return Io::Closed;
  moved_ += static_cast<std::size_t>(count);
  if (phase_ != Phase::Lingering) in.append(buffer.data(), static_cast<std::size_t>(count));
  return Io::Progress;
}

Connection::Io Connection::send() {
  while (sent_ < out_head_.size() + out_body_.size()) {
    const bool in_head = sent_ < out_head_.size();
    const std::string& part = in_head ? out_head_ : out_body_;
    const std::size_t at = in_head ? sent_ : sent_ - out_head_.size();
    const int more = in_head && !out_body_.empty() ? MSG_MORE : 0;  // one packet for small answers
    const auto count =
        ::send(descriptor(), part.data() + at, part.size() - at, MSG_NOSIGNAL | more);
    if (count < 0) return would_block() ? Io::Blocked : Io::Closed;
    sent_ += static_cast<std::size_t>(count);
    moved_ += static_cast<std::size_t>(count);
  }
  out_head_.clear();
  out_body_.clear();
  sent_ = 0;
  return Io::Progress;
}

void Connection::queue(std::string head, std::string body_text) {
  if (out_head_.empty()) {
    out_head_ = std::move(head);
  } else {
    out_head_ += head;  // behind a "100 Continue" that has not left
  }
  out_body_ = std::move(body_text);
}

void Connection::shut() {
  ::shutdown(descriptor(), SHUT_WR);  // fails when the client is gone: the next read says so
}

void Connection::abort() {
  const linger none{1, 0};
  ::setsockopt(descriptor(), SOL_SOCKET, SO_LINGER, &none, sizeof none);
}

}  // namespace chucai::http
