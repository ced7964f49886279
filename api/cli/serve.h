// Running the HTTP service in the foreground.
#pragma once

#include "api/cli/session.h"
#include "api/http/server.h"
#include "api/matching.h"

namespace chucai::cli {

/// Serves until SIGINT or SIGTERM; an empty data folder is initialised first.
int serve(Session& session);

/// Waits for SIGINT or SIGTERM, then stops the server. Call block_stop_signals() before any thread
/// starts, so that no other thread takes the signal.
void block_stop_signals();
void wait_and_stop(http::Server& server);

}  // namespace chucai::cli
