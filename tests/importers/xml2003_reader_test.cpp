#include "importers/xml2003_reader.h"

#include <catch2/catch.hpp>

#include "importers/sniff.h"
#include "tests/importers/files.h"

using namespace chucai;
using namespace chucai::importers;
using namespace chucai::importers::testing;

namespace {

std::string book(const std::string& rows, const std::string& behind = {},
                 const std::string& encoding = "UTF-8") {
  return "<?xml version='1.0' encoding='" + encoding +
         "'?>\n<?mso-application progid=\"Excel.Sheet\"?>\n"
         "<Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet' "
         "xmlns:ss='urn:schemas-microsoft-com:office:spreadsheet' "
         "xmlns:x='urn:schemas-microsoft-com:office:excel' "
         "xmlns:html='http://www.w3.org/TR/REC-html40'><Styles>"
         "<Style ss:ID='d'><NumberFormat ss:Format='Short Date'/></Style>"
         "<Style ss:ID='m'><NumberFormat ss:Format='yyyy&quot;\xC4\xEA&quot;m'/></Style></Styles>"
         "<Worksheet ss:Name='S'><Table>" +
         rows + "</Table>" + behind + "</Worksheet></Workbook>";
}

std::string read_text(const std::string& text) {
  const TemporaryFolder folder;
  return transcript_of(open_table(folder.file("a.xls", text)));
}

std::string utf8(std::string text) {
  const std::size_t at = text.find("\xC4\xEA");
  return text.replace(at, 2, "年");
}

}  // namespace

TEST_CASE("cells of every type are read where their index puts them", "[importers]") {
  const std::string rows =
      "<Row ss:Index='2' ss:Hidden='1'><Cell><Data ss:Type='String'>张三</Data>"
      "<Comment ss:Author='x'><ss:Data>批注</ss:Data></Comment></Cell>"
      "<Cell ss:Index='3' ss:MergeAcross='1' ss:MergeDown='2'><Data ss:Type='Number'>1985.1</Data>"
      "</Cell><Cell ss:StyleID='d'><Data ss:Type='Number'>31113</Data></Cell>"
      "<Cell ss:StyleID='d'><Data ss:Type='DateTime'>1985-03-07T00:00:00.000</Data></Cell>"
      "<Cell><ss:Data ss:Type='String'>a<html:B>b</html:B></ss:Data></Cell></Row>"
      "<Row><Cell ss:Formula='=1'/><Cell><Data ss:Type='Error'>#N/A</Data></Cell>"
      "<Cell><Data ss:Type='Boolean'>1</Data></Cell></Row>";
  CHECK(read_text(utf8(book(rows,
                            "<x:WorksheetOptions><x:Visible>SheetHidden</x:Visible>"
                            "</x:WorksheetOptions>"))) ==
        "[S hidden]\n2 hidden: A=张三 C=n:1985.1 E=d:1985-03-07 F=d:1985-03-07 G=ab\n"
        "3: A=f: B=e:#N/A C=TRUE\nmerged 2-4x2-3\n");
}

TEST_CASE("a workbook in GB 2312 is read though expat does not know it", "[importers]") {
  CHECK(read_text(book("<Row><Cell><Data ss:Type='String'>\xD5\xC5\xC8\xFD</Data></Cell></Row>", {},
                       "GB2312")) == "[S]\n1: A=张三\n");
}

TEST_CASE("document types, backward indexes and broken markup are refused", "[importers]") {
  std::string typed = utf8(book("<Row/>"));
  typed.insert(typed.find("<Workbook"), "<!DOCTYPE Workbook [<!ENTITY a 'a'>]>");
  CHECK(read_text(typed) == "import.file.doctype");
  CHECK(read_text(utf8(book("<Row ss:Index='5'/><Row ss:Index='2'/>"))) == "import.file.damaged");
  CHECK(read_text(utf8(book("<Row ss:Index='4000000'/>"))) == "import.file.rows");
  CHECK(read_text(utf8(book("<Row><Cell></Row>"))) == "import.file.damaged");
}
