#include "importers/workbook_writer.h"

#include <catch2/catch.hpp>
#include <iterator>

#include "importers/csv_reader.h"
#include "importers/xlsx_reader.h"
#include "tests/importers/files.h"

using namespace chucai;
using namespace chucai::importers;
using namespace chucai::importers::testing;

namespace {

const std::vector<std::string> kHeader = {"姓名", "身份证号"};
const std::vector<std::string> kPerson = {"张\n三", "420106198503010007"};

}  // namespace

TEST_CASE("fields that a spreadsheet would run are made harmless", "[importers]") {
  CHECK(csv_field("=1+1") == "'=1+1");
  CHECK(csv_field("+86") == "'+86");
  CHECK(csv_field("-1") == "'-1");
  CHECK(csv_field("@x") == "'@x");
  CHECK(csv_field("\tx") == "'\tx");
  CHECK(csv_field("\rx") == "\"'\rx\"");
  CHECK(csv_field("a=b") == "a=b");
  CHECK(csv_field("a,\"b\"") == "\"a,\"\"b\"\"\"");
  CHECK(csv_field("").empty());
}

TEST_CASE("a CSV written is read back", "[importers]") {
  const TemporaryFolder folder;
  const auto path = folder.file("a.csv");
  auto writer = create_csv(path);
  REQUIRE(writer);
  REQUIRE((*writer)->row(kHeader));
  REQUIRE((*writer)->row(kPerson));
  REQUIRE((*writer)->finish());
  CHECK(transcript_of(open_csv(path)) ==
        "1: A=姓名 B=身份证号\n2: A=张\n三 B=420106198503010007\n");
  std::ifstream in(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  CHECK(bytes.starts_with("\xEF\xBB\xBF"));
}

TEST_CASE("a workbook written is read back with every digit as text", "[importers]") {
  const TemporaryFolder folder;
  const auto path = folder.file("a.xlsx");
  auto writer = create_xlsx(path, "人才/名册");
  REQUIRE(writer);
  REQUIRE((*writer)->row(kHeader));
  REQUIRE((*writer)->row(kPerson));
  REQUIRE((*writer)->finish());
  CHECK(transcript_of(open_xlsx(path)) ==
        "[人才_名册]\n1: A=姓名 B=身份证号\n2: A=张\n三 B=420106198503010007\n");
}

TEST_CASE("an annotated workbook keeps the layout and carries its remarks", "[importers]") {
  const TemporaryFolder folder;
  const auto path = folder.file("errors.xlsx");
  auto book = FormWorkbook::create(path);
  REQUIRE(book);
  REQUIRE(book->sheet("名册"));
  REQUIRE(book->row(std::vector<FormCell>{{"姓名", Look::Heading}, {"身份证号", Look::Required}}));
  REQUIRE(book->row(std::vector<FormCell>{
      {"李四"}, {"42010619850301000X", Look::Bad, "校验位不对"}, {}, {"", Look::Bad, "不能为空"}}));
  REQUIRE(book->finish());
  CHECK(transcript_of(open_xlsx(path)) ==
        "[名册]\n1: A=姓名 B=身份证号\n2: A=李四 B=42010619850301000X\n");

  zip_t* archive = zip_open(path.c_str(), ZIP_RDONLY, nullptr);
  REQUIRE(archive != nullptr);
  zip_file_t* part = zip_fopen(archive, "xl/comments1.xml", 0);
  REQUIRE(part != nullptr);
  std::string comments(8192, '\0');
  comments.resize(static_cast<std::size_t>(zip_fread(part, comments.data(), comments.size())));
  zip_fclose(part);
  zip_discard(archive);
  CHECK(comments.find("校验位不对") != std::string::npos);
  CHECK(comments.find("ref=\"D2\"") != std::string::npos);
}

TEST_CASE("a folder that cannot be written is an error, not a crash", "[importers]") {
  CHECK(create_csv("/nonexistent/a.csv").error().problem.reason == "export.write");
  CHECK(create_xlsx("/nonexistent/a.xlsx", "x").error().problem.reason == "export.write");
  CHECK(FormWorkbook::create("/nonexistent/a.xlsx").error().problem.reason == "export.write");
}
