// What the server counts of itself, in Prometheus' text format (version 0.0.4).
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <tuple>

namespace chucai::http {

/// Appends a measurement of the moment, with the lines that explain it.
void append_gauge(std::string& text, std::string_view name, std::string_view help, double value);

/// Requests by route and how long they took; no path, query or name of anybody. Threads: any.
class Metrics {
 public:
  /// One answered request. `route`: its pattern; empty for what led nowhere.
  void count(std::string_view method, std::string_view route, int status, double seconds);
  /// What the server holds now; set by its own thread a few times a second.
  struct Load {
    std::size_t connections = 0;
    std::size_t body_bytes = 0;
    std::array<std::size_t, 3> waiting{};  ///< requests that wait for a thread, by Lane
  };
  void set(const Load& load);

  std::string text() const;

 private:
  static constexpr std::array<double, 11> kBounds{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                                  0.1,   0.25,   0.5,   1,    5};
  struct Durations {
    std::array<std::int64_t, kBounds.size() + 1> counts{};  ///< the last: longer than any bound
    double sum = 0;
  };

  mutable std::mutex mutex_;  // of all below
  std::map<std::tuple<std::string, std::string, int>, std::int64_t> requests_;
  std::map<std::string, Durations> durations_;
  Load load_;
};

}  // namespace chucai::http
