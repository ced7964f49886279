// The exact plan beside its strongest peer, LEMON's NetworkSimplex: same instances, same process,
// same optimum asserted. Prints one line an instance; `./run bench` keeps the lines in results.md.
//   plan_bench [repeats]      medians of CPU seconds, and the memory each side adds
//   plan_bench large          1,000,000 experts x 100,000 needs, ours alone
// Each side runs in a child of its own, so that neither finds memory warmed up by the other.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string_view>
#include <vector>

#include "matcher/assignment.h"
#include "matcher/verify.h"
#include "tests/matcher/lemon_oracle.h"
#include "tests/support/market.h"

using namespace chucai;

namespace {

struct Row {
  const char* name;
  testing::MarketSpec spec;
};

const Row kRows[] = {
    {"L0 spread", {100000, 10000, 100, 1, testing::MarketMode::Spread}},
    {"L1 contended", {100000, 10000, 100, 1, testing::MarketMode::Contended}},
    {"L2 tight", {100000, 10000, 100, 1, testing::MarketMode::Tight}},
    {"A0 surge", {1000, 5000, 100, 1, testing::MarketMode::Spread}},
    {"A1 surge", {10000, 10000, 100, 1, testing::MarketMode::Spread}},
    {"A2 surge", {20000, 10000, 100, 1, testing::MarketMode::Spread}},
};

/// CPU seconds of this process.
double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

struct Run {
  double build = 0;
  double solve = 0;
  std::int64_t cost = 0;
};

Run run_ours(const matcher::Instance& instance) {
  const double begin = cpu_seconds();
  matcher::Assignment assignment(instance);
  const double built = cpu_seconds();
  const matcher::Plan plan = assignment.solve();
  const double solved = cpu_seconds();
  if (!matcher::verify(instance, plan)) std::abort();
  return {built - begin, solved - built, plan.cost};
}

Run run_lemon(const matcher::Instance& instance) {
  const double begin = cpu_seconds();
  testing::LemonSimplex simplex(instance);
  const double built = cpu_seconds();
  const std::int64_t cost = simplex.solve();
  return {built - begin, cpu_seconds() - built, cost};
}

struct Side {
  Run median;
  long added_kilobytes = 0;  ///< peak above what the instance itself takes
};

long peak_kilobytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

double median(std::vector<Run>& runs, double Run::*field) {
  std::sort(runs.begin(), runs.end(),
            [=](const Run& a, const Run& b) { return a.*field < b.*field; });
  return runs[runs.size() / 2].*field;
}

Side repeat(const matcher::Instance& instance, int repeats, Run (*run)(const matcher::Instance&)) {
  const long before = peak_kilobytes();
  std::vector<Run> runs;
  for (int k = 0; k < repeats; ++k) runs.push_back(run(instance));
  return {{median(runs, &Run::build), median(runs, &Run::solve), runs[0].cost},
          peak_kilobytes() - before};
}

Side repeat_in_child(const matcher::Instance& instance, int repeats,
                     Run (*run)(const matcher::Instance&)) {
  int ends[2];
  if (pipe(ends) != 0) std::abort();
  const pid_t child = fork();
  if (child == 0) {
    const Side side = repeat(instance, repeats, run);
    _exit(write(ends[1], &side, sizeof side) == sizeof side ? 0 : 1);
  }
  Side side;
  int status = 0;
  const bool answered = read(ends[0], &side, sizeof side) == sizeof side;
  if (!answered || waitpid(child, &status, 0) != child || status != 0) std::abort();
  close(ends[0]);
  close(ends[1]);
  return side;
}

void compare(const Row& row, int repeats) {
  const matcher::Instance instance = testing::make_market(row.spec);
  const auto [ours, ours_kb] = repeat_in_child(instance, repeats, run_ours);
  const auto [peer, peer_kb] = repeat_in_child(instance, repeats, run_lemon);
  if (ours.cost != peer.cost) std::abort();
  std::printf(
      "%-13s cost %-11lld ours: build %.4f solve %.4f +%ld MB  lemon: build %.4f solve %.4f +%ld MB"
      "  ratio solve %.1f, with building %.1f\n",
      row.name, static_cast<long long>(ours.cost), ours.build, ours.solve, ours_kb / 1024,
      peer.build, peer.solve, peer_kb / 1024, peer.solve / ours.solve,
      (peer.build + peer.solve) / (ours.build + ours.solve));
  std::fflush(stdout);
}

/// No peer: LEMON would take minutes and gigabytes.
void run_large() {
  const matcher::Instance instance =
      testing::make_market({1000000, 100000, 100, 1, testing::MarketMode::Spread});
  const auto [ours, kb] = repeat_in_child(instance, 1, run_ours);
  std::printf("1,000,000 x 100,000, %zu candidates: cost %lld build %.4f solve %.4f +%ld MB\n",
              instance.candidates.size(), static_cast<long long>(ours.cost), ours.build, ours.solve,
              kb / 1024);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1 && std::string_view(argv[1]) == "large") {
    run_large();
    return 0;
  }
  const int repeats = argc > 1 ? std::max(1, std::atoi(argv[1])) : 3;
  for (const Row& row : kRows) compare(row, repeats);
}
