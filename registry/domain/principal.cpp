#include "registry/domain/principal.h"

#include <algorithm>
#include <array>
#include <vector>

#include "registry/domain/ids.h"

namespace chucai {
namespace {

struct Grant {
  std::string_view role;
  std::vector<Permission> permissions;
};

// Default deny: what is not listed is refused. Roles: notes on vocabulary, scheme `role`.
const std::vector<Grant>& grants() {
  using enum Permission;
  static const std::vector<Grant> table = {
      {"province_admin",
       {Read, Register, Publish, Import, Plan, Adopt, ManagePrograms, Administer, Reveal,
        ExportUnmasked, ApproveExport, ManageRights}},
      {"office_admin",
       {Read, Register, Publish, Import, Plan, Adopt, ManagePrograms, Reveal, ExportUnmasked,
        ApproveExport, ManageRights}},
      {"registrar", {Read, Register, Publish, Import, Reveal, ExportUnmasked}},
      {"reviewer", {Read, Register, Publish}},
      {"requester", {Read, Publish}},
      {"liaison_officer", {Read, Register}},
      {"analyst", {Read, Plan}},
      {"auditor", {Read}},
      {"service_account", {Read, Register, Publish, Import}},
      {kExpertSelf, {Own}},
      {"local_operator",
       {Read, Register, Publish, Import, Plan, Adopt, ManagePrograms, Administer, Reveal,
        ExportUnmasked, ApproveExport, ManageRights}},
  };
  return table;
}

}  // namespace

std::optional<Permission> permission_named(std::string_view name) {
  using enum Permission;
  constexpr std::pair<std::string_view, Permission> kNames[] = {{"read", Read},
                                                                {"register", Register},
                                                                {"publish", Publish},
                                                                {"import", Import},
                                                                {"plan", Plan},
                                                                {"adopt", Adopt},
                                                                {"manage_programs", ManagePrograms},
                                                                {"administer", Administer},
                                                                {"reveal", Reveal},
                                                                {"export_unmasked", ExportUnmasked},
                                                                {"approve_export", ApproveExport},
                                                                {"manage_rights", ManageRights},
                                                                {"own", Own}};
  for (const auto& [text, permission] : kNames) {
    if (text == name) return permission;
  }
  return std::nullopt;
}

bool allows(const Principal& principal, Permission permission) {
  for (const Grant& grant : grants()) {
    if (grant.role != principal.role) continue;
    return std::find(grant.permissions.begin(), grant.permissions.end(), permission) !=
           grant.permissions.end();
  }
  return false;
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
