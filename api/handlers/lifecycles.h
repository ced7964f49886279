// Which status may follow which, for whoever asks: what a page offers as buttons.
#pragma once

#include "api/http/router.h"
#include "registry/service/registry.h"

namespace chucai {

/// GET /lifecycles?type=participation[&kind=benefit]: the steps that the asker's role may make,
/// each with the fields that must be filled by then. `kind` is that of the participation's
/// programme. Errors: InvalidArgument "query.parameter" for a type without a lifecycle.
http::Handler lifecycles_handler();

}  // namespace chucai
