#include "registry/service/tokens.h"

#include "registry/domain/person.h"
#include "registry/service/records.h"
#include "registry/storage/trail_stores.h"

namespace chucai {
namespace {

constexpr std::string_view kPrefix = "cct_";  // lets secret scanners find a leaked token
constexpr std::int64_t kLongestDays = 365;

// The person of an expert's own token, who must lie within the region; 0 for the other roles.
Result<std::int64_t> owner_of(Registry& registry, const Principal& within, std::string_view role,
                              std::string_view person) {
  if (role != kExpertSelf && person.empty()) return 0;
  const auto found = find_record(registry, within, type_of<Person>(), person);
  if (role == kExpertSelf && found) return (*found)->id;
  return fail(ErrorCode::InvalidArgument, "token.person", "person");
}

}  // namespace

Result<std::string> add_token(Registry& registry, const Principal& principal,
                              std::string_view label, std::string_view role,
                              std::string_view region, Date expires_on, std::string_view person) {
  if (!registry.codes().find("role", role)) {
    return fail(ErrorCode::InvalidArgument, "token.role", "role");
  }
  if (!registry.codes().find("region", region)) {
    return fail(ErrorCode::InvalidArgument, "token.region", "region");
  }
  const std::int64_t today = first_day(registry.today());
  if (!expires_on || first_day(expires_on) < today ||
      first_day(expires_on) > today + kLongestDays) {
    return fail(ErrorCode::InvalidArgument, "token.expires", "expires",
                {std::to_string(kLongestDays)});
  }
  if (!allows(principal, Permission::ManageAccounts) || !may_grant(principal, role) ||
      !registry.regions().within(region, principal.region)) {
    return fail(ErrorCode::PermissionDenied, "token.scope", "region");
  }
  const auto owner =
      owner_of(registry, Principal{principal.actor, {}, std::string(region)}, role, person);
  if (!owner) return tl::make_unexpected(owner.error());
  const std::string token = std::string(kPrefix) + to_hex(random_bytes(32));
  const AccessToken row{registry.new_id(),
                        std::string(label),
                        std::string(role),
                        std::string(region),
                        expires_on,
                        false,
                        *owner};
  const Done done = registry.database().write([&](Connection& db) -> Done {
    insert_token(db, row, registry.vault().token_digest(token), registry.now_us());
    const AuditEntry entry{"token.add", "token", row.id, row.role + " " + row.region};
    registry.audit().append(db, registry.audit_context(principal), {&entry, 1});
    return {};
  });
  if (!done) return tl::make_unexpected(done.error());
  return token;
}

Result<Principal> authenticate(Registry& registry, std::string_view token) {
  std::optional<AccessToken> row;
  const Done read = registry.database().read([&](Connection& db) -> Done {
    row = token_with_digest(db, registry.vault().token_digest(token));
    return {};
  });
  if (!read) return tl::make_unexpected(read.error());
  if (!row || row->revoked || first_day(row->expires_on) < first_day(registry.today())) {
    return fail(ErrorCode::Unauthenticated, "token.invalid");
  }
  return Principal{"token:" + row->label, row->role, row->region, 0, row->person};
}

Result<std::vector<AccessToken>> list_tokens(Registry& registry, const Principal& principal) {
  std::vector<AccessToken> tokens;
  const Done read = registry.database().read([&](Connection& db) -> Done {
    tokens = list_tokens(db, principal.scope());
    return {};
  });
  if (!read) return tl::make_unexpected(read.error());
  return tokens;
}

Done revoke_token(Registry& registry, const Principal& principal, std::int64_t id) {
  return registry.database().write([&](Connection& db) -> Done {
    if (!revoke_token(db, principal.scope(), id, registry.now_us())) {
      return fail(ErrorCode::NotFound, "token.absent");
    }
    const AuditEntry entry{"token.revoke", "token", id, ""};
    registry.audit().append(db, registry.audit_context(principal), {&entry, 1});
    return {};
  });
}

}  // namespace chucai
