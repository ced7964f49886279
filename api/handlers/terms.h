// Code tables as people search them: by code, name, alias, pinyin or the first letters of it.
#pragma once

#include "api/http/router.h"
#include "registry/service/registry.h"

namespace chucai {

/// GET /terms?scheme=NAME: the table, at most 500 terms; with `parent`, those right below it; with
/// `codes` (commas between), just these; with `q`, the 50 that fit best: the exact name, code or
/// alias first, then codes and names that begin with it, then names that hold it, each in Chinese,
/// English, pinyin or pinyin initials. Cost of `q`: one pass over the table (33,000 regions: about
/// 10 ms). Errors: InvalidArgument "terms.scheme".
http::Handler terms_handler(Registry& registry);

}  // namespace chucai
