#include "api/handlers/users.h"

#include "api/handlers/request_parts.h"
#include "api/json/account_codec.h"
#include "api/json/reader.h"
#include "registry/domain/ids.h"
#include "registry/service/accounts.h"

namespace chucai {
namespace {

using http::Request;
using http::Response;

Result<std::int64_t> account_of(const Request& request) {
  const auto id = parse_id(request.param("id"));
  if (!id) return fail(ErrorCode::NotFound, "account.absent");
  return *id;
}

Response account_response(int status, const Account& account) {
  return Response::json(status, account_json(account)).with("ETag", etag_of(account.version));
}

Result<AccountChange> change_of(const Request& request) {
  const auto json = parse_json(request.body);
  if (!json) return tl::make_unexpected(json.error());
  std::vector<Problem> problems;
  JsonFields fields(*json, "", problems);
  AccountChange change;
  change.role = fields.text("role");
  change.region = fields.text("region");
  change.password = fields.text("password");
  change.disabled = fields.boolean("disabled");
  const auto factor = fields.boolean("second_factor");
  // Only its owner can add one.
  if (factor.value_or(false)) fields.report("second_factor", "session.factor.none");
  change.drop_second_factor = factor.has_value();
  fields.refuse_unknown();
  if (!problems.empty()) return fail_all("json.invalid", std::move(problems));
  return change;
}

}  // namespace

http::Handler list_users_handler(Registry& registry) {
  return [&registry](const Request& request) -> Result<Response> {
    const int limit = page_limit(request);
    const auto accounts =
        list_accounts(registry, request.principal, request.query_value("cursor"), limit);
    if (!accounts) return tl::make_unexpected(accounts.error());
    return Response::json(200, accounts_json(*accounts, limit));
  };
}

http::Handler add_user_handler(Registry& registry) {
  return [&registry](const Request& request) -> Result<Response> {
    const auto texts = texts_of(request, {"name", "password", "role", "region", "person"});
    if (!texts) return tl::make_unexpected(texts.error());
    const auto account =
        add_account(registry, request.principal,
                    {(*texts)[0], (*texts)[1], (*texts)[2], (*texts)[3], (*texts)[4]});
    if (!account) return tl::make_unexpected(account.error());
    return account_response(201, *account)
        .with("Location", "/api/v1/users/" + id_text(account->id));
  };
}

http::Handler get_user_handler(Registry& registry) {
  return [&registry](const Request& request) -> Result<Response> {
    const auto id = account_of(request);
    if (!id) return tl::make_unexpected(id.error());
    const auto account = find_account(registry, request.principal, *id);
    if (!account) return tl::make_unexpected(account.error());
    return account_response(200, *account);
  };
}

http::Handler change_user_handler(Registry& registry) {
  return [&registry](const Request& request) -> Result<Response> {
    const auto version = expected_version(request);
    if (!version) return tl::make_unexpected(version.error());
    const auto change = change_of(request);
    if (!change) return tl::make_unexpected(change.error());
    const auto id = account_of(request);
    if (!id) return tl::make_unexpected(id.error());
    const auto account = change_account(registry, request.principal, *id, *version, *change);
    if (!account) return tl::make_unexpected(account.error());
    return account_response(200, *account);
  };
}

}  // namespace chucai
