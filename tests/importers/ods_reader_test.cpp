#include "importers/ods_reader.h"

#include <catch2/catch.hpp>
#include <ctime>

#include "tests/importers/files.h"

using namespace chucai;
using namespace chucai::importers;
using namespace chucai::importers::testing;

namespace {

/// A package around the rows of one table.
Parts ods(const std::string& rows, const std::string& styles = {}) {
  return {{"mimetype", "application/vnd.oasis.opendocument.spreadsheet"},
          {"content.xml",
           "<office:document-content xmlns:office='o' xmlns:table='t' xmlns:text='x' "
           "xmlns:style='s'><office:automatic-styles>" +
               styles +
               "</office:automatic-styles><office:body><office:spreadsheet>"
               "<table:table table:name='名册' table:style-name='ta1'>" +
               rows +
               "</table:table></office:spreadsheet></office:body>"
               "</office:document-content>"}};
}

std::string read_parts(const Parts& parts) {
  const TemporaryFolder folder;
  return transcript_of(open_ods(write_zip(folder.file("a.ods"), parts)));
}

std::string cell(const std::string& attributes, const std::string& inside) {
  return "<table:table-cell " + attributes + ">" + inside + "</table:table-cell>";
}

}  // namespace

TEST_CASE("values come from their attributes, texts from their paragraphs", "[importers]") {
  const std::string row =
      "<table:table-row>" +
      cell("office:value-type='string'",
           "<office:annotation><text:p>批注</text:p></office:annotation>"
           "<text:p>第一<text:span>行</text:span></text:p>"
           "<text:p>a<text:s text:c='2'/>b<text:tab/>c</text:p>") +
      cell("office:value-type='float' office:value='31113'", "<text:p>31,113</text:p>") +
      cell("office:value-type='date' office:date-value='1985-03-07'", "<text:p>85年</text:p>") +
      cell("office:value-type='boolean' office:boolean-value='true'", "<text:p>是</text:p>") +
      cell("table:formula='x' office:value-type='string'", "<text:p>#REF!</text:p>") +
      cell("office:value-type='percentage' office:value='0.5'", "<text:p>50%</text:p>") +
      "</table:table-row>";
  CHECK(read_parts(ods(row)) ==
        "[名册]\n1: A=第一行\na  b\tc B=n:31113 C=d:1985-03-07 D=TRUE E=e:#REF! F=n:0.5\n");
}

TEST_CASE("decimals that only the format shows are kept", "[importers]") {
  const TemporaryFolder folder;
  struct Decimals : TableSink {
    bool sheet(const Sheet&) override { return true; }
    Done row(const Row& row) override {
      for (const Cell& c : row.cells) text += c.text + "/" + std::to_string(c.decimals) + " ";
      return {};
    }
    std::string text;
  } sink;
  const auto path = write_zip(
      folder.file("a.ods"),
      ods("<table:table-row>" +
          cell("office:value-type='float' office:value='1985.1'", "<text:p>1985.10</text:p>") +
          cell("office:value-type='float' office:value='1985.1'", "<text:p>1985.1</text:p>") +
          "</table:table-row>"));
  const auto reader = open_ods(path);
  REQUIRE(reader);
  REQUIRE((*reader)->read(sink));
  CHECK(sink.text == "1985.1/2 1985.1/-1 ");
}

TEST_CASE("repeats, covered cells, hidden rows and hidden tables are followed", "[importers]") {
  const std::string rows =
      "<table:table-row table:number-rows-repeated='2'>" +
      cell("office:value-type='string' table:number-columns-repeated='2'", "<text:p>a</text:p>") +
      "</table:table-row><table:table-row table:visibility='collapse'>" +
      cell(
          "table:number-columns-spanned='2' table:number-rows-spanned='2' "
          "office:value-type='string'",
          "<text:p>b</text:p>") +
      "<table:covered-table-cell/>" + cell("office:value-type='string'", "<text:p>c</text:p>") +
      "</table:table-row><table:table-row table:number-rows-repeated='1048572'>" +
      cell("table:number-columns-repeated='16384'", "") + "</table:table-row>";
  CHECK(read_parts(ods(rows,
                       "<style:style style:name='ta1'><style:table-properties "
                       "table:display='false'/></style:style>")) ==
        "[名册 hidden]\n1: A=a B=a\n2: A=a B=a\n3 hidden: A=b C=c\nmerged 3-4x0-1\n");
}

TEST_CASE("repeat counts cannot make a table out of a few bytes", "[importers]") {
  const std::clock_t start = std::clock();
  const std::string full = cell("office:value-type='string' table:number-columns-repeated='16384'",
                                "<text:p>a</text:p>");
  CHECK(read_parts(ods("<table:table-row table:number-rows-repeated='1048576'>" + full +
                       "</table:table-row>")) == "import.file.repeats");
  CHECK(read_parts(ods("<table:table-row table:number-rows-repeated='4000000000'>" +
                       cell("office:value-type='string'", "<text:p>a</text:p>") +
                       "</table:table-row>")) == "import.file.rows");
  CHECK(read_parts(ods("<table:table-row>" +
                       cell("office:value-type='string' "
                            "table:number-columns-repeated='4000000000'",
                            "<text:p>a</text:p>") +
                       "</table:table-row>")) == "import.file.columns");
  CHECK((std::clock() - start) / CLOCKS_PER_SEC < 2);
}

TEST_CASE("an enciphered or empty document is refused", "[importers]") {
  Parts parts = ods("");
  parts.push_back({"META-INF/manifest.xml",
                   "<m:manifest xmlns:m='m'><m:encryption-data/>"
                   "</m:manifest>"});
  CHECK(read_parts(parts) == "import.file.encrypted");
  CHECK(read_parts({{"mimetype", "x"}, {"content.xml", "<a/>"}}) == "import.file.damaged");
  CHECK(read_parts({{"mimetype", "x"}, {"content.xml", "<!DOCTYPE a []><a/>"}}) ==
        "import.file.doctype");
}
