// Random pools of experts and needs over the shipped code tables, with blanks and ties in them.
#pragma once

#include <array>
#include <random>

#include "matcher/pool.h"

namespace chucai::testing {

class PoolMaker {
 public:
  explicit PoolMaker(unsigned seed) : random_(seed) {}

  std::vector<matcher::Expert> experts(std::size_t count) {
    std::vector<matcher::Expert> experts;
    for (std::size_t k = 0; k < count; ++k) experts.push_back(expert(k + 1));
    return experts;
  }

  std::vector<matcher::NeedView> needs(std::size_t count) {
    std::vector<matcher::NeedView> needs;
    for (std::size_t k = 0; k < count; ++k) needs.push_back(need(k + 1));
    return needs;
  }

  /// Works of the first `authors` persons.
  std::vector<matcher::WrittenWork> works(std::size_t count, std::size_t authors) {
    std::vector<matcher::WrittenWork> works;
    const auto author = [&] { return PersonId{static_cast<std::int64_t>(1 + below(authors))}; };
    for (std::size_t k = 0; k < count; ++k) {
      works.push_back({static_cast<std::int64_t>(k + 1),
                       {author(), author()},
                       pick(kWords) + "与" + pick(kWords),
                       pick(kWords),
                       2018});
    }
    return works;
  }

 private:
  std::size_t below(std::size_t limit) { return random_() % limit; }
  template <std::size_t N>
  std::string pick(const std::array<const char*, N>& from) {
    return from[below(N)];
  }

  matcher::Expert expert(std::size_t number) {
    matcher::Expert expert;
    expert.id = PersonId{static_cast<std::int64_t>(number)};
    expert.active = below(20) != 0;
    expert.title_grade = static_cast<std::uint8_t>(below(6));
    expert.education = static_cast<matcher::Education>(below(6));
    if (below(5) != 0) expert.disciplines = {pick(kDisciplines)};
    if (below(6) == 0) expert.disciplines.push_back(pick(kDisciplines));
    expert.industry = pick(kIndustries);
    expert.region = pick(kRegions);
    expert.employer = pick(kUnits);
    if (below(4) != 0) expert.languages = {pick(kLanguages)};
    expert.modes = static_cast<std::uint8_t>(below(4));
    if (below(3) != 0) expert.service_regions = {pick(kAreas), pick(kAreas)};
    if (below(4) != 0) expert.days_per_year = static_cast<std::int64_t>(below(31));
    expert.services_per_year = 1 + static_cast<std::uint32_t>(below(4));
    expert.services_taken = static_cast<std::uint32_t>(below(3));
    expert.text = pick(kWords) + "、" + pick(kWords);
    expert.research = {pick(kWords)};
    if (below(4) == 0) expert.native_place = pick(kRegions);
    expert.rural_honour = below(9) == 0;
    expert.year = 2018;
    for (std::size_t k = below(3); k > 0; --k) {
      expert.past.push_back({pick(kDisciplines), static_cast<matcher::Outcome>(below(4)),
                             pick(kUnits), pick(kRegions), 2014 + static_cast<int>(below(5)),
                             below(5) == 0});
    }
    if (below(8) == 0) {
      const auto day = static_cast<std::int64_t>(below(60));
      expert.standing.push_back({pick(kUnits), day, day + 20, below(3) == 0});
    }
    return expert;
  }

  matcher::NeedView need(std::size_t number) {
    matcher::NeedView need;
    need.id = NeedId{static_cast<std::int64_t>(number)};
    need.requester = pick(kUnits);
    need.region = pick(kRegions);
    need.industry = pick(kIndustries);
    if (below(3) != 0) need.disciplines = {pick(kDisciplines)};
    need.text = pick(kWords) + "技术咨询，希望" + pick(kWords) + "领域专家帮助";
    need.title_floor = static_cast<std::uint8_t>(below(5));
    need.education_floor = static_cast<matcher::Education>(below(6));
    if (below(8) == 0) need.languages = {pick(kLanguages)};
    need.modes = static_cast<std::uint8_t>(1 + below(3));
    need.seats = static_cast<std::uint32_t>(below(4));
    if (below(4) != 0) need.days = static_cast<std::int64_t>(1 + below(15));
    if (below(4) == 0) need.setting = matcher::Setting::Long;
    if (below(3) == 0) need.firm = static_cast<std::uint8_t>(below(32));
    need.rural = below(3) == 0;
    if (below(3) == 0) need.first_day = 30, need.last_day = 45;
    if (below(3) == 0) need.closed_to = {PersonId{static_cast<std::int64_t>(1 + below(20))}};
    if (below(3) == 0) need.applicants = {PersonId{static_cast<std::int64_t>(1 + below(20))}};
    return need;
  }

  static constexpr std::array kDisciplines = {"210",   "21040", "21045", "220",  "22010",
                                              "52020", "52010", "320",   "32024"};
  static constexpr std::array kIndustries = {"", "0111", "0141", "1530", "6513", "6540", "A"};
  static constexpr std::array kRegions = {"",       "420106", "422825", "422801",
                                          "421023", "429004", "420000"};
  static constexpr std::array kAreas = {"420000", "420100", "422800", "421000", "429004"};
  static constexpr std::array kUnits = {"", "华中农业大学", "宣恩县茶叶协会", "某医院"};
  static constexpr std::array kLanguages = {"en", "ru", "sw"};
  static constexpr std::array kWords = {"茶叶加工",   "作物学",   "水稻育种", "计算机网络",
                                        "人工智能AI", "植物保护", "内科学",   "林业"};
  std::mt19937 random_;
};

}  // namespace chucai::testing
