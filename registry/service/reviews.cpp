#include "registry/service/reviews.h"

#include <algorithm>
#include <map>

#include "registry/domain/fund_entry.h"
#include "registry/domain/program.h"
#include "registry/domain/rules/exit_rule.h"
#include "registry/domain/text.h"
#include "registry/service/merge_people.h"
#include "registry/storage/trail_stores.h"

namespace chucai {
namespace {

using ExitRules = std::map<std::string, ExitRule>;  // by code of programme

ExitRules exit_rules(Registry& registry, Connection& db) {
  ExitRules rules;
  registry.store().for_each(db, whole_register(), type_of<Program>(), [&](const Record& record) {
    const auto& program = static_cast<const Program&>(record);
    const auto rule = parse_exit_rule(registry.codes(), program.exit_rule);
    if (rule && *rule) rules.emplace(program.code, **rule);
  });
  return rules;
}

/// Records in scope of which `field` says `text`.
template <class R>
std::vector<R> those_with(Registry& registry, Connection& db, const Scope& scope,
                          std::string_view field, const std::string& text) {
  constexpr int kChunk = 2000;
  const RecordType& type = type_of<R>();
  PageRequest request{{{type.field(field), Value{text}}}, 0, kChunk};
  std::vector<R> all;
  while (true) {
    const auto page = registry.store().page(db, scope, type, request);
    for (const auto& record : page) all.push_back(static_cast<const R&>(*record));
    if (page.size() < kChunk) return all;
    request.after = page.back()->id;
  }
}

class Reviews {
 public:
  Reviews(Registry& registry, Connection& db, const Scope& scope)
      : registry_(registry), db_(db), scope_(scope), rules_(exit_rules(registry, db)) {}

  std::vector<OverdueReview> list() {
    for (const char* status : {"in_post", "extended", "exit_pending", "appealed"}) {
      for (const auto& one : those_with<Participation>(registry_, db_, scope_, "status", status)) {
        add(one);
      }
    }
    std::stable_sort(found_.begin(), found_.end(),
                     [](const auto& a, const auto& b) { return a.days_over > b.days_over; });
    return std::move(found_);
  }

 private:
  void add(const Participation& participation) {
    const auto found = rules_.find(participation.program);
    const ExitRule rule = found == rules_.end() ? ExitRule{} : found->second;
    const auto due = due_day(participation, rule, found != rules_.end());
    if (!due) return;
    const std::int64_t over = first_day(registry_.today()) - *due;
    if (over <= 0) return;
    found_.push_back({participation, date_of_day(*due), over, rule.clawback_percent});
  }

  // Days since 1970; nullopt when nothing says when it is due.
  std::optional<std::int64_t> due_day(const Participation& participation, const ExitRule& rule,
                                      bool has_rule) {
    if (participation.status == "in_post" || participation.status == "extended") {
      return participation.end ? std::optional(last_day(participation.end)) : std::nullopt;
    }
    const auto since =
        last_status(db_, type_of<Participation>().name, participation.id, participation.status);
    if (!has_rule || !since || !since->on) return std::nullopt;
    const int notice = participation.status == "exit_pending" ? rule.notice_days : 0;
    return first_day(since->on) + notice + rule.appeal_days;
  }

  Registry& registry_;
  Connection& db_;
  const Scope& scope_;
  const ExitRules rules_;
  std::vector<OverdueReview> found_;
};

/// What the subject of a participation is called; empty for a region and for what is gone.
std::string subject_name(Registry& registry, Connection& db, const Participation& participation) {
  const RecordType* type = record_type(participation.subject_type);
  const auto id = parse_id(participation.subject);
  const Field* name = type ? type->field("name") : nullptr;
  if (!name || !id) return {};
  const auto subject = load_current(registry, db, whole_register(), *type, *id);
  return subject ? to_text(name->get(*subject)) : std::string();
}

class Clawbacks {
 public:
  Clawbacks(Registry& registry, Connection& db, const Scope& scope)
      : registry_(registry), db_(db), scope_(scope), rules_(exit_rules(registry, db)) {}

  std::vector<Clawback> list() {
    for (const char* status : {"exited", "revoked"}) {
      for (const auto& one : those_with<Participation>(registry_, db_, scope_, "status", status)) {
        add(one);
      }
    }
    std::sort(found_.begin(), found_.end(), [](const Clawback& a, const Clawback& b) {
      return a.participation.id < b.participation.id;
    });
    return std::move(found_);
  }

 private:
  void add(const Participation& left) {
    const auto rule = rules_.find(left.program);
    if (rule == rules_.end() || rule->second.clawback_percent == 0) return;
    Clawback money{left};
    const std::string payee = subject_name(registry_, db_, left);
    for (const FundEntry& entry : entries_of(left.program)) {
      const bool of_round = entry.round.empty() || entry.round == left.round;
      if (payee.empty() || entry.payee != payee || !of_round) continue;
      const std::int64_t fen = entry.amount_fen.value_or(0);
      if (one_of(entry.type, {"disbursement", "award"})) money.paid_fen += fen;
      if (entry.type == "return") money.recovered_fen += fen;
    }
    if (money.paid_fen == 0) return;
    money.due_fen = money.paid_fen / 100 * rule->second.clawback_percent +
                    money.paid_fen % 100 * rule->second.clawback_percent / 100;
    found_.push_back(std::move(money));
  }

  const std::vector<FundEntry>& entries_of(const std::string& program) {
    const auto [at, is_new] = entries_.try_emplace(program);
    if (is_new) at->second = those_with<FundEntry>(registry_, db_, scope_, "program", program);
    return at->second;
  }

  Registry& registry_;
  Connection& db_;
  const Scope& scope_;
  const ExitRules rules_;
  std::map<std::string, std::vector<FundEntry>> entries_;
  std::vector<Clawback> found_;
};

}  // namespace

std::int64_t Clawback::outstanding_fen() const {
  return std::max<std::int64_t>(0, due_fen - recovered_fen);
}

Result<std::vector<Clawback>> clawbacks(Registry& registry, const Principal& principal) {
  std::vector<Clawback> found;
  const Scope scope = principal.scope();
  const Done read = registry.database().read([&](Connection& db) -> Done {
    found = Clawbacks(registry, db, scope).list();
    return {};
  });
  if (!read) return tl::make_unexpected(read.error());
  return found;
}

Result<std::vector<OverdueReview>> overdue_reviews(Registry& registry, const Principal& principal) {
  std::vector<OverdueReview> found;
  const Scope scope = principal.scope();
  const Done read = registry.database().read([&](Connection& db) -> Done {
    found = Reviews(registry, db, scope).list();
    return {};
  });
  if (!read) return tl::make_unexpected(read.error());
  return found;
}

}  // namespace chucai
