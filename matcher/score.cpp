// The parts of a score, each as a share in thousandths of what the part is worth.
#include <algorithm>

#include "matcher/query.h"

namespace chucai::matcher {
namespace {

constexpr std::string_view kPoverty = "poverty_national_832";

// Region: the way, then ties to the place, then willingness to serve there.
constexpr int kWayShare = 700;
constexpr int kHomeShare = 150;
constexpr int kWillingShare = kWhole - kWayShare - kHomeShare;

// Title 700, education 300. Without a floor the grade itself counts; with one, meeting it.
constexpr int kGradeShare[] = {400, 1000, 850, 650, 450, 300};  // by grade; 0 unknown
constexpr int kMeetsFloor = 900;
constexpr int kBelowFloor[] = {400, 200, 100, 50};  // by grades or levels short, less one
constexpr int kUnknownFit = 400;

constexpr int kRecordBase = 350;
constexpr int kPerService = 60;
constexpr int kServicesThatCount = 5;
constexpr int kPerSatisfied = 40;
constexpr int kSameFieldServed = 140;
constexpr int kApplied = 140;
constexpr int kAgainPlease = 200;
constexpr int kPerDissatisfied = -210;
constexpr int kPerTerminated = -290;

constexpr int kModeShare = 400;
constexpr int kDaysShare = 400;
constexpr int kLanguageShare = kWhole - kModeShare - kDaysShare;

int short_of(int steps) {
  return kBelowFloor[std::clamp<std::size_t>(static_cast<std::size_t>(steps), 1,
                                             std::size(kBelowFloor)) -
                     1];
}

int grade_fit(std::uint8_t floor, std::uint8_t grade) {
  if (grade == 0) return kUnknownFit;
  if (floor == 0) return kGradeShare[std::min<std::size_t>(grade, std::size(kGradeShare) - 1)];
  if (grade > floor) return short_of(grade - floor);
  return grade == floor ? kMeetsFloor : kWhole;
}

int education_fit(Education floor, Education education) {
  if (education == Education::Unknown) return kUnknownFit;
  if (education >= floor) return kWhole;
  return short_of(static_cast<int>(floor) - static_cast<int>(education));
}

int title_fit(const NeedView& need, const Expert& expert) {
  return (grade_fit(need.title_floor, expert.title_grade) * 7 +
          education_fit(need.education_floor, expert.education) * 3) /
         10;
}

int record_fit(const ServiceRecord& record, bool applied) {
  const int share = kRecordBase + kPerService * std::min(record.completed, kServicesThatCount) +
                    kPerSatisfied * std::min(record.satisfied, kServicesThatCount) +
                    kPerDissatisfied * record.dissatisfied + kPerTerminated * record.terminated +
                    (record.same_field_year >= 0 ? kSameFieldServed : 0) +
                    (record.again ? kAgainPlease : 0) + (applied ? kApplied : 0);
  return std::clamp(share, 0, kWhole);
}

/// Half of it for every need that is not a village's, so that the part decides nothing there.
int rural_fit(const NeedView& need, const Expert& expert, const ServiceRecord& record,
              bool from_poor_county) {
  if (!need.rural) return kWhole / 2;
  int share = 200 + (expert.rural_honour ? 250 : 0) + (from_poor_county ? 150 : 0);
  share += (expert.modes & mode::kOnSite) != 0 ? 200 : 0;
  return share + std::min(200, 100 * record.poor_counties);
}

int freshness(int planning_year, int last_year) {
  if (last_year == 0 || planning_year == 0) return 400;
  return std::clamp(kWhole - 150 * (planning_year - last_year), 100, kWhole);
}

}  // namespace

bool has_applied(const NeedView& need, PersonId person) {
  return std::find(need.applicants.begin(), need.applicants.end(), person) != need.applicants.end();
}

ServiceRecord record_of(const NeedView& need, const std::vector<std::string>& disciplines,
                        const Expert& expert, const RegionMap& regions) {
  ServiceRecord record;
  for (const PastService& past : expert.past) {
    record.completed += past.outcome != Outcome::Terminated ? 1 : 0;
    record.satisfied += past.outcome == Outcome::Satisfied ? 1 : 0;
    record.dissatisfied += past.outcome == Outcome::Dissatisfied ? 1 : 0;
    record.terminated += past.outcome == Outcome::Terminated ? 1 : 0;
    if (past.outcome == Outcome::Terminated) continue;
    record.poor_counties += regions.has_flag(past.region, kPoverty) ? 1 : 0;
    record.again |= past.outcome == Outcome::Satisfied && !past.requester.empty() &&
                    past.requester == need.requester;
    const bool same = !past.discipline.empty() && std::find(disciplines.begin(), disciplines.end(),
                                                            past.discipline) != disciplines.end();
    if (same) record.same_field_year = std::max(record.same_field_year, past.year);
  }
  return record;
}

int Ranker::Query::without_evidence() const {
  return limit(Part::Region) + limit(Part::Record) + limit(Part::Title) + limit(Part::Service) +
         limit(Part::Rural) + limit(Part::Freshness);
}

int Ranker::region_fit(const Query& query, std::uint32_t expert) const {
  const Card& card = cards_[expert];
  const auto willing = rules_.is_willing(query.demand, expert);
  const int will = !willing ? kWillingShare / 2 : *willing ? kWillingShare : 0;
  return query.closeness[card.region] * kWayShare / kWhole +
         query.home_ties[card.home] * kHomeShare / kWhole + will;
}

/// Known to fit earns all of each share; unknown half, or nothing of a language asked for.
int Ranker::service_fit(const Query& query, std::uint32_t expert) const {
  const Expert& who = experts_[expert];
  int share = 0;
  if (who.modes == mode::kUnknown) {
    share += kModeShare / 2;
  } else if ((who.modes & query.demand.modes) != 0) {
    share += kModeShare;
  }
  const auto left = rules_.days_left(expert);
  const std::int64_t asked = query.demand.days;
  if (!left) {
    share += kDaysShare / 2;
  } else if (asked <= *left) {
    share += kDaysShare;
  } else {
    share += static_cast<int>(kDaysShare * std::max<std::int64_t>(0, *left) / asked);
  }
  const bool known = query.need->languages.empty() || !who.languages.empty();
  return share + (known ? kLanguageShare : 0);
}

std::uint64_t Ranker::impact(const Query& query, const Scratch& scratch,
                             std::uint32_t expert) const {
  std::uint64_t impact = scratch.text[expert];
  if (scratch.complete) return impact;
  for (const auto& [term, times] : query.common) {
    impact += std::uint64_t{times} * graph_.weight(term, expert).value_or(0);
  }
  return impact;
}

void Ranker::score_evidence(const Query& query, const Scratch& scratch, std::uint32_t expert,
                            std::uint64_t impact, Ranked& ranked) const {
  const Card& card = cards_[expert];
  int field = 0;
  int trade = card.industry == kNoNode.index ? 0 : query.near_trade[card.industry];
  for (std::uint32_t at = card.fields_begin; at < card.fields_end; ++at) {
    field = std::max<int>(field, query.near_field[fields_[at]]);
    trade = std::max<int>(trade, query.near_trade[fields_[at]]);
  }
  const auto set = [&](Part part, int points) {
    ranked.points[static_cast<std::size_t>(part)] = points;
    ranked.score += points;
  };
  set(Part::Discipline, query.points(Part::Discipline, field));
  set(Part::Industry, query.points(Part::Industry, trade));
  set(Part::Text, query.text_points(impact));
  set(Part::Graph, query.graph_points(scratch.walk.reached[graph_.expert(expert).index]));
}

void Ranker::score_person(const Query& query, std::uint32_t expert, Ranked& ranked) const {
  const NeedView& need = *query.need;
  const Expert& who = experts_[expert];
  const ServiceRecord record = record_of(need, query.disciplines, who, *regions_);
  const auto set = [&](Part part, int share) {
    const int points = query.points(part, share);
    ranked.points[static_cast<std::size_t>(part)] = points;
    ranked.score += points;
  };
  set(Part::Region, region_fit(query, expert));
  set(Part::Record, record_fit(record, has_applied(need, who.id)));
  set(Part::Title, title_fit(need, who));
  set(Part::Service, service_fit(query, expert));
  const bool poor = need.rural && regions_->has_flag(who.region, kPoverty);
  set(Part::Rural, rural_fit(need, who, record, poor));
  set(Part::Freshness, freshness(who.year, cards_[expert].last_year));
}

Ranked Ranker::score(const Query& query, const Scratch& scratch, std::uint32_t expert) const {
  Ranked ranked;
  ranked.person = experts_[expert].id;
  ranked.expert = expert;
  score_evidence(query, scratch, expert, impact(query, scratch, expert), ranked);
  score_person(query, expert, ranked);
  return ranked;
}

}  // namespace chucai::matcher
