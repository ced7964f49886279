// user, token: who may use the service.
#include <CLI/CLI.hpp>
#include <iostream>

#include "api/cli/commands.h"
#include "api/json/account_codec.h"
#include "api/json/writer.h"
#include "registry/domain/ids.h"
#include "registry/service/accounts.h"
#include "registry/service/tokens.h"
#include "registry/storage/crypto.h"

namespace chucai::cli {
namespace {

struct UserArguments {
  std::string name;
  std::string role;
  std::string region;
  std::string person;
  std::string password_file;
};

// Without a file a fresh password is made and shown once: there is no default one. Arguments would
// show in the list of processes.
Result<std::string> password_for(const UserArguments& arguments) {
  constexpr std::size_t kBytes = 10;
  if (arguments.password_file.empty()) return to_hex(random_bytes(kBytes));
  auto content = read_file(arguments.password_file);
  if (!content) return content;
  return content->substr(0, content->find_first_of("\r\n"));
}

int add_user(Session& session, const UserArguments& arguments) {
  Registry* registry = session.open();
  if (!registry) return kFailed;
  const auto password = password_for(arguments);
  if (!password) return session.report(password.error(), kUnusable);
  const auto account =
      add_account(*registry, session.operator_here(),
                  {arguments.name, *password, arguments.role, arguments.region, arguments.person});
  if (!account) return session.report(account.error());
  const bool made = arguments.password_file.empty();
  JsonWriter out;
  out.begin_object().field("id", id_text(account->id)).field("name", account->name);
  if (made) out.field("password", *password);
  out.end_object();
  if (session.json) {
    std::cout << std::move(out).take() << '\n';
  } else {
    std::cout << session.text({"cli.user", {}, {account->name, made ? *password : "***"}}) << '\n';
  }
  return kDone;
}

int print_users(Session& session) {
  constexpr int kPage = 200;
  Registry* registry = session.open();
  if (!registry) return kFailed;
  std::string after;
  for (;;) {
    const auto accounts = list_accounts(*registry, session.operator_here(), after, kPage);
    if (!accounts) return session.report(accounts.error());
    for (const Account& account : *accounts) std::cout << account_json(account) << '\n';
    if (accounts->size() < static_cast<std::size_t>(kPage)) return kDone;
    after = accounts->back().name;
  }
}

struct TokenArguments {
  std::string label = "command line";
  std::string role;
  std::string region;
  std::string expires;
  std::string person;
};

int make_token(Session& session, const TokenArguments& arguments) {
  Registry* registry = session.open();
  if (!registry) return kFailed;
  const auto expires = parse_date(arguments.expires);
  if (!expires) {
    return session.report({ErrorCode::InvalidArgument, {"field.date", "--expires", {}}});
  }
  const auto token = add_token(*registry, session.operator_here(), arguments.label, arguments.role,
                               arguments.region, *expires, arguments.person);
  if (!token) return session.report(token.error());
  JsonWriter out;
  out.begin_object().field("token", *token).end_object();
  std::cout << (session.json ? std::move(out).take() : *token) << '\n';
  return kDone;
}

int print_tokens(Session& session) {
  Registry* registry = session.open();
  if (!registry) return kFailed;
  const auto tokens = list_tokens(*registry, session.operator_here());
  if (!tokens) return session.report(tokens.error());
  std::cout << tokens_json(*tokens) << '\n';
  return kDone;
}

int take_token_back(Session& session, const std::string& id) {
  Registry* registry = session.open();
  if (!registry) return kFailed;
  const Done done = revoke_token(*registry, session.operator_here(), parse_id(id).value_or(0));
  if (!done) return session.report(done.error());
  if (session.json) std::cout << "{}\n";
  return kDone;
}

void add_user_commands(CLI::App& app, Session& session, int& status) {
  auto* user = app.add_subcommand("user", "accounts of the service");
  user->require_subcommand(1);
  auto* add = user->add_subcommand("add", "make an account; its password is shown once");
  auto arguments = std::make_shared<UserArguments>();
  add->add_option("name", arguments->name)->required();
  add->add_option("--role", arguments->role)->required();
  add->add_option("--region", arguments->region)->required();
  add->add_option("--person", arguments->person, "who stands behind an account of an expert");
  add->add_option("--password-file", arguments->password_file, "its first line; - for stdin");
  add->callback([&session, &status, arguments] { status = add_user(session, *arguments); });
  user->add_subcommand("list", "one JSON object a line")->callback([&] {
    status = print_users(session);
  });
}

void add_token_commands(CLI::App& app, Session& session, int& status) {
  auto* token = app.add_subcommand("token", "access tokens of the API");
  token->require_subcommand(1);
  auto* add = token->add_subcommand("add", "make a token; it is shown once");
  auto arguments = std::make_shared<TokenArguments>();
  add->add_option("--label", arguments->label);
  add->add_option("--role", arguments->role)->required();
  add->add_option("--region", arguments->region)->required();
  add->add_option("--expires", arguments->expires, "last day, YYYY-MM-DD")->required();
  add->add_option("--person", arguments->person, "whose own it is, for the role expert_self");
  add->callback([&session, &status, arguments] { status = make_token(session, *arguments); });
  token->add_subcommand("list", "as JSON; never the tokens themselves")->callback([&] {
    status = print_tokens(session);
  });
  auto* revoke = token->add_subcommand("revoke", "from the next request on");
  auto id = std::make_shared<std::string>();
  revoke->add_option("id", *id)->required();
  revoke->callback([&session, &status, id] { status = take_token_back(session, *id); });
}

}  // namespace

void add_access_commands(CLI::App& app, Session& session, int& status) {
  add_user_commands(app, session, status);
  add_token_commands(app, session, status);
}

}  // namespace chucai::cli
