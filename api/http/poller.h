// Waits for many sockets at once (epoll) and can be woken from another thread. POCO 1.11's PollSet
// has no wake-up and builds a map per call.
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

namespace chucai::http {

enum class Interest { Nothing, Read, Write };

/// One thread waits; any thread may wake it.
class Poller {
 public:
  struct Event {
    std::uint64_t token;  ///< as given to watch()
    bool broken;          ///< the peer is gone; reported whatever the interest
  };

  /// Throws std::system_error when the kernel has no descriptor left.
  Poller();
  ~Poller();
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;

  /// Starts watching a descriptor; closing it ends that. `token` must not be 0.
  void watch(int descriptor, std::uint64_t token, Interest interest);
  void change(int descriptor, std::uint64_t token, Interest interest);
  /// Waits until something happens, wake() is called or the time is over.
  const std::vector<Event>& wait(std::chrono::milliseconds timeout);
  void wake();

 private:
  void control(int operation, int descriptor, std::uint64_t token, Interest interest);

  int epoll_;
  int wake_;
  std::vector<Event> events_;
};

}  // namespace chucai::http
