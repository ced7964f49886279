#include "api/matching.h"

#include <algorithm>
#include <set>

#include "api/plan_rules.h"
#include "matcher/live_plan.h"
#include "registry/domain/field_policy.h"
#include "registry/service/plans.h"
#include "registry/service/records.h"
#include "registry/storage/change_feed.h"

namespace chucai {
namespace {

constexpr std::size_t kCompared = 3;  // people shown beside one who is not on the list

constexpr int kReadAgain = 5000;  // more changes than this: reading all is quicker

bool sees(const Principal& principal, const MatchFace& face) {
  const CodeRange range = subtree(principal.region);
  return face.scope >= range.from && face.scope < range.below;
}

// As the field policy says; "" when the role may not know the name at all.
std::string shown_name(const Principal& principal, const MatchFace& person) {
  const Viewer viewer{principal.role, sees(principal, person) ? Place::Within : Place::Elsewhere};
  return shown_text(viewer, *type_of<Person>().field("name"), person.name).value_or("");
}

bool is_wanted(const Person& person) {
  return holds(person, role::kExpert);
}
bool is_wanted(const Need&) {
  return true;
}
bool is_wanted(const Engagement&) {
  return true;
}
bool is_wanted(const Work&) {
  return true;
}

template <class R>
std::vector<R> load_all(const Registry& registry, Connection& db) {
  std::vector<R> records;
  registry.store().for_each(db, whole_register(), type_of<R>(), [&](const Record& record) {
    const auto& one = static_cast<const R&>(record);
    if (is_wanted(one)) records.push_back(one);
  });
  return records;
}

// Puts what the register now has at `id` into `records`, which are in order of id.
template <class R>
void read_again(const Registry& registry, Connection& db, std::int64_t id,
                std::vector<R>& records) {
  const auto found = registry.store().get(db, whole_register(), Id<R>{id});
  const auto at =
      std::lower_bound(records.begin(), records.end(), id,
                       [](const R& record, std::int64_t key) { return record.id < key; });
  const bool is_kept = at != records.end() && at->id == id;
  if (!found || !is_wanted(*found)) {
    if (is_kept) records.erase(at);
  } else if (is_kept) {
    *at = *found;
  } else {
    records.insert(at, *found);
  }
}

MatchRecords all_records(const Registry& registry, Connection& db) {
  return {last_change(db), load_all<Person>(registry, db), load_all<Need>(registry, db),
          load_all<Engagement>(registry, db), load_all<Work>(registry, db)};
}

void apply_changes(const Registry& registry, Connection& db, const std::vector<Change>& changes,
                   MatchRecords& records) {
  std::set<std::pair<std::string_view, std::int64_t>> changed;
  for (const Change& change : changes) changed.emplace(change.record_type, change.record_id);
  for (const auto& [type, id] : changed) {
    if (type == type_of<Person>().name) read_again(registry, db, id, records.experts);
    if (type == type_of<Need>().name) read_again(registry, db, id, records.needs);
    if (type == type_of<Engagement>().name) read_again(registry, db, id, records.engagements);
    if (type == type_of<Work>().name) read_again(registry, db, id, records.works);
  }
  records.version = changes.back().seq;
}

template <class R>
MatchFace face_of(const R& record, const std::string& number) {
  return {record.id, number, record.name, scope_region(type_of<R>(), record), false, {}};
}

std::int64_t latest_window_year(const std::vector<Need>& needs) {
  std::int64_t year = 0;
  for (const Need& need : needs) {
    if (!is_open(need)) continue;
    const Date window = need.close_date ? need.close_date : need.open_date;
    year = std::max<std::int64_t>(year, window.year);
  }
  return year;
}

// The cause as a reason and its parameters, so that it can be told in either language later.
PlanShortage kept_shortage(const matcher::NeedShortage& shortage) {
  PlanShortage kept{shortage.need.value, shortage.empty_seats, shortage.reason.reason, {}};
  for (const std::string& param : shortage.reason.params) {
    kept.detail += kept.detail.empty() ? param : "\n" + param;
  }
  return kept;
}

}  // namespace

Result<std::shared_ptr<const MatchSnapshot>> Matching::snapshot() {
  const auto last = latest_change(registry_.database());
  if (!last) return tl::make_unexpected(last.error());
  const std::lock_guard lock(mutex_);
  if (!current_ || current_->version < *last) {
    if (const Done followed = follow(); !followed) return tl::make_unexpected(followed.error());
    current_ = build();
    version_ = current_->version;
  }
  return current_;
}

// Either all of a read transaction arrives in records_ or nothing does.
Done Matching::follow() {
  return registry_.database().read([&](Connection& db) -> Done {
    if (!current_) {
      records_ = all_records(registry_, db);
      return {};
    }
    const auto changes = changes_after(db, records_.version, kReadAgain);
    if (changes.size() == kReadAgain) {
      records_ = all_records(registry_, db);
    } else if (!changes.empty()) {
      apply_changes(registry_, db, changes, records_);
    }
    return {};
  });
}

std::shared_ptr<const MatchSnapshot> Matching::build() const {
  auto snapshot = std::make_shared<MatchSnapshot>();
  snapshot->version = records_.version;
  snapshot->window_year = latest_window_year(records_.needs);
  const std::int64_t year =
      snapshot->window_year == 0 ? registry_.today().year : snapshot->window_year;
  snapshot->builder = std::make_unique<matcher::PoolBuilder>(
      registry_.codes(), matcher::PoolPolicy{static_cast<int>(year)});
  auto pool = snapshot->builder->build(records_.experts, records_.needs, records_.engagements,
                                       records_.works);
  snapshot->views = std::move(pool.needs);
  snapshot->ranker = std::make_unique<matcher::Ranker>(std::move(pool.experts), registry_.codes(),
                                                       registry_.regions(), std::move(pool.works));
  for (const Need& need : records_.needs) {
    snapshot->need_index.emplace(need.id, snapshot->needs.size());
    snapshot->needs.push_back(face_of(need, need.number));
    snapshot->needs.back().open = is_open(need);
    snapshot->needs.back().program = need.program;
  }
  for (const Person& person : records_.experts) {
    snapshot->expert_index.emplace(person.id, snapshot->experts.size());
    snapshot->experts.push_back(face_of(person, person.expert_no));
  }
  return snapshot;
}

ShownCandidate Matching::shown(const Principal& principal, const MatchSnapshot& snapshot,
                               const matcher::NeedView& view, const matcher::Ranked& ranked) const {
  const MatchFace& person = snapshot.experts[snapshot.expert_index.at(ranked.person.value)];
  return {id_text(person.id), person.number, shown_name(principal, person), ranked,
          snapshot.ranker->reasons(view, ranked)};
}

MatchAnswer Matching::answer(const Principal& principal, const MatchSnapshot& snapshot,
                             const matcher::NeedView& view, std::size_t top) const {
  MatchAnswer answer;
  const matcher::Ranking ranking = snapshot.ranker->rank(view, top);
  for (const matcher::Ranked& ranked : ranking.best) {
    answer.candidates.push_back(shown(principal, snapshot, view, ranked));
  }
  answer.excluded = ranking.excluded;
  answer.eligible = ranking.eligible;
  return answer;
}

Result<MatchAnswer> Matching::for_need(const Principal& principal, std::string_view need,
                                       std::size_t top, std::string_view why_not) {
  const auto found = find_record(registry_, principal, type_of<Need>(), need);
  if (!found) return tl::make_unexpected(found.error());
  const auto current = snapshot();
  if (!current) return tl::make_unexpected(current.error());
  const MatchSnapshot& view = **current;
  const auto at = view.need_index.find((*found)->id);
  if (at == view.need_index.end()) return fail(ErrorCode::NotFound, "record.absent");
  MatchAnswer result = answer(principal, view, view.views[at->second], top);
  result.need = id_text((*found)->id);
  result.number = view.needs[at->second].number;
  if (why_not.empty()) return result;
  const auto person = find_record(registry_, principal, type_of<Person>(), why_not);
  if (!person) return tl::make_unexpected(person.error());
  const matcher::NeedView& need_view = view.views[at->second];
  auto reason = view.ranker->why_not(need_view, PersonId{(*person)->id}, top, kCompared);
  if (!reason) return tl::make_unexpected(reason.error());
  result.why_not_person = id_text((*person)->id);
  for (const matcher::Ranked& ranked : reason->closest) {
    result.closest.push_back(shown(principal, view, need_view, ranked));
  }
  result.why_not = std::move(*reason);
  return result;
}

Result<MatchAnswer> Matching::for_question(const Principal& principal,
                                           const matcher::Question& question, std::size_t top) {
  if (question.region.empty() && question.industry.empty() && question.discipline.empty() &&
      question.text.empty()) {
    return fail(ErrorCode::InvalidArgument, "match.question");
  }
  for (const auto& [scheme, code] :
       {std::pair{"region", question.region}, std::pair{"industry", question.industry}}) {
    if (!code.empty() && !registry_.codes().find(scheme, code)) {
      return fail(ErrorCode::InvalidArgument, "field.code.unknown", scheme, {code});
    }
  }
  if (!question.discipline.empty() &&
      registry_.codes().named("discipline", question.discipline).empty()) {
    return fail(ErrorCode::InvalidArgument, "field.code.unknown", "discipline",
                {question.discipline});
  }
  const auto current = snapshot();
  if (!current) return tl::make_unexpected(current.error());
  return answer(principal, **current, (*current)->builder->need(question), top);
}

Result<std::vector<ShownNeed>> Matching::for_expert(const Principal& principal,
                                                    std::string_view expert, std::size_t top) {
  const auto person = find_record(registry_, principal, type_of<Person>(), expert);
  if (!person) return tl::make_unexpected(person.error());
  const auto current = snapshot();
  if (!current) return tl::make_unexpected(current.error());
  const MatchSnapshot& view = **current;
  const auto index = view.ranker->find(PersonId{(*person)->id});
  if (!index) return fail(ErrorCode::NotFound, "match.person.no_expert");
  const std::vector<std::size_t> open_index = open_needs(principal, view);
  std::vector<matcher::NeedView> open;
  for (const std::size_t at : open_index) open.push_back(view.views[at]);
  std::vector<ShownNeed> shown_needs;
  for (const matcher::SuitedNeed& suited : view.ranker->needs_for(*index, open, top)) {
    const MatchFace& need = view.needs[open_index[suited.need]];
    shown_needs.push_back({id_text(need.id), need.number, need.name,
                           shown(principal, view, open[suited.need], suited.match)});
  }
  return shown_needs;
}

std::vector<std::size_t> Matching::open_needs(const Principal& principal,
                                              const MatchSnapshot& snapshot) const {
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < snapshot.needs.size(); ++i) {
    if (snapshot.needs[i].open && sees(principal, snapshot.needs[i])) open.push_back(i);
  }
  return open;
}

