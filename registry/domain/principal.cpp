#include "registry/domain/principal.h"

#include <algorithm>
#include <span>
#include <vector>

#include "registry/domain/ids.h"

namespace chucai {
namespace {

struct Grant {
  std::string_view role;
  std::vector<Permission> permissions;
};

constexpr std::string_view kSecurityAdmin = "security_admin";

// Default deny: what is not listed is refused. Roles: notes on vocabulary, scheme `role`. System,
// security and audit administration lie with three roles, none of which registers anybody.
const std::vector<Grant>& grants() {
  using enum Permission;
  static const std::vector<Grant> table = {
      {"province_admin",
       {Read, Register, Publish, Import, Plan, Adopt, ManagePrograms, ManageAccounts, Reveal,
        ExportUnmasked, ApproveExport, ManageRights}},
      {"office_admin",
       {Read, Register, Publish, Import, Plan, Adopt, ManagePrograms, ManageAccounts, Reveal,
        ExportUnmasked, ApproveExport, ManageRights}},
      {"registrar", {Read, Register, Publish, Import, Reveal, ExportUnmasked}},
      {"reviewer", {Read, Register, Publish}},
      {"requester", {Read, Publish}},
      {"liaison_officer", {Read, Register}},
      {"analyst", {Read, Plan}},
      {"system_admin", {Operate}},
      {kSecurityAdmin, {ManageAccounts}},
      {"auditor", {Read, Audit}},
      {"service_account", {Read, Register, Publish, Import}},
      {kExpertSelf, {Own}},
      {kLocalOperator,
       {Read, Register, Publish, Import, Plan, Adopt, ManagePrograms, ManageAccounts, Operate,
        Audit, Reveal, ExportUnmasked, ApproveExport, ManageRights}},
  };
  return table;
}

// What a stolen password must not open.
constexpr Permission kStrongOnly[] = {Permission::ManageAccounts, Permission::Operate,
                                      Permission::Audit,          Permission::Reveal,
                                      Permission::ExportUnmasked, Permission::ApproveExport,
                                      Permission::ManageRights};

constexpr std::pair<std::string_view, Permission> kNames[] = {
    {"read", Permission::Read},
    {"register", Permission::Register},
    {"publish", Permission::Publish},
    {"import", Permission::Import},
    {"plan", Permission::Plan},
    {"adopt", Permission::Adopt},
    {"manage_programs", Permission::ManagePrograms},
    {"manage_accounts", Permission::ManageAccounts},
    {"operate", Permission::Operate},
    {"audit", Permission::Audit},
    {"reveal", Permission::Reveal},
    {"export_unmasked", Permission::ExportUnmasked},
    {"approve_export", Permission::ApproveExport},
    {"manage_rights", Permission::ManageRights},
    {"own", Permission::Own}};

bool has(std::span<const Permission> set, Permission permission) {
  return std::find(set.begin(), set.end(), permission) != set.end();
}

std::span<const Permission> granted_to(std::string_view role) {
  for (const Grant& grant : grants()) {
    if (grant.role == role) return grant.permissions;
  }
  return {};
}

}  // namespace

std::optional<Permission> permission_named(std::string_view name) {
  for (const auto& [text, permission] : kNames) {
    if (text == name) return permission;
  }
  return std::nullopt;
}

bool allows(const Principal& principal, Permission permission) {
  return has(granted_to(principal.role), permission) && !lacks_second_factor(principal, permission);
}

bool lacks_second_factor(const Principal& principal, Permission permission) {
  return principal.assurance != Assurance::Strong && has(kStrongOnly, permission) &&
         has(granted_to(principal.role), permission);
}

std::vector<std::string_view> permissions_of(const Principal& principal) {
  std::vector<std::string_view> names;
  for (const auto& [name, permission] : kNames) {
    if (allows(principal, permission)) names.push_back(name);
  }
  return names;
}

bool may_grant(const Principal& principal, std::string_view role) {
  if (principal.role == kSecurityAdmin) return role != kSecurityAdmin && role != kLocalOperator;
  if (principal.role == kLocalOperator) return role != kLocalOperator;
  const auto own = granted_to(principal.role);
  const auto given = granted_to(role);
  return std::all_of(given.begin(), given.end(), [&](Permission permission) {
    return permission == Permission::Own || has(own, permission);  // theirs whoever lets them in
  });
}

std::string Principal::signature() const {
  return on_behalf_of == 0 ? actor : actor + " for person " + id_text(on_behalf_of);
}

Principal local_operator(std::string_view account) {
  return Principal{"local:" + std::string(account), std::string(kLocalOperator), "420000"};
}

Scope merged_people() {
  return Scope{"merged"};
}

Scope whole_register() {
  return Scope{"420000"};
}

}  // namespace chucai
