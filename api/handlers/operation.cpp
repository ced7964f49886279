#include "api/handlers/operation.h"

#include <unistd.h>

#include <fstream>

#include "api/json/writer.h"
#include "registry/service/readiness.h"
#include "registry/storage/change_feed.h"

namespace chucai {
namespace {

using http::Request;
using http::Response;

constexpr const char* kPrometheus = "text/plain; version=0.0.4; charset=utf-8";

double resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::int64_t size = 0;
  std::int64_t resident = 0;
  statm >> size >> resident;
  return static_cast<double>(resident) * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

}  // namespace

http::Handler health_handler() {
  return
      [](const Request&) -> Result<Response> { return Response::json(200, R"({"status":"ok"})"); };
}

http::Handler ready_handler(Registry& registry) {
  return [&registry](const Request&) -> Result<Response> {
    const auto schema = check_ready(registry);
    if (!schema) return tl::make_unexpected(schema.error());
    JsonWriter json;
    json.begin_object().field("status", "ready").field("schema", std::int64_t{*schema});
    json.end_object();
    return Response::json(200, std::move(json).take());
  };
}

http::Handler metrics_handler(Registry& registry, Matching& matching,
                              std::shared_ptr<const http::Metrics> metrics) {
  return [&registry, &matching, metrics = std::move(metrics)](const Request&) -> Result<Response> {
    const auto latest = latest_change(registry.database());
    if (!latest) return tl::make_unexpected(latest.error());
    std::string text = metrics->text();
    http::append_gauge(text, "chucai_changes", "Number of the last change committed.",
                       static_cast<double>(*latest));
    http::append_gauge(text, "chucai_ranking_lag_changes",
                       "Changes that rankings will take in when next asked.",
                       static_cast<double>(*latest - matching.version()));
    http::append_gauge(text, "process_resident_memory_bytes", "Resident memory.", resident_bytes());
    return Response{200, kPrometheus, std::move(text), {}};
  };
}

}  // namespace chucai
