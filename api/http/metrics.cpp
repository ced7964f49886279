#include "api/http/metrics.h"

#include <algorithm>
#include <charconv>

namespace chucai::http {
namespace {

std::string number(double value) {
  char text[32];
  const auto [end, error] = std::to_chars(text, text + sizeof text, value);
  return error == std::errc() ? std::string(text, end) : "NaN";
}

void append_head(std::string& text, std::string_view name, std::string_view help,
                 std::string_view type) {
  text.append("# HELP ").append(name).append(" ").append(help).append("\n");
  text.append("# TYPE ").append(name).append(" ").append(type).append("\n");
}

}  // namespace

void append_gauge(std::string& text, std::string_view name, std::string_view help, double value) {
  append_head(text, name, help, "gauge");
  text.append(name).append(" ").append(number(value)).append("\n");
}

void Metrics::count(std::string_view method, std::string_view route, int status, double seconds) {
  const std::lock_guard lock(mutex_);
  ++requests_[{std::string(method), std::string(route), status}];
  Durations& durations = durations_[std::string(route)];
  const auto bound = std::lower_bound(kBounds.begin(), kBounds.end(), seconds);
  ++durations.counts[static_cast<std::size_t>(bound - kBounds.begin())];
  durations.sum += seconds;
}

void Metrics::set(const Load& load) {
  const std::lock_guard lock(mutex_);
  load_ = load;
}

// Patterns and methods are ours, so no label needs escaping.
std::string Metrics::text() const {
  const std::lock_guard lock(mutex_);
  std::string text;
  append_head(text, "chucai_http_requests_total", "Answered requests.", "counter");
  for (const auto& [labels, count] : requests_) {
    const auto& [method, route, status] = labels;
    text += "chucai_http_requests_total{method=\"" + method + "\",route=\"" + route +
            "\",status=\"" + std::to_string(status) + "\"} " + std::to_string(count) + "\n";
  }
  append_head(text, "chucai_http_request_seconds", "First byte of a request to its answer.",
              "histogram");
  for (const auto& [route, durations] : durations_) {
    const std::string label = "{route=\"" + route + "\"";
    std::int64_t so_far = 0;
    for (std::size_t i = 0; i < durations.counts.size(); ++i) {
      so_far += durations.counts[i];
      const std::string bound = i < kBounds.size() ? number(kBounds[i]) : "+Inf";
      text += "chucai_http_request_seconds_bucket" + label + ",le=\"" + bound + "\"} " +
              std::to_string(so_far) + "\n";
    }
    text += "chucai_http_request_seconds_sum" + label + "} " + number(durations.sum) + "\n";
    text += "chucai_http_request_seconds_count" + label + "} " + std::to_string(so_far) + "\n";
  }
  append_gauge(text, "chucai_http_connections", "Open connections.",
               static_cast<double>(load_.connections));
  append_gauge(text, "chucai_http_body_bytes", "Bytes of bodies received and not done with.",
               static_cast<double>(load_.body_bytes));
  append_head(text, "chucai_http_waiting", "Requests that wait for a thread.", "gauge");
  constexpr const char* kLanes[] = {"health", "normal", "heavy"};
  for (std::size_t i = 0; i < load_.waiting.size(); ++i) {
    text += "chucai_http_waiting{lane=\"" + std::string(kLanes[i]) + "\"} " +
            std::to_string(load_.waiting[i]) + "\n";
  }
  return text;
}

}  // namespace chucai::http
