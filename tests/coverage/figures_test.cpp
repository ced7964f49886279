// The coverage rules on small registers whose figures can be counted by hand, and against a slow
// recount on random ones.
#include <catch2/catch.hpp>

#include <map>
#include <random>
#include <set>

#include "registry/coverage/figures.h"
#include "tests/support/shipped.h"

using namespace chucai;
using namespace chucai::testing;

namespace {

/// A small register as rows.
struct Facts {
  std::vector<fact::Program> programs;
  std::vector<fact::Person> people;
  std::vector<fact::Organization> organizations;
  std::vector<fact::Participation> participations;
  std::vector<fact::Need> needs;
  std::vector<fact::Engagement> engagements;
  std::vector<fact::Round> rounds;
  std::vector<fact::Target> targets;
  std::vector<fact::FundEntry> funds;
  std::vector<fact::Project> projects;
  std::vector<fact::Assessment> assessments;
  std::vector<fact::Link> links;
  std::vector<fact::Document> documents;
};

Facts facts_with(std::vector<fact::Program> programs) {
  Facts facts;
  facts.programs = std::move(programs);
  return facts;
}

FactKey key(std::int64_t id) {
  return {id, "420000", "420000"};
}

/// Rows without an id get one each.
template <class Row>
void take_all(coverage::CubeWriter& writer, const std::vector<Row>& rows) {
  std::int64_t next = 1'000;
  for (Row row : rows) {
    row.key = key(row.key.id == 0 ? ++next : row.key.id);
    if constexpr (requires { writer.take(row); }) {
      writer.take(row);
    } else {
      writer.take(row, {});
    }
  }
}

std::shared_ptr<const coverage::Cube> cube_of(const Facts& facts) {
  coverage::CubeWriter writer;
  take_all(writer, facts.programs);
  take_all(writer, facts.people);
  take_all(writer, facts.organizations);
  take_all(writer, facts.projects);
  take_all(writer, facts.participations);
  take_all(writer, facts.needs);
  take_all(writer, facts.engagements);
  take_all(writer, facts.rounds);
  take_all(writer, facts.targets);
  take_all(writer, facts.funds);
  take_all(writer, facts.assessments);
  take_all(writer, facts.links);
  take_all(writer, facts.documents);
  return writer.snapshot(1);
}

std::vector<CoverageRow> rows(const Facts& facts, std::string_view by, std::string program = {}) {
  CoverageQuery query;
  query.program = std::move(program);
  query.as_of = Date{2018, 12, 31};
  query.scope = "420000";
  REQUIRE(parse_dimensions(by, query));
  const auto cube = cube_of(facts);
  const coverage::Lens lens(*cube, {shipped_book(), shipped_regions()}, query.scope, query.as_of,
                            Date{2018, 12, 31});
  const auto result = coverage::figures(lens, query);
  REQUIRE(result);
  return *result;
}

fact::Participation reached(const char* program, std::int64_t subject, const char* region, Date on,
                            const char* status = "selected") {
  return {program, {"person", subject, {}}, region, status, on};
}

}  // namespace

TEST_CASE("without a target a quota has no value and says so", "[coverage]") {
  auto facts = facts_with({{"P", "", "Q", "", "participation", ""}});
  facts.participations = {reached("P", 1, "420106", {2018, 1, 1})};
  const auto figure = rows(facts, "program");
  REQUIRE(figure.size() == 1);
  CHECK(figure[0].numerator == 1);
  CHECK_FALSE(figure[0].denominator);
  CHECK_FALSE(figure[0].value);
  CHECK(figure[0].note == "no_target_set");
}

