#include "importers/columns.h"

#include <catch2/catch.hpp>
#include <set>
#include <string>

using namespace chucai;
using namespace chucai::importers;

namespace {

std::string meant(std::string_view kind, std::string_view written) {
  const Column* column = find_column(*find_kind(kind), written);
  return column == nullptr ? "" : std::string(column->header);
}

}  // namespace

TEST_CASE("every column of every kind has a field that its record type knows", "[importers]") {
  for (const Kind& kind : kinds()) {
    std::set<std::string_view> headers;
    for (const Column& column : kind.columns) {
      INFO(kind.name << ' ' << column.header);
      CHECK(headers.insert(column.header).second);
      const bool nameless =
          column.reading == Reading::Ignored || column.reading == Reading::Referred;
      CHECK((kind.type().field(column.field) != nullptr) != nameless);
      CHECK(find_column(kind, column.header) == &column);
      if (column.reading == Reading::NameOfCode || column.reading == Reading::RegionName) {
        CHECK(kind.type().field(code_field_of(column.field)) != nullptr);
      }
    }
  }
}

TEST_CASE("headers are known as offices write them", "[importers]") {
  CHECK(meant("persons", "姓  名") == "姓名");
  CHECK(meant("persons", "姓名*") == "姓名");
  CHECK(meant("persons", "公民身份号码") == "证件号码");
  CHECK(meant("persons", "现工作单位及职务") == "工作单位");
  CHECK(meant("persons", "出生年月（必填）") == "出生日期");
  CHECK(meant("persons", "Ｅ－mail") == "电子邮箱");
  CHECK(meant("persons", "单位名称") == "工作单位");
  CHECK(meant("organizations", "单位名称") == "单位名称");
  CHECK(meant("needs", "经费(万元)") == "经费（万元）");
  CHECK(meant("experts", "出生日期") == "出生年月");
  CHECK(meant("persons", "数据标识") == "数据标识");
  CHECK(meant("persons", "爱好").empty());
  CHECK(meant("persons", "  ").empty());
}
