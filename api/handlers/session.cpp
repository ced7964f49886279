#include "api/handlers/session.h"

#include "api/authorizer.h"
#include "api/handlers/request_parts.h"
#include "api/json/account_codec.h"
#include "registry/service/accounts.h"
#include "registry/service/sign_in.h"

namespace chucai {
namespace {

using http::Request;
using http::Response;

constexpr std::string_view kFirstRole = "province_admin";
constexpr std::string_view kOtherFirstRole = "security_admin";

// Sent over TLS only, or to this machine; to this site's own pages only; not to scripts.
std::string cookie(std::string_view secret) {
  return std::string(kSessionCookie) + "=" + std::string(secret) +
         "; Path=/; Secure; HttpOnly; SameSite=Strict";
}

}  // namespace

http::Handler setup_handler(Registry& registry) {
  return [&registry](const Request& request) -> Result<Response> {
    const auto texts = texts_of(request, {"code", "name", "password", "role", "region"});
    if (!texts) return tl::make_unexpected(texts.error());
    AccountDraft draft{(*texts)[1], (*texts)[2], (*texts)[3], (*texts)[4], {}};
    if (draft.role.empty()) draft.role = kFirstRole;
    if (draft.region.empty()) draft.region = whole_register().region;
    if (draft.role != kFirstRole && draft.role != kOtherFirstRole) {
      return fail(ErrorCode::InvalidArgument, "account.role", "role");
    }
    const auto account = use_setup_code(registry, texts->front(), draft);
    if (!account) return tl::make_unexpected(account.error());
    return Response::json(201, account_json(*account));
  };
}

http::Handler sign_in_handler(Registry& registry) {
  return [&registry](const Request& request) -> Result<Response> {
    if (const Done own = check_same_site(request); !own) return tl::make_unexpected(own.error());
    const auto texts = texts_of(request, {"name", "password", "code"});
    if (!texts) return tl::make_unexpected(texts.error());
    const auto session = sign_in(registry, {(*texts)[0], (*texts)[1], (*texts)[2], request.remote});
    if (!session) return tl::make_unexpected(session.error());
    return Response::json(201, principal_json(session->principal))
        .with("Set-Cookie", cookie(session->secret));
  };
}

http::Handler who_handler() {
  return [](const Request& request) -> Result<Response> {
    return Response::json(200, principal_json(request.principal));
  };
}

http::Handler sign_out_handler(Registry& registry) {
  return [&registry](const Request& request) -> Result<Response> {
    if (const Done out = sign_out(registry, session_secret(request)); !out) {
      return tl::make_unexpected(out.error());
    }
    return Response::no_content()
        .with("Set-Cookie", cookie("") + "; Max-Age=0")
        .with("Clear-Site-Data", "\"cache\", \"cookies\", \"storage\"");
  };
}

http::Handler password_handler(Registry& registry) {
  return [&registry](const Request& request) -> Result<Response> {
    const auto texts = texts_of(request, {"before", "after"});
    if (!texts) return tl::make_unexpected(texts.error());
    const Done done = change_own_password(registry, session_secret(request),
                                          {(*texts)[0], (*texts)[1], request.remote});
    if (!done) return tl::make_unexpected(done.error());
    return Response::no_content();
  };
}

http::Handler begin_factor_handler(Registry& registry) {
  return [&registry](const Request& request) -> Result<Response> {
    const auto enrolment = begin_second_factor(registry, session_secret(request));
    if (!enrolment) return tl::make_unexpected(enrolment.error());
    return Response::json(201, enrolment_json(*enrolment));
  };
}

http::Handler confirm_factor_handler(Registry& registry) {
  return [&registry](const Request& request) -> Result<Response> {
    const auto texts = texts_of(request, {"code"});
    if (!texts) return tl::make_unexpected(texts.error());
    const auto confirmed = confirm_second_factor(registry, session_secret(request), texts->front());
    if (!confirmed) return tl::make_unexpected(confirmed.error());
    return Response::json(200, recovery_codes_json(confirmed->recovery_codes))
        .with("Set-Cookie", cookie(confirmed->session.secret));
  };
}

}  // namespace chucai
