#include "registry/service/reviews.h"

#include <algorithm>
#include <map>

#include "registry/domain/program.h"
#include "registry/domain/rules/exit_rule.h"
#include "registry/storage/trail_stores.h"

namespace chucai {
namespace {

class Reviews {
 public:
  Reviews(Registry& registry, Connection& db, const Scope& scope)
      : registry_(registry), db_(db), scope_(scope) {}

  std::vector<OverdueReview> list() {
    load_rules();
    for (const char* status : {"in_post", "extended", "exit_pending", "appealed"}) {
      for (const Participation& participation : in_status(status)) add(participation);
    }
    std::stable_sort(found_.begin(), found_.end(),
                     [](const auto& a, const auto& b) { return a.days_over > b.days_over; });
    return std::move(found_);
  }

 private:
  void load_rules() {
    registry_.store().for_each(
        db_, whole_register(), type_of<Program>(), [&](const Record& record) {
          const auto& program = static_cast<const Program&>(record);
          const auto rule = parse_exit_rule(registry_.codes(), program.exit_rule);
          if (rule && *rule) rules_.emplace(program.code, **rule);
        });
  }

  std::vector<Participation> in_status(const char* status) {
    constexpr int kChunk = 2000;
    const RecordType& type = type_of<Participation>();
    PageRequest request{{{type.field("status"), Value{std::string(status)}}}, 0, kChunk};
    std::vector<Participation> all;
    while (true) {
      const auto page = registry_.store().page(db_, scope_, type, request);
      for (const auto& record : page) all.push_back(static_cast<const Participation&>(*record));
      if (page.size() < kChunk) return all;
      request.after = page.back()->id;
    }
  }

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
  std::map<std::string, ExitRule> rules_;
  std::vector<OverdueReview> found_;
};

}  // namespace

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