Result<Plan> Matching::plan(const Principal& principal, std::int64_t year) {
  auto answered = plan(principal, PlanRequest{year, {}, {}});
  if (!answered) return tl::make_unexpected(answered.error());
  return std::move(answered->plan);
}

Result<AnsweredPlan> Matching::plan(const Principal& principal, const PlanRequest& request) {
  const auto current = snapshot();
  if (!current) return tl::make_unexpected(current.error());
  const MatchSnapshot& view = **current;
  AnsweredPlan answer;
  Plan& plan = answer.plan;
  plan.year = request.year != 0       ? request.year
              : view.window_year != 0 ? view.window_year
                                      : registry_.today().year;
  const std::vector<std::size_t> open = open_needs(principal, view);
  std::vector<matcher::NeedView> needs;
  for (const std::size_t at : open) {
    needs.push_back(view.views[at]);
    plan.seat_count += view.views[at].seats;
  }
  matcher::PlanOptions options;
  Done read = read_plan_rules(view, registry_.regions(), request.rules, options.rules);
  if (read && !request.fair.empty()) {
    read = serve_alike(view, registry_.regions(), open, request.fair, options.rules);
  }
  if (!read) return tl::make_unexpected(read.error());
  auto solved = matcher::plan(*view.ranker, needs, options);
  if (!solved) return tl::make_unexpected(solved.error());
  plan.verified = true;  // matcher::plan gives nothing that failed its proof
  plan.cost = solved->cost;
  plan.filled = static_cast<std::int64_t>(solved->seats.size());
  plan.bound_cost = solved->bound_cost;
  plan.bound_filled = plan.seat_count - static_cast<std::int64_t>(solved->bound_unfilled);
  for (const matcher::PlannedSeat& seat : solved->seats) {
    plan.seats.push_back({seat.need.value, seat.person.value, seat.score});
  }
  for (const matcher::NeedShortage& shortage : solved->shortages) {
    plan.shortages.push_back(kept_shortage(shortage));
  }
  answer.ruled = std::move(solved->ruled);
  return answer;
}

