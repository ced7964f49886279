#include "api/cli/serve.h"

#include <charconv>
#include <csignal>
#include <iostream>

#include "api/cli/notify.h"
#include "api/service.h"
#include "registry/domain/text.h"
#include "registry/service/accounts.h"

namespace chucai::cli {
namespace {

sigset_t stop_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

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
  config.log = http::log_to_stderr;
  return config;
}

// Until the first account is made with its code, whoever reaches the service could make it: so far
// the service stays on this machine.
Done greet_first_user(Session& session, Registry& registry, const std::string& host) {
  const auto code = make_setup_code(registry);
  if (!code) return tl::make_unexpected(code.error());
  if (!*code) return {};
  if (!is_loopback(host)) {
    return fail(ErrorCode::FailedPrecondition, "cli.listen.loopback", "--listen");
  }
  std::cout << session.text({"cli.setup", {}, {**code}}) << '\n';
  return {};
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
  notify_manager("READY=1");
  sigwait(&set, &signal);
  notify_manager("STOPPING=1");
  server.stop();
}

int serve(Session& session) {
  if (const Done read = session.settings.read_file(); !read) {
    return session.report(read.error(), kUnusable);
  }
  auto config = config_for(session.settings.value(Setting::Listen));
  if (!config) return session.report(config.error(), kUnusable);
  config->trusted_proxies = split_list(session.settings.value(Setting::TrustedProxies));
  block_stop_signals();
  Registry* registry = session.open_or_init();
  if (!registry) return kFailed;
  if (const Done greeted = greet_first_user(session, *registry, config->host); !greeted) {
    return session.report(greeted.error(), kUnusable);
  }
  Matching matching(*registry);
  const auto server = start_service(std::move(*config), *registry, matching);
  if (!server) return session.report(server.error());
  std::cout << session.text({"cli.serving", {}, {(*server)->url()}}) << '\n' << std::flush;
  wait_and_stop(**server);
  return kDone;
}

}  // namespace chucai::cli
