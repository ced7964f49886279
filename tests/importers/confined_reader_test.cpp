#include "importers/confined_reader.h"

#include <sys/resource.h>

#include <catch2/catch.hpp>

#include "importers/sniff.h"
#include "tests/importers/files.h"

using namespace chucai;
using namespace chucai::importers;
using namespace chucai::importers::testing;

namespace {

Confinement confinement() {
  Confinement limits;
  limits.program = CHUCAI_TABLE_DUMP;
  return limits;
}

Error refusal(const std::filesystem::path& path, const Confinement& limits = confinement()) {
  const auto reader = open_confined(path, limits);
  if (!reader) return reader.error();
  Transcript sink;
  const Done done = (*reader)->read(sink);
  REQUIRE_FALSE(done);
  return done.error();
}

std::string repeated(const std::string& text, std::size_t times) {
  std::string out;
  out.reserve(text.size() * times);
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

/// Processor time of all children that have ended.
double seconds_of_children() {
  rusage children = {};
  getrusage(RUSAGE_CHILDREN, &children);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(children.ru_utime) + seconds(children.ru_stime);
}

}  // namespace

TEST_CASE("a reading through a process of its own finds the same", "[importers]") {
  for (const char* name :
       {"libreoffice.xls", "gnumeric.xlsx", "libreoffice.ods", "continued.xls", "gnumeric.html"}) {
    INFO(name);
    const auto path = std::filesystem::path(CHUCAI_SOURCE_DIR) / "tests/data/spreadsheets" / name;
    const auto reader = open_confined(path, confinement());
    REQUIRE(reader);
    const std::string direct = transcript_of(open_table(path));
    for (int times = 0; times < 2; ++times) {
      Transcript sink;
      REQUIRE((*reader)->read(sink));
      CHECK(sink.text == direct);
    }
  }
}

TEST_CASE("refusals cross with their parameters, and a sink may stop the reading", "[importers]") {
  const TemporaryFolder folder;
  CHECK(refusal(folder.file("absent")).problem.reason == "import.file.absent");
  Parts parts = WorkbookText{"<row><c><v>1</v></c></row>"}.parts();
  parts[5].second += "<";
  const Error damaged = refusal(write_zip(folder.file("a"), parts));
  CHECK(damaged.code == ErrorCode::InvalidArgument);
  CHECK(damaged.problem.reason == "import.file.damaged");
  CHECK(damaged.problem.params == std::vector<std::string>{"xl/worksheets/sheet1.xml"});

  struct Enough : TableSink {
    bool sheet(const Sheet&) override { return true; }
    Done row(const Row&) override { return fail(ErrorCode::Internal, "enough"); }
  } sink;
  const auto reader =
      open_confined(folder.file("b", repeated("a,b,c\n", 1'000'000)), confinement());
  REQUIRE(reader);
  CHECK((*reader)->read(sink).error().problem.reason == "enough");
}

TEST_CASE("a parser that dies, or says what it may not, is an error and nothing more",
          "[importers]") {
  const TemporaryFolder folder;
  const auto path = folder.file("a.csv", "a,b\n");
  for (const char* program : {"/bin/false", "/bin/true", "/bin/cat"}) {
    INFO(program);
    Confinement other;
    other.program = program;
    CHECK(refusal(path, other).problem.reason == "import.file.crashed");
  }
  Confinement absent;
  absent.program = folder.file("no such program");
  CHECK(refusal(path, absent).problem.reason == "import.file.process");
}

// Slow for writing the bombs, half a gigabyte to compress; refusing them takes seconds.
TEST_CASE("bombs cost their process little and this one nothing", "[importers][.slow]") {
  const TemporaryFolder folder;
  const std::string huge_cell =
      "<row><c t='inlineStr'><is><t>" + std::string(400'000'000, 'a') + "</t></is></c></row>";
  const auto cell = write_zip(folder.file("cell"), WorkbookText{huge_cell}.parts());
  const auto rows =
      write_zip(folder.file("rows"), WorkbookText{repeated("<row/>", 20'000'000)}.parts());
  const auto cells =
      write_zip(folder.file("cells"), WorkbookText{"<row>" + repeated("<c/>", 16'000) + "</row>" +
                                                   repeated("<row><c/><c/><c/></row>", 6'000'000)}
                                          .parts());
  const auto entities = write_zip(
      folder.file("entities"),
      {{"_rels/.rels", "x"},
       {"xl/workbook.xml", "<!DOCTYPE w [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]><w>&b;</w>"}});
  const auto repeats =
      write_zip(folder.file("repeats"),
                {{"mimetype", "x"},
                 {"content.xml",
                  "<d xmlns:t='t' xmlns:o='o'><t:table t:name='a'><t:table-row "
                  "t:number-rows-repeated='1000000'><t:table-cell "
                  "t:number-columns-repeated='16000' o:value-type='float' o:value='1'/>"
                  "</t:table-row></t:table></d>"}});
  Confinement small = confinement();
  small.memory_bytes = 128ULL << 20;  // more, and the reason would be the memory
  const double before = seconds_of_children();
  CHECK(refusal(cell, small).problem.reason == "import.file.cell");
  CHECK(refusal(rows, small).problem.reason == "import.file.rows");
  CHECK(refusal(cells, small).problem.reason == "import.file.rows");
  CHECK(refusal(repeats, small).problem.reason == "import.file.repeats");
  CHECK(refusal(entities, small).problem.reason.starts_with("import.file.d"));
  CHECK(seconds_of_children() - before < 10);
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // see confined_reader.cpp
TEST_CASE("memory beyond the limit is refused by name", "[importers]") {
  const TemporaryFolder folder;
  std::string shared;
  for (int i = 0; i < 400'000; ++i)
    shared += "<si><t>" + std::string(90, static_cast<char>('a' + i % 26)) + "</t></si>";
  Confinement tight = confinement();
  tight.memory_bytes = 90ULL << 20;
  const Error error =
      refusal(write_zip(folder.file("a"), WorkbookText{"<row/>", {}, shared}.parts()), tight);
  CHECK(error.problem.reason == "import.file.memory");
}
#endif
