#include "importers/xls_reader.h"

#include <catch2/catch.hpp>

#include "importers/sniff.h"
#include "tests/importers/files.h"
#include "tests/importers/ole2_text.h"

using namespace chucai;
using namespace chucai::importers;
using namespace chucai::importers::testing;

namespace {

constexpr std::uint16_t kBof = 0x809, kEof = 0x0A;

std::string bof(std::uint16_t version, std::uint16_t type) {
  return record(kBof, le16(version) + le16(type) + std::string(4, '\0'));
}

std::string text8(const std::string& ascii) {
  return le16(static_cast<std::uint32_t>(ascii.size())) + '\0' + ascii;
}

/// A workbook of one BIFF8 sheet from globals and cell records.
std::string workbook(const std::string& globals, const std::string& cells,
                     std::uint16_t version = 0x600) {
  std::string head = bof(version, 5) + globals;
  const std::string name = version == 0x600 ? std::string("\1\0S", 3) : std::string("\1S", 2);
  const auto place = static_cast<std::uint32_t>(head.size() + 4 + 6 + name.size() + 4);
  head += record(0x85, le32(place) + std::string("\0\0", 2) + name) + record(kEof, {});
  return compound_file({{version == 0x600 ? "Workbook" : "Book",
                         head + bof(version, 0x10) + cells + record(kEof, {})}});
}

std::string at(std::uint16_t row, std::uint16_t column, std::uint16_t xf = 0) {
  return le16(row) + le16(column) + le16(xf);
}

std::string read_workbook(const std::string& bytes, const Limits& limits = {}) {
  const TemporaryFolder folder;
  return transcript_of(open_xls(folder.file("a.xls", bytes), limits));
}

std::string xf(std::uint16_t format) {
  return record(0xE0, le16(0) + le16(format) + std::string(16, '\0'));
}

}  // namespace

TEST_CASE("numbers of every width are read and are dates by their format", "[importers]") {
  const std::string half("\0\0\0\0\0\0\xE0\x3F", 8);
  const std::string cells =
      record(0x27E, at(0, 0) + le32(42U << 2 | 2)) +      // whole
      record(0x27E, at(0, 1) + le32(198503U << 2 | 3)) +  // whole over 100
      record(0x203, at(0, 2) + half) +                    // double
      record(0xBD, le16(0) + le16(3) + le16(1) + le32(31113U << 2 | 2) + le16(2) +
                       le32(31113U << 2 | 2) + le16(0) + le32(7U << 2 | 2) + le16(5));
  CHECK(read_workbook(workbook(
            xf(0) + xf(57) + xf(176) + record(0x41E, le16(176) + text8("yyyy-mm")), cells)) ==
        "[S]\n1: A=n:42 B=n:1985.03 C=n:0.5 D=d:1985-03-07 E=d:1985-03-07 F=n:7\n");
  CHECK(read_workbook(workbook(record(0x22, le16(1)) + xf(14),
                               record(0x27E, at(0, 0) + le32(2U << 2 | 2)))) ==
        "[S]\n1: A=d:1904-01-03\n");
}

TEST_CASE("results of formulas are read: numbers, texts, truth, errors, blanks", "[importers]") {
  const auto special = [](char type, char value) {
    return std::string{type, 0, value, 0, 0, 0, '\xFF', '\xFF'};
  };
  const std::string tail(6, '\0');
  const std::string cells =
      record(6, at(1, 0) + special(0, 0) + tail) + record(0x207, text8("ab")) +
      record(6, at(1, 1) + special(1, 1) + tail) + record(6, at(1, 2) + special(2, 0x2A) + tail) +
      record(6, at(1, 3) + special(3, 0) + tail) +
      record(0x205, at(1, 4) + std::string("\0\0", 2)) +
      record(0x205, at(1, 5) + std::string("\7\1", 2));
  CHECK(read_workbook(workbook({}, cells)) == "[S]\n2: A=ab B=TRUE C=e:#N/A E=FALSE F=e:#DIV/0!\n");
  CHECK(read_workbook(workbook({}, record(6, at(0, 0) + special(3, 0) + tail))) ==
        "[S]\n1: A=f:\n");
}

TEST_CASE("shared texts go on in other records, rich and phonetic data left out", "[importers]") {
  // "abcdef" breaks behind c, and its second half is in two-byte characters.
  const std::string sst =
      le32(2) + le32(2) + le16(6) + std::string("\x0C", 1) + le16(1) + le32(4) + "abc";
  const std::string rest = std::string("\1", 1) + std::string("d\0e\0f\0", 6) +
                           std::string(4, 'R') + std::string(4, 'P') + text8("second");
  const std::string cells = record(0xFD, at(0, 0) + le32(0)) + record(0xFD, at(0, 1) + le32(1)) +
                            record(0xFD, at(0, 2) + le32(9)) +
                            record(0x204, at(0, 3) + text8("label"));
  CHECK(read_workbook(workbook(record(0xFC, sst) + record(0x3C, rest), cells)) ==
        "[S]\n1: A=abcdef B=second C=e:#REF! D=label\n");
  CHECK(read_workbook(workbook(record(0xFC, sst), cells)) == "import.file.damaged");
}

TEST_CASE("texts of Excel 5 are in the workbook's code page", "[importers]") {
  const std::string name = "\xD5\xC5\xC8\xFD";  // 张三 in GBK
  CHECK(read_workbook(workbook(record(0x42, le16(936)), record(0x204, at(0, 0) + le16(4) + name),
                               0x500)) == "[S]\n1: A=张三\n");
}

TEST_CASE("hidden rows are told and embedded charts passed over", "[importers]") {
  const std::string hidden = le16(1) + std::string(10, '\0') + le16(0x20) + le16(0);
  const std::string cells = record(0x208, hidden) + record(0x27E, at(0, 0) + le32(1U << 2 | 2)) +
                            bof(0x600, 0x20) + record(0x27E, at(9, 0) + le32(6)) +
                            record(kEof, {}) + record(0x27E, at(1, 0) + le32(2U << 2 | 2));
  CHECK(read_workbook(workbook({}, cells)) == "[S]\n1: A=n:1\n2 hidden: A=n:2\n");
}

TEST_CASE("what is no roster is refused for what it is", "[importers]") {
  const TemporaryFolder folder;
  CHECK(read_workbook(workbook(record(0x2F, le16(1)), {})) == "import.file.encrypted");
  CHECK(transcript_of(open_table(folder.file("a", compound_file({{"EncryptedPackage", "x"}})))) ==
        "import.file.encrypted");
  CHECK(transcript_of(open_table(folder.file("b", compound_file({{"WordDocument", "x"}})))) ==
        "import.file.document");
  CHECK(read_workbook(compound_file({{"Workbook", bof(0x400, 5)}})) == "import.file.xls");
  CHECK(read_workbook(compound_file(
            {{"Workbook", bof(0x600, 5) + record(0x85, std::string("\xFF\xFF\0\0\0\0\1\0S", 9)) +
                              record(kEof, {})}})) == "import.file.damaged");
}
