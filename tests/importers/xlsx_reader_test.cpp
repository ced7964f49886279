#include "importers/xlsx_reader.h"

#include <catch2/catch.hpp>
#include <ctime>

#include "tests/importers/files.h"

using namespace chucai;
using namespace chucai::importers;
using namespace chucai::importers::testing;

namespace {

std::string read_parts(const Parts& parts, const Limits& limits = {}) {
  const TemporaryFolder folder;
  return transcript_of(open_xlsx(write_zip(folder.file("a.xlsx"), parts), limits));
}

std::string read_rows(const std::string& rows) {
  return read_parts(WorkbookText{rows}.parts());
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

}  // namespace

TEST_CASE("shared, inline, rich and formula texts are read", "[importers]") {
  const WorkbookText book{
      "<row r='1'><c r='A1' t='s'><v>0</v></c><c r='B1' t='s'><v>1</v></c>"
      "<c r='C1' t='inlineStr'><is><t xml:space='preserve'> 李 四</t></is></c>"
      "<c r='D1' t='str'><f>A1</f><v>王五</v></c><c r='E1' t='b'><v>1</v></c></row>",
      {},
      "<si><t>张三</t></si><si><r><t>湖北</t></r><r><t>省</t></r>"
      "<rPh sb='0' eb='1'><t>hubei</t></rPh></si>"};
  CHECK(read_parts(book.parts()) == "[名册]\n1: A=张三 B=湖北省 C= 李 四 D=王五 E=TRUE\n");
}

TEST_CASE("errors, lost formulas and bad shared indexes are cells, not failures", "[importers]") {
  CHECK(read_rows("<row r='2'><c r='A2' t='e'><v>#N/A</v></c><c r='B2'><f>1+1</f></c>"
                  "<c r='C2' t='s'><v>99</v></c></row>") == "[名册]\n2: A=e:#N/A B=f: C=e:#REF!\n");
}

TEST_CASE("places may be missing and are counted on", "[importers]") {
  CHECK(read_rows("<row><c><v>1</v></c><c><v>2</v></c></row><row r='5'><c r='D5'><v>3</v></c>"
                  "<c><v>4</v></c></row><row><c><v>5</v></c></row>") ==
        "[名册]\n1: A=n:1 B=n:2\n5: D=n:3 E=n:4\n6: A=n:5\n");
}

TEST_CASE("numbers are dates by their format, in both systems", "[importers]") {
  WorkbookText book{
      "<row r='1'><c s='1'><v>31113</v></c><c s='2'><v>31113.5</v></c><c s='3'><v>31113</v></c>"
      "<c s='0'><v>31113</v></c><c s='1' t='d'><v>1985-03-07T00:00:00</v></c></row>",
      {},
      {},
      "<numFmts><numFmt numFmtId='176' formatCode='yyyy&quot;年&quot;m&quot;月&quot;'/></numFmts>"
      "<cellStyleXfs><xf numFmtId='14'/></cellStyleXfs>"
      "<cellXfs><xf numFmtId='0'/><xf numFmtId='14'/><xf numFmtId='176'/><xf "
      "numFmtId='57'/></cellXfs>"};
  CHECK(read_parts(book.parts()) ==
        "[名册]\n1: A=d:1985-03-07 B=d:1985-03-07 12:00:00 C=d:1985-03-07 D=n:31113 "
        "E=d:1985-03-07\n");
  book.workbook_pr = "date1904='1'";
  CHECK(read_parts(book.parts()).substr(0, 27) == "[名册]\n1: A=d:1989-03-08 ");
}

TEST_CASE("numbers keep the digits they have and no false ones", "[importers]") {
  CHECK(read_rows("<row><c><v>1.3800138000000000E10</v></c><c><v>4.2010619850301E+17</v></c>"
                  "<c><v>4.7999999999999998</v></c><c><v>1985.1</v></c></row>") ==
        "[名册]\n1: A=n:13800138000 B=n:4.2010619850301E+17 C=n:4.8 D=n:1985.1\n");
}

TEST_CASE("strict workbooks, any prefix, odd targets and letter case are read", "[importers]") {
  const std::string plain = "[名册]\n1: A=n:1\n";
  const Parts parts = WorkbookText{"<row r='1'><c r='A1'><v>1</v></c></row>"}.parts();
  Parts strict = parts;
  for (auto& [name, text] : strict) {
    text = replaced(text, "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
                    "http://purl.oclc.org/ooxml/spreadsheetml/main");
    text = replaced(text, "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
                    "http://purl.oclc.org/ooxml/officeDocument/relationships");
  }
  CHECK(read_parts(strict) == plain);

  Parts prefixed = parts;
  std::string& sheet = prefixed.back().second;
  for (const char* name : {"worksheet", "sheetData", "row", "c", "v"}) {
    for (const char* open : {"<", "</"}) {
      for (const char* close : {" ", ">"}) {
        sheet = replaced(sheet, std::string(open) + name + close,
                         std::string(open) + "x:" + name + close);
      }
    }
  }
  sheet = replaced(sheet, "xmlns=", "xmlns:x=");
  CHECK(read_parts(prefixed) == plain);

  for (const char* target : {"/xl/worksheets/sheet1.xml", "worksheets\\sheet1.xml",
                             "../xl/worksheets/sheet1.xml", "Worksheets/Sheet1.xml"}) {
    Parts odd = parts;
    odd[2].second = replaced(odd[2].second, "worksheets/sheet1.xml", target);
    INFO(target);
    CHECK(read_parts(odd) == plain);
  }
  Parts backslash = parts;
  backslash[5].first = "xl\\worksheets\\sheet1.xml";
  CHECK(read_parts(backslash) == plain);
}

TEST_CASE("a workbook is found through the content types when the root says nothing",
          "[importers]") {
  Parts parts = WorkbookText{"<row><c><v>1</v></c></row>"}.parts();
  parts[0] = {"[Content_Types].xml",
              "<Types><Override PartName='/book/main.xml' ContentType='application/"
              "vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml'/></Types>"};
  parts[1].first = "book/main.xml";
  parts[2].first = "book/_rels/main.xml.rels";
  parts[5].first = "book/worksheets/sheet1.xml";
  CHECK(read_parts(parts) == "[名册]\n1: A=n:1\n");
}

TEST_CASE("hidden sheets and rows are said to be hidden and chart sheets left out", "[importers]") {
  Parts parts = WorkbookText{"<row hidden='1'><c><v>1</v></c></row>"}.parts();
  parts[1].second = replaced(parts[1].second, "r:id=\"s1\"/>",
                             "r:id=\"s1\" state=\"veryHidden\"/><sheet name=\"图\" r:id=\"c1\"/>");
  parts[2].second = replaced(parts[2].second, "</Relationships>",
                             "<Relationship Id='c1' Type='x/chartsheet' Target='c.xml'/>"
                             "</Relationships>");
  CHECK(read_parts(parts) == "[名册 hidden]\n1 hidden: A=n:1\n");
}

TEST_CASE("merged ranges come behind the rows and escapes are resolved", "[importers]") {
  const WorkbookText book{"<row><c t='inlineStr'><is><t>a_x000D_b_x005F_</t></is></c></row>",
                          "<mergeCells><mergeCell ref='B2:B4'/></mergeCells>"};
  CHECK(read_parts(book.parts()) == "[名册]\n1: A=a\rb_\nmerged 2-4x1-1\n");
}

TEST_CASE("one cell in the last corner costs nothing", "[importers]") {
  CHECK(read_rows("<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>") ==
        "[名册]\n1048576: 16383=n:1\n");
  CHECK(read_rows("<row r='1048577'><c><v>1</v></c></row>") == "import.file.rows");
  CHECK(read_rows("<row r='1'><c r='XFE1'><v>1</v></c></row>") == "import.file.columns");
}

TEST_CASE("document types are refused in any part", "[importers]") {
  for (std::size_t part = 0; part < 6; ++part) {
    Parts parts = WorkbookText{"<row><c><v>1</v></c></row>"}.parts();
    parts[part].second = "<!DOCTYPE x [<!ENTITY a \"aaaa\">]>" + parts[part].second;
    INFO(parts[part].first);
    CHECK(read_parts(parts) == "import.file.doctype");
  }
}

TEST_CASE("a damaged part is named and never read in part", "[importers]") {
  const TemporaryFolder folder;
  Parts parts = WorkbookText{"<row><c><v>1</v></c></row>"}.parts();
  parts[5].second.resize(parts[5].second.size() - 12);
  const auto reader = open_xlsx(write_zip(folder.file("a.xlsx"), parts));
  REQUIRE(reader);
  Transcript sink;
  const Done done = (*reader)->read(sink);
  REQUIRE_FALSE(done);
  CHECK(done.error().problem.reason == "import.file.damaged");
  CHECK(done.error().problem.params == std::vector<std::string>{"xl/worksheets/sheet1.xml"});
}

TEST_CASE("every flipped byte ends in the same text or in an error", "[importers]") {
  const TemporaryFolder folder;
  const auto path =
      write_zip(folder.file("a.xlsx"), WorkbookText{"<row><c><v>1</v></c></row>"}.parts());
  std::ifstream in(path, std::ios::binary);
  const std::string good{std::istreambuf_iterator<char>(in), {}};
  for (std::size_t at = 0; at < good.size(); at += 3) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 0x20);
    const std::string text = transcript_of(open_xlsx(folder.file("b.xlsx", bad)));
    INFO(at << ' ' << text);
    REQUIRE((text.starts_with("import.file.") || text.find("A=n:1") != std::string::npos));
  }
}

TEST_CASE("bombs are refused quickly", "[importers]") {
  const std::clock_t start = std::clock();  // processor time: the machine may be busy
  WorkbookText cell{"<row><c t='inlineStr'><is><t>" + std::string(100'000'000, 'a') +
                    "</t></is></c></row>"};
  CHECK(read_parts(cell.parts()) == "import.file.cell");

  std::string rows;
  for (int i = 0; i < 200'000; ++i) rows += "<row/>";
  Limits limits;
  limits.ratio_free_bytes = 100'000;
  limits.ratio = 50;
  CHECK(read_parts(WorkbookText{rows}.parts(), limits) == "import.file.bomb");
  limits = {};
  limits.inflated_bytes = 1'000'000;
  CHECK(read_parts(WorkbookText{rows}.parts(), limits) == "import.file.bomb");
  limits = {};
  limits.entries = 5;
  CHECK(read_parts(WorkbookText{}.parts(), limits) == "import.file.entries");
  limits = {};
  limits.shared_strings = 3;
  WorkbookText strings{"<row/>", {}, "<si><t>abcdef</t></si>"};
  CHECK(read_parts(strings.parts(), limits) == "import.file.strings");
  CHECK((std::clock() - start) / CLOCKS_PER_SEC < 20);
}
