#include "importers/sniff.h"

#include <catch2/catch.hpp>

#include "tests/importers/files.h"

using namespace chucai;
using namespace chucai::importers;
using namespace chucai::importers::testing;
using namespace std::string_literals;

namespace {

std::string sniffed(const std::filesystem::path& path) {
  const auto kind = sniff(path);
  if (!kind) return kind.error().problem.reason;
  return *kind == FileKind::Xlsx ? "xlsx" : "text";
}

std::string wide(const std::string& text) {
  std::string out;
  for (const char c : text) out += std::string{c, '\0'};
  return out;
}

}  // namespace

TEST_CASE("a file is what its bytes say, whatever its name", "[importers]") {
  const TemporaryFolder folder;
  CHECK(sniffed(folder.file("a.xlsx", "姓名,性别\n")) == "text");
  CHECK(sniffed(write_zip(folder.file("b.csv"), WorkbookText{}.parts())) == "xlsx");
}

TEST_CASE("what cannot be read is refused with a reason of its own", "[importers]") {
  const TemporaryFolder folder;
  const std::string ole2 = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
  CHECK(sniffed(folder.file("absent")) == "import.file.absent");
  CHECK(sniffed(folder.file("a", "%PDF-1.4")) == "import.file.pdf");
  CHECK(sniffed(folder.file("b", "\x89PNG\r\n\x1A\n")) == "import.file.image");
  CHECK(sniffed(folder.file("c", "\xFF\xD8\xFF\xE0xx")) == "import.file.image");
  CHECK(sniffed(folder.file("d", ole2 + std::string(70'000, 'x') + wide("Workbook"))) ==
        "import.file.xls");
  CHECK(sniffed(folder.file("e", ole2 + std::string(65'510, 'x') + wide("EncryptedPackage"))) ==
        "import.file.encrypted");
  CHECK(sniffed(folder.file("f", "<html><body><table><tr><td>姓名")) == "import.file.html");
  CHECK(sniffed(folder.file("g",
                            "\xEF\xBB\xBF<?xml version='1.0'?>\n<Workbook xmlns="
                            "\"urn:schemas-microsoft-com:office:spreadsheet\">")) ==
        "import.file.xml2003");
  CHECK(sniffed(write_zip(folder.file("h"), {{"xl/workbook.bin", "x"}})) == "import.file.xlsb");
  CHECK(sniffed(write_zip(folder.file("i"), {{"mimetype", "x"}, {"content.xml", "x"}})) ==
        "import.file.ods");
  CHECK(sniffed(write_zip(folder.file("j"), {{"photo.jpg", "x"}})) == "import.file.archive");
  CHECK(sniffed(folder.file("k", "PK\x03\x04 cut")) == "import.file.damaged");
  std::ofstream(folder.file("empty"));
  CHECK(sniffed(folder.file("empty")) == "import.file.empty");
}
