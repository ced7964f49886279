// Routes that give tables: rosters of what is registered, and the empty forms.
#pragma once

#include "api/http/router.h"
#include "registry/service/registry.h"

namespace chucai {

/// GET /rosters/{kind}?format=csv|xlsx|json&program=&region=: the records in scope in the columns
/// that an import of the kind takes, numbers as masks. At most 200,000 rows.
http::Handler roster_handler(Registry& registry);
/// GET /templates/{kind}?program=: the empty form, .xlsx.
http::Handler template_handler(Registry& registry);

}  // namespace chucai
