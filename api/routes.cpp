// THE route table. A newcomer finds any URL here; a route without a permission does not compile
// into the router.
#include "api/authorizer.h"
#include "api/handlers/console_files.h"
#include "api/handlers/coverage.h"
#include "api/handlers/documents.h"
#include "api/handlers/done_once.h"
#include "api/handlers/imports.h"
#include "api/handlers/lifecycles.h"
#include "api/handlers/matches.h"
#include "api/handlers/one_person.h"
#include "api/handlers/operation.h"
#include "api/handlers/own.h"
#include "api/handlers/plans.h"
#include "api/handlers/privacy.h"
#include "api/handlers/records.h"
#include "api/handlers/reports.h"
#include "api/handlers/rosters.h"
#include "api/handlers/session.h"
#include "api/handlers/terms.h"
#include "api/handlers/tokens.h"
#include "api/handlers/users.h"
#include "api/service.h"
#include "registry/domain/assessment.h"
#include "registry/domain/document.h"
#include "registry/domain/engagement.h"
#include "registry/domain/fund_entry.h"
#include "registry/domain/link.h"
#include "registry/domain/organization.h"
#include "registry/domain/participation.h"
#include "registry/domain/program.h"
#include "registry/domain/project.h"
#include "registry/domain/text.h"
#include "registry/domain/work.h"

