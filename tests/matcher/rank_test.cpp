#include "matcher/rank.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <numeric>

#include "registry/domain/messages.h"
#include "tests/support/pool.h"
#include "tests/support/shipped.h"

using namespace chucai;
using namespace chucai::matcher;

namespace {

Ranker ranker_of(std::vector<Expert> experts) {
  return {std::move(experts), testing::shipped_book(), testing::shipped_regions()};
}

/// Scores everybody.
std::vector<Ranked> brute_force(const Ranker& ranker, const NeedView& need, std::size_t k) {
  return ranker.scan(need, k, ranker.weights(need.setting));
}

std::vector<std::pair<std::int64_t, std::array<int, kParts>>> essence(
    const std::vector<Ranked>& list) {
  std::vector<std::pair<std::int64_t, std::array<int, kParts>>> essence;
  for (const Ranked& ranked : list) essence.emplace_back(ranked.person.value, ranked.points);
  return essence;
}

Expert expert_of(std::int64_t id, std::vector<std::string> disciplines, std::string text) {
  Expert expert;
  expert.id = PersonId{id};
  expert.disciplines = std::move(disciplines);
  expert.text = std::move(text);
  expert.services_per_year = 1;
  return expert;
}

std::vector<std::int64_t> order(const std::vector<Ranked>& list) {
  std::vector<std::int64_t> ids;
  for (const Ranked& ranked : list) ids.push_back(ranked.person.value);
  return ids;
}

}  // namespace

TEST_CASE("the best through postings are the best of all", "[matcher]") {
  for (unsigned seed = 1; seed <= 6; ++seed) {
    testing::PoolMaker maker(seed);
    const Ranker ranker(maker.experts(150), testing::shipped_book(), testing::shipped_regions(),
                        maker.works(60, 150));
    for (const NeedView& need : maker.needs(25)) {
      for (const std::size_t k : {std::size_t{1}, std::size_t{7}, std::size_t{500}}) {
        REQUIRE(essence(ranker.best(need, k)) == essence(brute_force(ranker, need, k)));
      }
    }
  }
}

TEST_CASE("common words, looked up for few, change nothing of the list", "[matcher]") {
  testing::PoolMaker maker(21);
  const Ranker ranker = ranker_of(maker.experts(2500));  // words of so many experts are common
  for (NeedView need : maker.needs(25)) {
    for (const std::size_t k : {std::size_t{3}, std::size_t{100}}) {
      REQUIRE(essence(ranker.best(need, k)) == essence(brute_force(ranker, need, k)));
    }
    Weights sparse = ranker.weights(need.setting);
    sparse[static_cast<std::size_t>(Part::Graph)] = 0;
    REQUIRE(essence(ranker.best(need, 10, sparse)) == essence(ranker.scan(need, 10, sparse)));
  }
}

TEST_CASE("another expert changes nobody's rules and only text and graph evidence", "[matcher]") {
  testing::PoolMaker maker(22);
  std::vector<Expert> experts = maker.experts(60);
  const Expert added = maker.experts(61).back();
  const Ranker before = ranker_of(experts);
  experts.push_back(added);
  const Ranker after = ranker_of(experts);
  for (const NeedView& need : maker.needs(40)) {
    for (std::int64_t person = 1; person <= 60; ++person) {
      const auto was = before.evaluate(need, before.find(PersonId{person}).value());
      const auto is = after.evaluate(need, after.find(PersonId{person}).value());
      REQUIRE(was.has_value() == is.has_value());
      if (!was) continue;
      for (std::size_t part = 0; part < kParts; ++part) {
        if (part == static_cast<std::size_t>(Part::Text)) continue;
        if (part == static_cast<std::size_t>(Part::Graph)) continue;
        REQUIRE(was->points[part] == is->points[part]);
      }
    }
  }
}

TEST_CASE("a hard rule is never outweighed", "[matcher]") {
  testing::PoolMaker maker(23);
  const Ranker ranker = ranker_of(maker.experts(200));
  for (const NeedView& need : maker.needs(60)) {
    const Rules::Demand demand = ranker.rules().compile(need);
    for (const Ranked& ranked : ranker.best(need, 200)) {
      REQUIRE_FALSE(ranker.rules().first_failing(demand, ranked.expert));
    }
  }
}

