#include "importers/export.h"

#include <catch2/catch.hpp>
#include <map>

#include "registry/domain/engagement.h"
#include "tests/support/shipped.h"

using namespace chucai;
using namespace chucai::importers;
using chucai::testing::shipped_book;
using chucai::testing::shipped_regions;

namespace {

const Viewer kRevealed{"local_operator", Place::Within, true};

std::map<std::string, std::string> exported(const char* kind, const Record& record,
                                            const Viewer& viewer = kRevealed,
                                            const Referred& referred = {}) {
  const Exporter exporter(*find_kind(kind), shipped_book(), shipped_regions(), viewer, referred,
                          {"爱好", "姓名"});
  const auto header = exporter.header();
  const auto row = exporter.row(record);
  REQUIRE(header.size() == row.size());
  std::map<std::string, std::string> cells;
  for (std::size_t i = 0; i < header.size(); ++i) cells[header[i]] = row[i];
  CHECK(cells.size() == header.size());  // no header twice
  return cells;
}

Person expert() {
  Person person;
  person.name = "张三";
  person.sex = "1";
  person.birth = Date{1985, 3, 7};
  person.id_type = "111";
  person.id_no = "420106198503010007";
  person.education = "21";
  person.region = "421088";
  person.discipline = "32017";
  person.service_modes = {"on_site", "remote"};
  person.service_regions = {"420000"};
  person.phone = "19900007919";
  person.email = "u1@example.com";
  person.extra = {{"爱好", "棋"}, {"民族", "火星族"}};
  return person;
}

}  // namespace

TEST_CASE("an export shows names, full regions and the columns of the kind", "[importers]") {
  auto cells = exported("experts", expert());
  CHECK(cells["性别"] == "男");
  CHECK(cells["出生年月"] == "1985-03");
  CHECK(cells["学历"] == "大学本科毕业");
  CHECK(cells["单位所在地"] == "湖北省荆州市监利市");
  CHECK(cells["地区代码"] == "421088");
  CHECK(cells["一级学科"] == "临床医学");
  CHECK(cells["二级学科"] == std::string(shipped_book().shown("discipline", "32017")));
  CHECK(cells["服务方式"] == "现场、远程");
  CHECK(cells["可服务地区"] == "全省");
  CHECK(cells["爱好"] == "棋");
  cells = exported("persons", expert());
  CHECK(cells["出生日期"] == "1985-03-07");
  CHECK(cells["民族"] == "火星族");  // what no table knew goes out as it came
}

TEST_CASE("masked exports hold no number, phone or mail address", "[importers]") {
  auto cells = exported("experts", expert(), Viewer{"local_operator"});
  CHECK(cells["证件号码"].find("1985") == std::string::npos);
  CHECK(cells["联系电话"] == "199********");
  CHECK(cells["电子邮箱"] == "***@***");
  CHECK(exported("experts", expert())["证件号码"] == "420106198503010007");
}

TEST_CASE("money is written in 万元 without rounding", "[importers]") {
  CHECK(ten_thousand_yuan(4'800'000) == "4.8");
  CHECK(ten_thousand_yuan(5'000'000) == "5.0");
  CHECK(ten_thousand_yuan(12'345) == "0.012345");
  CHECK(ten_thousand_yuan(0) == "0.0");
}

TEST_CASE("references are written by the numbers that offices know", "[importers]") {
  Engagement engagement;
  engagement.number = "B1";
  engagement.need = NeedId{6};
  engagement.person = PersonId{5};
  const Referred referred = [](std::string_view type, std::int64_t id, std::string_view field) {
    return std::string(type) + std::to_string(id) + "." + std::string(field);
  };
  auto cells =
      exported("engagements", engagement, Viewer{"local_operator", Place::Within, true}, referred);
  CHECK(cells["需求编号"] == "need6.number");
  CHECK(cells["专家编号"] == "person5.expert_no");
  CHECK(cells["姓名"] == "person5.name");
}
