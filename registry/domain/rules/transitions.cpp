#include "registry/domain/rules/transitions.h"

#include <algorithm>
#include <vector>

#include "registry/domain/principal.h"
#include "registry/domain/text.h"

namespace chucai {
namespace {

using enum Actors;

constexpr Transition kPerson[] = {
    {"draft", "submitted"},
    {"submitted", "returned", Reviewers},
    {"returned", "submitted"},
    {"submitted", "active", Approvers},
    {"draft", "active", Reviewers},
    {"active", "suspended", Reviewers},
    {"suspended", "active", Reviewers},
    {"active", "exited", Reviewers},
    {"suspended", "exited", Reviewers},
    {"exited", "active", Reviewers},
    {"exited", "archived"},
    {"active", "archived"},
    {"archived", "active"},  // to and from merged: merge_people alone
};

constexpr Transition kNeed[] = {
    {"draft", "submitted", Handlers},
    {"submitted", "accepted", Approvers},
    {"accepted", "matching"},
    {"accepted", "partly_filled"},
    {"accepted", "filled"},
    {"matching", "accepted"},
    {"matching", "partly_filled"},
    {"matching", "filled"},
    {"partly_filled", "filled"},
    {"partly_filled", "accepted"},
    {"filled", "partly_filled"},
    {"filled", "closed", Handlers},
    {"partly_filled", "closed", Handlers},
    {"draft", "cancelled", Handlers},
    {"submitted", "cancelled", Handlers},
    {"accepted", "cancelled", Handlers},
    {"matching", "cancelled", Handlers},
    {"partly_filled", "cancelled", Handlers},
    {"accepted", "expired"},
    {"matching", "expired"},
    {"partly_filled", "expired"},
};

constexpr Transition kEngagement[] = {
    {"enrolled", "shortlisted", Handlers},
    {"enrolled", "offered", Handlers},
    {"enrolled", "rejected", Handlers},
    {"enrolled", "cancelled", Handlers},
    {"shortlisted", "offered", Handlers},
    {"shortlisted", "rejected", Handlers},
    {"shortlisted", "cancelled", Handlers},
    {"offered", "accepted", Invited},
    {"offered", "declined", Invited, {"decline_reason"}},
    {"offered", "lapsed", Handlers},
    {"offered", "cancelled", Handlers},
    {"accepted", "dispatched", Handlers},
    {"accepted", "cancelled", Handlers},
    {"dispatched", "on_duty", Handlers},
    {"dispatched", "terminated", Handlers, {"end"}},
    {"on_duty", "returned", Handlers},
    {"on_duty", "completed", Handlers},
    {"on_duty", "terminated", Handlers, {"end"}},
    {"returned", "completed", Handlers},
    {"completed", "evaluated", Handlers, {"satisfaction"}},
};

constexpr Transition kProject[] = {
    {"on_track", "at_risk"},
    {"on_track", "overdue"},
    {"at_risk", "on_track"},
    {"at_risk", "overdue"},
    {"overdue", "on_track"},
    {"on_track", "accepted", Reviewers},
    {"at_risk", "accepted", Reviewers},
    {"overdue", "accepted", Reviewers},
    {"on_track", "terminated", Reviewers},
    {"at_risk", "terminated", Reviewers},
    {"overdue", "terminated", Reviewers},
};

// Selected after a review: enrolment, secondment, honour, funding, title and other reviews.
constexpr Transition kSelection[] = {
    {"nominated", "screening"},
    {"applied", "screening"},
    {"screening", "under_review"},
    {"under_review", "publicised", Reviewers},
    {"nominated", "selected", Approvers},
    {"applied", "selected", Approvers},
    {"under_review", "selected", Approvers},
    {"publicised", "selected", Approvers},
    {"nominated", "rejected", Reviewers},
    {"applied", "rejected", Reviewers},
    {"screening", "rejected", Reviewers},
    {"under_review", "rejected", Reviewers},
    {"publicised", "rejected", Reviewers},
    {"selected", "declined", Keepers, {"exit_reason"}},
    {"selected", "in_post"},
    {"in_post", "extended", Reviewers, {"end"}},
    {"selected", "completed"},
    {"selected", "graduated"},
    {"in_post", "completed"},
    {"in_post", "graduated"},
    {"extended", "completed"},
    {"extended", "graduated"},
};

// A class or an event: whoever keeps the list takes people in.
constexpr Transition kAttendance[] = {
    {"nominated", "selected"},
    {"applied", "selected"},
    {"nominated", "rejected"},
    {"applied", "rejected"},
    {"selected", "declined", Keepers, {"exit_reason"}},
    {"selected", "in_post"},
    {"selected", "completed"},
    {"selected", "graduated"},
    {"in_post", "completed"},
    {"in_post", "graduated"},
};

// Applied for and granted: benefits, platforms, pilots, measures.
constexpr Transition kEntitlement[] = {
    {"eligible", "applied"},           {"applied", "approved", Approvers},
    {"applied", "refused", Reviewers}, {"approved", "granted"},
    {"approved", "expired"},           {"granted", "expired"},
};

// How every participation may end before its time.
constexpr Transition kExit[] = {
    {"selected", "exit_pending", Keepers, {"exit_reason"}},
    {"in_post", "exit_pending", Keepers, {"exit_reason"}},
    {"extended", "exit_pending", Keepers, {"exit_reason"}},
    {"approved", "exit_pending", Keepers, {"exit_reason"}},
    {"granted", "exit_pending", Keepers, {"exit_reason"}},
    {"exit_pending", "appealed"},
    {"exit_pending", "in_post", Reviewers},
    {"exit_pending", "exited", Approvers, {"exit_reason", "exit_on", "evidence"}},
    {"appealed", "in_post", Approvers},
    {"appealed", "exited", Approvers, {"exit_reason", "exit_on", "evidence"}},
    {"selected", "exited", Reviewers, {"exit_reason", "exit_on"}},
    {"in_post", "exited", Reviewers, {"exit_reason", "exit_on"}},
    {"extended", "exited", Reviewers, {"exit_reason", "exit_on"}},
    {"granted", "exited", Reviewers, {"exit_reason", "exit_on"}},
    {"selected", "revoked", Reviewers, {"exit_reason", "exit_on", "evidence"}},
    {"in_post", "revoked", Reviewers, {"exit_reason", "exit_on", "evidence"}},
    {"extended", "revoked", Reviewers, {"exit_reason", "exit_on", "evidence"}},
    {"completed", "revoked", Reviewers, {"exit_reason", "exit_on", "evidence"}},
    {"granted", "revoked", Reviewers, {"exit_reason", "exit_on", "evidence"}},
};

struct Lifecycle {
  std::string_view record_type;
  std::string_view kinds;  ///< of programmes, between blanks; empty: any
  std::span<const Transition> steps;
};

constexpr Lifecycle kLifecycles[] = {
    {"person", "", kPerson},
    {"need", "", kNeed},
    {"engagement", "", kEngagement},
    {"project", "", kProject},
    {"participation", " enrolment secondment honour funding review plan policy mechanism pilot ",
     kSelection},
    {"participation", " training activity ", kAttendance},
    {"participation", " benefit platform pilot policy mechanism plan ", kEntitlement},
    {"participation", "", kExit},
};

bool applies(const Lifecycle& lifecycle, std::string_view record_type, std::string_view kind) {
  if (lifecycle.record_type != record_type) return false;
  return lifecycle.kinds.empty() || kind.empty() ||
         lifecycle.kinds.find(" " + std::string(kind) + " ") != std::string_view::npos;
}

struct StatusDate {
  std::string_view record_type;
  std::string_view status;
  std::string_view field;
};

constexpr StatusDate kStatusDates[] = {
    {"participation", "selected", "selected_on"}, {"participation", "approved", "selected_on"},
    {"participation", "in_post", "start"},        {"participation", "granted", "start"},
    {"participation", "completed", "end"},        {"participation", "graduated", "end"},
    {"participation", "expired", "end"},          {"participation", "exited", "exit_on"},
    {"participation", "revoked", "exit_on"},      {"engagement", "enrolled", "enrolled_on"},
    {"engagement", "accepted", "start"},          {"engagement", "dispatched", "start"},
    {"engagement", "on_duty", "start"},           {"engagement", "completed", "end"},
    {"engagement", "terminated", "end"},          {"need", "accepted", "open_date"},
};

}  // namespace

std::span<const Transition> steps_of(std::string_view record_type, std::string_view kind,
                                     std::size_t part) {
  for (const Lifecycle& lifecycle : kLifecycles) {
    if (applies(lifecycle, record_type, kind) && part-- == 0) return lifecycle.steps;
  }
  return {};
}

const Transition* find_step(std::string_view record_type, std::string_view kind,
                            std::string_view from, std::string_view to) {
  for (std::size_t part = 0;; ++part) {
    const auto steps = steps_of(record_type, kind, part);
    if (steps.empty()) return nullptr;
    const auto found = std::find_if(steps.begin(), steps.end(), [&](const Transition& step) {
      return step.from == from && step.to == to;
    });
    if (found != steps.end()) return &*found;
  }
}

bool has_lifecycle(std::string_view record_type) {
  return !steps_of(record_type, "", 0).empty();
}

bool may_step(Actors who, std::string_view role) {
  if (one_of(role, {"local_operator", "province_admin", "office_admin"})) return true;
  switch (who) {
    case Keepers:
      return one_of(role, {"registrar", "service_account"});
    case Invited:
      return role == kExpertSelf || may_step(Handlers, role);
    case Handlers:
      return one_of(role, {"registrar", "service_account", "liaison_officer", "requester"});
    case Reviewers:
    case Approvers:
      return role == "reviewer";
  }
  return false;
}

std::string_view date_field(std::string_view record_type, std::string_view status) {
  for (const StatusDate& row : kStatusDates) {
    if (row.record_type == record_type && row.status == status) return row.field;
  }
  return {};
}

bool needs_notice(const CodeBook& codes, std::string_view exit_reason) {
  const Term* reason = codes.find("exit_reason", exit_reason);
  return !reason || !reason->has("without_notice");
}

}  // namespace chucai