TEST_CASE("a quota counts distinct subjects against the target of its cell", "[coverage]") {
  auto facts = facts_with({{"P", "", "Q", "", "participation", ""}});
  facts.participations = {reached("P", 1, "420106", {2017, 5, 0}),
                          reached("P", 1, "420106", {2018, 5, 0}),
                          reached("P", 2, "420106", {2018, 6, 0}),
                          reached("P", 3, "", {2018, 6, 0}),
                          reached("P", 4, "420106", {2018, 6, 0}, "applied"),
                          reached("P", 5, "420106", {2019, 6, 0})};
  facts.targets = {{"P", "420106", "", 2018, 4}, {"P", "420111", "", 2018, 6}};
  const auto total = rows(facts, "");
  REQUIRE(total.size() == 1);
  CHECK(total[0].numerator == 3);
  CHECK(total[0].denominator == 10);
  const auto split = rows(facts, "region,year");
  const auto at = [&](const char* region, std::int64_t year) {
    for (const CoverageRow& row : split) {
      if (row.region == region && row.year == year) return row;
    }
    FAIL("no row " << region << " " << year);
    return CoverageRow{};
  };
  CHECK(at("420106", 2018).numerator == 2);
  CHECK(at("420106", 2018).value == 0.5);
  CHECK(at("420106", 2017).note == "no_target_set");
  CHECK(at("420111", 2018).numerator == 0);
  CHECK(at("unknown", 2018).numerator == 1);
}

TEST_CASE("a target for the province is not added to those of its parts", "[coverage]") {
  auto facts = facts_with({{"P", "", "Q", "", "participation", ""}});
  facts.targets = {{"P", "", "", 2018, 100}, {"P", "420100", "", 2018, 60}};
  CHECK(rows(facts, "")[0].denominator == 100);
  facts.targets = {{"P", "420100", "人数", 2018, 60}, {"P", "420100", "经费", 2018, 9}};
  CHECK(rows(facts, "")[0].note == "several_metrics");
}

TEST_CASE("a person counts once up the programme tree", "[coverage]") {
  auto facts = facts_with(
      {{"TOP", "", "Q", "", "participation", ""}, {"SUB", "TOP", "Q", "", "participation", ""}});
  facts.participations = {reached("TOP", 1, "420106", {2018, 1, 1}),
                          reached("SUB", 1, "420106", {2018, 1, 1}),
                          reached("SUB", 2, "420106", {2018, 1, 1})};
  CHECK(rows(facts, "", "TOP")[0].numerator == 2);
  CHECK(rows(facts, "", "SUB")[0].numerator == 2);
}

TEST_CASE("only eligible people count, at their own region", "[coverage]") {
  auto facts = facts_with({{"B", "", "E", "", "participation", "expert"}});
  facts.people = {{"420106", "", "", {}, "active", true, "", key(1)},
                  {"420106", "", "", {}, "active", true, "", key(2)},
                  {"420106", "", "", {}, "active", false, "", key(3)},
                  {"421000", "", "", {}, "exited", true, "", key(4)}};
  facts.participations = {reached("B", 1, "421000", {2018, 1, 1}, "granted"),
                          reached("B", 3, "420106", {2018, 1, 1}, "granted"),
                          reached("B", 4, "421000", {2018, 1, 1}, "granted")};
  const auto figure = rows(facts, "region");
  REQUIRE(figure.size() == 1);
  CHECK(figure[0].region == "420106");
  CHECK(figure[0].numerator == 1);
  CHECK(figure[0].denominator == 2);
}

