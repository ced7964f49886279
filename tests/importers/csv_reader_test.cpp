#include "importers/csv_reader.h"

#include <catch2/catch.hpp>
#include <random>

#include "tests/importers/files.h"

using namespace chucai;
using namespace chucai::importers;
using namespace chucai::importers::testing;

namespace {

std::string read_csv(const std::string& bytes, const Limits& limits = {}) {
  const TemporaryFolder folder;
  return transcript_of(open_csv(folder.file("a.csv", bytes), limits));
}

}  // namespace

TEST_CASE("quoted fields keep delimiters, quotes and line breaks", "[importers]") {
  CHECK(read_csv("a,\"b,\"\"c\"\"\nd\",e\r\nf,,g\n") == "1: A=a B=b,\"c\"\nd C=e\n2: A=f C=g\n");
}

TEST_CASE("the record number counts records, not lines, blank ones included", "[importers]") {
  CHECK(read_csv("a,b\n\"x\ny\",1\n\nz,2") == "1: A=a B=b\n2: A=x\ny B=1\n3:\n4: A=z B=2\n");
}

TEST_CASE("a lone carriage return ends a record too", "[importers]") {
  CHECK(read_csv("a,b\rc,d\r") == "1: A=a B=b\n2: A=c B=d\n");
}

TEST_CASE("wrapped numbers are unwrapped and apostrophes kept for the normaliser", "[importers]") {
  CHECK(read_csv("姓名,号\n张三,=\"420106198503010007\"\n李四,'0123\n") ==
        "1: A=姓名 B=号\n2: A=张三 B=420106198503010007\n3: A=李四 B='0123\n");
}

TEST_CASE("the delimiter is found in the first records", "[importers]") {
  CHECK(read_csv("a\tb\tc\n1,5\t2\t3\n") == "1: A=a B=b C=c\n2: A=1,5 B=2 C=3\n");
  CHECK(read_csv("a;b\n1;2\n3;4\n") == "1: A=a B=b\n2: A=1 B=2\n3: A=3 B=4\n");
  CHECK(read_csv("姓名，性别\n张三，男\n李四，女\n") ==
        "1: A=姓名 B=性别\n2: A=张三 B=男\n3: A=李四 B=女\n");
}

TEST_CASE("a quote inside a field and one never closed are taken as they stand", "[importers]") {
  CHECK(read_csv("a,5\"x\nb,\"open\nc,d") == "1: A=a B=5\"x\n2: A=b B=open\nc,d\n");
}

TEST_CASE("limits stop a hostile text", "[importers]") {
  Limits limits;
  limits.cell_bytes = 10;
  limits.rows = 3;
  limits.columns = 4;
  CHECK(read_csv("aaaaaaaaaaaaaaa,b\n", limits) == "import.file.cell");
  CHECK(read_csv("a,b\n\n\n\n", limits) == "import.file.rows");
  CHECK(read_csv("a,b,c,d,e\n", limits) == "import.file.columns");
}

TEST_CASE("what the scanner reads does not depend on where the blocks are cut", "[importers]") {
  // The obvious oracle: the whole text in one block.
  std::mt19937 random(7);
  const std::string alphabet[] = {"a", "，", ",", "\"", "\n", "\r\n", "男", "'"};
  for (int round = 0; round < 300; ++round) {
    std::string text;
    for (int i = 0; i < 40; ++i) text += alphabet[random() % 8];
    const std::string delimiter = round % 2 == 0 ? "," : "，";
    Transcript whole;
    CsvScanner at_once(delimiter, {}, whole);
    REQUIRE((at_once.feed(text) && at_once.finish()));
    Transcript pieces;
    CsvScanner by_pieces(delimiter, {}, pieces);
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t size = 1 + random() % 5;
      REQUIRE(by_pieces.feed(std::string_view(text).substr(at, size)));
      at += size;
    }
    REQUIRE(by_pieces.finish());
    REQUIRE(pieces.text == whole.text);
  }
}
