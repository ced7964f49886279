// Tells the service manager how far the process is (sd_notify(3), without its library).
#pragma once

#include <string_view>

namespace chucai::cli {

/// Sends "READY=1" or "STOPPING=1" to the socket that NOTIFY_SOCKET names; nothing happens where
/// nobody asked. The manager's patience is its own affair: a failure is not told.
void notify_manager(std::string_view state);

}  // namespace chucai::cli