namespace chucai {

/// The console's files, compressed (api/console); none in a build without it.
std::span<const EmbeddedFile> embedded_console();

namespace {

using http::kAnyone;
using http::Lane;
using http::Route;

// What it takes to write a record type; reading takes "read".
struct Collection {
  const RecordType& type;
  std::string_view write_permission;
  MoreMembers more{};  ///< said beside a record that was created
};

void add_collection(std::vector<Route>& table, Registry& registry, const Collection& collection) {
  const RecordType& type = collection.type;
  const std::string write(collection.write_permission);
  const std::string all = "/api/v1/" + std::string(type.collection);
  const std::string one = all + "/{id}";
  table.push_back({"GET", all, "read", list_handler(registry, type)});
  table.push_back({"POST", all, write, create_handler(registry, type, collection.more)});
  table.push_back({"GET", one, "read", get_handler(registry, type)});
  table.push_back({"PATCH", one, write, change_handler(registry, type)});
}

// Whoever posts may send it again with the same Idempotency-Key. Not where a read would go without
// its line in the trail, a secret would be kept, or nobody is known yet whose key it could be.
void make_repeatable(std::vector<Route>& table, Registry& registry) {
  for (Route& route : table) {
    const bool is_exempt =
        one_of(route.permission, {kAnyone, kSignedIn, "read", "reveal", "manage_accounts"});
    if (route.method == "POST" && !is_exempt) {
      route.handler = done_once(registry, std::move(route.handler));
    }
  }
}

}  // namespace

std::vector<Route> routes(Registry& registry, Matching& matching,
                          std::shared_ptr<const http::Metrics> metrics) {
  std::vector<Route> table = {
      {"GET", "/healthz", std::string(kAnyone), health_handler(), Lane::Health},
      {"GET", "/readyz", std::string(kAnyone), ready_handler(registry)},
      {"GET", "/metrics", "operate", metrics_handler(registry, matching, std::move(metrics))},
      {"GET", "/openapi.json", std::string(kAnyone), contract_handler()},
      {"GET", "/{path*}", std::string(kAnyone), console_handler(embedded_console())},
      {"POST", "/api/v1/setup", std::string(kAnyone), setup_handler(registry)},
      {"POST", "/api/v1/session", std::string(kAnyone), sign_in_handler(registry)},
      {"GET", "/api/v1/session", std::string(kSignedIn), who_handler()},
      {"DELETE", "/api/v1/session", std::string(kSignedIn), sign_out_handler(registry)},
      {"POST", "/api/v1/session/password", std::string(kSignedIn), password_handler(registry)},
      {"POST", "/api/v1/session/factor", std::string(kSignedIn), begin_factor_handler(registry)},
      {"POST", "/api/v1/session/factor/confirm", std::string(kSignedIn),
       confirm_factor_handler(registry)},
      {"GET", "/api/v1/users", "manage_accounts", list_users_handler(registry)},
      {"POST", "/api/v1/users", "manage_accounts", add_user_handler(registry)},
      {"GET", "/api/v1/users/{id}", "manage_accounts", get_user_handler(registry)},
      {"PATCH", "/api/v1/users/{id}", "manage_accounts", change_user_handler(registry)},
      {"GET", "/api/v1/tokens", "manage_accounts", list_tokens_handler(registry)},
      {"POST", "/api/v1/tokens", "manage_accounts", add_token_handler(registry)},
      {"DELETE", "/api/v1/tokens/{id}", "manage_accounts", revoke_token_handler(registry)},
      {"GET", "/api/v1/terms", "read", terms_handler(registry)},
      {"GET", "/api/v1/lifecycles", "read", lifecycles_handler()},
      {"GET", "/api/v1/coverage", "read", coverage_handler(registry), Lane::Heavy},
      {"GET", "/api/v1/coverage/questions", "read", questions_handler(registry)},
      {"GET", "/api/v1/coverage/questions/{name}", "read", question_handler(registry), Lane::Heavy},
      {"GET", "/api/v1/coverage/pivot", "read", pivot_handler(registry), Lane::Heavy},
      {"GET", "/api/v1/me", "own", own_person_handler(registry)},
      {"GET", "/api/v1/me/engagements", "own", own_engagements_handler(registry)},
      {"POST", "/api/v1/me/engagements/{id}/answer", "own", answer_offer_handler(registry)},
      {"GET", "/api/v1/reviews", "read", reviews_handler(registry)},
      {"GET", "/api/v1/needs/{id}/matches", "read", need_matches_handler(registry, matching),
       Lane::Heavy},
      {"POST", "/api/v1/matches", "read", matches_handler(registry, matching), Lane::Heavy},
      {"GET", "/api/v1/plans", "read", list_plans_handler(registry)},
      {"POST", "/api/v1/plans", "plan", make_plan_handler(registry, matching), Lane::Heavy},
      {"GET", "/api/v1/plans/{id}", "read", get_plan_handler(registry)},
      {"POST", "/api/v1/plans/{id}/adopt", "adopt", adopt_plan_handler(registry)},
      {"GET", "/api/v1/documents/{id}/file", "read", read_file_handler(registry), Lane::Heavy},
      {"POST", "/api/v1/documents/{id}/file", "register", attach_file_handler(registry),
       Lane::Heavy, http::kLargestBodyLimit},
      {"GET", "/api/v1/duplicates", "register", duplicates_handler(registry)},
      {"POST", "/api/v1/duplicates/{pair}/distinct", "register", distinct_handler(registry)},
      {"POST", "/api/v1/people/{id}/merge", "register", merge_handler(registry)},
      {"POST", "/api/v1/people/{id}/unmerge", "register", unmerge_handler(registry)},
      {"GET", "/api/v1/imports", "import", list_imports_handler(registry)},
      {"POST", "/api/v1/imports", "import", import_handler(registry), Lane::Heavy,
       http::kLargestBodyLimit},
      {"POST", "/api/v1/imports/{id}/undo", "import", undo_import_handler(registry), Lane::Heavy},
      {"GET", "/api/v1/rosters/{kind}", "read", roster_handler(registry), Lane::Heavy},
      {"GET", "/api/v1/templates/{kind}", "read", template_handler(registry), Lane::Heavy},
      {"POST", "/api/v1/people/{id}/reveal", "reveal", reveal_handler(registry)},
      {"GET", "/api/v1/people/{id}/dossier", "manage_rights", dossier_handler(registry)},
      {"POST", "/api/v1/people/{id}/hold", "manage_rights", hold_handler(registry)},
      {"POST", "/api/v1/people/{id}/erase", "manage_rights", erase_handler(registry)},
      {"GET", "/api/v1/audit-events", "audit", audit_events_handler(registry)},
      {"GET", "/api/v1/exports", "export_unmasked", list_exports_handler(registry)},
      {"POST", "/api/v1/exports", "export_unmasked", request_export_handler(registry)},
      {"POST", "/api/v1/exports/{id}/approve", "approve_export", approve_export_handler(registry)},
      {"GET", "/api/v1/exports/{id}/file", "export_unmasked", fetch_export_handler(registry),
       Lane::Heavy},
  };
  const Collection collections[] = {
      {type_of<Person>(), "register", likely_twins(registry)},
      {type_of<Organization>(), "register"},
      {type_of<Program>(), "manage_programs"},
      {type_of<Round>(), "manage_programs"},
      {type_of<Target>(), "manage_programs"},
      {type_of<Participation>(), "register"},
      {type_of<Need>(), "publish"},
      {type_of<Engagement>(), "register"},
      {type_of<Project>(), "register"},
      {type_of<FundEntry>(), "register"},
      {type_of<Assessment>(), "register"},
      {type_of<Link>(), "register"},
      {type_of<Document>(), "register"},
      {type_of<Work>(), "register"},
  };
  for (const Collection& collection : collections) add_collection(table, registry, collection);
  make_repeatable(table, registry);
  return table;
}

Result<std::unique_ptr<http::Server>> start_service(http::ServerConfig config, Registry& registry,
                                                    Matching& matching) {
  config.metrics = std::make_shared<http::Metrics>();
  auto router = http::Router::build(routes(registry, matching, config.metrics));
  if (!router) return tl::make_unexpected(router.error());
  return http::Server::start(std::move(config), std::move(*router), authorizer(registry),
                             registry.messages());
}

}  // namespace chucai