TEST_CASE("10,000 random needs: the list is that of scoring everybody, parts add up, rules hold",
          "[matcher][.slow]") {
  std::size_t cases = 0;
  for (unsigned seed = 100; seed < 150; ++seed) {
    testing::PoolMaker maker(seed);
    const Ranker ranker(maker.experts(120), testing::shipped_book(), testing::shipped_regions(),
                        maker.works(40, 120));
    for (const NeedView& need : maker.needs(200)) {
      const auto best = ranker.best(need, 12);
      REQUIRE(essence(best) == essence(brute_force(ranker, need, 12)));
      const Rules::Demand demand = ranker.rules().compile(need);
      for (const Ranked& ranked : best) {
        REQUIRE(std::accumulate(ranked.points.begin(), ranked.points.end(), 0) == ranked.score);
        REQUIRE_FALSE(ranker.rules().first_failing(demand, ranked.expert));
      }
      ++cases;
    }
  }
  CHECK(cases == 10000);
}

TEST_CASE("parts stay within their limits and add up to the score", "[matcher]") {
  for (const Setting setting : {Setting::Short, Setting::Long}) {
    const Weights weights = weights_of(testing::shipped_book(), setting);
    CHECK(std::accumulate(weights.begin(), weights.end(), 0) == kTopScore);
    CHECK(*std::min_element(weights.begin(), weights.end()) > 0);
  }
  testing::PoolMaker maker(3);
  const Ranker ranker = ranker_of(maker.experts(200));
  for (const NeedView& need : maker.needs(30)) {
    for (const Ranked& ranked : ranker.best(need, 200)) {
      CHECK(std::accumulate(ranked.points.begin(), ranked.points.end(), 0) == ranked.score);
      for (std::size_t part = 0; part < kParts; ++part) {
        CHECK(ranked.points[part] >= 0);
        CHECK(ranked.points[part] <= ranker.weights(need.setting)[part]);
      }
    }
  }
}

TEST_CASE("everybody is either eligible or counted under one rule", "[matcher]") {
  testing::PoolMaker maker(4);
  const Ranker ranker = ranker_of(maker.experts(200));
  for (const NeedView& need : maker.needs(30)) {
    const Ranking ranking = ranker.rank(need, 5);
    const auto excluded =
        std::accumulate(ranking.excluded.begin(), ranking.excluded.end(), std::uint32_t{0});
    CHECK(ranking.eligible + excluded == 200);
    CHECK(ranking.eligible == brute_force(ranker, need, 200).size());
  }
}

TEST_CASE("the order of the pool does not matter", "[matcher]") {
  testing::PoolMaker maker(5);
  std::vector<Expert> experts = maker.experts(100);
  const Ranker forward = ranker_of(experts);
  std::reverse(experts.begin(), experts.end());
  const Ranker backward = ranker_of(experts);
  for (const NeedView& need : maker.needs(20)) {
    CHECK(essence(forward.best(need, 10)) == essence(backward.best(need, 10)));
  }
}

TEST_CASE("the same field goes before a neighbouring one, and that before a foreign one",
          "[matcher]") {
  // 21040 and 21045 both lie under 210 (agronomy); 52020 is computer science.
  const Ranker ranker = ranker_of({expert_of(1, {"52020"}, ""), expert_of(2, {"21045"}, ""),
                                   expert_of(3, {"21040"}, ""), expert_of(4, {"210"}, "")});
  NeedView need;
  need.disciplines = {"21040"};
  CHECK(order(ranker.best(need, 4)) == std::vector<std::int64_t>{3, 4, 2, 1});
}

TEST_CASE("a need without a discipline is placed by its text", "[matcher]") {
  const Ranker ranker =
      ranker_of({expert_of(1, {"52020"}, "计算机网络"), expert_of(2, {"21040"}, "水稻栽培"),
                 expert_of(3, {"22010"}, "林木遗传")});
  NeedView need;
  SECTION("by the name of a discipline") {
    const std::string name(testing::shipped_book().shown("discipline", "21040"));
    need.text = "希望" + name + "领域专家指导";
    const auto best = ranker.best(need, 1);
    CHECK(order(best) == std::vector<std::int64_t>{2});
    CHECK(best[0].points[static_cast<std::size_t>(Part::Discipline)] > 0);
  }
  SECTION("by research terms") {
    need.text = "水稻高产栽培技术咨询";
    CHECK(order(ranker.best(need, 1)) == std::vector<std::int64_t>{2});
  }
}

