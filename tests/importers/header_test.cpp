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

TEST_CASE("three header rows are read as one, and a name below two groups is told apart",
          "[importers]") {
  const auto rows =
      std::vector<Row>{row_of(1, {"序号", "姓名", "基本情况", "", "学历学位", "", "", ""}),
                       row_of(2, {"", "", "性别", "民族", "全日制教育", "", "在职教育", ""}),
                       row_of(3, {"", "", "", "", "学历", "毕业院校", "学历", "毕业院校"}),
                       row_of(4, {"1", "张三", "男", "汉族", "本科", "甲大学", "硕士", "乙大学"})};
  const auto header = find_header(rows, persons());
  REQUIRE(header);
  CHECK(header->row == 1);
  CHECK(header->last_row == 3);
  CHECK(header->of(*persons().column("民族"))->index == 3);
  CHECK(header->of(*persons().column("学历"))->index == 4);
  CHECK(header->columns[6].column == nullptr);
  CHECK(header->columns[6].header == "在职教育·学历");
  CHECK(header->columns[7].header == "在职教育·毕业院校");
}

TEST_CASE("cells merged downwards say how many rows the header has", "[importers]") {
  const auto rows = std::vector<Row>{
      row_of(1, {"人才信息表"}), row_of(2, {"姓名", "联系电话", "", "爱好"}),
      row_of(3, {"", "手机", "办公", ""}), row_of(4, {"张三", "19900000001", "02787654321", "棋"})};
  const std::vector<MergedRange> merged = {{1, 1, 0, 3}, {2, 3, 0, 0}, {2, 2, 1, 2}, {2, 3, 3, 3}};
  const auto header = find_header(rows, persons(), merged);
  REQUIRE(header);
  CHECK(header->row == 2);
  CHECK(header->last_row == 3);
  CHECK(header->of(*persons().column("联系电话"))->index == 1);
  CHECK(header->columns[2].header == "联系电话·办公");
  CHECK(header->columns[3].header == "爱好");
}

TEST_CASE("the first data row is no header, whatever it says", "[importers]") {
  const auto header = find_header({row_of(1, {"姓名", "性别", "爱好", "特长"}),
                                   row_of(2, {"", "", "学历", "学位"}), row_of(3, {"学历", "男"})},
                                  persons());
  REQUIRE(header);
  CHECK(header->last_row == 2);
  const auto plain = find_header(
      {row_of(1, {"姓名", "学历"}), row_of(2, {"学历", "本科", "性别", "民族"})}, persons());
  REQUIRE(plain);
  CHECK(plain->last_row == 1);
}

TEST_CASE("a lone cell merged over the table is a heading even below a name", "[importers]") {
  const auto header = find_header({row_of(1, {"姓名", "性别"})}, persons());
  REQUIRE(header);
  const std::vector<MergedRange> merged = {{5, 5, 0, 1}};
  CHECK(classify_row(row_of(5, {"市直单位"}), *header, merged) == RowClass::Section);
  CHECK(classify_row(row_of(6, {"张三"}), *header, merged) == RowClass::Data);
}

TEST_CASE("what somebody said a header means beats the dictionary", "[importers]") {
  Mappings mappings;
  for (const char* text : {"干部职级=职务", "单 位 = employer", "说明=忽略", "学科=保留"}) {
    auto mapping = parse_mapping(persons(), text);
    REQUIRE(mapping);
    mappings.add(*mapping);
  }
  const auto header = find_header({row_of(1, {"姓名", "干部职级", "单位", "说明", "学科"})},
                                  persons(), {}, mappings);
  REQUIRE(header);
  CHECK(header->columns[1].column == persons().column("职务"));
  CHECK(header->columns[1].by == Meaning::Told);
  CHECK(header->columns[2].column == persons().column("工作单位"));
  CHECK(header->columns[3].column->reading == Reading::Ignored);
  CHECK(header->columns[4].column == nullptr);
  CHECK(header->columns[4].header == "学科");
  CHECK(header->columns[4].by == Meaning::Told);
  CHECK(header->columns[0].by == Meaning::Known);
  CHECK(parse_mapping(persons(), "职级").error().problem.reason == "import.map.form");
  CHECK(parse_mapping(persons(), "职级=星座").error().problem.reason == "import.map.column");
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
  CHECK(header->columns[2].header == "工作单位·2");
}

TEST_CASE("sections, notes, blanks and repeated headers are not data", "[importers]") {
  const auto header = find_header({row_of(1, {"序号", "姓名", "性别", "学历"})}, persons());
  REQUIRE(header);
  const auto is = [&](const std::vector<std::string>& texts) {
    return classify_row(row_of(9, texts), *header);
  };
  CHECK(is({"1", "张三", "男", "本科"}) == RowClass::Data);
  CHECK(is({"", "张三"}) == RowClass::Data);
  CHECK(is({"武昌区（小计）"}) == RowClass::Total);
  CHECK(is({"合计", "", "", "23"}) == RowClass::Total);
  CHECK(is({"", "总计：30人"}) == RowClass::Total);
  CHECK(is({"一、市直单位"}) == RowClass::Section);
  CHECK(is({"", "（二）高等院校"}) == RowClass::Section);
  CHECK(is({"", "方一、"}) == RowClass::Data);
  CHECK(is({"", "第一", "男"}) == RowClass::Data);
  CHECK(is({"注：请如实填写"}) == RowClass::Note);
  CHECK(is({"（以下空白）"}) == RowClass::Note);
  CHECK(is({"填报人：", "李四", "审核人：", "王五"}) == RowClass::Note);
  CHECK(is({"示例", "张三", "男", "本科"}) == RowClass::Example);
  CHECK(is({" ", "　"}) == RowClass::Blank);
  CHECK(is({"序号", "姓名", "性别", "学历"}) == RowClass::Header);
}
