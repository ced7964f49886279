#include "registry/service/lifecycle.h"

#include "registry/domain/participation.h"
#include "registry/domain/program.h"
#include "registry/domain/rules/transitions.h"
#include "registry/domain/text.h"
#include "registry/storage/trail_stores.h"

namespace chucai {
namespace {

std::string text_of(const RecordType& type, const Record& record, std::string_view name) {
  const Field* field = type.field(name);
  return field ? to_text(field->get(record)) : std::string();
}

std::string status_of(const RecordType& type, const Record& record) {
  return text_of(type, record, "status");
}

// The kind of the programme that a participation is in.
std::string kind_of(Registry& registry, Connection& db, const RecordType& type,
                    const Record& record) {
  if (&type != &type_of<Participation>()) return {};
  const auto program = registry.store().load_by_key(
      db, whole_register(), type_of<Program>(), static_cast<const Participation&>(record).program);
  return program ? static_cast<const Program&>(*program).kind : std::string();
}

const Transition* step_of(Registry& registry, Connection& db, const RecordType& type,
                          const Record& before, const Record& record) {
  return find_step(type.name, kind_of(registry, db, type, record), status_of(type, before),
                   status_of(type, record));
}

bool brought_it(Connection& db, const Principal& principal, const RecordType& type,
                const Record& before) {
  const auto brought = last_status(db, type.name, before.id, status_of(type, before));
  return brought && brought->actor == principal.actor;
}

bool is_local(const Principal& principal) {
  return principal.role == "local_operator";
}

Done check_needs(const Registry& registry, const RecordType& type, const Transition& step,
                 const Record& record) {
  std::vector<Problem> problems;
  for (const std::string_view name : step.needs) {
    if (name.empty() || !text_of(type, record, name).empty()) continue;
    problems.push_back({"record.transition.needs", std::string(name), {std::string(step.to)}});
  }
  if (!problems.empty()) return fail_all("record.invalid", std::move(problems));
  const std::string reason = text_of(type, record, "exit_reason");
  const bool noticed = one_of(step.from, {"exit_pending", "appealed"});
  if (step.to == "exited" && &type == &type_of<Participation>() && !noticed &&
      needs_notice(registry.codes(), reason)) {
    return fail(ErrorCode::FailedPrecondition, "record.transition.notice", "status",
                {std::string(registry.codes().shown("exit_reason", reason))});
  }
  return {};
}

// The day on which the record reached its status: its own date; for a change and for what is
// entered by hand else today; for a row of a roster that does not say it, unknown.
Date business_date(const Registry& registry, const RecordType& type, const Record* before,
                   const Record& record) {
  const std::string_view name = date_field(type.name, status_of(type, record));
  const Value said = name.empty() ? Value{} : type.field(name)->get(record);
  if (const Date* date = std::get_if<Date>(&said)) return *date;
  return !before && record.batch != 0 ? Date{} : registry.today();
}

// A participation that comes in at a later status was selected before, if it says when.
bool was_selected(const Record& record) {
  const auto& participation = static_cast<const Participation&>(record);
  return participation.selected_on &&
         one_of(participation.status, {"in_post", "extended", "completed", "graduated",
                                       "exit_pending", "appealed", "exited", "granted", "expired"});
}

std::vector<StatusChange> reached_statuses(const Registry& registry, const Principal& principal,
                                           const RecordType& type, const Record* before,
                                           const Record& record) {
  std::vector<StatusChange> reached;
  const std::string status = status_of(type, record);
  if (status.empty() || (before && status == status_of(type, *before))) return reached;
  const auto add = [&](std::string name, Date on) {
    reached.push_back({std::string(type.name), record.id, std::move(name), on, record.updated_at,
                       principal.actor});
  };
  if (!before && &type == &type_of<Participation>() && was_selected(record)) {
    add("selected", static_cast<const Participation&>(record).selected_on);
  }
  add(status, business_date(registry, type, before, record));
  return reached;
}

}  // namespace

Done make_step(Registry& registry, Connection& db, const Principal& principal,
               const RecordType& type, const Record& before, Record& record) {
  const std::string from = status_of(type, before);
  const std::string to = status_of(type, record);
  if (from == to || from.empty() || !has_lifecycle(type.name)) return {};
  const Transition* step = step_of(registry, db, type, before, record);
  if (!step) {
    return fail(ErrorCode::FailedPrecondition, "record.transition", "status", {from, to});
  }
  if (!may_step(step->who, principal.role)) {
    return fail(ErrorCode::PermissionDenied, "record.transition.role", "status", {from, to});
  }
  const bool own = step->who == Actors::Approvers && brought_it(db, principal, type, before);
  if (own && !is_local(principal)) {
    return fail(ErrorCode::PermissionDenied, "record.transition.own", "status", {from});
  }
  if (const Done filled = check_needs(registry, type, *step, record); !filled) return filled;
  const Field* date = type.field(date_field(type.name, to));
  if (date && text_of(type, record, date->name).empty()) date->set(record, registry.today());
  return {};
}

bool approved_locally(Registry& registry, Connection& db, const Principal& principal,
                      const RecordType& type, const Record& before, const Record& record) {
  if (!is_local(principal) || status_of(type, before) == status_of(type, record)) return false;
  const Transition* step = step_of(registry, db, type, before, record);
  return step && step->who == Actors::Approvers && brought_it(db, principal, type, before);
}

void log_status(Registry& registry, Connection& db, const Principal& principal,
                const RecordType& type, const Record* before, const Record& record) {
  append_statuses(db, reached_statuses(registry, principal, type, before, record),
                  [&] { return registry.new_id(); });
}

void log_new_statuses(Registry& registry, Connection& db, const Principal& principal,
                      const RecordType& type, std::span<const Record* const> records) {
  std::vector<StatusChange> changes;
  for (const Record* record : records) {
    for (StatusChange& change : reached_statuses(registry, principal, type, nullptr, *record)) {
      changes.push_back(std::move(change));
    }
  }
  append_statuses(db, changes, [&] { return registry.new_id(); });
}

}  // namespace chucai