TEST_CASE("equal scores are ordered by person", "[matcher]") {
  const Ranker ranker =
      ranker_of({expert_of(9, {}, ""), expert_of(2, {}, ""), expert_of(5, {}, "")});
  CHECK(order(ranker.best(NeedView{}, 2)) == std::vector<std::int64_t>{2, 5});
}

TEST_CASE("why somebody is not on the list: a rule, or the points short", "[matcher]") {
  Expert suspended = expert_of(1, {"21040"}, "");
  suspended.active = false;
  const Ranker ranker = ranker_of({suspended, expert_of(2, {"21040"}, ""),
                                   expert_of(3, {"210"}, ""), expert_of(4, {"52020"}, "")});
  NeedView need;
  need.disciplines = {"21040"};
  const auto by_rule = ranker.why_not(need, PersonId{1}, 2, 1);
  REQUIRE(by_rule);
  CHECK(by_rule->rule == Rule::Status);
  const auto by_score = ranker.why_not(need, PersonId{4}, 2, 1);
  REQUIRE(by_score);
  CHECK_FALSE(by_score->rule);
  CHECK(by_score->gap > 0);
  REQUIRE(by_score->closest.size() == 1);
  CHECK(by_score->closest[0].person == PersonId{3});
  CHECK(by_score->closest[0].score == by_score->standing->score + by_score->gap);
  REQUIRE_FALSE(by_score->closing.empty());
  CHECK(by_score->closing[0].part == Part::Discipline);
  const auto listed = ranker.why_not(need, PersonId{2}, 2, 1);
  REQUIRE(listed);
  CHECK(listed->gap <= 0);
  CHECK_FALSE(ranker.why_not(need, PersonId{5}, 2, 1));
}

TEST_CASE("the needs of one expert carry the scores of each need's own ranking", "[matcher]") {
  testing::PoolMaker maker(8);
  const Ranker ranker = ranker_of(maker.experts(40));
  const auto needs = maker.needs(30);
  for (std::uint32_t expert = 0; expert < 40; ++expert) {
    const auto suited = ranker.needs_for(expert, needs, 5);
    CHECK(suited.size() <= 5);
    for (std::size_t k = 0; k < suited.size(); ++k) {
      const auto match = ranker.evaluate(needs[suited[k].need], expert);
      REQUIRE(match);
      CHECK(match->score == suited[k].match.score);
      if (k > 0) CHECK(suited[k - 1].match.score >= suited[k].match.score);
    }
  }
}

TEST_CASE("every reason has its wording, in both languages, with nothing left open", "[matcher]") {
  const auto messages = Messages::load(embedded_codes());
  REQUIRE(messages);
  testing::PoolMaker maker(9);
  const Ranker ranker = ranker_of(maker.experts(150));
  for (const NeedView& need : maker.needs(40)) {
    for (const Ranked& ranked : ranker.best(need, 20)) {
      for (const Reason& reason : ranker.reasons(need, ranked)) {
        INFO(reason.reason);
        REQUIRE(messages->knows(reason.reason));
        CHECK(messages->text(reason, Language::Chinese).find('{') == std::string::npos);
        CHECK(messages->text(reason, Language::English).find('{') == std::string::npos);
      }
    }
  }
}

TEST_CASE("reasons name the path in the tree, the shared words and the counties between",
          "[matcher]") {
  Expert expert = expert_of(1, {"21045"}, "茶叶加工");
  expert.region = "422801";
  const Ranker ranker = ranker_of({expert, expert_of(2, {}, "水稻")});
  NeedView need;
  need.disciplines = {"21040"};
  need.text = "茶叶精深加工";
  need.region = "422825";
  const auto best = ranker.best(need, 1);
  REQUIRE(order(best) == std::vector<std::int64_t>{1});
  const auto& book = testing::shipped_book();
  const auto name = [&](const char* code) { return std::string(book.shown("discipline", code)); };
  const auto reasons = ranker.reasons(need, best[0]);
  const auto find = [&](std::string_view key) {
    const auto found = std::find_if(reasons.begin(), reasons.end(),
                                    [&](const Reason& reason) { return reason.reason == key; });
    REQUIRE(found != reasons.end());
    return found->params;
  };
  CHECK(find("match.discipline.near") ==
        std::vector<std::string>{name("21040"), name("21045"),
                                 name("21040") + " → " + name("210") + " → " + name("21045")});
  CHECK(find("match.text") == std::vector<std::string>{"茶叶、加工"});
  CHECK(find("match.region.near") == std::vector<std::string>{"1", "宣恩县 → 恩施市"});
}
