// What is kept of a person, retention and exports in clear, as JSON.
#pragma once

#include <string>
#include <vector>

#include "registry/service/person_rights.h"
#include "registry/service/retention.h"
#include "registry/service/unmasked_exports.h"

namespace chucai {

/// {person, records[{type, record}], corrections[{at, actor, before{}}], trail[...], hold}. The
/// person is shown in full: the dossier is the person's own.
std::string dossier_json(const Dossier& dossier);
/// {"items": [{id, at, actor, role, action, record_type, record, detail}], "next_cursor": id or
/// null}
std::string audit_events_json(const std::vector<AuditLine>& lines, int limit);
/// {rules[{rule, action, basis, due, held, done}]}
std::string retention_json(const std::vector<RetentionLine>& lines);
/// One request; its purpose and case, who asked, approved and fetched, and when.
std::string export_json(const UnmaskedExport& request);
/// {items[...]}
std::string exports_json(const std::vector<UnmaskedExport>& requests);

}  // namespace chucai