namespace {

using Filled = std::vector<PlanSeat>;

/// Seats of a plan in the register's terms, in order.
Filled filled_of(const MatchSnapshot& snapshot, const matcher::RegistryPlan& market,
                 const std::vector<matcher::Seat>& seats) {
  Filled filled;
  for (const matcher::Seat& seat : seats) {
    const auto row = market.instance.row(seat.need);
    const auto found = std::find_if(row.begin(), row.end(), [&](const matcher::Candidate& one) {
      return one.expert == seat.expert;
    });
    filled.push_back({market.rows[seat.need].value,
                      snapshot.ranker->experts()[seat.expert].id.value,
                      matcher::kTopScore - std::int64_t{found->cost}});
  }
  std::sort(filled.begin(), filled.end(), [](const PlanSeat& a, const PlanSeat& b) {
    return std::pair(a.need, a.person) < std::pair(b.need, b.person);
  });
  return filled;
}

Filled only_in(const Filled& those, const Filled& others) {
  Filled only;
  for (const PlanSeat& seat : those) {
    const bool shared = std::any_of(others.begin(), others.end(), [&](const PlanSeat& other) {
      return other.need == seat.need && other.person == seat.person;
    });
    if (!shared) only.push_back(seat);
  }
  return only;
}

std::int64_t cost_of(const Filled& filled) {
  std::int64_t cost = 0;
  for (const PlanSeat& seat : filled) cost += matcher::kTopScore - seat.score;
  return cost;
}

/// Tries changes, named by ids or numbers, on a repaired copy of a market.
class Trial {
 public:
  Trial(const MatchSnapshot& snapshot, const matcher::RegistryPlan& market)
      : snapshot_(snapshot), market_(market), live_(market.instance) {}

