#include "importers/header.h"

#include <catch2/catch.hpp>

using namespace chucai;
using namespace chucai::importers;

namespace {

Row row_of(std::uint32_t number, const std::vector<std::string>& texts) {
  Row row{number, false, {}};
  for (std::uint32_t i = 0; i < texts.size(); ++i) {
    if (!texts[i].empty()) row.cells.push_back({i, CellKind::Text, -1, texts[i]});
  }
  return row;
}

const Kind& persons() {
  return *find_kind("persons");
}

}  // namespace

TEST_CASE("the header is found below titles", "[importers]") {
  const auto header = find_header({row_of(1, {"湖北省人才信息登记汇总表"}),
                                   row_of(2, {"填报单位（盖章）：", "", "", "填报日期：2018年6月"}),
                                   row_of(3, {"序号", "姓  名", "性别", "身份证号", "爱好"}),
                                   row_of(4, {"1", "张三", "男", "420106198503010007", "棋"})},
                                  persons());
  REQUIRE(header);
  CHECK(header->row == 3);
  CHECK(header->last_row == 3);
  REQUIRE(header->of(*persons().column("证件号码")) != nullptr);
  CHECK(header->of(*persons().column("证件号码"))->index == 3);
  CHECK(header->columns[4].column == nullptr);
  CHECK(header->columns[4].header == "爱好");
}

TEST_CASE("two header rows are read as one", "[importers]") {
  const auto header =
      find_header({row_of(1, {"姓名", "性别", "教育背景"}), row_of(2, {"", "", "学历", "学位"}),
                   row_of(3, {"张三", "男", "本科", "学士"})},
                  persons());
  REQUIRE(header);
  CHECK(header->last_row == 2);
  CHECK(header->of(*persons().column("学位"))->index == 3);
}

TEST_CASE("a sheet without the columns of the kind has no header", "[importers]") {
  CHECK_FALSE(find_header({row_of(1, {"名称", "数量"}), row_of(2, {"茶", "3"})}, persons()));
  CHECK_FALSE(find_header({row_of(1, {"性别", "民族"})}, persons()));  // nothing required
  CHECK_FALSE(find_header({}, persons()));
}

TEST_CASE("the second of two columns that mean the same is kept under its header", "[importers]") {
  const auto header = find_header({row_of(1, {"姓名", "单位", "工作单位"})}, persons());
  REQUIRE(header);
  CHECK(header->columns[1].column != nullptr);
  CHECK(header->columns[2].column == nullptr);
}

TEST_CASE("sections, notes, blanks and repeated headers are not data", "[importers]") {
  const auto header = find_header({row_of(1, {"序号", "姓名", "性别", "学历"})}, persons());
  REQUIRE(header);
  const auto is = [&](const std::vector<std::string>& texts) {
    return classify_row(row_of(9, texts), *header);
  };
  CHECK(is({"1", "张三", "男", "本科"}) == RowClass::Data);
  CHECK(is({"", "张三"}) == RowClass::Data);
  CHECK(is({"武昌区（小计）"}) == RowClass::Section);
  CHECK(is({"合计", "", "", "23"}) == RowClass::Section);
  CHECK(is({"一、市直单位"}) == RowClass::Section);
  CHECK(is({"注：请如实填写"}) == RowClass::Section);
  CHECK(is({"填报人：", "李四", "审核人：", "王五"}) == RowClass::Note);
  CHECK(is({"示例", "张三", "男", "本科"}) == RowClass::Note);
  CHECK(is({" ", "　"}) == RowClass::Blank);
  CHECK(is({"序号", "姓名", "性别", "学历"}) == RowClass::Header);
}
