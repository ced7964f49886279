// Files of documents over HTTP: the body is the file.
#pragma once

#include "api/http/router.h"
#include "registry/service/registry.h"

namespace chucai {

/// POST /documents/{id}/file: keeps the body as the document's newest file.
http::Handler attach_file_handler(Registry& registry);
/// GET /documents/{id}/file: its bytes, as an attachment.
http::Handler read_file_handler(Registry& registry);

}  // namespace chucai
