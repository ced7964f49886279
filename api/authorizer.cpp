#include "api/authorizer.h"

#include "api/handlers/request_parts.h"
#include "registry/domain/person.h"
#include "registry/service/records.h"
#include "registry/service/sign_in.h"
#include "registry/service/tokens.h"

namespace chucai {
namespace {

constexpr std::string_view kBearer = "Bearer ";
// A form or image of another site cannot set a header of its own without asking first, and no
// answer of this service ever says yes to that (no CORS).
constexpr std::string_view kOwnHeader = "x-requested-with";
constexpr std::string_view kOwnValue = "chucai";

// An office acts for a person in its scope: the trail then has both names.
Result<Principal> acting(Registry& registry, Principal principal, std::string_view for_person) {
  if (for_person.empty()) return principal;
  if (!allows(principal, Permission::Register)) {
    return fail(ErrorCode::PermissionDenied, "token.permission", {}, {"register"});
  }
  const auto person = find_record(registry, principal, type_of<Person>(), for_person);
  if (!person) return tl::make_unexpected(person.error());
  principal.on_behalf_of = (*person)->id;
  return principal;
}

Result<Principal> principal_of_session(Registry& registry, const http::Request& request) {
  const std::string secret = session_secret(request);
  if (secret.empty()) return fail(ErrorCode::Unauthenticated, "token.missing");
  const bool reads = request.method == "GET" || request.method == "HEAD";
  if (!reads) {
    if (const Done own = check_same_site(request); !own) return tl::make_unexpected(own.error());
  }
  return session_principal(registry, secret);
}

Done check_permission(const Principal& principal, std::string_view name) {
  const auto needed = permission_named(name);
  if (needed && allows(principal, *needed)) return {};
  if (needed && lacks_second_factor(principal, *needed)) {
    return fail(ErrorCode::PermissionDenied, "session.factor.needed");
  }
  return fail(ErrorCode::PermissionDenied, "token.permission", {}, {std::string(name)});
}

}  // namespace

Done check_same_site(const http::Request& request) {
  const std::string_view site = request.header("sec-fetch-site");
  const bool from_here = site.empty() || site == "same-origin" || site == "none";
  if (!from_here || request.header(kOwnHeader) != kOwnValue) {
    return fail(ErrorCode::PermissionDenied, "session.csrf");
  }
  return {};
}

http::Authorizer authorizer(Registry& registry) {
  return
      [&registry](const http::Request& request, std::string_view permission) -> Result<Principal> {
        const std::string_view header = request.header("authorization");
        const bool by_token = header.starts_with(kBearer);
        auto principal = by_token ? authenticate(registry, header.substr(kBearer.size()))
                                  : principal_of_session(registry, request);
        if (!principal) return principal;
        if (permission == kSignedIn) {
          if (by_token) return fail(ErrorCode::PermissionDenied, "session.none");
          return principal;
        }
        if (const Done granted = check_permission(*principal, permission); !granted) {
          return tl::make_unexpected(granted.error());
        }
        return acting(registry, std::move(*principal), request.header("x-on-behalf-of"));
      };
}

}  // namespace chucai
