#include "api/cli/serve.h"

#include <charconv>
#include <csignal>
#include <iostream>

#include "api/service.h"

namespace chucai::cli {
namespace {

sigset_t stop_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

// Until accounts and their setup code exist, only tokens made on this machine open the service, so
// it stays on this machine's loopback.
bool is_loopback(std::string_view host) {
  return host == "127.0.0.1" || host == "localhost" || host == "::1" || host == "[::1]";
}

Result<http::ServerConfig> config_for(const std::string& listen) {
  const auto colon = listen.rfind(':');
  http::ServerConfig config;
  unsigned port = 0;
  const char* end = listen.data() + listen.size();
  const char* begin = colon == std::string::npos ? end : listen.data() + colon + 1;
  const auto [stop, error] = std::from_chars(begin, end, port);
  if (error != std::errc{} || stop != end || port > 65535) {
    return fail(ErrorCode::InvalidArgument, "cli.listen", "--listen");
  }
  config.host = listen.substr(0, colon);
  config.port = static_cast<std::uint16_t>(port);
  if (!is_loopback(config.host)) {
    return fail(ErrorCode::InvalidArgument, "cli.listen.loopback", "--listen");
  }
  config.log = http::log_to_stderr;
  return config;
}

}  // namespace

void block_stop_signals() {
  const sigset_t set = stop_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

void wait_and_stop(http::Server& server) {
  const sigset_t set = stop_signals();
  int signal = 0;
  sigwait(&set, &signal);
  server.stop();
}

int serve(Session& session, const std::string& listen) {
  const auto config = config_for(listen);
  if (!config) return session.report(config.error(), kUnusable);
  block_stop_signals();
  Registry* registry = session.open_or_init();
  if (!registry) return kFailed;
  Matching matching(*registry);
  const auto server = start_service(*config, *registry, matching);
  if (!server) return session.report(server.error());
  std::cout << session.text({"cli.serving", {}, {(*server)->url()}}) << '\n' << std::flush;
  wait_and_stop(**server);
  return kDone;
}

}  // namespace chucai::cli
