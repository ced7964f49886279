// Routes of coverage: figures of the programmes, questions by name, pivots of the moment.
#pragma once

#include "api/http/router.h"
#include "registry/service/registry.h"

namespace chucai {

/// GET /coverage?program=&by=&as_of=&format=json|csv
http::Handler coverage_handler(Registry& registry);
/// GET /coverage/questions: what can be asked by name.
http::Handler questions_handler(Registry& registry);
/// GET /coverage/questions/{name}?program=&region=&year=&as_of=&format=json|csv|xlsx
http::Handler question_handler(Registry& registry);
/// GET /coverage/pivot?fact=&by=&measure=&filter=DIM:A,B&filter=...&totals=&all=&as_of=&format=
http::Handler pivot_handler(Registry& registry);

}  // namespace chucai
