#include "importers/sniff.h"

#include <catch2/catch.hpp>

#include "tests/importers/files.h"
#include "tests/importers/ole2_text.h"

using namespace chucai;
using namespace chucai::importers;
using namespace chucai::importers::testing;
using namespace std::string_literals;

namespace {

std::string sniffed(const std::filesystem::path& path) {
  const auto kind = sniff(path);
  if (!kind) return kind.error().problem.reason;
  switch (*kind) {
    case FileKind::Xlsx:
      return "xlsx";
    case FileKind::Xls:
      return "xls";
    case FileKind::Ods:
      return "ods";
    case FileKind::Html:
      return "html";
    case FileKind::Xml2003:
      return "xml2003";
    case FileKind::Text:
      return "text";
  }
  return {};
}

}  // namespace

TEST_CASE("a file is what its bytes say, whatever its name", "[importers]") {
  const TemporaryFolder folder;
  CHECK(sniffed(folder.file("a.xlsx", "姓名,性别\n")) == "text");
  CHECK(sniffed(write_zip(folder.file("b.csv"), WorkbookText{}.parts())) == "xlsx");
  CHECK(sniffed(folder.file("c.xlsx", compound_file({{"Workbook", "x"}}))) == "xls");
  CHECK(sniffed(folder.file("d.et", compound_file({{"Book", "x"}}))) == "xls");
  CHECK(sniffed(folder.file("f.xls", "<html><body><table><tr><td>姓名")) == "html");
  CHECK(sniffed(folder.file("g.xls",
                            "\xEF\xBB\xBF<?xml version='1.0'?>\n<Workbook xmlns="
                            "\"urn:schemas-microsoft-com:office:spreadsheet\">")) == "xml2003");
  CHECK(sniffed(write_zip(folder.file("i"), {{"mimetype", "x"}, {"content.xml", "x"}})) == "ods");
}

TEST_CASE("what cannot be read is refused with a reason of its own", "[importers]") {
  const TemporaryFolder folder;
  CHECK(sniffed(folder.file("absent")) == "import.file.absent");
  CHECK(sniffed(folder.file("a", "%PDF-1.4")) == "import.file.pdf");
  CHECK(sniffed(folder.file("b", "\x89PNG\r\n\x1A\n")) == "import.file.image");
  CHECK(sniffed(folder.file("c", "\xFF\xD8\xFF\xE0xx")) == "import.file.image");
  CHECK(sniffed(folder.file("d", compound_file({{"EncryptedPackage", "x"}}))) ==
        "import.file.encrypted");
  CHECK(sniffed(folder.file("e", compound_file({{"WordDocument", "x"}}))) ==
        "import.file.document");
  CHECK(sniffed(folder.file("f", "\x09\x04\x06\x00xxxxxx"s)) == "import.file.xls");
  CHECK(sniffed(folder.file("g", "MIME-Version: 1.0\r\n")) == "import.file.mht");
  CHECK(sniffed(write_zip(folder.file("h"), {{"xl/workbook.bin", "x"}})) == "import.file.xlsb");
  CHECK(sniffed(write_zip(folder.file("i"), {{"word/document.xml", "x"}})) ==
        "import.file.document");
  CHECK(sniffed(write_zip(folder.file("j"), {{"photo.jpg", "x"}})) == "import.file.archive");
  CHECK(sniffed(folder.file("k", "PK\x03\x04 cut")) == "import.file.damaged");
  std::ofstream(folder.file("empty"));
  CHECK(sniffed(folder.file("empty")) == "import.file.empty");
}
