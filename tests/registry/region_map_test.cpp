#include "registry/domain/region_map.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <deque>
#include <map>
#include <set>

#include "tests/support/shipped.h"

using namespace chucai;
using testing::shipped_book;
using testing::shipped_regions;
using Kind = RegionMatch::Kind;

namespace {

std::string resolved(std::string_view text, std::string_view context = "") {
  const RegionMatch match = shipped_regions().resolve(text, context);
  switch (match.kind) {
    case Kind::Exact:
      return match.code;
    case Kind::Retired:
      return "retired " + match.code;
    case Kind::Ambiguous:
      return "ambiguous";
    case Kind::Unknown:
      return "unknown";
  }
  return {};
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
  return text;
}

std::string without_last_suffix(std::string text) {
  for (const std::string_view suffix : {"土家族苗族自治州", "市", "区", "县"}) {
    if (text.ends_with(suffix)) return text.substr(0, text.size() - suffix.size());
  }
  return text;
}

/// Cuts up to the first 市 or 州 that something follows, as a careless office does.
std::string without_prefecture(const std::string& text) {
  for (std::size_t at = 3; at + 3 < text.size(); at += 3) {
    const std::string_view character = std::string_view(text).substr(at, 3);
    if (character == "市" || character == "州") return text.substr(at + 3);
  }
  return text;
}

/// A county's full name and the spellings of it that rosters hold.
std::set<std::string> spellings(const std::string& county) {
  const std::string full = shipped_regions().full_name(county);
  const std::string local = replaced(full, "湖北省", "");
  return {full,
          local,
          without_last_suffix(local),
          "湖北" + local,
          without_prefecture(local),
          replaced(local, "土家族苗族自治州", "州"),
          without_last_suffix(full),
          " 湖北省 " + local + "　"};
}

}  // namespace

TEST_CASE("the province has its 17 units and 103 counties", "[region]") {
  const RegionMap& map = shipped_regions();
  CHECK(map.units().size() == 17);
  CHECK(map.counties().size() == 103);
  std::map<std::string, int> kinds;
  for (const std::string& county : map.counties()) {
    const std::string name(shipped_book().shown("region", county));
    for (const char* kind : {"林区", "自治县", "区", "市", "县"}) {
      if (!name.ends_with(kind)) continue;
      ++kinds[kind];
      break;
    }
  }
  CHECK(kinds["区"] == 39);
  CHECK(kinds["市"] == 26);
  CHECK(kinds["县"] == 35);
  CHECK(kinds["自治县"] == 2);
  CHECK(kinds["林区"] == 1);
}

TEST_CASE("every spelling of every county comes to that county and no other", "[region]") {
  for (const std::string& county : shipped_regions().counties()) {
    for (const std::string& spelling : spellings(county)) {
      for (const std::string& context : {std::string(), std::string("420000"), county}) {
        CAPTURE(county, spelling, context);
        CHECK(resolved(spelling, context) == county);
      }
    }
  }
}

TEST_CASE(
    "every short name of a unit or county comes to it, to its namesake above, or is ambiguous",
    "[region]") {
  const RegionMap& map = shipped_regions();
  std::vector<std::string> places = map.units();
  places.insert(places.end(), map.counties().begin(), map.counties().end());
  std::set<std::string> ambiguous;
  for (const std::string& place : places) {
    const std::string name =
        without_last_suffix(std::string(shipped_book().shown("region", place)));
    if (name.size() <= 3) continue;  // 房县, 随县
    CAPTURE(place, name);
    const std::string found = resolved(name);
    if (found == "ambiguous") {
      ambiguous.insert(name);
    } else {
      CHECK(found == place);
    }
  }
  CHECK(ambiguous == std::set<std::string>{"恩施", "荆州"});
}

TEST_CASE("former names give today's place, inside a full path too", "[region]") {
  const std::pair<const char*, const char*> renamed[] = {
      {"襄阳市", "襄樊市"}, {"京山市", "京山县"}, {"监利市", "监利县"},    {"郧阳区", "郧县"},
      {"襄州区", "襄阳县"}, {"夷陵区", "宜昌县"}, {"西塞山区", "石灰窑区"}};
  int tried = 0;
  for (const std::string& county : shipped_regions().counties()) {
    const std::string full = shipped_regions().full_name(county);
    for (const auto& [now, before] : renamed) {
      if (full.find(now) == std::string::npos) continue;
      ++tried;
      for (const std::string& written :
           {replaced(full, now, before), replaced(replaced(full, now, before), "湖北省", "")}) {
        CAPTURE(written);
        CHECK(resolved(written) == "retired " + county);
      }
    }
  }
  CHECK(tried == 15);  // nine counties of 襄阳, of which 襄州区 once more, and five others
  CHECK(resolved("襄樊市襄阳县") == "retired 420607");
  CHECK(resolved("襄樊") == "retired 420600");
  CHECK(resolved("荆州市监利县") == "retired 421088");
  CHECK(resolved("监利县") == "retired 421088");
  CHECK(resolved("石灰窑区") == "retired 420203");
  CHECK(resolved("宜昌县") == "retired 420506");
  CHECK(resolved("郧县") == "retired 420304");
  CHECK(resolved("孝感地区广水市") == "retired 421381");
  CHECK(resolved("黄冈地区") == "retired 421100");
  CHECK(resolved("沔阳县") == "retired 429004");
  CHECK(resolved("随州市") == "421300");
}

