// Routes of what protects people: reveals, exports in clear, the rights of a person.
#pragma once

#include "api/http/router.h"
#include "registry/service/registry.h"

namespace chucai {

/// POST /people/{id}/reveal {field, purpose, case}: {value}. Audited before the answer.
http::Handler reveal_handler(Registry& registry);
/// GET /people/{id}/dossier: everything kept of the person.
http::Handler dossier_handler(Registry& registry);
/// POST /people/{id}/hold {reason}: an empty reason lifts it.
http::Handler hold_handler(Registry& registry);
/// POST /people/{id}/erase {basis}
http::Handler erase_handler(Registry& registry);

/// GET /audit-events?record_type=&record=&actor=&action=&limit=&cursor=: newest first.
http::Handler audit_events_handler(Registry& registry);

/// POST /exports {kind, program, region, purpose, case}: 201 with the request.
http::Handler request_export_handler(Registry& registry);
/// GET /exports
http::Handler list_exports_handler(Registry& registry);
/// POST /exports/{id}/approve
http::Handler approve_export_handler(Registry& registry);
/// GET /exports/{id}/file: the CSV, once.
http::Handler fetch_export_handler(Registry& registry);

}  // namespace chucai
