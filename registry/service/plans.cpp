#include "registry/service/plans.h"

#include "registry/domain/engagement.h"
#include "registry/service/records.h"
#include "registry/storage/merge_store.h"
#include "registry/storage/trail_stores.h"

namespace chucai {
namespace {

// Number of an engagement that a plan offers: plan and pair, so that adopting twice cannot double.
std::string offer_number(const Plan& plan, const PlanSeat& seat) {
  return "plan-" + id_text(plan.id) + "-" + id_text(seat.need) + "-" + id_text(seat.person);
}

Done offer_seat(Registry& registry, Connection& db, const Principal& principal, const Plan& plan,
                const PlanSeat& seat) {
  const auto need = registry.store().get(db, principal.scope(), NeedId{seat.need});
  const PersonId expert{current_person(db, seat.person)};
  const auto person = registry.store().get(db, whole_register(), expert);
  if (!need || !is_open(*need) || !person || person->status != "active") {
    return fail(ErrorCode::Conflict, "plan.stale");
  }
  Engagement offer;
  offer.number = offer_number(plan, seat);
  offer.need = NeedId{seat.need};
  offer.person = expert;
  offer.enrolled_on = registry.today();
  offer.status = "offered";
  offer.region = need->region;
  offer.office = principal.region;
  return write_record(registry, db, principal, type_of<Engagement>(), nullptr, offer);
}

}  // namespace

Result<std::int64_t> keep_plan(Registry& registry, const Principal& principal, Plan plan) {
  if (!plan.verified) return fail(ErrorCode::FailedPrecondition, "plan.unverified");
  plan.id = registry.new_id();
  plan.status = "ready";
  plan.created_at = registry.now_us();
  plan.created_by = principal.actor;
  plan.office = principal.region;
  const Done done = registry.database().write([&](Connection& db) -> Done {
    insert_plan(db, plan);
    const AuditEntry entry{"plan", "plan", plan.id, std::to_string(plan.filled) + " filled"};
    registry.audit().append(db, registry.audit_context(principal), {&entry, 1});
    return {};
  });
  if (!done) return tl::make_unexpected(done.error());
  return plan.id;
}

Done adopt_plan(Registry& registry, const Principal& principal, std::int64_t plan_id) {
  return registry.database().write([&](Connection& db) -> Done {
    const auto plan = load_plan(db, principal.scope(), plan_id);
    if (!plan) return fail(ErrorCode::NotFound, "plan.absent");
    if (plan->status != "ready") {
      return fail(ErrorCode::FailedPrecondition, "plan.status", {}, {plan->status});
    }
    for (const PlanSeat& seat : plan->seats) {
      const Done offered = offer_seat(registry, db, principal, *plan, seat);
      if (!offered) return offered;
    }
    supersede_plans(db, plan->year, plan_id);
    set_plan_status(db, plan_id, "adopted", registry.now_us());
    const std::string detail = principal.role == "local_operator" ? "local" : "";
    const AuditEntry entry{"plan.adopt", "plan", plan_id, detail};
    registry.audit().append(db, registry.audit_context(principal), {&entry, 1});
    return {};
  });
}

Result<Plan> find_plan(Registry& registry, const Principal& principal, std::int64_t plan_id) {
  std::optional<Plan> plan;
  const Done read = registry.database().read([&](Connection& db) -> Done {
    plan = load_plan(db, principal.scope(), plan_id);
    return {};
  });
  if (!read) return tl::make_unexpected(read.error());
  if (!plan) return fail(ErrorCode::NotFound, "plan.absent");
  return std::move(*plan);
}

Result<std::vector<Plan>> list_kept_plans(Registry& registry, const Principal& principal) {
  std::vector<Plan> plans;
  const Done read = registry.database().read([&](Connection& db) -> Done {
    plans = list_plans(db, principal.scope());
    return {};
  });
  if (!read) return tl::make_unexpected(read.error());
  return plans;
}

}  // namespace chucai
