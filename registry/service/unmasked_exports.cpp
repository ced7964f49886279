#include "registry/service/unmasked_exports.h"

#include "registry/domain/text.h"
#include "registry/service/reveal.h"

namespace chucai {
namespace {

constexpr std::int64_t kLifeUs = std::int64_t{24} * 3600 * 1'000'000;

void note(Registry& registry, Connection& db, const Principal& principal, std::string action,
          std::int64_t id, std::string detail) {
  const AuditEntry entry{std::move(action), "unmasked_export", id, std::move(detail)};
  registry.audit().append(db, registry.audit_context(principal), {&entry, 1});
}

}  // namespace

Result<std::int64_t> request_export(Registry& registry, const Principal& principal,
                                    UnmaskedExport request) {
  if (!allows(principal, Permission::ExportUnmasked)) {
    return fail(ErrorCode::PermissionDenied, "export.permission");
  }
  if (const Done fits = check_purpose(request.purpose); !fits) {
    return tl::make_unexpected(fits.error());
  }
  if (const Done fits = check_case(principal, request.case_number); !fits) {
    return tl::make_unexpected(fits.error());
  }
  request.id = registry.new_id();
  request.purpose = normalise_space(request.purpose);
  request.office = principal.region;
  request.requested_by = principal.actor;
  request.requested_at = registry.now_us();
  const Done done = registry.database().write([&](Connection& db) -> Done {
    insert_export(db, request);
    note(registry, db, principal, "export.request", request.id,
         request.kind + ": " + request.purpose + " #" + request.case_number);
    return {};
  });
  if (!done) return tl::make_unexpected(done.error());
  return request.id;
}

Done approve_export(Registry& registry, const Principal& principal, std::int64_t id) {
  if (!allows(principal, Permission::ApproveExport)) {
    return fail(ErrorCode::PermissionDenied, "export.permission");
  }
  return registry.database().write([&](Connection& db) -> Done {
    const auto request = load_export(db, principal.scope(), id);
    if (!request) return fail(ErrorCode::NotFound, "export.absent");
    if (request->requested_by == principal.actor) {
      return fail(ErrorCode::PermissionDenied, "export.own");
    }
    if (!approve_export(db, id, principal.actor, registry.now_us())) {
      return fail(ErrorCode::Conflict, "export.approved");
    }
    note(registry, db, principal, "export.approve", id, {});
    return {};
  });
}

Result<UnmaskedExport> fetch_export(Registry& registry, const Principal& principal,
                                    std::int64_t id) {
  UnmaskedExport fetched;
  const Done done = registry.database().write([&](Connection& db) -> Done {
    const auto request = load_export(db, principal.scope(), id);
    if (!request || request->requested_by != principal.actor) {
      return fail(ErrorCode::NotFound, "export.absent");
    }
    if (request->approved_at == 0) {
      return fail(ErrorCode::FailedPrecondition, "export.unapproved");
    }
    if (registry.now_us() - request->approved_at > kLifeUs) {
      return fail(ErrorCode::FailedPrecondition, "export.expired");
    }
    if (!fetch_export(db, id, registry.now_us())) {
      return fail(ErrorCode::Conflict, "export.fetched");
    }
    note(registry, db, principal, "export.fetch", id, {});
    fetched = *request;
    return {};
  });
  if (!done) return tl::make_unexpected(done.error());
  return fetched;
}

Result<std::vector<UnmaskedExport>> list_exports(Registry& registry, const Principal& principal) {
  std::vector<UnmaskedExport> requests;
  const Done read = registry.database().read([&](Connection& db) -> Done {
    requests = list_exports(db, principal.scope());
    return {};
  });
  if (!read) return tl::make_unexpected(read.error());
  return requests;
}

}  // namespace chucai
