// Who asks, and what they may reach. Every query takes a Scope; there is no default one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace chucai {

/// The part of the region tree that a query may touch. There is none by default.
struct Scope {
  explicit Scope(std::string code) : region(std::move(code)) {}
  std::string region;  ///< region code; everything at it and below it is in scope
};

/// How surely somebody is who they say.
enum class Assurance {
  Password,  ///< signed in by a password alone
  Strong,    ///< with a second factor, by a token, or at the machine itself
};

/// Who is acting. Made by authentication (api) or by the local command line, never by a caller's
/// own claim.
struct Principal {
  std::string actor;   ///< account, token label or local operator, as the audit trail names it
  std::string role;    ///< scheme role
  std::string region;  ///< region code of the office
  std::int64_t on_behalf_of = 0;  ///< person for whom an office acts; 0: for nobody
  std::int64_t person = 0;        ///< who an expert_self is; 0 for every other role
  Assurance assurance = Assurance::Strong;

  Scope scope() const { return Scope{region}; }
  /// What trail and logs say: the actor, and the person on whose behalf.
  std::string signature() const;
};

inline constexpr std::string_view kLocalOperator = "local_operator";
inline constexpr std::string_view kExpertSelf = "expert_self";

/// What a role may do; the table in principal.cpp says which role may what.
enum class Permission {
  Read,            ///< see records, rankings and figures in scope
  Register,        ///< people, organizations, participations, engagements
  Publish,         ///< needs
  Import,          ///< rosters, and undoing them
  Plan,            ///< compute plans
  Adopt,           ///< turn a plan into offers
  ManagePrograms,  ///< programmes, rounds, targets
  ManageAccounts,  ///< accounts and tokens of one's region, up to one's own rights
  Operate,         ///< the service itself: keys, jobs, settings
  Audit,           ///< read the audit trail
  Reveal,          ///< open one masked field of one person, for a purpose
  ExportUnmasked,  ///< ask for an export with numbers in clear
  ApproveExport,   ///< approve somebody else's
  ManageRights,    ///< everything kept of a person, holds, erasure
  Own,             ///< the own record and the own offers, and nothing else
};

/// The permission that routes call `name` ("read", "manage_programs"); nullopt for none.
std::optional<Permission> permission_named(std::string_view name);

/// True when the role of `principal` grants `permission` and they signed in surely enough for it;
/// unknown roles grant nothing.
bool allows(const Principal& principal, Permission permission);
/// True when the role would grant it to somebody who signs in with a second factor.
bool lacks_second_factor(const Principal& principal, Permission permission);
/// The permissions that `allows` grants, by name, in the order of the enumeration.
std::vector<std::string_view> permissions_of(const Principal& principal);
/// True when `principal` may give `role` away: a role that grants nothing beyond their own. The
/// security administrator, who sees no record, grants any role but their own.
bool may_grant(const Principal& principal, std::string_view role);

/// The operator on the machine itself: province-wide, every permission, audited by name.
Principal local_operator(std::string_view account);

/// People who were merged into others: they lie outside every region, so that no list, count or
/// ranking meets them, and are reached through this scope alone.
Scope merged_people();

/// The whole register, for work that acts for nobody (migrations, integrity checks, snapshots).
Scope whole_register();

}  // namespace chucai
