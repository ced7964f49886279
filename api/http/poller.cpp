#include "api/http/poller.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <system_error>

namespace chucai::http {
namespace {

constexpr std::uint64_t kWakeToken = 0;

std::uint32_t mask(Interest interest) {
  switch (interest) {
    case Interest::Nothing:
      return 0;
    case Interest::Read:
      return EPOLLIN;
    case Interest::Write:
      return EPOLLOUT;
  }
  return 0;
}

int checked(int result) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), "epoll");
  return result;
}

}  // namespace

Poller::Poller()
    : epoll_(checked(::epoll_create1(EPOLL_CLOEXEC))),
      wake_(checked(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))) {
  control(EPOLL_CTL_ADD, wake_, kWakeToken, Interest::Read);
}

Poller::~Poller() {
  ::close(wake_);
  ::close(epoll_);
}

void Poller::control(int operation, int descriptor, std::uint64_t token, Interest interest) {
  epoll_event event{};
  event.events = mask(interest);
  event.data.u64 = token;
  checked(::epoll_ctl(epoll_, operation, descriptor, &event));
}

void Poller::watch(int descriptor, std::uint64_t token, Interest interest) {
  control(EPOLL_CTL_ADD, descriptor, token, interest);
}

void Poller::change(int descriptor, std::uint64_t token, Interest interest) {
  control(EPOLL_CTL_MOD, descriptor, token, interest);
}

const std::vector<Poller::Event>& Poller::wait(std::chrono::milliseconds timeout) {
  std::array<epoll_event, 256> ready;
  const int count = ::epoll_wait(epoll_, ready.data(), static_cast<int>(ready.size()),
                                 static_cast<int>(timeout.count()));
  events_.clear();
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = ready[static_cast<std::size_t>(i)];
    if (event.data.u64 == kWakeToken) {
      std::uint64_t wakes = 0;
      // An empty counter is fine: somebody else's wake was taken with ours.
      [[maybe_unused]] const auto taken = ::read(wake_, &wakes, sizeof wakes);
      continue;
    }
    events_.push_back({event.data.u64, (event.events & (EPOLLERR | EPOLLHUP)) != 0});
  }
  return events_;
}

void Poller::wake() {
  const std::uint64_t one = 1;
  // Fails only when the counter is full, and then the waiter is awake.
  [[maybe_unused]] const auto written = ::write(wake_, &one, sizeof one);
}

}  // namespace chucai::http