TEST_CASE("what names no place is unknown, never a guess", "[region]") {
  for (const char* text : {"高新区",
                           "经济开发区",
                           "本地",
                           "市直",
                           "省直",
                           "湖北武汉东湖新技术开发区",
                           "汉东省京州市",
                           "不详",
                           "外省",
                           "／",
                           "东城新区",
                           "总部",
                           "",
                           "　",
                           "-",
                           "市",
                           "湖北省某县",
                           "随",
                           "房",
                           "武",
                           "荆州市京山市",
                           "武汉市西陵区",
                           "恩施州随县",
                           "湖北省朝阳区",
                           "北京武昌区",
                           "开发区",
                           "武汉市开发区",
                           "武汉市武昌区某某路",
                           "大智街道",
                           "武汉市大智街道"}) {
    for (const char* context : {"", "420000", "420100", "420106"}) {
      CAPTURE(text, context);
      CHECK(resolved(text, context) == "unknown");
    }
  }
}

TEST_CASE("a prefecture and its namesake county are told apart by the rest or the context",
          "[region]") {
  CHECK(resolved("荆州") == "ambiguous");
  CHECK(resolved("荆州", "420000") == "421000");
  CHECK(resolved("荆州", "420100") == "421000");
  CHECK(resolved("荆州", "421000") == "421000");
  CHECK(resolved("荆州", "421003") == "ambiguous");
  CHECK(resolved("荆州市") == "421000");
  CHECK(resolved("荆州区") == "421003");
  CHECK(resolved("荆州荆州") == "421003");
  CHECK(resolved("恩施州") == "422800");
  CHECK(resolved("恩施市") == "422801");
  CHECK(resolved("襄阳") == "420600");
  CHECK(resolved("随州") == "421300");
  CHECK(resolved("随县") == "421321");
  CHECK(resolved("沙市") == "421002");
}

TEST_CASE("places outside the province resolve when unique, and yield to the province's own",
          "[region]") {
  CHECK(resolved("浦东新区") == "310115");
  CHECK(resolved("北京市朝阳区") == "110105");
  CHECK(resolved("北京朝阳") == "110105");
  CHECK(resolved("长春市朝阳区") == "220104");
  CHECK(resolved("朝阳区") == "ambiguous");
  CHECK(resolved("鼓楼区", "420000") == "ambiguous");
  CHECK(resolved("青山区") == "420107");
  CHECK(resolved("华容") == "420703");
  CHECK(resolved("华容县") == "430623");
  CHECK(resolved("中国湖北武汉") == "420100");
  CHECK(resolved("内蒙古") == "150000");
}

TEST_CASE("every township's and village's full name comes back to its code", "[region][.slow]") {
  const RegionMap& map = shipped_regions();
  std::map<std::string, int> twins;
  for (const Term* term : shipped_book().terms("region")) {
    if (term->level >= 4) ++twins[map.full_name(term->code)];
  }
  for (const Term* term : shipped_book().terms("region")) {
    if (term->level < 4) continue;
    const std::string name = map.full_name(term->code);
    CAPTURE(term->code, name);
    CHECK(resolved(name) == (twins[name] > 1 ? "ambiguous" : term->code));
  }
}

TEST_CASE("townships and villages count below their county or in the office's own", "[region]") {
  CHECK(resolved("湖北省武汉市江岸区大智街道") == "420102002");
  CHECK(resolved("江岸区大智街道办事处") == "420102002");
  CHECK(resolved("武汉市江岸区大智街道保成社区") == resolved("420102002003"));
  CHECK(resolved("大智街道", "420102") == "420102002");
  CHECK(resolved("大智街道", "420102002") == "420102002");
  CHECK(resolved("荆州开发区") == "421071");
}

TEST_CASE("separators between the levels are read over", "[region]") {
  CHECK(resolved("湖北省-武汉市-武昌区") == "420106");
  CHECK(resolved("湖北省／武汉市／武昌区") == "420106");
  CHECK(resolved("武汉 武昌") == "420106");
}

