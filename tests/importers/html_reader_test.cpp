#include "importers/html_reader.h"

#include <catch2/catch.hpp>

#include "importers/sniff.h"
#include "tests/importers/files.h"

using namespace chucai;
using namespace chucai::importers;
using namespace chucai::importers::testing;

namespace {

std::string read_page(const std::string& page) {
  const TemporaryFolder folder;
  return transcript_of(open_table(folder.file("a.xls", page)));
}

}  // namespace

TEST_CASE("rows and columns of a page fall where a browser shows them", "[importers]") {
  CHECK(
      read_page("<html><body><p>标题</p><table border=1><thead><tr><th rowspan=2>姓名<th "
                "colspan=2>教育</tr><tr><th>学历<th>学位</thead>"
                "<tr><td>张&nbsp;三</td><td> 研究生\n  教育 <br>全日制</td><td>&#21338;士</td></tr>"
                "<tr style='display: none'><td>x</td></tr></table></body></html>") ==
      "[表 1]\n1: A=姓名 B=教育\n2: B=学历 C=学位\n"
      "3: A=张\xC2\xA0三 B=研究生 教育\n全日制 C=博士\n4 hidden: A=x\n"
      "merged 1-2x0-0\nmerged 1-1x1-2\n");
}

TEST_CASE("a page that calls itself GB2312 may hold characters beyond it", "[importers]") {
  // 姓名, 张喆 (喆 is in GBK only), 昇 likewise, in bytes.
  const std::string page =
      "<html><head><meta http-equiv=Content-Type content='text/html; charset=gb2312'></head>"
      "<table><tr><td>\xD0\xD5\xC3\xFB</td><td>\xD5\xC5\x86\xB4</td></tr></table></html>";
  CHECK(read_page(page) == "[表 1]\n1: A=姓名 B=张喆\n");
}

TEST_CASE("every table is a sheet, also one inside a cell", "[importers]") {
  CHECK(read_page("<table><tr><td>外<table><tr><td>内</td></tr></table></td></tr>"
                  "<tr><td>后</td></tr></table><table><tr><td>二</td></tr></table>") ==
        "[表 1]\n1: A=外\n[表 2]\n1: A=内\n[表 3]\n1: A=后\n[表 4]\n1: A=二\n");
}

TEST_CASE("a page without a table, or with spans beyond reason, is refused", "[importers]") {
  CHECK(read_page("<html><body>系统繁忙，请重新登录</body></html>") == "import.file.damaged");
  std::string wide = "<table><tr>";
  for (int i = 0; i < 20; ++i) wide += "<td colspan=4000000000>a<td colspan=999>b";
  CHECK(read_page(wide) == "import.file.columns");
  CHECK(read_page("<table><tr><td>" + std::string(2'000'000, 'a')) == "import.file.cell");
}
