// match, plan: the answers of the matcher.
#include <time.h>

#include <CLI/CLI.hpp>
#include <iostream>

#include "api/cli/commands.h"
#include "api/json/match_codec.h"
#include "api/json/writer.h"
#include "matcher/assignment.h"
#include "matcher/instance.h"
#include "matcher/verify.h"
#include "registry/service/plans.h"

namespace chucai::cli {
namespace {

struct MatchArguments {
  std::string need;
  std::string expert;
  std::string why_not;
  matcher::Question question;
  std::size_t top = 10;
};

void print_candidate(const Session& session, const ShownCandidate& candidate) {
  std::cout << "  " << candidate.ranked.score << "  " << candidate.number << " " << candidate.name
            << '\n';
  for (const matcher::Reason& reason : candidate.reasons) {
    std::cout << "        " << session.text(reason) << '\n';
  }
}

void print_answer(const Session& session, const MatchAnswer& answer) {
  for (const ShownCandidate& candidate : answer.candidates) print_candidate(session, candidate);
  for (std::size_t i = 0; i < matcher::kRules; ++i) {
    if (answer.excluded[i] == 0) continue;
    const std::string rule(matcher::rule_name(static_cast<matcher::Rule>(i)));
    std::cout << "  - " << answer.excluded[i] << ": " << session.text({rule, {}, {}}) << '\n';
  }
  if (!answer.why_not) return;
  if (answer.why_not->rule) {
    std::cout << session.text({std::string(matcher::rule_name(*answer.why_not->rule)), {}, {}})
              << '\n';
  } else {
    std::cout << session.text({"cli.match.gap", {}, {std::to_string(answer.why_not->gap)}}) << '\n';
  }
  for (const matcher::PartGap& gap : answer.why_not->closing) {
    const std::string part =
        session.text({"match.part." + std::string(matcher::part_code(gap.part)), {}, {}});
    std::cout << "  " << session.text({"cli.match.closing", {}, {part, std::to_string(gap.points)}})
              << '\n';
  }
}

int match_expert(Session& session, Registry& registry, Matching& matching,
                 const MatchArguments& arguments) {
  const auto needs = matching.for_expert(session.operator_here(), arguments.expert, arguments.top);
  if (!needs) return session.report(needs.error());
  if (session.json) {
    std::cout << suited_json(arguments.expert, *needs, registry.messages(), session.language())
              << '\n';
    return kDone;
  }
  for (const ShownNeed& need : *needs) {
    std::cout << "  " << need.match.ranked.score << "  " << need.number << " " << need.name << '\n';
  }
  return kDone;
}

int match(Session& session, const MatchArguments& arguments) {
  if (arguments.top < 1 || arguments.top > 1000) {
    return session.report({ErrorCode::InvalidArgument, {"page.limit", "--top", {"1000"}}},
                          kUnusable);
  }
  Registry* registry = session.open();
  if (!registry) return kFailed;
  Matching matching(*registry);
  if (!arguments.expert.empty()) return match_expert(session, *registry, matching, arguments);
  const auto answer =
      arguments.need.empty()
          ? matching.for_question(session.operator_here(), arguments.question, arguments.top)
          : matching.for_need(session.operator_here(), arguments.need, arguments.top,
                              arguments.why_not);
  if (!answer) return session.report(answer.error());
  if (session.json) {
    std::cout << match_json(*answer, registry->messages(), session.language()) << '\n';
  } else {
    print_answer(session, *answer);
  }
  return kDone;
}

struct PlanArguments {
  std::int64_t year = 0;
  bool adopt = false;
  std::string fair;
  std::string rules;
  std::string instance;
  std::string solution;
};

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

std::string solution_text(const matcher::Plan& plan) {
  std::string text;
  for (const matcher::Seat& seat : plan.seats) {
    text += std::to_string(seat.need) + " " + std::to_string(seat.expert) + "\n";
  }
  return text;
}

// A bare instance: no data folder is opened.
int solve_instance(Session& session, const PlanArguments& arguments) {
  const auto bytes = read_file(arguments.instance);
  if (!bytes) return session.report(bytes.error(), kUnusable);
  const auto instance = matcher::read_instance(*bytes);
  if (!instance) return session.report(instance.error(), kUnusable);
  const double start = cpu_seconds();
  matcher::Assignment assignment(*instance);
  const double built = cpu_seconds();
  const matcher::Plan plan = assignment.solve();
  const double solved = cpu_seconds();
  const auto proof = matcher::verify(*instance, plan);
  if (!arguments.solution.empty()) {
    const Done written = write_file(arguments.solution, solution_text(plan));
    if (!written) return session.report(written.error(), kUnusable);
  }
  std::cout << solved_json({plan.cost, static_cast<std::int64_t>(plan.empty_seats()),
                            solved - built, built - start, proof.has_value()})
            << '\n';
  return proof ? kDone : session.report(proof.error());
}

void print_plan(const Session& session, const Plan& plan) {
  std::cout << session.text(
                   {"cli.plan",
                    {},
                    {std::to_string(plan.year), std::to_string(plan.seat_count),
                     std::to_string(plan.filled), std::to_string(plan.seat_count - plan.filled)}})
            << '\n';
  for (const PlanShortage& shortage : plan.shortages) {
    std::cout << "  " << id_text(shortage.need) << " -" << shortage.unfilled << "  "
              << session.text(shortage_words(shortage)) << '\n';
  }
}

void print_rules(const Session& session, const matcher::RuledPlan& ruled, const Plan& plan) {
  const auto free_filled = plan.seat_count - static_cast<std::int64_t>(ruled.free_unfilled);
  std::cout << "  "
            << session.text({"cli.plan.rules",
                             {},
                             {std::to_string(free_filled), std::to_string(ruled.free_cost),
                              std::to_string(plan.cost)}})
            << '\n';
  for (const matcher::RuledPlan::Fill& fill : ruled.fills) {
    std::cout << "  " << fill.name << "  " << fill.filled << " / " << fill.seats << " ("
              << fill.free << ")\n";
  }
}

int plan_needs(Session& session, const PlanArguments& arguments) {
  if (!arguments.instance.empty()) return solve_instance(session, arguments);
  PlanRequest request{arguments.year, arguments.fair, {}};
  if (!arguments.rules.empty()) {
    auto rules = read_file(arguments.rules);
    if (!rules) return session.report(rules.error(), kUnusable);
    request.rules = std::move(*rules);
  }
  Registry* registry = session.open();
  if (!registry) return kFailed;
  Matching matching(*registry);
  const Principal principal = session.operator_here();
  const auto computed = matching.plan(principal, request);
  if (!computed) return session.report(computed.error());
  const auto id = keep_plan(*registry, principal, computed->plan);
  if (!id) return session.report(id.error());
  if (arguments.adopt) {
    const Done adopted = adopt_plan(*registry, principal, *id);
    if (!adopted) return session.report(adopted.error());
  }
  const auto plan = find_plan(*registry, principal, *id);
  if (!plan) return session.report(plan.error());
  const auto& messages = registry->messages();
  if (session.json) {
    std::cout << (computed->ruled ? plan_json(*plan, *computed->ruled, messages, session.language())
                                  : plan_json(*plan, messages, session.language()))
              << '\n';
    return kDone;
  }
  print_plan(session, *plan);
  if (computed->ruled) print_rules(session, *computed->ruled, *plan);
  return kDone;
}

struct WhatIfArguments {
  std::string plan;
  PlanChanges changes;
};

int try_changes(Session& session, const WhatIfArguments& arguments) {
  const auto id = parse_id(arguments.plan);
  if (!id) return session.report({ErrorCode::NotFound, {"plan.absent", {}, {}}});
  Registry* registry = session.open();
  if (!registry) return kFailed;
  Matching matching(*registry);
  const auto what = matching.what_if(session.operator_here(), *id, arguments.changes);
  if (!what) return session.report(what.error());
  if (session.json) {
    std::cout << what_if_json(*what) << '\n';
    return kDone;
  }
  std::cout << session.text({"cli.plan.what_if",
                             {},
                             {std::to_string(what->filled_before),
                              std::to_string(what->filled_after), std::to_string(what->cost_before),
                              std::to_string(what->cost_after), std::to_string(what->over_days)}})
            << '\n';
  for (const PlanSeat& seat : what->left) {
    std::cout << "  - " << id_text(seat.need) << "  " << id_text(seat.person) << '\n';
  }
  for (const PlanSeat& seat : what->taken) {
    std::cout << "  + " << id_text(seat.need) << "  " << id_text(seat.person) << '\n';
  }
  return kDone;
}

}  // namespace

void add_match_commands(CLI::App& app, Session& session, int& status) {
  auto* match_command = app.add_subcommand("match", "rank experts for a need, with reasons");
  auto who = std::make_shared<MatchArguments>();
  match_command->add_option("NEED", who->need, "id or number of the need");
  match_command->add_option("--top", who->top, "how many")->capture_default_str();
  match_command->add_option("--why-not", who->why_not, "why this person is not on the list");
  match_command->add_option("--expert", who->expert, "rank the open needs for this expert");
  match_command->add_option("--region", who->question.region, "region code");
  match_command->add_option("--industry", who->question.industry, "industry code");
  match_command->add_option("--discipline", who->question.discipline, "code or name");
  match_command->add_option("--text", who->question.text, "what is needed, in words");
  match_command->callback([&session, &status, who] { status = match(session, *who); });

  auto* plan_command = app.add_subcommand("plan", "the best assignment for all open needs, proved");
  auto plan = std::make_shared<PlanArguments>();
  plan_command->add_option("--year", plan->year, "default: the latest need window");
  plan_command->add_flag("--adopt", plan->adopt, "turn the seats into offers");
  plan_command->add_option("--instance", plan->instance, "solve a bare CHM1 instance instead");
  plan_command->add_option("--solution", plan->solution, "write its seats to this file");
  plan_command->add_option("--fair", plan->fair, "serve alike: county or unit");
  plan_command->add_option("--constraints", plan->rules, "CSV of quotas, floors, pins");
  auto* what_if = plan_command->add_subcommand("what-if", "who would move if this changed");
  auto trial = std::make_shared<WhatIfArguments>();
  what_if->add_option("PLAN", trial->plan, "id of a plan")->required();
  what_if->add_option("--withdraw", trial->changes.withdraw, "expert who drops out");
  what_if->add_option("--cancel", trial->changes.cancel, "need that falls away");
  what_if->add_option("--pin", trial->changes.pin, "NEED=PERSON");
  what_if->add_option("--forbid", trial->changes.forbid, "NEED=PERSON");
  plan_command->callback([&session, &status, plan, trial, what_if] {
    status = what_if->parsed() ? try_changes(session, *trial) : plan_needs(session, *plan);
  });
}

}  // namespace chucai::cli