  Done apply(const PlanChanges& changes) {
    for (const std::string& person : changes.withdraw) {
      const auto expert = expert_of(person);
      if (!expert) return tl::make_unexpected(expert.error());
      if (const auto done = live_.set_capacity(*expert, 0); !done) {
        return tl::make_unexpected(done.error());
      }
    }
    for (const std::string& need : changes.cancel) {
      const auto row = row_of(need);
      if (!row) return tl::make_unexpected(row.error());
      if (const auto done = live_.set_headcount(*row, 0); !done) {
        return tl::make_unexpected(done.error());
      }
    }
    if (const Done done = pairs(changes.forbid, &matcher::LivePlan::forbid); !done) return done;
    return pairs(changes.pin, &matcher::LivePlan::pin);
  }

  /// False when somebody who is not listed could enter the changed plan.
  bool lists_suffice() const {
    const matcher::Plan plan = live_.plan();
    for (std::uint32_t need = 0; need < market_.instance.needs(); ++need) {
      const auto row = market_.instance.row(need);
      const std::uint32_t last = row.empty() ? 0 : row.back().cost;
      if (!market_.complete[need] && plan.value[need] > last) return false;
    }
    return true;
  }

  WhatIf result() const {
    std::vector<matcher::Seat> seats = live_.plan().seats;
    for (const matcher::Seat& seat : live_.pinned()) seats.push_back(seat);
    const Filled before = filled_of(snapshot_, market_, market_.proof.seats);
    const Filled after = filled_of(snapshot_, market_, seats);
    WhatIf what;
    what.filled_before = static_cast<std::int64_t>(before.size());
    what.filled_after = static_cast<std::int64_t>(after.size());
    what.cost_before = cost_of(before);
    what.cost_after = cost_of(after);
    what.taken = only_in(after, before);
    what.left = only_in(before, after);
    what.over_days = over_days(seats);
    return what;
  }

 private:
  using PairChange = Result<matcher::Repair> (matcher::LivePlan::*)(std::uint32_t, std::uint32_t);

  Done pairs(const std::vector<std::string>& written, PairChange change) {
    for (const std::string& pair : written) {
      const std::size_t split = pair.find('=');
      if (split == std::string::npos) {
        return fail(ErrorCode::InvalidArgument, "plan.changes", {}, {pair.substr(0, 40)});
      }
      const auto row = row_of(pair.substr(0, split));
      if (!row) return tl::make_unexpected(row.error());
      const auto expert = expert_of(pair.substr(split + 1));
      if (!expert) return tl::make_unexpected(expert.error());
      if (const auto done = (live_.*change)(*row, *expert); !done) {
        return tl::make_unexpected(done.error());
      }
    }
    return {};
  }

