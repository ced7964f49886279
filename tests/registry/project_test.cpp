// Milestones as lines of text, and the ordinals that labels say.
#include "registry/domain/project.h"

#include <catch2/catch.hpp>

#include "registry/domain/program.h"

using namespace chucai;

TEST_CASE("a milestone comes back from its line", "[domain]") {
  const Milestone milestone{"中期检查", Date{2018, 6, 0}, "done", Date{2018, 5, 31}};
  CHECK(to_text(milestone) == "中期检查 | 2018-06 | done | 2018-05-31");
  CHECK(parse_milestone(to_text(milestone)) == milestone);
  CHECK(to_text(Milestone{"验收", {}, {}, {}}) == "验收");
  CHECK(to_text(Milestone{"验收", {}, "planned", {}}) == "验收 |  | planned");
  CHECK(parse_milestone("验收||planned") == Milestone{"验收", {}, "planned", {}});
}

TEST_CASE("what is no milestone is not read as one", "[domain]") {
  for (const char* line : {"", " | 2018", "验收 | soon", "验收 | 2018 | done | x", "a|2018|b||c"}) {
    INFO(line);
    CHECK_FALSE(parse_milestone(line));
  }
}

TEST_CASE("newer milestones replace those of the same name and keep the rest", "[domain]") {
  std::vector<std::string> list = {"中期 | 2018-06 | under_way", "验收 | 2019"};
  add_milestones(list, {"中期 |  | done | 2018-06-02", "推广"});
  CHECK(list ==
        std::vector<std::string>{"中期 | 2018-06 | done | 2018-06-02", "验收 | 2019", "推广"});
  add_milestones(list, {"中期 |  | done"});
  CHECK(list.front() == "中期 | 2018-06 | done | 2018-06-02");
}

TEST_CASE("a milestone reported done closes on that day, once", "[domain]") {
  const Date today{2018, 6, 30};
  std::vector<std::string> list = {"中期 |  | done", "验收 |  | done | 2018-05-01", "推广"};
  close_milestones(list, {"中期 |  | under_way"}, today);
  CHECK(list == std::vector<std::string>{"中期 |  | done | 2018-06-30",
                                         "验收 |  | done | 2018-05-01", "推广"});
  std::vector<std::string> known = {"中期 |  | done"};
  close_milestones(known, {"中期 |  | done"}, today);  // done long ago: nobody said when
  CHECK(known.front() == "中期 |  | done");
}

TEST_CASE("a label says its ordinal or none", "[domain]") {
  CHECK(ordinal_in("首届") == 1);
  CHECK(ordinal_in("第七批") == 7);
  CHECK(ordinal_in("第十批") == 10);
  CHECK(ordinal_in("2018年第二十三期") == 23);
  CHECK(ordinal_in("第 12 期培训班") == 12);
  CHECK(ordinal_in("第一百零五届") == 105);
  CHECK_FALSE(ordinal_in("2018年度"));
  CHECK_FALSE(ordinal_in("第三方评估"));
  CHECK_FALSE(ordinal_in("第零批"));
}
