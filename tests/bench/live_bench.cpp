// Everyday changes of a plan, each repaired: mean and worst CPU time by kind, beside solving anew
// with LEMON's NetworkSimplex in the same run. Every hundredth plan is proved on every candidate,
// and taking all changes back must lead to the cost before.
//   live_bench [changes of each kind]
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <random>
#include <string>
#include <vector>

#include "matcher/live_plan.h"
#include "matcher/verify.h"
#include "tests/matcher/lemon_oracle.h"
#include "tests/support/market.h"

using namespace chucai;
using matcher::Candidate;
using matcher::LivePlan;

namespace {

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

void require(bool fine, const char* what) {
  if (fine) return;
  std::fprintf(stderr, "live_bench: %s\n", what);
  std::abort();
}

void prove(const LivePlan& live) {
  require(bool(matcher::verify(live.instance(), live.plan())), "a plan is not proved");
}

/// Times changes of one kind.
class Meter {
 public:
  Meter(const char* kind, double anew) : kind_(kind), anew_(anew) {}
  Meter(const Meter&) = delete;
  Meter& operator=(const Meter&) = delete;
  ~Meter() {
    double sum = 0;
    for (const double one : seconds_) sum += one;
    const double mean = sum / static_cast<double>(seconds_.size());
    const double worst = *std::max_element(seconds_.begin(), seconds_.end());
    std::printf("  %-22s mean %8.1f us  worst %8.1f us  anew / mean %.0f\n", kind_, mean * 1e6,
                worst * 1e6, anew_ / mean);
  }

  template <class Make>
  void time(const LivePlan& live, Make make) {
    const double begin = cpu_seconds();
    const bool made = bool(make());
    seconds_.push_back(cpu_seconds() - begin);
    require(made, kind_);
    if (seconds_.size() % 100 == 0) prove(live);
  }

 private:
  const char* kind_;
  double anew_;
  std::vector<double> seconds_;
};

double solve_anew(const matcher::Instance& instance) {
  const double begin = cpu_seconds();
  testing::LemonSimplex(instance).solve();
  return cpu_seconds() - begin;
}

/// A need like another, of three seats, a little dearer or cheaper with each candidate.
std::vector<Candidate> row_like(std::span<const Candidate> row, std::mt19937& random) {
  std::vector<Candidate> like(row.begin(), row.end());
  for (Candidate& candidate : like) {
    candidate.cost += static_cast<std::uint32_t>(random() % 200);
  }
  std::sort(like.begin(), like.end(), [](const Candidate& a, const Candidate& b) {
    return std::pair(a.cost, a.expert) < std::pair(b.cost, b.expert);
  });
  return like;
}

void run(const char* name, const testing::MarketSpec& spec, std::size_t changes) {
  const matcher::Instance instance = testing::make_market(spec);
  const double anew = solve_anew(instance);
  const double begin = cpu_seconds();
  LivePlan live(instance);
  std::printf("%s: ready in %.3f s, LEMON anew %.3f s\n", name, cpu_seconds() - begin, anew);
  const std::int64_t cost = live.cost();
  std::mt19937 random(42);
  std::vector<std::uint32_t> added;
  std::vector<std::uint32_t> withdrawn;
  std::vector<std::uint32_t> cancelled;
  {
    Meter meter("new need, 3 seats", anew);
    for (std::size_t k = 0; k < changes; ++k) {
      const auto row =
          row_like(instance.row(static_cast<std::uint32_t>(random() % instance.needs())), random);
      meter.time(live, [&] { return live.add_need(3, 100000, row); });
      added.push_back(live.needs() - 1);
    }
  }
  {
    Meter meter("expert withdrawn", anew);
    const auto seats = live.plan().seats;
    for (std::size_t k = 0; k < changes; ++k) {
      const std::uint32_t expert = seats[random() % seats.size()].expert;
      if (std::find(withdrawn.begin(), withdrawn.end(), expert) != withdrawn.end()) continue;
      meter.time(live, [&] { return live.set_capacity(expert, 0); });
      withdrawn.push_back(expert);
    }
  }
  {
    Meter meter("need cancelled", anew);
    for (std::size_t k = 0; k < changes; ++k) {
      const auto need = static_cast<std::uint32_t>(random() % instance.needs());
      if (std::find(cancelled.begin(), cancelled.end(), need) != cancelled.end()) continue;
      meter.time(live, [&] { return live.set_headcount(need, 0); });
      cancelled.push_back(need);
    }
  }
  {
    Meter meter("pair forbidden, allowed", anew);
    const auto seats = live.plan().seats;
    for (std::size_t k = 0; k < changes; ++k) {
      const matcher::Seat seat = seats[random() % seats.size()];
      meter.time(live, [&] { return live.forbid(seat.need, seat.expert); });
      meter.time(live, [&] { return live.allow(seat.need, seat.expert); });
    }
  }
  {
    Meter meter("expert back", anew);
    for (const std::uint32_t expert : withdrawn) {
      meter.time(live, [&] { return live.set_capacity(expert, instance.capacity[expert]); });
    }
  }
  {
    Meter meter("need taken up again", anew);
    for (const std::uint32_t need : cancelled) {
      meter.time(live, [&] { return live.set_headcount(need, instance.headcount[need]); });
    }
  }
  {
    Meter meter("new need taken back", anew);
    for (const std::uint32_t need : added) {
      meter.time(live, [&] { return live.set_headcount(need, 0); });
    }
  }
  prove(live);
  require(live.cost() == cost, "taking back did not lead to the cost before");
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t changes = argc > 1 ? std::max(1ul, std::strtoul(argv[1], nullptr, 10)) : 500;
  run("L0 spread", {100000, 10000, 100, 1, testing::MarketMode::Spread}, changes);
  run("L1 contended", {100000, 10000, 100, 1, testing::MarketMode::Contended}, changes);
  run("L2 tight", {100000, 10000, 100, 1, testing::MarketMode::Tight}, changes);
}
