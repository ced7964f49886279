// The console's pages, as they lie compressed in the binary.
#pragma once

#include <span>

#include "api/http/router.h"
#include "registry/domain/embedded.h"

namespace chucai {

/// GET /{path*}: the file of that name, 304 when the browser has it; a path of the console (no
/// file, no dot, not under /api) is index.html, whose script shows the page. `files` hold gzip
/// bytes and must outlive the handler; without index.html (a build without the console) every path
/// is unknown. Errors: NotFound "http.path.unknown".
http::Handler console_handler(std::span<const EmbeddedFile> files);

}  // namespace chucai
