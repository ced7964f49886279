#include "api/json/match_codec.h"

#include "api/json/record_codec.h"
#include "api/json/writer.h"

namespace chucai {
namespace {

/// What part gives how many points, and why: the reasons of that part.
void write_part(JsonWriter& json, const ShownCandidate& candidate, matcher::Part part,
                const Messages& messages, Language language) {
  const std::string_view code = matcher::part_code(part);
  json.begin_object()
      .field("code", code)
      .field("points", std::int64_t{candidate.ranked.points[static_cast<std::size_t>(part)]})
      .key("reasons")
      .begin_array();
  for (const matcher::Reason& reason : candidate.reasons) {
    if (reason.where == code) json.value(messages.text(reason, language));
  }
  json.end_array().end_object();
}

void write_standing(JsonWriter& json, const ShownCandidate& candidate, const Messages& messages,
                    Language language) {
  json.field("score", std::int64_t{candidate.ranked.score}).key("parts").begin_array();
  for (std::size_t i = 0; i < matcher::kParts; ++i) {
    write_part(json, candidate, static_cast<matcher::Part>(i), messages, language);
  }
  json.end_array().key("reasons").begin_array();
  for (const matcher::Reason& reason : candidate.reasons) {
    json.value(messages.text(reason, language));
  }
  json.end_array();
}

void write_candidate(JsonWriter& json, const ShownCandidate& candidate, const Messages& messages,
                     Language language) {
  json.begin_object()
      .field("person", candidate.person)
      .field("number", candidate.number)
      .field("name", candidate.name);
  write_standing(json, candidate, messages, language);
  json.end_object();
}

void write_why_not(JsonWriter& json, const MatchAnswer& answer, const Messages& messages,
                   Language language) {
  json.key("why_not").begin_object().field("person", answer.why_not_person).key("rule");
  if (answer.why_not->rule) {
    json.value(matcher::rule_name(*answer.why_not->rule));
  } else {
    json.null();
  }
  json.field("gap", std::int64_t{answer.why_not->gap});
  if (answer.why_not->rule) {
    json.field(
        "message",
        messages.text({std::string(matcher::rule_name(*answer.why_not->rule)), {}, {}}, language));
  }
  json.key("closing").begin_array();
  for (const matcher::PartGap& gap : answer.why_not->closing) {
    json.begin_object()
        .field("code", matcher::part_code(gap.part))
        .field("points", std::int64_t{gap.points})
        .end_object();
  }
  json.end_array().key("closest").begin_array();
  for (const ShownCandidate& candidate : answer.closest) {
    write_candidate(json, candidate, messages, language);
  }
  json.end_array().end_object();
}

void write_header(JsonWriter& json, const Plan& plan) {
  json.key("id");
  if (plan.id == 0) {
    json.null();
  } else {
    json.value(id_text(plan.id));
  }
  json.field("year", plan.year)
      .field("status", plan.status)
      .field("cost", plan.cost)
      .field("seats", plan.seat_count)
      .field("filled", plan.filled)
      .field("unfilled", plan.seat_count - plan.filled)
      .field("verified", plan.verified)
      .field("optimal", plan.optimal())
      .field("bound_cost", plan.bound_cost)
      .field("bound_unfilled", plan.seat_count - plan.bound_filled);
  if (plan.created_at != 0) json.field("created_at", utc_text(plan.created_at));
}

}  // namespace

std::string match_json(const MatchAnswer& answer, const Messages& messages, Language language) {
  JsonWriter json;
  json.begin_object().key("need");
  if (answer.need.empty()) {
    json.null();
  } else {
    json.value(answer.need);
  }
  json.field("number", answer.number).key("candidates").begin_array();
  for (const ShownCandidate& candidate : answer.candidates) {
    write_candidate(json, candidate, messages, language);
  }
  json.end_array().field("eligible", static_cast<std::int64_t>(answer.eligible));
  json.key("excluded_by").begin_object();
  for (std::size_t i = 0; i < matcher::kRules; ++i) {
    if (answer.excluded[i] == 0) continue;
    json.field(matcher::rule_name(static_cast<matcher::Rule>(i)), std::int64_t{answer.excluded[i]});
  }
  json.end_object();
  if (answer.why_not) write_why_not(json, answer, messages, language);
  json.end_object();
  return std::move(json).take();
}

std::string suited_json(std::string_view expert, const std::vector<ShownNeed>& needs,
                        const Messages& messages, Language language) {
  JsonWriter json;
  json.begin_object().field("expert", expert).key("needs").begin_array();
  for (const ShownNeed& need : needs) {
    json.begin_object()
        .field("need", need.need)
        .field("number", need.number)
        .field("name", need.name);
    write_standing(json, need.match, messages, language);
    json.end_object();
  }
  json.end_array().end_object();
  return std::move(json).take();
}

namespace {

void write_seats(JsonWriter& json, std::string_view key, const std::vector<PlanSeat>& seats) {
  json.key(key).begin_array();
  for (const PlanSeat& seat : seats) {
    json.begin_object()
        .field("need", id_text(seat.need))
        .field("person", id_text(seat.person))
        .field("score", seat.score)
        .end_object();
  }
  json.end_array();
}

void write_plan(JsonWriter& json, const Plan& plan, const Messages& messages, Language language) {
  write_header(json, plan);
  write_seats(json, "seat_list", plan.seats);
  json.key("shortages").begin_array();
  for (const PlanShortage& shortage : plan.shortages) {
    json.begin_object()
        .field("need", id_text(shortage.need))
        .field("unfilled", shortage.unfilled)
        .field("cause", shortage.cause)
        .field("message", messages.text(shortage_words(shortage), language))
        .end_object();
  }
  json.end_array();
}

}  // namespace

std::string plan_json(const Plan& plan, const Messages& messages, Language language) {
  JsonWriter json;
  json.begin_object();
  write_plan(json, plan, messages, language);
  json.end_object();
  return std::move(json).take();
}

std::string plan_json(const Plan& plan, const matcher::RuledPlan& ruled, const Messages& messages,
                      Language language) {
  JsonWriter json;
  json.begin_object();
  write_plan(json, plan, messages, language);
  json.key("rules").begin_object();
  json.field("free_cost", ruled.free_cost)
      .field("free_unfilled", static_cast<std::int64_t>(ruled.free_unfilled));
  json.key("groups").begin_array();
  for (const matcher::RuledPlan::Fill& fill : ruled.fills) {
    json.begin_object()
        .field("name", fill.name)
        .field("seats", static_cast<std::int64_t>(fill.seats))
        .field("free", static_cast<std::int64_t>(fill.free))
        .field("filled", static_cast<std::int64_t>(fill.filled))
        .end_object();
  }
  json.end_array().end_object().end_object();
  return std::move(json).take();
}

std::string what_if_json(const WhatIf& what) {
  JsonWriter json;
  json.begin_object()
      .field("filled_before", what.filled_before)
      .field("filled_after", what.filled_after)
      .field("cost_before", what.cost_before)
      .field("cost_after", what.cost_after)
      .field("over_days", what.over_days);
  write_seats(json, "taken", what.taken);
  write_seats(json, "left", what.left);
  json.end_object();
  return std::move(json).take();
}

std::string solved_json(const SolvedInstance& solved) {
  JsonWriter json;
  json.begin_object().field("cost", solved.cost).field("unfilled", solved.unfilled);
  json.key("seconds").seconds(solved.seconds).key("build_seconds").seconds(solved.build_seconds);
  json.field("verified", solved.verified).end_object();
  return std::move(json).take();
}

std::string plans_json(const std::vector<Plan>& plans) {
  JsonWriter json;
  json.begin_object().key("items").begin_array();
  for (const Plan& plan : plans) {
    json.begin_object();
    write_header(json, plan);
    json.end_object();
  }
  json.end_array().end_object();
  return std::move(json).take();
}

}  // namespace chucai