  static const MatchFace* face_of(const std::vector<MatchFace>& faces, const std::string& key) {
    const auto found = std::find_if(faces.begin(), faces.end(), [&](const MatchFace& face) {
      return (!face.number.empty() && face.number == key) || id_text(face.id) == key;
    });
    return found == faces.end() ? nullptr : &*found;
  }

  Result<std::uint32_t> expert_of(const std::string& person) const {
    const MatchFace* face = face_of(snapshot_.experts, person);
    const auto found = face == nullptr ? std::nullopt : snapshot_.ranker->find(PersonId{face->id});
    if (!found) return fail(ErrorCode::NotFound, "record.absent");
    return *found;
  }

  /// Needs that are not open, or out of scope, have no row.
  Result<std::uint32_t> row_of(const std::string& need) const {
    const MatchFace* face = face_of(snapshot_.needs, need);
    const auto found = face == nullptr
                           ? market_.rows.end()
                           : std::find(market_.rows.begin(), market_.rows.end(), NeedId{face->id});
    if (found == market_.rows.end()) return fail(ErrorCode::NotFound, "record.absent");
    return static_cast<std::uint32_t>(found - market_.rows.begin());
  }

  std::int64_t over_days(const std::vector<matcher::Seat>& seats) const {
    std::unordered_map<std::uint32_t, std::int64_t> days;
    for (const matcher::Seat& seat : seats) {
      const std::size_t need = snapshot_.need_index.at(market_.rows[seat.need].value);
      days[seat.expert] += snapshot_.views[need].days.value_or(0);
    }
    return std::count_if(days.begin(), days.end(), [&](const auto& one) {
      const auto left = snapshot_.ranker->rules().days_left(one.first);
      return left && one.second > *left;
    });
  }

  const MatchSnapshot& snapshot_;
  const matcher::RegistryPlan& market_;
  matcher::LivePlan live_;
};

constexpr std::uint32_t kLongerLists = 8;

}  // namespace

Result<WhatIf> Matching::what_if(const Principal& principal, std::int64_t plan_id,
                                 const PlanChanges& changes) {
  if (changes.empty()) return fail(ErrorCode::InvalidArgument, "plan.changes");
  const auto kept = find_plan(registry_, principal, plan_id);
  if (!kept) return tl::make_unexpected(kept.error());
  const auto current = snapshot();
  if (!current) return tl::make_unexpected(current.error());
  const MatchSnapshot& view = **current;
  std::vector<matcher::NeedView> needs;
  for (const std::size_t at : open_needs(principal, view)) needs.push_back(view.views[at]);
  for (matcher::PlanOptions options;; options.first_candidates *= kLongerLists) {
    const auto market = matcher::plan(*view.ranker, needs, options);
    if (!market) return tl::make_unexpected(market.error());
    if (market->cost != kept->cost ||
        static_cast<std::int64_t>(market->seats.size()) != kept->filled) {
      return fail(ErrorCode::FailedPrecondition, "plan.changed");
    }
    Trial trial(view, *market);
    if (const Done done = trial.apply(changes); !done) {
      // A pair may be missing only because the list is short.
      const bool listed = options.first_candidates >= view.ranker->experts().size();
      if (listed || done.error().problem.reason != "live.pair") {
        return tl::make_unexpected(done.error());
      }
      continue;
    }
    if (trial.lists_suffice()) return trial.result();
  }
}

Problem plan_words(const Plan& plan) {
  std::vector<std::string> params = {std::to_string(plan.year), std::to_string(plan.seat_count),
                                     std::to_string(plan.filled),
                                     std::to_string(plan.seat_count - plan.filled)};
  if (plan.optimal()) return {"cli.plan.optimal", {}, std::move(params)};
  params.push_back(std::to_string(plan.bound_filled - plan.filled));
  params.push_back(std::to_string(plan.cost));
  params.push_back(std::to_string(plan.bound_cost));
  return {"cli.plan.bound", {}, std::move(params)};
}

Problem shortage_words(const PlanShortage& shortage) {
  Problem words{shortage.cause, {}, {}};
  std::string_view rest = shortage.detail;
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    words.params.emplace_back(rest.substr(0, end));
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
  return words;
}

}  // namespace chucai
