// Routes of imports: a roster goes in as the body of a request, its report comes back.
#pragma once

#include "api/http/router.h"
#include "registry/service/registry.h"

namespace chucai {

/// POST /imports?kind=KIND[&program=&mode=&key=&map=&dry_run=true|false&all_or_nothing=]: the body
/// is the file; `map` may stand more than once. `dry_run` is true unless said otherwise: nothing is
/// written before somebody looked.
http::Handler import_handler(Registry& registry);
/// GET /imports: batches of offices in scope, newest first.
http::Handler list_imports_handler(Registry& registry);
/// POST /imports/{id}/undo
http::Handler undo_import_handler(Registry& registry);

}  // namespace chucai
