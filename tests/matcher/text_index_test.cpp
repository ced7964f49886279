#include "matcher/text_index.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>

#include "tests/support/pool.h"

using namespace chucai;
using namespace chucai::matcher;

namespace {

/// Number -> impact.
std::map<std::uint32_t, std::uint32_t> listed(const Postings& postings) {
  std::map<std::uint32_t, std::uint32_t> listed;
  for (std::size_t k = 0; k < postings.size(); ++k) {
    listed.emplace(postings.number[k], postings.impact[k]);
  }
  return listed;
}

}  // namespace

TEST_CASE("postings and the way back from an expert to the terms say the same", "[matcher]") {
  testing::PoolMaker maker(2);
  const auto experts = maker.experts(80);
  const TextIndex texts(experts, maker.works(30, 80));
  std::size_t pairs = 0;
  for (std::uint32_t term = 0; term < texts.terms(); ++term) {
    std::uint32_t most = 0;
    for (const auto& [expert, impact] : listed(texts.experts_with(term))) {
      CHECK(listed(texts.terms_of_expert(expert)).at(term) == impact);
      most = std::max(most, impact);
      ++pairs;
    }
    CHECK(texts.most(term) == most);
  }
  std::size_t back = 0;
  for (std::uint32_t expert = 0; expert < 80; ++expert) {
    back += texts.terms_of_expert(expert).size();
  }
  CHECK(pairs > 0);
  CHECK(back == pairs);
  CHECK_FALSE(texts.find("没有"));
}

TEST_CASE("the part of a posting within a range is what lies in it", "[matcher]") {
  testing::PoolMaker maker(3);
  const TextIndex texts(maker.experts(60), {});
  const Postings all = texts.experts_with(texts.find("茶叶").value());
  for (std::uint32_t begin = 0; begin <= 60; begin += 7) {
    for (std::uint32_t end = begin; end <= 60; end += 9) {
      std::map<std::uint32_t, std::uint32_t> inside;
      for (const auto& [expert, impact] : listed(all)) {
        if (expert >= begin && expert < end) inside.emplace(expert, impact);
      }
      CHECK(listed(all.within(begin, end)) == inside);
    }
  }
}

TEST_CASE("a rarer term has more impact, and one that all share has none", "[matcher]") {
  std::vector<Expert> experts(20);
  for (std::size_t k = 0; k < experts.size(); ++k) {
    experts[k].text = k == 0 ? "技术、茶叶、养蜂" : k == 1 ? "技术、茶叶" : "技术、水产";
  }
  const TextIndex texts(experts, {});
  const auto idf = [&](const char* term) { return texts.idf(texts.find(term).value()); };
  CHECK(idf("养蜂") > idf("茶叶"));
  CHECK(idf("茶叶") > 0);
  CHECK(idf("技术") == 0);
}

TEST_CASE("a work is evidence for all its authors", "[matcher]") {
  std::vector<Expert> experts(3);
  for (std::size_t k = 0; k < experts.size(); ++k) {
    experts[k].id = PersonId{static_cast<std::int64_t>(k + 1)};
  }
  const std::vector<WrittenWork> works = {{7, {PersonId{1}, PersonId{3}}, "茶饼病防治", "", 2017}};
  const TextIndex texts(experts, works);
  const std::uint32_t term = texts.find("茶饼").value();
  const auto found = listed(texts.experts_with(term));
  CHECK(found.size() == 2);
  CHECK(found.at(0) == found.at(2));
  CHECK(listed(texts.works_with(term)).contains(0));
}
