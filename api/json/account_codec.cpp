#include "api/json/account_codec.h"

#include "api/json/record_codec.h"
#include "api/json/writer.h"
#include "registry/domain/ids.h"

namespace chucai {
namespace {

void write_account(JsonWriter& json, const Account& account) {
  json.begin_object()
      .field("id", id_text(account.id))
      .field("version", account.version)
      .field("name", account.name)
      .field("role", account.role)
      .field("region", account.region)
      .key("person");
  if (account.person == 0) {
    json.null();
  } else {
    json.value(id_text(account.person));
  }
  json.field("second_factor", account.second_factor)
      .field("disabled", account.disabled)
      .field("created_at", utc_text(account.created_at))
      .field("created_by", account.created_by)
      .end_object();
}

}  // namespace

std::string account_json(const Account& account) {
  JsonWriter json;
  write_account(json, account);
  return std::move(json).take();
}

std::string accounts_json(const std::vector<Account>& accounts, int limit) {
  JsonWriter json;
  json.begin_object().key("items").begin_array();
  for (const Account& account : accounts) write_account(json, account);
  json.end_array().key("next_cursor");
  if (accounts.size() < static_cast<std::size_t>(limit)) {
    json.null();
  } else {
    json.value(accounts.back().name);
  }
  json.end_object();
  return std::move(json).take();
}

std::string principal_json(const Principal& principal) {
  JsonWriter json;
  json.begin_object()
      .field("actor", principal.actor)
      .field("role", principal.role)
      .field("region", principal.region)
      .field("second_factor", principal.assurance == Assurance::Strong)
      .key("permissions")
      .begin_array();
  for (const std::string_view permission : permissions_of(principal)) json.value(permission);
  json.end_array().end_object();
  return std::move(json).take();
}

std::string enrolment_json(const Enrolment& enrolment) {
  JsonWriter json;
  json.begin_object().field("secret", enrolment.secret).field("uri", enrolment.uri).end_object();
  return std::move(json).take();
}

std::string recovery_codes_json(const std::vector<std::string>& codes) {
  JsonWriter json;
  json.begin_object().field("recovery_codes", codes).end_object();
  return std::move(json).take();
}

std::string tokens_json(const std::vector<AccessToken>& tokens) {
  JsonWriter json;
  json.begin_object().key("items").begin_array();
  for (const AccessToken& token : tokens) {
    json.begin_object()
        .field("id", id_text(token.id))
        .field("label", token.label)
        .field("role", token.role)
        .field("region", token.region)
        .field("expires", to_text(token.expires_on))
        .field("revoked", token.revoked)
        .end_object();
  }
  json.end_array().end_object();
  return std::move(json).take();
}

}  // namespace chucai