TEST_CASE("codes in force, retired and padded are followed", "[region]") {
  CHECK(resolved("420106") == "420106");
  CHECK(resolved("４２０１０６") == "420106");
  CHECK(resolved("420106000000") == "420106");
  CHECK(resolved("420100000000") == "420100");
  CHECK(resolved("420102002") == "420102002");
  CHECK(resolved("420102002003") == "420102002003");
  CHECK(resolved("421023") == "retired 421088");
  CHECK(resolved("420821") == "retired 420882");
  CHECK(resolved("429001") == "retired 421303");
  CHECK(resolved("421023100") == "retired 421088");
  CHECK(resolved("110103") == "unknown");  // 崇文区: no successor on record
  CHECK(resolved("420199") == "unknown");
  CHECK(resolved("42") == "unknown");
  CHECK(resolved("4201060") == "unknown");
}

TEST_CASE("names, units, counties and flags of a region", "[region]") {
  const RegionMap& map = shipped_regions();
  CHECK(map.full_name("421088") == "湖北省荆州市监利市");
  CHECK(map.full_name("429004") == "湖北省仙桃市");
  CHECK(map.full_name("420100") == "湖北省武汉市");
  CHECK(map.full_name("999999") == "999999");
  CHECK(map.unit_of("420106") == "420100");
  CHECK(map.unit_of("429004") == "429004");
  CHECK(map.unit_of("429004001") == "429004");
  CHECK(map.unit_of("421071001") == "421000");
  CHECK(map.unit_of("420000").empty());
  CHECK(map.unit_of("110105").empty());
  CHECK(map.county_of("420106002003") == "420106");
  CHECK(map.county_of("420106") == "420106");
  CHECK(map.county_of("421071001") == "421071");
  CHECK(map.county_of("420100").empty());
  CHECK(map.county_of("").empty());
  CHECK(map.has_flag("421124", "poverty_national_832"));
  CHECK(map.has_flag("421124100", "dabie_old_rev_area"));
  CHECK_FALSE(map.has_flag("421100", "dabie_old_rev_area"));
}

TEST_CASE("within agrees with the tree of parents and with the code range", "[region]") {
  const RegionMap& map = shipped_regions();
  CHECK(map.within("429004", "420000"));
  CHECK(map.within("420106002003", "420100"));
  CHECK(map.within("420106", "420106"));
  CHECK_FALSE(map.within("420100", "420106"));
  CHECK_FALSE(map.within("420106", ""));
  for (const Term* term : shipped_book().terms("region")) {
    if (term->level > 3 && term->code.back() != '7') continue;  // a tenth of the small places
    for (const Term* above : shipped_book().chain("region", term->code)) {
      CAPTURE(term->code, above->code);
      CHECK(map.within(term->code, above->code));
      const CodeRange range = subtree(above->code);
      CHECK((range.from <= term->code && term->code < range.below));
    }
    const CodeRange wuhan = subtree("420100");
    CHECK(map.within(term->code, "420100") ==
          (wuhan.from <= term->code && term->code < wuhan.below));
  }
}

TEST_CASE("a subtree is a half-open range of codes", "[region]") {
  const auto range = [](std::string_view region) {
    const CodeRange r = subtree(region);
    return std::pair(r.from, r.below);
  };
  CHECK(range("420000") == std::pair<std::string, std::string>("42", "43"));
  CHECK(range("420100") == std::pair<std::string, std::string>("4201", "4202"));
  CHECK(range("420900") == std::pair<std::string, std::string>("4209", "4210"));
  CHECK(range("429004") == std::pair<std::string, std::string>("429004", "429005"));
  CHECK(range("420106002") == std::pair<std::string, std::string>("420106002", "420106003"));
  CHECK(range("") == std::pair<std::string, std::string>("", ""));
}

TEST_CASE("hops are the shortest paths of the county graph and distances are symmetric",
          "[region]") {
  const RegionMap& map = shipped_regions();
  const auto& counties = map.counties();
  for (const std::string& start : counties) {
    std::map<std::string, int> steps{{start, 0}};  // breadth-first over the pairs one hop apart
    std::deque<std::string> queue{start};
    while (!queue.empty()) {
      const std::string at = queue.front();
      queue.pop_front();
      for (const std::string& next : counties) {
        if (map.hops(at, next) != 1 || steps.contains(next)) continue;
        steps[next] = steps[at] + 1;
        queue.push_back(next);
      }
    }
    REQUIRE(steps.size() == counties.size());
    for (const auto& [county, count] : steps) {
      if (map.hops(start, county) != count || map.km(start, county) != map.km(county, start)) {
        FAIL_CHECK(start << " " << county);
      }
    }
  }
  CHECK(map.hops("420106", "420106") == 0);
  CHECK(map.km("420106", "420106") == 0);
  CHECK(map.km("420102", "420103") == 7);
  CHECK(map.hops("420106", "110105") == -1);
  CHECK(map.km("421071", "420106") == -1);
}