TEST_CASE("units reached stand against the units of the scope", "[coverage]") {
  auto facts = facts_with({{"C", "", "U", "", "participation", "county"},
                           {"V", "", "U", "", "participation", "village"},
                           {"O", "", "U", "", "participation", "organization"}});
  facts.participations = {{"C", {"region", 420106, {}}, "420106", "selected", {}},
                          {"C", {"person", 7, {}}, "420106002003", "selected", {}},
                          {"C", {"region", 420100, {}}, "420100", "selected", {}},
                          {"V", {"person", 7, {}}, "420106002003", "selected", {}},
                          {"O", {"organization", 9, {}}, "420106", "selected", {}}};
  facts.organizations = {{"enterprise", "420106", "", key(9)},
                         {"enterprise", "420111", "", key(10)}};
  CHECK(rows(facts, "", "C")[0].numerator == 1);
  CHECK(rows(facts, "", "C")[0].denominator == 103);
  CHECK(rows(facts, "unit", "C")[0].denominator == 13);
  CHECK(rows(facts, "", "V")[0].numerator == 1);
  CHECK(rows(facts, "", "V")[0].denominator.value_or(0) > 20'000);
  CHECK(rows(facts, "", "O")[0].value == 0.5);
}

TEST_CASE("demand counts filled seats, never more than were asked for", "[coverage]") {
  auto facts = facts_with({{"D", "", "D", "", "need", ""}});
  facts.needs = {{"D", "420106", "", "", "accepted", {2018, 2, 1}, 2, key(1)},
                 {"D", "420106", "", "", "cancelled", {2018, 2, 1}, 5, key(2)},
                 {"OTHER", "420106", "", "", "accepted", {2018, 2, 1}, 5, key(3)}};
  facts.engagements = {{1, 11, "accepted", {}},
                       {1, 12, "accepted", {}},
                       {1, 13, "accepted", {}},
                       {1, 14, "offered", {}}};
  const auto figure = rows(facts, "year");
  REQUIRE(figure.size() == 1);
  CHECK(figure[0].numerator == 2);
  CHECK(figure[0].denominator == 2);
  CHECK(rows(facts_with({{"D", "", "D", "", "need", ""}}), "")[0].note == "no_demand");
}

TEST_CASE("every programme has a row for each of its rules, data or not", "[coverage]") {
  const auto figure =
      rows(facts_with({{"A", "", "U", "Q", "link", "unit"}, {"B", "", "F", "", "fund_entry", ""}}),
           "program");
  REQUIRE(figure.size() == 3);
  CHECK(figure[0].rule == 'U');
  CHECK(figure[1].rule == 'Q');
  CHECK(figure[2].note == "no_budget_set");
}

TEST_CASE("funds are what was paid and awarded less what came back", "[coverage]") {
  auto facts = facts_with({{"F", "", "F", "", "fund_entry", ""}});
  facts.funds = {{"F", "420106", "budget", {2018, 1, 0}, 1'000},
                 {"F", "420106", "disbursement", {2018, 3, 0}, 600},
                 {"F", "420106", "award", {2018, 4, 0}, 100},
                 {"F", "420106", "return", {2018, 5, 0}, 200},
                 {"F", "420106", "allocation", {2018, 2, 0}, 900},
                 {"F", "420106", "disbursement", {2019, 1, 0}, 300}};
  CHECK(rows(facts, "")[0].numerator == 500);
  CHECK(rows(facts, "")[0].denominator == 1'000);
  CHECK(rows(facts, "")[0].note.empty());
  facts.participations = {reached("F", 1, "420106", {2018, 1, 1}),
                          reached("F", 2, "420106", {2018, 1, 1})};
  CHECK(rows(facts, "")[0].note == "cost_per_result_fen:250");
}

TEST_CASE("an exit still counts as reached, unless nothing came of it", "[coverage]") {
  auto facts = facts_with({{"P", "", "Q", "", "participation", ""}});
  auto left = reached("P", 1, "420106", {2018, 1, 1}, "exited");
  left.exit_reason = "left_province";
  auto never = reached("P", 2, "420106", {2018, 1, 1}, "exited");
  never.exit_reason = "not_arrived";
  facts.participations = {left, never, reached("P", 3, "420106", {2018, 1, 1}, "revoked")};
  CHECK(rows(facts, "")[0].numerator == 1);
}

TEST_CASE("tasks are on time when they were closed by their due date", "[coverage]") {
  auto facts = facts_with({{"S", "", "Q", "", "project", ""}});
  facts.projects = {{"S",
                     "420106",
                     "",
                     "on_track",
                     {{"甲", {2018, 6, 0}, "done", {2018, 6, 30}},
                      {"乙", {2018, 6, 0}, "done", {2018, 7, 1}},
                      {"丙", {2018, 6, 0}, "done", {}},
                      {"丁", {2018, 6, 0}, "done_late", {}},
                      {"戊", {2018, 6, 0}, "under_way", {}}}}};
  CHECK(rows(facts, "")[0].numerator == 2);
  CHECK(rows(facts, "")[0].denominator == 5);
}

TEST_CASE("links reach people and places while they are in force", "[coverage]") {
  auto facts = facts_with({{"EXPERT_LIAISON", "", "E", "", "link", "expert"},
                           {"GOV_COORD", "", "U", "", "link", "unit"}});
  facts.people = {{"420106", "", "", {}, "active", true, "", key(1)},
                  {"420106", "", "", {}, "active", true, "", key(2)}};
  facts.links = {
      {"", "liaison", {"person", 9, ""}, {"person", 1, ""}, "420106", {2018, 1, 0}, {}},
      {"", "liaison", {"person", 9, ""}, {"person", 2, ""}, "420106", {2017, 1, 0}, {2017, 0, 0}},
      {"", "leads", {"organization", 5, ""}, {"region", 0, "420100"}, "420106", {2018, 1, 0}, {}}};
  CHECK(rows(facts, "", "EXPERT_LIAISON")[0].numerator == 1);
  CHECK(rows(facts, "", "EXPERT_LIAISON")[0].denominator == 2);
  CHECK(rows(facts, "", "GOV_COORD")[0].numerator == 1);
  CHECK(rows(facts, "", "GOV_COORD")[0].denominator == 17);
}

TEST_CASE("an industry has its five chains or is not reached", "[coverage]") {
  auto facts = facts_with({{"FIVE_CHAINS", "", "U", "", "link", "industry"}});
  const char* chains[] = {"chain_innovation", "chain_industry", "chain_capital", "chain_policy",
                          "chain_talent"};
  for (const char* chain : chains) {
    if (std::string_view(chain) != "chain_talent") {
      facts.links.push_back(
          {"", chain, {"project", 1, ""}, {"industry", 0, "0164"}, "420106", {2018, 1, 0}, {}});
    }
    // One industry, though its links name classes of different depth.
    const char* code = std::string_view(chain) == "chain_policy" ? "39" : "3921";
    facts.links.push_back(
        {"", chain, {"project", 2, ""}, {"industry", 0, code}, "420106", {2018, 1, 0}, {}});
  }
  CHECK(rows(facts, "")[0].numerator == 1);
  CHECK(rows(facts, "")[0].denominator == 97);
}

TEST_CASE("parts of a programme are its units where it has parts", "[coverage]") {
  auto facts = facts_with({{"TOP", "", "U", "", "document", "program"},
                           {"A", "TOP", "Q", "", "participation", ""},
                           {"B", "TOP", "Q", "", "participation", ""},
                           {"ALONE", "", "U", "", "document", "program"}});
  facts.documents = {{"A", "420106", {2018, 1, 0}, {}, key(1)},
                     {"B", "420106", {2016, 1, 0}, {2017, 0, 0}, key(2)},
                     {"TOP", "420106", {2018, 1, 0}, {}, key(3)}};
  CHECK(rows(facts, "", "TOP")[0].numerator == 1);
  CHECK(rows(facts, "", "TOP")[0].denominator == 2);
  CHECK(rows(facts, "", "ALONE")[0].note == "no_units");
}

TEST_CASE("assessments reach those whom they are about", "[coverage]") {
  auto facts = facts_with({{"A", "", "U", "", "assessment", "talent_office"},
                           {"E", "", "E", "", "assessment", "person"},
                           {"C", "", "U", "Q", "assessment", "unit"}});
  facts.organizations = {{"talent_office", "420106", "", key(5)},
                         {"enterprise", "420106", "", key(6)}};
  facts.people = {{"420106", "", "", {}, "active", false, "", key(1)},
                  {"420106", "", "", {}, "active", false, "", key(2)}};
  facts.assessments = {{"A", {"organization", 5, ""}, "420106", {2018, 12, 1}},
                       {"A", {"organization", 6, ""}, "420106", {2018, 12, 1}},
                       {"E", {"person", 1, ""}, "420106", {2018, 12, 1}},
                       {"C", {"region", 0, "420100"}, "420100", {2018, 12, 1}},
                       {"C", {"region", 0, "420300"}, "", {2019, 12, 1}}};
  CHECK(rows(facts, "", "A")[0].numerator == 1);
  CHECK(rows(facts, "", "A")[0].denominator == 1);
  CHECK(rows(facts, "", "E")[0].numerator == 1);
  CHECK(rows(facts, "", "C")[0].numerator == 1);
  CHECK(rows(facts, "", "C")[1].numerator == 1);
}

TEST_CASE("countries, disciplines and industries are reached through those who take part",
          "[coverage]") {
  auto facts = facts_with({{"C", "", "U", "", "person", "country"},
                           {"D", "", "U", "", "participation", "discipline"},
                           {"I", "", "U", "", "participation", "industry"}});
  facts.people = {{"420106", "", "21040", {}, "active", false, "", key(1)}};
  facts.organizations = {{"enterprise", "420106", "3921", key(5)}};
  auto country = reached("C", 1, "420106", {2018, 1, 1});
  country.country = "哈萨克斯坦";
  auto elsewhere = reached("C", 2, "420106", {2018, 1, 1});
  elsewhere.country = "法国";
  facts.participations = {country,
                          elsewhere,
                          reached("D", 1, "420106", {2018, 1, 1}),
                          {"I", {"organization", 5, {}}, "420106", "selected", {2018, 1, 1}}};
  CHECK(rows(facts, "", "C")[0].numerator == 1);
  CHECK(rows(facts, "", "C")[0].denominator == 66);
  CHECK(rows(facts, "", "D")[0].numerator == 1);
  CHECK(rows(facts, "", "D")[0].denominator == 62);
  CHECK(rows(facts, "", "I")[0].numerator == 1);
}

TEST_CASE("unknown programmes and dimensions are refused", "[coverage]") {
  CoverageQuery query;
  CHECK(parse_dimensions("region,planet", query).error().problem.params ==
        std::vector<std::string>{"planet"});
  query = {};
  query.program = "NONE";
  const auto cube = cube_of({});
  const coverage::Lens lens(*cube, {shipped_book(), shipped_regions()}, "420000", {}, {});
  CHECK(coverage::figures(lens, query).error().problem.reason == "coverage.program");
}

TEST_CASE("quota figures equal a recount on random registers", "[coverage]") {
  std::mt19937 random(7);
  const std::vector<std::string> places = {"", "420106", "420111", "421088", "429004", "420100"};
  const std::vector<std::string> statuses = {"selected", "applied", "exited", "completed",
                                             "rejected"};
  const auto pick = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  for (int round = 0; round < 200; ++round) {
    auto facts = facts_with({{"P", "", "Q", "", "participation", ""}});
    std::map<std::pair<std::string, std::int64_t>, std::set<std::int64_t>> recount;
    for (int i = 0; i < 40; ++i) {
      const Date on{static_cast<std::int16_t>(2015 + pick(5)), 3, 0};
      const auto& place = places[pick(places.size())];
      const auto& status = statuses[pick(statuses.size())];
      const auto subject = static_cast<std::int64_t>(pick(12) + 1);
      facts.participations.push_back({"P", {"person", subject, {}}, place, status, on});
      if (on.year <= 2018 && status != "applied" && status != "rejected") {
        recount[{place.empty() ? "unknown" : place, on.year}].insert(subject);
      }
    }
    std::size_t cells = 0;
    for (const CoverageRow& row : rows(facts, "region,year")) {
      if (!row.region) continue;
      ++cells;
      CHECK(row.numerator == static_cast<std::int64_t>(recount[{*row.region, *row.year}].size()));
    }
    CHECK(cells == recount.size());
  }
}
