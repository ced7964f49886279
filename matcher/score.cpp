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

/// Before what concerns one need.
int record_base(const ServiceRecord& record) {
  return kRecordBase + kPerService * std::min(record.completed, kServicesThatCount) +
         kPerSatisfied * std::min(record.satisfied, kServicesThatCount) +
         kPerDissatisfied * record.dissatisfied + kPerTerminated * record.terminated;
}

/// For a village's need.
int rural_share(const Expert& expert, bool from_poor_county, int poor_counties_served) {
  return 200 + (expert.rural_honour ? 250 : 0) + (from_poor_county ? 150 : 0) +
         ((expert.modes & mode::kOnSite) != 0 ? 200 : 0) +
         std::min(200, 100 * poor_counties_served);
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

void Ranker::fill_cards(std::span<const WrittenWork> works) {
  std::unordered_map<std::string, std::uint32_t> homes;  // written -> number
  for (const Expert& expert : experts_) {
    Card card{};
    card.fields_begin = static_cast<std::uint32_t>(fields_.size());
    for (const std::string& code : expert.disciplines) {
      if (const auto node = graph_.find(NodeKind::Discipline, code)) fields_.push_back(node->index);
    }
    card.fields_end = static_cast<std::uint32_t>(fields_.size());
    card.industry = graph_.find(NodeKind::Industry, expert.industry).value_or(kNoNode).index;
    card.region = region_number(expert.region);
    const auto [home, first_seen] = homes.try_emplace(expert.native_place, 0);
    if (first_seen) home->second = region_number(regions_->resolve(home->first, "").code);
    card.home = home->second;
    const ServiceRecord record = record_of(NeedView{}, {}, expert, *regions_);
    card.record = static_cast<std::int16_t>(record_base(record));
    card.rural = static_cast<std::int16_t>(
        rural_share(expert, regions_->has_flag(expert.region, kPoverty), record.poor_counties));
    card.title_grade = std::min<std::uint8_t>(expert.title_grade, kGrades - 1);
    card.education = expert.education;
    card.modes = expert.modes;
    card.speaks = !expert.languages.empty();
    card.has_past = !expert.past.empty();
    for (const PastService& past : expert.past) {
      card.last_year = std::max(card.last_year, past.year);
    }
    cards_.push_back(card);
  }
  for (const WrittenWork& work : works) {
    for (const PersonId author : work.authors) {
      const auto expert = find(author);
      if (expert) cards_[*expert].last_year = std::max(cards_[*expert].last_year, work.year);
    }
  }
  for (std::size_t expert = 0; expert < cards_.size(); ++expert) {
    Card& card = cards_[expert];
    card.freshness = static_cast<std::int16_t>(freshness(experts_[expert].year, card.last_year));
  }
}

void Ranker::fill_titles(Query& query) {
  for (std::uint8_t grade = 0; grade < kGrades; ++grade) {
    for (std::uint8_t level = 0; level < kEducations; ++level) {
      const int title = grade_fit(query.need->title_floor, grade);
      const int education =
          education_fit(query.need->education_floor, static_cast<Education>(level));
      query.title_share[grade][level] = (title * 7 + education * 3) / 10;
    }
  }
}

int Ranker::record_share(const Query& query, std::uint32_t expert) const {
  const Expert& who = experts_[expert];
  int share = cards_[expert].record;
  if (cards_[expert].has_past) {
    const ServiceRecord record = record_of(*query.need, query.disciplines, who, *regions_);
    share +=
        (record.same_field_year >= 0 ? kSameFieldServed : 0) + (record.again ? kAgainPlease : 0);
  }
  if (!query.need->applicants.empty() && has_applied(*query.need, who.id)) share += kApplied;
  return std::clamp(share, 0, kWhole);
}

int Ranker::region_fit(const Query& query, std::uint32_t expert) const {
  const Card& card = cards_[expert];
  const Outlook& outlook = query.outlook != nullptr ? *query.outlook : query.own_outlook;
  const int close =
      query.even_closeness != 0 ? query.even_closeness : outlook.closeness[card.region];
  const auto willing = rules_.is_willing(query.demand, expert);
  const int will = !willing ? kWillingShare / 2 : *willing ? kWillingShare : 0;
  return close * kWayShare / kWhole + outlook.home_ties[card.home] * kHomeShare / kWhole + will;
}

/// Known to fit earns all of each share; unknown half, or nothing of a language asked for.
int Ranker::service_fit(const Query& query, std::uint32_t expert) const {
  const Card& card = cards_[expert];
  int share = 0;
  if (card.modes == mode::kUnknown) {
    share += kModeShare / 2;
  } else if ((card.modes & query.demand.modes) != 0) {
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
  const bool known = query.need->languages.empty() || card.speaks;
  return share + (known ? kLanguageShare : 0);
}

std::uint64_t Ranker::impact(const Scratch& scratch, std::uint32_t expert) const {
  const Postings terms = texts_.terms_of_expert(expert);
  std::uint64_t impact = 0;
  for (std::size_t k = 0; k < terms.size(); ++k) {
    const std::uint32_t times = scratch.times[terms.number[k]] % Scratch::kRare;
    impact += times * terms.impact[k];
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
  const Card& card = cards_[expert];
  const auto set = [&](Part part, int share) {
    const int points = query.points(part, share);
    ranked.points[static_cast<std::size_t>(part)] = points;
    ranked.score += points;
  };
  set(Part::Region, region_fit(query, expert));
  set(Part::Record, record_share(query, expert));
  set(Part::Title, query.title_share[card.title_grade][static_cast<std::size_t>(card.education)]);
  set(Part::Service, service_fit(query, expert));
  // Half of it for every need that is not a village's, so that the part decides nothing there.
  set(Part::Rural, query.need->rural ? card.rural : kWhole / 2);
  set(Part::Freshness, card.freshness);
}

Ranked Ranker::score(const Query& query, const Scratch& scratch, std::uint32_t expert,
                     std::uint64_t impact) const {
  Ranked ranked;
  ranked.person = experts_[expert].id;
  ranked.expert = expert;
  score_evidence(query, scratch, expert, impact, ranked);
  score_person(query, expert, ranked);
  return ranked;
}

}  // namespace chucai::matcher
