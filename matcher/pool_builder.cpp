#include "matcher/pool_builder.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <unordered_map>

#include "matcher/parts.h"
#include "registry/domain/text.h"

namespace chucai::matcher {
namespace {

constexpr std::string_view kGradeFlag = "grade:";
constexpr std::string_view kRuralHonour = "科技特派员";
constexpr std::size_t kCountyCode = 6;  // digits; a longer code is a township or village
/// An engagement of so many days is a long post, whatever its need says.
constexpr std::int64_t kLongPostDays = 180;

struct FirmRow {
  std::string_view flag;
  std::uint8_t bit;
};
constexpr FirmRow kFirmFlags[] = {{"firm:title", firm::kTitle},
                                  {"firm:education", firm::kEducation},
                                  {"firm:mode", firm::kMode},
                                  {"firm:region", firm::kRegion},
                                  {"firm:days", firm::kDays}};

int number(std::string_view code) {
  int value = 0;
  std::from_chars(code.data(), code.data() + code.size(), value);
  return value;
}

/// GB/T 4658 by the tens: 1x graduate school, 2x university, 3x college, the rest below. Only 11 is
/// a doctor's diploma; those who left doctoral studies hold a master's level at least.
Education of_education(std::string_view code) {
  if (code.empty()) return Education::Unknown;
  if (code == "11") return Education::Doctor;
  switch (code[0]) {
    case '1':
      return Education::Master;
    case '2':
      return Education::Bachelor;
    case '3':
      return Education::College;
    default:
      return Education::BelowCollege;
  }
}

/// GB/T 6864 by the first digit: 2 doctor, 3 master, 4 bachelor; 1 is honorary.
Education of_degree(std::string_view code) {
  if (code.empty()) return Education::Unknown;
  switch (code[0]) {
    case '2':
      return Education::Doctor;
    case '3':
      return Education::Master;
    case '4':
      return Education::Bachelor;
    default:
      return Education::Unknown;
  }
}

/// Scheme education_floor: 0 any, 1 college .. 4 doctor.
Education of_floor(std::string_view code) {
  switch (number(code)) {
    case 1:
      return Education::College;
    case 2:
      return Education::Bachelor;
    case 3:
      return Education::Master;
    case 4:
      return Education::Doctor;
    default:
      return Education::Unknown;
  }
}

std::uint8_t mode_of(std::string_view code) {
  if (code == "on_site") return mode::kOnSite;
  if (code == "remote") return mode::kRemote;
  return code == "any" ? mode::kAny : mode::kUnknown;
}

std::uint8_t grade_of(std::string_view code) {
  const int grade = number(code);
  return static_cast<std::uint8_t>(grade >= 1 && grade <= 5 ? grade : 0);
}

void append_words(std::string& text, std::string_view words) {
  if (words.empty()) return;
  if (!text.empty()) text += "。";
  text += words;
}

/// Asked for or offered, not yet decided.
bool is_pending(const Engagement& engagement) {
  return one_of(engagement.status, {"enrolled", "shortlisted", "offered"});
}

int year_of(const Engagement& engagement) {
  return engagement.start ? engagement.start.year : engagement.enrolled_on.year;
}

std::int64_t days_of(const Engagement& engagement, const NeedView* need) {
  if (engagement.start.day != 0 && engagement.end.day != 0) {
    return std::max<std::int64_t>(1, first_day(engagement.end) - first_day(engagement.start) + 1);
  }
  return need != nullptr ? need->days.value_or(0) : 0;
}

/// nullopt while the service has not ended.
std::optional<Outcome> outcome_of(const Engagement& engagement) {
  if (engagement.status == "terminated") return Outcome::Terminated;
  if (!one_of(engagement.status, {"returned", "completed", "evaluated"})) return std::nullopt;
  if (one_of(engagement.satisfaction, {"very_satisfied", "satisfied"})) {
    return Outcome::Satisfied;
  }
  return engagement.satisfaction == "dissatisfied" ? Outcome::Dissatisfied : Outcome::Completed;
}

bool is_in_force(const Engagement& engagement) {
  return one_of(engagement.status, {"accepted", "dispatched", "on_duty"});
}

bool is_long_post(const Engagement& engagement, const NeedView* need) {
  return (need != nullptr && need->setting == Setting::Long) ||
         days_of(engagement, need) >= kLongPostDays;
}

/// Where somebody is now. Without a first day the engagement takes no day of any window.
Standing standing_of(const Engagement& engagement, const NeedView* need) {
  Standing standing{need != nullptr ? need->requester : std::string{}, 0, -1,
                    is_long_post(engagement, need)};
  if (engagement.start.day == 0) return standing;
  standing.first_day = first_day(engagement.start);
  standing.last_day = standing.first_day + std::max<std::int64_t>(1, days_of(engagement, need)) - 1;
  return standing;
}

PastService past_of(const Engagement& engagement, const NeedView* need, Outcome outcome) {
  PastService past;
  past.outcome = outcome;
  past.year = engagement.end ? engagement.end.year : year_of(engagement);
  past.long_post = is_long_post(engagement, need);
  if (need == nullptr) return past;
  if (!need->disciplines.empty()) past.discipline = need->disciplines.front();
  past.requester = need->requester;
  past.region = need->region;
  return past;
}

void join(const Engagement& engagement, int year, Expert* expert, NeedView* need) {
  if (need != nullptr) {
    (is_pending(engagement) ? need->applicants : need->closed_to).push_back(engagement.person);
    if (fills_seat(engagement) && need->seats > 0) --need->seats;
  }
  if (expert == nullptr) return;
  const int taken_in = year_of(engagement);
  if (counts_as_load(engagement) && (taken_in == 0 || taken_in == year)) {
    ++expert->services_taken;
    expert->days_taken += days_of(engagement, need);
  }
  if (const auto outcome = outcome_of(engagement)) {
    expert->past.push_back(past_of(engagement, need, *outcome));
  }
  if (is_in_force(engagement)) expert->standing.push_back(standing_of(engagement, need));
}

/// Whose `numbers` (专家编号) are not known is no author here.
WrittenWork written(const Work& work,
                    const std::unordered_map<std::string_view, PersonId>& numbers) {
  WrittenWork written{
      work.id, {work.person}, work.title, work.summary, static_cast<int>(work.year.value_or(0))};
  for (const std::string& author : work.authors) {
    const auto found = numbers.find(author);
    if (found == numbers.end() || found->second == work.person) continue;
    written.authors.push_back(found->second);
  }
  return written;
}

template <class T>
std::unordered_map<std::int64_t, T*> by_id(std::vector<T>& items) {
  std::unordered_map<std::int64_t, T*> found;
  for (T& item : items) found.emplace(item.id.value, &item);
  return found;
}

template <class T>
T* look_up(const std::unordered_map<std::int64_t, T*>& items, std::int64_t id) {
  const auto found = items.find(id);
  return found == items.end() ? nullptr : found->second;
}

}  // namespace

std::vector<std::string> PoolBuilder::disciplines(const std::string& code,
                                                  const std::string& text) const {
  if (codes_->find("discipline", code) != nullptr) return {code};
  std::vector<std::string> found;
  for (const std::string& name : split_list(text)) {
    for (const Term* term : codes_->named("discipline", name)) {
      if (std::find(found.begin(), found.end(), term->code) == found.end()) {
        found.push_back(term->code);
      }
    }
  }
  return found;
}

std::string PoolBuilder::industry(const std::string& code, const std::string& text) const {
  if (codes_->find("industry", code) != nullptr) return code;
  const auto named = codes_->named("industry", text);
  return named.empty() ? std::string{} : named.front()->code;
}

std::uint8_t PoolBuilder::title_grade(const Person& person) const {
  if (!person.title_grade.empty()) return grade_of(person.title_grade);
  for (const std::string_view scheme : {"title_name", "title"}) {
    for (const Term* title : codes_->named(scheme, person.title)) {
      for (const std::string& flag : title->flags) {
        if (!flag.starts_with(kGradeFlag)) continue;
        const auto grade = codes_->named("title_grade", flag.substr(kGradeFlag.size()));
        if (!grade.empty()) return grade_of(grade.front()->code);
      }
    }
  }
  return 0;
}

Expert PoolBuilder::expert(const Person& person) const {
  Expert expert;
  expert.id = id_of(person);
  expert.active = person.status == "active";
  expert.exited = one_of(person.status, {"exited", "archived", "merged"});
  expert.title_grade = title_grade(person);
  expert.education = std::max(of_education(person.education), of_degree(person.degree));
  expert.disciplines = disciplines(person.discipline, person.discipline_text);
  // Without a stated field, research terms that are themselves names of disciplines place the
  // expert.
  if (expert.disciplines.empty()) expert.disciplines = disciplines({}, join_list(person.research));
  expert.industry = industry(person.industry, person.industry_text);
  expert.region = person.region;
  expert.employer = fold(person.employer);
  expert.employer_uscc = person.employer_uscc;
  expert.languages = person.languages;
  for (const std::string& mode : person.service_modes) expert.modes |= mode_of(mode);
  expert.service_regions = person.service_regions;
  expert.days_per_year = person.days_per_year;
  expert.services_per_year = policy_.services_per_year;
  expert.year = policy_.year;
  expert.research = person.research;
  expert.native_place = person.native_place;
  expert.rural_honour =
      std::find(person.honours.begin(), person.honours.end(), kRuralHonour) != person.honours.end();
  for (const std::string& research : person.research) append_words(expert.text, research);
  append_words(expert.text, person.discipline_text);
  for (const std::string& code : expert.disciplines) {
    for (const Term* term : codes_->chain("discipline", code))
      append_words(expert.text, term->name);
  }
  append_words(expert.text, person.major);
  return expert;
}

NeedView PoolBuilder::need(const Need& need) const {
  NeedView view;
  view.id = id_of(need);
  view.requester = fold(need.requester);
  view.requester_uscc = need.requester_uscc;
  view.region = need.region;
  view.industry = industry(need.industry, need.industry_text);
  view.disciplines = disciplines(need.discipline, need.discipline_text);
  append_words(view.text, need.name);
  append_words(view.text, need.discipline_text);
  append_words(view.text, need.description);
  view.title_floor = grade_of(need.title_floor);
  view.education_floor = of_floor(need.education_floor);
  view.languages = need.languages;
  const std::uint8_t modes = mode_of(need.service_mode);
  view.modes = modes == mode::kUnknown ? mode::kAny : modes;
  view.seats = static_cast<std::uint32_t>(std::clamp<std::int64_t>(
      need.headcount.value_or(1), 0, std::numeric_limits<std::uint32_t>::max()));
  view.days = need.days;
  view.rural = !need.rural_category.empty() || need.region.size() > kCountyCode;
  if (need.open_date.day != 0) view.first_day = first_day(need.open_date);
  if (need.close_date.day != 0) view.last_day = first_day(need.close_date);
  if (view.last_day < view.first_day) view.last_day = 0;
  place(need, view);
  return view;
}

/// The setting of a need, and what that and its programme insist on.
void PoolBuilder::place(const Need& need, NeedView& view) const {
  const Term* programme = codes_->find("match_weight", need.program);
  const Term* long_post = codes_->find("match_weight", "long");
  if (long_post == nullptr) return;
  const int days_from = number(flag_value(*long_post, "days_from"));
  const bool by_days = days_from > 0 && need.days.value_or(0) >= days_from;
  const bool by_programme = programme != nullptr && programme->parent == long_post->code;
  if (!by_days && !by_programme) return;
  view.setting = Setting::Long;
  for (const auto& [flag, bit] : kFirmFlags) {
    if (long_post->has(flag)) view.firm |= bit;
  }
  if (by_programme) view.programme_floor = of_floor(flag_value(*programme, "education"));
}

NeedView PoolBuilder::need(const Question& question) const {
  NeedView view;
  view.region = question.region;
  view.industry = industry(question.industry, question.industry);
  view.disciplines = disciplines(question.discipline, question.discipline);
  view.text = question.text;
  return view;
}

Pool PoolBuilder::build(std::span<const Person> persons, std::span<const Need> needs,
                        std::span<const Engagement> engagements,
                        std::span<const Work> works) const {
  Pool pool;
  for (const Person& person : persons) {
    if (holds(person, role::kExpert)) pool.experts.push_back(expert(person));
  }
  for (const Need& record : needs) pool.needs.push_back(need(record));
  const auto experts = by_id(pool.experts);
  const auto views = by_id(pool.needs);
  for (const Engagement& engagement : engagements) {
    join(engagement, policy_.year, look_up(experts, engagement.person.value),
         look_up(views, engagement.need.value));
  }
  std::unordered_map<std::string_view, PersonId> numbers;
  for (const Person& person : persons) numbers.emplace(person.expert_no, id_of(person));
  for (const Work& work : works) pool.works.push_back(written(work, numbers));
  return pool;
}

}  // namespace chucai::matcher
